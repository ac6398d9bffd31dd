"""The writer of the embedded store: rows into force, the projection of what they touch, one transaction a batch."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from typing import Any

from graph.codec import dumps, facts_in, facts_out, loads
from graph.engine import BatchCounts
from graph.engines.gathering import gather
from graph.engines.rows import IMPORT_BITS, SHEET_BITS, import_of, row_id, span
from graph.engines.sqlite_batch import INSERTS, Ids, Inserts, Target
from graph.engines.sqlite_needed import needed
from graph.engines.sqlite_project import Projection
from graph.engines.sqlite_read import SqliteSnapshot
from graph.engines.stored import begun, mentioned, single_body
from graph.frame import end_of
from graph.merging import IN_JSON, Merged, affected, merged_in
from graph.project import Asserted
from schemas.dates import read
from schemas.declarations import Completeness
from schemas.facts import DeclarationFact, Fact, Import, Row
from schemas.identifiers import kind_of
from schemas.kinds import KINDS


class SqliteWriter:
    """See ``graph.engine.Writer``."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db, self.changed = db, False
        self.ids, self.inserts = Ids(db, self._merges()), Inserts(db)
        self.imports = {i.number: i for i in map(import_of, db.execute("SELECT * FROM import"))}
        self.sheets: dict[tuple[int, str], int] = {(n, name): p for n, p, name in db.execute("SELECT import, position, name FROM sheet")}
        self.projection = Projection(db, self.ids, self.inserts, self.imports)

    # -- imports -----------------------------------------------------------------------------------------------------------

    def begin_import(self, record: Import) -> Import:
        record = begun(record, self.imports)
        if self._state(record.number) == "undone":
            self.db.execute("DELETE FROM row WHERE id >= ? AND id < ?", span(record.number))
        self._put_import(record)
        return record

    def finish_import(self, number: int, state: str, counts: Mapping[str, Any]) -> None:
        self._put_import(replace(self.imports[number], state=state, counts=dict(counts)))

    def _put_import(self, i: Import) -> None:
        self.imports[i.number] = i
        self.db.execute("INSERT OR REPLACE INTO import VALUES (?,?,?,?,?,?,?,?,?,?,?)", (
            i.number, i.digest, i.file, i.source, i.as_of, i.as_of_precision, i.who, i.at, i.state, dumps(i.counts), int(i.synthetic)))

    def _state(self, number: int) -> str:
        return self.imports[number].state if number in self.imports else ""

    def withdraw(self, number: int) -> BatchCounts:
        counts = BatchCounts()
        targets = self.db.execute("SELECT DISTINCT a, type, b FROM claim WHERE row >= ? AND row < ?", span(number)).fetchall()
        for table in ("claim", "declaration", "closed"):
            self.db.execute(f"DELETE FROM {table} WHERE row >= ? AND row < ?", span(number))
        self.changed = True
        self._project(targets, {}, counts)
        self._merge_anew(counts)
        self._put_import(replace(self.imports[number], state="undone"))
        return counts

    def last_row(self, number: int, sheet: str) -> int:
        if (number, sheet) not in self.sheets:
            return 0
        first = row_id(number, self.sheets[number, sheet], 0)
        found = self.db.execute("SELECT max(id) FROM row WHERE id >= ? AND id < ?", (first, first + (1 << SHEET_BITS))).fetchone()[0]
        return (found or first) - first

    def needed(self, number: int) -> dict[str, list[int]]:
        return needed(self.db, number)

    # -- rows --------------------------------------------------------------------------------------------------------------

    def apply(self, number: int, rows: Sequence[Row]) -> BatchCounts:
        self.ids.look_up([p for row in rows for fact in row.facts for p in mentioned(fact)])
        found = gather(len(rows), self._new_rows(number, rows), self.imports, self.ids.target, self._declare)
        effects = self._project(found.facts, found.facts, found.counts)
        self.inserts["claim"].extend([(a, type, b, s.row) for (a, type, b), said in found.facts.items() for s in said])
        self.inserts.write()
        self.ids.fresh.clear()
        counts = found.told(effects)
        self._merge_anew(counts)
        return counts

    def _new_rows(self, number: int, rows: Sequence[Row]) -> list[tuple[int, int, Row]]:
        """(place, id, row) of those that are not in force already."""
        ids = [row_id(number, self._sheet(number, r.sheet), r.number) for r in rows]
        known = {i for (i,) in self.db.execute("SELECT id FROM row WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(ids),))}
        new = [(place, i, r) for place, (i, r) in enumerate(zip(ids, rows, strict=True)) if i not in known]
        self.db.executemany("INSERT INTO row VALUES (?,?,?)", ((i, r.hash, facts_out(r.facts)) for _, i, r in new))
        return new

    def _sheet(self, number: int, name: str) -> int:
        if (number, name) not in self.sheets:
            position = sum(1 for n, _ in self.sheets if n == number)
            self.sheets[number, name] = position
            self.db.execute("INSERT INTO sheet VALUES (?,?,?)", (number, position, name))
        return self.sheets[number, name]

    def _declare(self, row: int, position: int, fact: DeclarationFact) -> str:
        """The effect: a cell 无 is of the body in whose row it stands, and said once more it is confirmed."""
        self.changed = True
        data = fact.data
        if data["type"] == "completeness" and (body := single_body(data)):
            d, id = Completeness.model_validate(data), self.ids[self.ids.merged.get(body, body)]
            as_of = self.imports[row >> IMPORT_BITS].as_of
            start = read(d.start) if d.start else None
            known = self.db.execute("SELECT 1 FROM closed WHERE sig = ? AND id = ? LIMIT 1", (d.hop, id)).fetchone()
            self.db.execute("INSERT OR IGNORE INTO closed VALUES (?,?,?,?,?,?,?)", (
                d.hop, id, start[0] if start else as_of, end_of(d.until) if d.until else 0, as_of, row, position))
            return "confirmed" if known else "updated"
        self.db.execute("INSERT OR IGNORE INTO declaration VALUES (?,?,?)", (row, position, dumps(data)))
        return "created"

    # -- bodies that are one -----------------------------------------------------------------------------------------------

    def _merges(self) -> Merged:
        return merged_in(d for (d,) in self.db.execute("SELECT data FROM declaration WHERE instr(data, ?)", (IN_JSON,)))

    def _merge_anew(self, counts: BatchCounts) -> None:
        """Where merges came or went, move what rows say from body to body."""
        old, self.ids.merged = self.ids.merged, self._merges()
        if old == self.ids.merged:
            return
        bodies = affected(old, self.ids.merged)
        near = json.dumps(sorted(self.ids[b] for b in bodies))
        claims = self.db.execute(
            "SELECT c.a, c.type, c.b, c.row FROM json_each(:near) j CROSS JOIN claim c ON c.a = j.value"
            " UNION SELECT c.a, c.type, c.b, c.row FROM json_each(:near) j CROSS JOIN claim c ON c.b = j.value AND c.type > 0",
            {"near": near}).fetchall()
        self.db.executemany("DELETE FROM claim WHERE a = ? AND type = ? AND b = ? AND row = ?", claims)
        moved = self._moved({r for *_, r in claims}, bodies)
        self.db.executemany("INSERT OR IGNORE INTO claim VALUES (?,?,?,?)", sorted(moved))
        self._close_anew(near)
        self._project({t[:3] for t in (*claims, *moved)}, {}, counts)
        self.changed = True

    def _facts_of(self, rows: Iterable[int]) -> Iterable[tuple[int, list[Fact]]]:
        for row, text in self.db.execute("SELECT id, facts FROM row WHERE id IN (SELECT value FROM json_each(?))",
                                         (json.dumps(sorted(rows)),)).fetchall():
            yield row, facts_in(text)

    def _moved(self, rows: Iterable[int], bodies: Set[str]) -> set[tuple[int, int, int, int]]:
        """The claims of these rows on these bodies, as the bodies are called now."""
        said = ((row, f) for row, facts in self._facts_of(rows) for f in facts if not isinstance(f, DeclarationFact))
        found = {(*self.ids.target(f), row) for row, f in said if not bodies.isdisjoint(mentioned(f))}
        return {claim for claim in found if claim[0] != claim[2]}

    def _close_anew(self, near: str) -> None:
        here = "FROM closed WHERE id IN (SELECT value FROM json_each(?))"
        stood = set(self.db.execute(f"SELECT row, position {here}", (near,)).fetchall())
        self.db.execute(f"DELETE {here}", (near,))
        for row, facts in self._facts_of({r for r, _ in stood}):
            for position, fact in enumerate(facts):
                if isinstance(fact, DeclarationFact) and (row, position) in stood:
                    self._declare(row, position, fact)

    def _project(self, targets: Iterable[Target], new: Mapping[Target, list[Asserted[Any]]], counts: BatchCounts) -> dict[Target, str]:
        effects = self.projection.project(targets, new, counts)
        self.changed = self.changed or any(e != "unchanged" for e in effects.values())
        return effects

    # -- questions and whole stores ------------------------------------------------------------------------------------------

    def snapshot(self) -> SqliteSnapshot:
        return SqliteSnapshot(self.db, {})

    def register(self, added: Sequence[tuple[str, str, str, str]], gone: Sequence[tuple[str, str, str, str]]) -> None:
        self.ids.look_up(id for id, *_ in added)
        keys = [(value, scheme, KINDS[kind_of(id) or ""].number, self.ids[id], original) for id, scheme, value, original in added]
        self.db.executemany(INSERTS["key"], keys)
        self.db.executemany("DELETE FROM key WHERE id = ? AND scheme = ? AND value = ?", [(self.ids[id], s, v) for id, s, v, _ in gone])

    def go_on_from(self, version: int) -> None:
        """Let the data version be greater than ``version``, unless that is of a store that never held anything."""
        if version:
            self.db.execute("UPDATE meta SET value = max(value, ?) + 1 WHERE key = 'version'", (version,))

    # -- records -----------------------------------------------------------------------------------------------------------

    def record(self, collection: str, id: str) -> Any:
        row = self.db.execute("SELECT value FROM record WHERE collection = ? AND id = ?", (collection, id)).fetchone()
        return loads(row[0]) if row else None

    def put_record(self, collection: str, id: str, value: Any) -> None:
        self.db.execute("INSERT OR REPLACE INTO record VALUES (?,?,?)", (collection, id, dumps(value)))

    def delete_record(self, collection: str, id: str) -> None:
        self.db.execute("DELETE FROM record WHERE collection = ? AND id = ?", (collection, id))
