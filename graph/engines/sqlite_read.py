"""A snapshot of the embedded store: one read transaction, one state of the data."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from graph.codec import facts_in
from graph.compile import sql_requirement, sql_subject, sql_tally
from graph.compile.sql import in_kinds
from graph.compile.sql_subject import EDGE_COLUMNS, NODE_COLUMNS
from graph.compile.statement import Statement
from graph.engines import sqlite_links, sqlite_search
from graph.engines.rows import IMPORT_BITS, KIND_BITS, Decoder, import_of
from graph.engines.stored import Known, kept
from graph.engines.walking import Walking
from graph.frame import Frame
from graph.merging import IN_JSON, merged_in, renamed
from graph.parts import FALSE, OPEN_HOPS, POSSIBLE, TRUE, Body, Declared, Edge, Found, Frontier, RowRef, ScanPage, Scored, Spread, Tallied
from graph.walk import Kept, Near, Plan, Reached
from schemas.answers import GapState
from schemas.declarations import ADAPTER
from schemas.facts import Fact, Import, Row
from schemas.identifiers import normal
from schemas.kinds import KINDS
from schemas.metapath import Metapath
from schemas.policy import Requirement
from schemas.relations import RELATIONS

COMPILERS: dict[str, Callable[[Any, Frame], Any]] = {
    "leaving": sql_subject.leaving, "true_for": sql_subject.true_for,
}
EDGE_WIDTH = len(EDGE_COLUMNS)
NODE = ", ".join(f"n.{c}" for c in NODE_COLUMNS)
STATE = "SELECT value, EXISTS (SELECT 1 FROM import WHERE state = 'running') FROM meta WHERE key = 'version'"
ONE = f"SELECT n.id, {NODE} FROM body b JOIN node n ON n.id = b.id WHERE b.public = ?"
FEW = 50  # bodies whose relationships a snapshot keeps: reasons of many ways ask for the same again
IN_FORCE = "number IN (SELECT number FROM import WHERE state <> 'undone')"


class SqliteSnapshot(Walking):
    """See ``graph.engine.Snapshot``. ``cache`` is shared by the snapshots of one engine; ``changed``: an overlay lies over the data."""

    def __init__(self, db: sqlite3.Connection, cache: dict[str, Any], *, changed: bool = False) -> None:
        super().__init__()
        self.db, self.cache = db, cache
        self.version, running = db.execute(STATE).fetchone()
        self.loading = running == 1
        self.known = self._known()
        self.near = Kept() if changed else self.known.near
        self._steps: dict[Any, list[Edge]] = {}
        self._ones: dict[str, tuple[int, Body]] = {}  # bodies read one by one, with their node numbers

    def _known(self) -> Known:
        known: Known | None = self.cache.get("known")
        if known is None or known.version != self.version:
            known = self.cache["known"] = self._read_known()
        return known

    def _read_known(self) -> Known:
        imports = {i.number: i for i in map(import_of, self.db.execute("SELECT * FROM import"))}
        decoder = Decoder({(n, p): name for n, p, name in self.db.execute("SELECT import, position, name FROM sheet")})
        rows = self.db.execute("SELECT row, position, data FROM declaration").fetchall()
        merged = merged_in(data for _, _, data in rows if IN_JSON in data)
        declared = [(imports[r >> 40].as_of, r, p, ADAPTER.validate_json(renamed(data, merged))) for r, p, data in rows
                    if IN_JSON not in data]
        declared.sort(key=lambda d: d[:3])
        signatures = [s for (s,) in self.db.execute("SELECT DISTINCT sig FROM closed")]
        return Known(self.version, imports, decoder, [Declared(d, a, decoder.ref(r)) for a, r, _, d in declared], signatures, merged)

    def imports(self) -> Mapping[int, Import]:
        return {i.number: i for i in map(import_of, self.db.execute("SELECT * FROM import ORDER BY number"))}

    def sources(self) -> Mapping[int, Import]:
        return self.known.imports

    def declarations(self) -> Sequence[Declared]:
        return self.known.declared

    def hop_signatures(self) -> Sequence[str]:
        return self.known.signatures

    # -- bodies ------------------------------------------------------------------------------------------------------------

    def bodies(self, ids: Iterable[str]) -> dict[str, Body]:
        if not self.known.merged:
            return self._bodies(list(ids))
        asked = {id: self.known.merged.get(id, id) for id in ids}
        found = self._bodies(list(dict.fromkeys(asked.values())))
        return {id: found[head] for id, head in asked.items() if head in found}

    def _bodies(self, ids: list[str]) -> dict[str, Body]:
        if len(ids) == 1:  # what most questions begin with
            return {one[1].id: one[1]} if (one := self._one(ids[0])) else {}
        if not ids:
            return {}
        rows = self.db.execute(f"SELECT {NODE} FROM body b JOIN node n ON n.id = b.id"
                               " WHERE b.public IN (SELECT value FROM json_each(?))", (json.dumps(ids),))
        return {r[0]: self.known.decoder.body(r) for r in rows}

    def _one(self, id: str) -> tuple[int, Body] | None:
        if id not in self._ones and (row := self.db.execute(ONE, (id,)).fetchone()):
            self._ones[id] = row[0], self.known.decoder.body(row[1:])
        return self._ones.get(id)

    def lookup(self, scheme: str | None, value: str, kind: str | None = None) -> list[Body]:
        low, high = (KINDS[kind].number << KIND_BITS, (KINDS[kind].number + 1) << KIND_BITS) if kind else (0, 1 << 62)
        rows = self.db.execute(f"SELECT DISTINCT {NODE} FROM name m JOIN node n ON n.id = m.id WHERE m.value = ?"
                               " AND (m.scheme = ? OR ? IS NULL) AND m.id >= ? AND m.id < ? ORDER BY n.sort_key, n.public",
                               (normal(value), scheme, scheme, low, high))
        return [self.known.decoder.body(r) for r in rows]

    def identify(self, keys: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], list[str]]:
        found = dict[tuple[str, str, str], list[str]]()
        for key in dict.fromkeys(keys):
            kind, scheme, value = key
            rows = self.db.execute("SELECT b.public FROM key k JOIN body b ON b.id = k.id WHERE k.value = ? AND k.scheme = ? AND k.kind = ?"
                                   " ORDER BY b.public", (value, scheme, KINDS[kind].number)).fetchall()
            if rows:
                found[key] = list(dict.fromkeys(self.known.merged.get(r[0], r[0]) for r in rows))
        return found

    def keys(self, id: str) -> Sequence[tuple[str, str]]:
        row = self.db.execute("SELECT n.data FROM body b JOIN node n ON n.id = b.id WHERE b.public = ?",
                              (self.known.merged.get(id, id),)).fetchone()
        return [(s, v) for s, v in json.loads(row[0]).get("k", ())] if row else []

    # -- relationships -----------------------------------------------------------------------------------------------------

    def foresee(self, subject: str, paths: Sequence[Metapath], frame: Frame) -> None:
        """A statement costs no round trip here."""

    def _start(self, plan: Plan, subject: str) -> Near | None:
        start = self._one(subject)
        return Near(start[1], start[0]) if start else None

    def leaving(self, plan: Plan, near: Near) -> Reached:
        """See ``graph.walk.Store``; bodies on the way are kept for others that come by."""
        found: Reached = {}
        met: dict[tuple[Plan, int], Near] = {}
        statement: Statement = self._compiled("leaving", (plan, near.body.kind), plan.frame)
        rows = self.db.execute(statement.text, {**statement.params, "node": near.key}) if statement.text else ()
        for forward, node, *columns in rows:
            far = self.near.get((plan, node)) or met.get((plan, node))
            if far is None:
                far = met[plan, node] = Near(self.known.decoder.body(columns[EDGE_WIDTH:]), node)
            ends = (near.body.id, far.body.id) if forward else (far.body.id, near.body.id)
            edge = self.known.decoder.edge(columns[:EDGE_WIDTH], *ends)
            found.setdefault((edge.type, forward == 1, far.body.kind), []).append((edge, far))
        self.near.keep((plan, near.key), met)
        return found

    def step(self, ids: Iterable[str], types: Sequence[tuple[str, bool]], frame: Frame | None, kinds: Sequence[str] = ()) -> list[Edge]:
        asked = tuple(ids), tuple(types), frame.day if frame else None, tuple(kinds)
        if len(asked[0]) > FEW:
            return self._step(*asked)
        if asked not in self._steps:
            self._steps[asked] = self._step(*asked)
        return self._steps[asked]

    def _step(self, ids: Sequence[str], types: Sequence[tuple[str, bool]], day: int | None, kinds: Sequence[str]) -> list[Edge]:
        given = json.dumps(ids)
        possible = "" if day is None else "AND e.until > :day AND (e.since <= :day OR e.start = 0)"
        edges = list[Edge]()
        for forward in (True, False):
            numbers = [RELATIONS[t].number for t, f in types if f == forward]
            if not numbers:
                continue
            near, far = ("src", "dst") if forward else ("dst", "src")
            columns = ", ".join(f"e.{c}" for c in EDGE_COLUMNS)
            led = f" AND {in_kinds(f'e.{far}', kinds)}" if kinds else ""
            rows = self.db.execute(
                f"SELECT b.public, f.public, {columns} FROM json_each(:ids) j CROSS JOIN body b ON b.public = j.value"
                f" CROSS JOIN json_each(:types) t CROSS JOIN edge e ON e.type = t.value AND e.{near} = b.id {possible}{led}"
                f" JOIN node f ON f.id = e.{far}", {"ids": given, "types": json.dumps(numbers), "day": day or 0})
            edges += [self.known.decoder.edge(r[2:], *((r[0], r[1]) if forward else (r[1], r[0]))) for r in rows]
        return list({(e.source, e.type, e.target, e.role, e.start, e.since, e.until, e.rows): e for e in edges}.values())

    def links(self, asked: Frontier, frame: Frame) -> Spread:
        return sqlite_links.spread(self.db, asked, frame.day)

    def between(self, pairs: Iterable[tuple[str, str]], types: Sequence[str], frame: Frame | None) -> list[Edge]:
        possible = "AND e.until > :day AND (e.since <= :day OR e.start = 0)" if frame else ""
        columns = ", ".join(f"e.{c}" for c in EDGE_COLUMNS)
        rows = self.db.execute(
            f"SELECT s.public, o.public, {columns} FROM json_each(:pairs) j CROSS JOIN body s ON s.public = j.value ->> 0"
            " CROSS JOIN body o ON o.public = j.value ->> 1 CROSS JOIN json_each(:types) t"
            f" CROSS JOIN edge e ON e.type = t.value AND e.src = s.id AND e.dst = o.id {possible}",
            {"pairs": json.dumps(list(pairs)), "types": json.dumps([RELATIONS[t].number for t in types]), "day": frame.day if frame else 0})
        return [self.known.decoder.edge(r[2:], r[0], r[1]) for r in rows]

    def true_for(self, path: Metapath, ids: Iterable[str], frame: Frame) -> set[str]:
        statement = self._compiled("true_for", path, frame)
        rows = self.db.execute(statement.text, {**statement.params, "few": json.dumps(list(ids))})
        return {r[0] for r in rows}

    def closed_singly(self, ids: Iterable[str], hop: str, frame: Frame) -> set[str]:
        statement = sql_subject.closed_singly(hop, frame)
        return {r[0] for r in self.db.execute(statement.text, {**statement.params, "few": json.dumps(list(ids))})}

    # -- sets --------------------------------------------------------------------------------------------------------------

    def scan(self, requirement: Requirement, frame: Frame, scope: Sequence[Metapath], states: Sequence[str],
             after: tuple[str, str] | None, limit: int) -> ScanPage:
        if not limit or not states:
            row = self._run(sql_requirement.scan_counts(requirement, frame, scope))[0]
            return ScanPage({s: n for s, n in zip(sql_requirement.STATES, row, strict=True) if n}, (), None)
        told = self._run(sql_requirement.scan(requirement, frame, scope, states, after, limit))
        counts, rows = {r[2]: r[3] for r in told if r[0] is None}, [r for r in told if r[0] is not None]
        found = self._ranges(requirement, frame, [r[3] for r in rows[:limit]])
        page = tuple(Scored(r[0], r[2], *found[r[3]], r[4] == 1) for r in rows[:limit])
        return ScanPage(counts, page, (rows[limit - 1][1], rows[limit - 1][0]) if len(rows) > limit else None)

    def _ranges(self, requirement: Requirement, frame: Frame, nodes: list[int]) -> dict[int, tuple[int, int | None]]:
        """(low, high) of each subject: for a set or coverage, the number of parts or ways that hold / may hold."""
        few, single = json.dumps(nodes), len(requirement.parts) == 1
        total = dict.fromkeys(nodes, (0, 0, False))
        for statement in sql_requirement.scan_details(requirement, frame):
            for id, low, high, opened in self.db.execute(statement.text, {**statement.params, "few": few}):
                if not single:
                    low, high, opened = int(low > 0), int(high > 0 or bool(opened)), False
                total[id] = (total[id][0] + low, total[id][1] + high, total[id][2] or bool(opened))
        return {id: (low, None if opened else high) for id, (low, high, opened) in total.items()}

    def states(self, requirement: Requirement, frame: Frame) -> Iterator[tuple[str, GapState]]:
        statement = sql_requirement.all_states(requirement, frame)
        yield from self.db.execute(statement.text, statement.params)

    def scores(self, path: Metapath, frame: Frame, within: Metapath | None = None) -> dict[int, int]:
        found = dict(self._run(sql_requirement.path_scores(path, frame, within)))
        return {s: found.get(s, 0) for s in (TRUE, POSSIBLE, OPEN_HOPS, FALSE)}

    def doubled(self, frame: Frame, limit: int) -> list[tuple[str, str, tuple[str, ...]]]:
        rows = [r for statement in sql_requirement.doubled(frame, limit) for r in self._run(statement)]
        return [(source, relation, tuple(sorted(json.loads(targets)))) for source, relation, targets in rows]

    def conflicting(self, limit: int) -> tuple[list[Body], int]:
        test = "FROM node n WHERE json_type(n.data, '$.c') IS NOT NULL"
        rows = self.db.execute(f"SELECT {NODE} {test} ORDER BY n.sort_key, n.public LIMIT {limit:d}").fetchall()
        total = self.db.execute(f"SELECT count(*) {test}").fetchone()[0]
        return [self.known.decoder.body(r) for r in rows], total

    def namesakes(self, limit: int) -> tuple[list[tuple[str, list[tuple[str, str]]]], int]:
        same = (f"SELECT value, scheme = 'credit_code' AS code, CASE scheme WHEN 'credit_code' THEN 0 ELSE id >> {KIND_BITS} END AS kind,"
                " json_group_array(DISTINCT id) AS ids FROM name GROUP BY 1, 2, 3 HAVING count(DISTINCT id) > 1")
        total = self.db.execute(f"SELECT count(*) FROM ({same})").fetchone()[0]
        found = list[tuple[str, list[tuple[str, str]]]]()
        groups = self.db.execute(f"SELECT value, code, ids FROM ({same}) ORDER BY value, code, kind LIMIT ?", (limit,)).fetchall()
        for value, code, ids in groups:
            told = self.db.execute(
                "SELECT DISTINCT b.public, n.scheme FROM json_each(?) j JOIN name n ON n.id = j.value AND n.value = ?"
                " AND (n.scheme = 'credit_code') = ? JOIN body b ON b.id = n.id ORDER BY 1, 2", (ids, value, code))
            found.append((value, told.fetchall()))
        return found, total

    def pairs(self, relation: str, frame: Frame) -> list[tuple[str, str]]:
        return self.db.execute(
            "SELECT DISTINCT s.public, t.public FROM edge e JOIN node s ON s.id = e.src JOIN node t ON t.id = e.dst"
            " WHERE e.type = ? AND e.since <= ? AND e.until > ?", (RELATIONS[relation].number, frame.day, frame.day)).fetchall()

    def tally(self, frame: Frame, subject: Metapath, scope: Sequence[Metapath], groups: Sequence[Metapath] | str) -> list[Tallied]:
        return [Tallied(*r) for r in self._run(sql_tally.tally(frame, subject, scope, groups))]

    def _run(self, statement: Statement) -> list[tuple[Any, ...]]:
        return self.db.execute(statement.text, statement.params).fetchall()

    def _compiled(self, what: str, asked: Any, frame: Frame) -> Any:
        return kept(self.cache, what, asked, frame, COMPILERS[what])

    # -- the rest ----------------------------------------------------------------------------------------------------------

    def search(self, text: str, kinds: Sequence[str], after: str | None, limit: int) -> tuple[list[Found], int, str | None]:
        rows, total, cursor = sqlite_search.search(self.db, text, kinds, after, limit)
        bodies = self.bodies(r[0] for r in rows)
        return [Found(bodies[p], matched, how) for p, matched, how in rows], total, cursor

    def sharing(self, parts: Sequence[str], most: int) -> dict[str, list[tuple[str, str]]]:
        return sqlite_search.sharing(self.db, parts, most)

    def unnamed(self) -> list[Body]:
        return [self.known.decoder.body(r) for r in self.db.execute(f"SELECT {NODE} FROM node n WHERE n.unnamed = 1")]

    def records(self, collection: str) -> dict[str, Any]:
        rows = self.db.execute("SELECT id, value FROM record WHERE collection = ? ORDER BY id", (collection,))
        return {r[0]: json.loads(r[1]) for r in rows}

    def collections(self) -> list[str]:
        return [c for (c,) in self.db.execute("SELECT DISTINCT collection FROM record ORDER BY 1")]

    def registry(self) -> Iterator[tuple[str, str, str, str]]:
        yield from self.db.execute("SELECT b.public, k.scheme, k.value, k.original FROM key k JOIN body b ON b.id = k.id ORDER BY 1, 2, 3")

    def facts(self, refs: Iterable[RowRef]) -> dict[RowRef, tuple[Fact, ...]]:
        ids = [self.known.decoder.id(r) for r in refs]
        rows = self.db.execute("SELECT id, facts FROM row WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(ids),))
        return {self.known.decoder.ref(id): tuple(facts_in(text)) for id, text in rows}

    def rows(self, number: int) -> Iterator[Row]:
        low, high = number << IMPORT_BITS, (number + 1) << IMPORT_BITS
        for id, digest, facts in self.db.execute("SELECT id, hash, facts FROM row WHERE id >= ? AND id < ? ORDER BY id", (low, high)):
            yield Row(self.known.decoder.ref(id)[2], digest, tuple(facts_in(facts)), self.known.decoder.ref(id)[1])

    def counts(self) -> dict[str, int]:
        kinds = dict(self.db.execute(f"SELECT id >> {KIND_BITS}, count(*) FROM node GROUP BY 1").fetchall())
        types = dict(self.db.execute("SELECT type, count(*) FROM edge GROUP BY type").fetchall())
        return {**{k.name: kinds.get(k.number, 0) for k in KINDS.values()}, **{r.name: types.get(r.number, 0) for r in RELATIONS.values()}}

    def export(self) -> Iterator[tuple[str, Any]]:
        digests, decoder = {n: i.digest for n, i in self.known.imports.items()}, self.known.decoder

        for public, name, ended, data, rows in self.db.execute("SELECT public, name, ended, data, rows FROM node ORDER BY public"):
            yield "body", [public, name, ended, decoder.content(data, digests), decoder.told(rows, digests)]
        edges = self.db.execute("SELECT e.type, s.public, t.public, e.role, e.nth, e.start, e.since, e.until, e.stated, e.data, e.rows"
                                " FROM edge e JOIN node s ON s.id = e.src JOIN node t ON t.id = e.dst ORDER BY 1, 2, 3, 4, 5")
        for type_number, *rest, data, rows in edges:
            yield "edge", [type_number, *rest, decoder.content(data, digests), decoder.told(rows, digests)]
        for declared in self.known.declared:
            number, sheet, row = declared.row
            yield "declaration", [declared.declaration.model_dump(), declared.as_of, digests[number], sheet, row]
        for sig, public, start, until, as_of, row in self.db.execute(
                "SELECT c.sig, b.public, c.start, c.until, c.as_of, c.row FROM closed c JOIN body b ON b.id = c.id ORDER BY 1, 2, 5, 6"):
            yield "closed", [sig, public, start, until, as_of, *decoder.told(f"[{row}]", digests)]
