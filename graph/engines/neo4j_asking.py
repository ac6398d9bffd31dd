"""Statements of one snapshot of a Neo4j store, confirmed at the end to have seen one state of the data; what is kept of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from graph.compile import cypher_subject
from graph.compile.statement import Statement
from graph.engines.neo4j_rows import STREAM_SECONDS, On, run, told_by
from graph.engines.rows import IMPORT_BITS, Decoder
from graph.engines.stored import Known, kept
from graph.frame import Frame
from graph.merging import IN_JSON, merged_in, renamed
from graph.parts import Body, Declared
from schemas.declarations import ADAPTER
from schemas.errors import StoreError, StoreMovedError
from schemas.facts import Import

COMPILERS: dict[str, Callable[[Any, Frame], Any]] = {
    "around": cypher_subject.around, "true_for": cypher_subject.true_for,
}
KEPT = 5_000
PRESENT = "name IS NOT NULL"  # a body that is only mentioned has none


def moved() -> StoreMovedError:
    return StoreMovedError("store.moved", "回答期间数据有更新，本次回答可能前后不一，已放弃", hint="请再问一次")


class Asking:
    """``cache`` is shared by the snapshots of one engine."""

    def __init__(self, tx: On, cache: dict[str, Any]) -> None:
        self.tx, self.cache = tx, cache
        self._state: tuple[int, bool] | None = None  # data version, loading: as of the first statement
        self._known: Known | None = cache.get("known")
        self._rests_on_known = False  # what is kept was given out before it was known to be still so
        self._confirmed = False  # the last statement saw the version of the first
        self._read = dict[str, tuple[Body, str]]()  # bodies, and what is stored of them
        self._said = dict[tuple[Any, ...], list[Any]]()  # what small statements told: one state tells the same again

    @property
    def version(self) -> int:
        return self._first()[0]

    @property
    def loading(self) -> bool:
        return self._first()[1]

    def _first(self) -> tuple[int, bool]:
        if self._state is None:
            self._ask("RETURN null AS row")
        return self._state or (0, False)

    @property
    def known(self) -> Known:
        """Without a statement of its own, where something is kept: whether it is still so is seen by the statements that follow."""
        if self._known is None:
            self._known = self._read_known()
        self._rests_on_known = True
        return self._known

    def _ask(self, text: str, **parameters: Any) -> list[Any]:
        """The rows of a statement that returns one column, ``row``; it saw the same state as the ones before."""
        told = told_by(self.tx, text, parameters)
        if told is None:
            raise StoreError("store.missing", "数据库已被清空", hint="请重新运行；如要使用它，请先导入登记表")
        if self._state is None:
            self._state = told.version, told.loading
            if self._known and self._known.version != told.version:
                self.cache.pop("known", None)
                if self._rests_on_known:
                    raise moved()
                self._known = None
        if told.moved or told.version != self._state[0]:
            raise moved()
        self._confirmed = True
        return told.rows

    def _run(self, statement: Statement, **more: Any) -> list[Any]:
        return self._ask(statement.text, **statement.params, **more)

    def _ask_once(self, text: str, **parameters: Any) -> list[Any]:
        """Like ``_ask``, for what reasons ask again and again."""
        key = (text, *((name, tuple(v) if isinstance(v, list) else v) for name, v in parameters.items()))
        if key not in self._said:
            if len(self._said) >= KEPT:
                self._said.clear()
            self._said[key] = self._ask(text, **parameters)
        return self._said[key]

    def confirm(self) -> None:
        """Raise StoreMovedError if the data changed since the snapshot began: the answer may have seen two states."""
        if not self._confirmed and (self._state or self._rests_on_known):
            self._ask("RETURN null AS row")

    def _read_known(self) -> Known:
        said, rows, signatures = self._ask(
            "RETURN [COLLECT { MATCH (i:Import) RETURN properties(i) },"
            " COLLECT { MATCH (d:Declaration) RETURN [d.row, d.position, d.data] },"
            " COLLECT { MATCH (c:Closed) RETURN DISTINCT c.sig }] AS row")[0]
        imports = {r["number"]: import_of(r) for r in sorted(said, key=lambda r: r["number"])}
        decoder = Decoder({(r["number"], p): name for r in said for p, name in enumerate(r.get("sheets", ()))})
        merged = merged_in(data for _, _, data in rows if IN_JSON in data)
        declared = [(imports[r >> IMPORT_BITS].as_of, r, p, ADAPTER.validate_json(renamed(data, merged))) for r, p, data in rows
                    if IN_JSON not in data]
        declared.sort(key=lambda d: d[:3])
        found = Known(self.version, imports, decoder, [Declared(d, a, decoder.ref(r)) for a, r, _, d in declared],
                      sorted(signatures), merged)
        self.cache["known"] = found
        return found

    def _compiled(self, what: str, asked: Any, frame: Frame) -> Any:
        return kept(self.cache, what, asked, frame, COMPILERS[what])

    def _stream(self, text: str, parameters: dict[str, Any] | None = None) -> Iterator[list[Any]]:
        """Rows of a statement that gives very many; that the data stood still is seen by a statement afterwards."""
        self._first()
        self._confirmed = False
        return (r.values() for r in run(self.tx, text, parameters or {}, STREAM_SECONDS))

    def _body(self, columns: list[Any]) -> Body:
        body = self.known.decoder.body(tuple(columns))
        if len(self._read) >= KEPT:
            self._read.clear()
        self._read[body.id] = body, columns[6]
        return body


def import_of(stored: Mapping[str, Any]) -> Import:
    return Import(**{**{k: v for k, v in stored.items() if k != "sheets"}, "counts": json.loads(stored["counts"])})
