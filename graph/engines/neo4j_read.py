"""A snapshot of a Neo4j store: read statements, confirmed at the end to have seen one state of the data."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from neo4j import Session, Transaction

from graph.codec import facts_in
from graph.compile import cypher_requirement, cypher_subject, cypher_tally
from graph.compile.cypher_subject import body_columns, spell_columns
from graph.compile.statement import Statement
from graph.engine import FALSE, OPEN_HOPS, POSSIBLE, TRUE, Body, Chain, Declared, Edge, Found, RowRef, ScanPage, Scored, Tallied
from graph.engines import neo4j_search
from graph.engines.neo4j_rows import STREAM_SECONDS, ask, edge_of, run
from graph.engines.rows import IMPORT_BITS, Decoder
from graph.engines.stored import kept, limited
from graph.frame import Frame
from schemas.answers import GapState
from schemas.declarations import ADAPTER
from schemas.errors import StoreMovedError
from schemas.facts import Fact, Import, Row
from schemas.identifiers import normal
from schemas.kinds import KINDS
from schemas.metapath import Metapath
from schemas.policy import Requirement
from schemas.relations import RELATIONS

COMPILERS: dict[str, Callable[[Any, Frame], Statement]] = {
    "matches": cypher_subject.matches, "true_for": cypher_subject.true_for, "openings": cypher_subject.openings,
}
VERSION = "MATCH (s:JingluoStore {key: 'store'}) RETURN s.version, EXISTS { MATCH (i:Import) WHERE i.state = 'running' }"
IMPORTS = "MATCH (i:Import) RETURN properties(i) ORDER BY i.number"
ROWS_AT_ONCE = 5_000
POSSIBLE_AT = "e.until > $day AND (e.since <= $day OR e.start = 0)"
PRESENT = "name IS NOT NULL"  # a body that is only mentioned has none


@dataclass
class Known:
    """What is read once a data version and kept: imports, sheets, declarations, hop signatures."""

    version: int
    imports: dict[int, Import]
    decoder: Decoder
    declared: list[Declared]
    signatures: list[str]


class Neo4jSnapshot:
    """See ``graph.engine.Snapshot``. ``cache`` is shared by the snapshots of one engine."""

    def __init__(self, tx: Session | Transaction, cache: dict[str, Any]) -> None:
        self.tx, self.cache = tx, cache
        self.version: int
        self.loading: bool
        self.version, self.loading = self._ask(VERSION)[0]
        known: Known | None = cache.get("known")
        if known is None or known.version != self.version:
            known = cache["known"] = self._read_known()
        self.known = known

    def _ask(self, text: str, **parameters: Any) -> list[list[Any]]:
        return ask(self.tx, text, **parameters)

    def _run(self, statement: Statement, **more: Any) -> list[list[Any]]:
        return ask(self.tx, statement.text, **statement.params, **more)

    def confirm(self) -> None:
        """Raise StoreMovedError if the data changed since the snapshot began: the answer may have seen two states."""
        if self._ask(VERSION)[0][0] != self.version:
            raise StoreMovedError("store.moved", "回答期间数据有更新，本次回答可能前后不一，已放弃", hint="请再问一次")

    def _read_known(self) -> Known:
        rows = [r[0] for r in self._ask(IMPORTS)]
        imports = {r["number"]: import_of(r) for r in rows}
        decoder = Decoder({(r["number"], p): name for r in rows for p, name in enumerate(r.get("sheets", ()))})
        said = self._ask("MATCH (d:Declaration) RETURN d.row, d.position, d.data")
        declared = [(imports[r >> IMPORT_BITS].as_of, r, p, ADAPTER.validate_json(data)) for r, p, data in said]
        declared.sort(key=lambda d: d[:3])
        signatures = [s for (s,) in self._ask("MATCH (c:Closed) RETURN DISTINCT c.sig")]
        return Known(self.version, imports, decoder, [Declared(d, a, decoder.ref(r)) for a, r, _, d in declared], sorted(signatures))

    def imports(self) -> Mapping[int, Import]:
        return {i.number: i for i in (import_of(r[0]) for r in self._ask(IMPORTS))}

    def sources(self) -> Mapping[int, Import]:
        return self.known.imports

    def declarations(self) -> Sequence[Declared]:
        return self.known.declared

    def hop_signatures(self) -> Sequence[str]:
        return self.known.signatures

    # -- bodies ------------------------------------------------------------------------------------------------------------

    def _body(self, columns: list[Any]) -> Body:
        return self.known.decoder.body(tuple(columns))

    def bodies(self, ids: Iterable[str]) -> dict[str, Body]:
        asked = list(dict.fromkeys(ids))
        if not asked:
            return {}
        rows = self._ask(f"UNWIND $ids AS id MATCH (n:Body {{id: id}}) WHERE n.{PRESENT} RETURN {body_columns('n')}", ids=asked)
        return {r[0][0]: self._body(r[0]) for r in rows}

    def lookup(self, scheme: str | None, value: str, kind: str | None = None) -> list[Body]:
        rows = self._ask("MATCH (k:Key {search: $value})"
                         " WHERE ($scheme IS NULL OR k.scheme = $scheme) AND ($kind IS NULL OR k.kind = $kind)"
                         " WITH DISTINCT k.id AS id MATCH (n:Body {id: id})"
                         f" RETURN {body_columns('n')} ORDER BY n.sort_key, n.id", value=normal(value), scheme=scheme, kind=kind)
        return [self._body(r[0]) for r in rows]

    def identify(self, keys: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], list[str]]:
        asked = list(dict.fromkeys(keys))
        rows = self._ask("UNWIND $keys AS x MATCH (k:Key {kind: x[0], scheme: x[1], value: x[2]}) WHERE k.id IS NOT NULL"
                         " RETURN k.kind, k.scheme, k.value, k.id ORDER BY k.id", keys=asked) if asked else []
        found = dict[tuple[str, str, str], list[str]]()
        for kind, scheme, value, id in rows:
            found.setdefault((kind, scheme, value), []).append(id)
        return found

    def keys(self, id: str) -> Sequence[tuple[str, str]]:
        rows = self._ask(f"MATCH (n:Body {{id: $id}}) WHERE n.{PRESENT} RETURN n.data", id=id)
        return [(s, v) for s, v in json.loads(rows[0][0]).get("k", ())] if rows else []

    # -- relationships -----------------------------------------------------------------------------------------------------

    def matches(self, paths: Sequence[Metapath], subject: str, frame: Frame, limit: int) -> tuple[list[Chain], dict[int, int]]:
        statement = self._compiled("matches", tuple(paths), frame)
        if not statement.text:
            return [], {}
        chains = [self._chain(paths[number], *r) for number, *r in ((row[0], *row) for row in self._run(statement, subject=subject))]
        chains.sort(key=lambda c: (c.path, not c.certain, [b.id for b in c.bodies], [(e.role, e.since, e.until) for e in c.edges]))
        return limited(chains, limit)

    def _chain(self, path: Metapath, number: int, certain: bool, nodes: list[list[Any]], spells: list[list[Any]]) -> Chain:
        bodies = tuple(self._body(n) for n in nodes)
        edges = list[Edge]()
        for i, (hop, columns) in enumerate(zip(path.hops, spells, strict=True)):
            near, far = bodies[i].id, bodies[i + 1].id
            edges.append(edge_of(self.known.decoder, columns, near if hop.forward else far, far if hop.forward else near))
        return Chain(number, bodies, tuple(edges), certain)

    def step(self, ids: Iterable[str], types: Sequence[tuple[str, bool]], frame: Frame | None) -> list[Edge]:
        test = f" AND {POSSIBLE_AT}" if frame else ""
        arms = [f"MATCH (n:Body {{id: id}}){pattern}(f) WHERE f.{PRESENT}{test}"
                f" RETURN startNode(e).id AS source, endNode(e).id AS target, {spell_columns('e')} AS edge" for pattern in patterns(types)]
        asked = list(dict.fromkeys(ids))
        if not arms or not asked:
            return []
        rows = self._ask(f"UNWIND $ids AS id CALL (id) {{ {' UNION '.join(arms)} }} RETURN DISTINCT source, target, edge",
                         ids=asked, day=frame.day if frame else 0)
        return [edge_of(self.known.decoder, columns, source, target) for source, target, columns in rows]

    def links(self, ids: Iterable[str], types: Sequence[tuple[str, bool]], frame: Frame, most: int,
              known: Iterable[str] = ()) -> list[tuple[str, str, str, bool]]:
        arms = [f"MATCH (n:Body {{id: id}}){pattern}(f) WHERE f.{PRESENT} AND e.since <= $day AND e.until > $day AND NOT f.id IN $known"
                " RETURN startNode(e).id AS source, type(e) AS type, endNode(e).id AS target, e.stated AS stated"
                for pattern in patterns(types)]
        asked = list(ids)
        if not arms or not asked:
            return []
        rows = self._ask(f"UNWIND $ids AS id CALL (id) {{ {' UNION ALL '.join(arms)} }} RETURN source, type, target, stated LIMIT $most",
                         ids=asked, day=frame.day, most=most + 1, known=list(known))
        return [(source, relation, target, stated) for source, relation, target, stated in rows]

    def between(self, pairs: Iterable[tuple[str, str]], types: Sequence[str], frame: Frame | None) -> list[Edge]:
        asked = [list(p) for p in pairs]
        if not asked or not types:
            return []
        rows = self._ask("UNWIND $pairs AS p MATCH (s:Body {id: p[0]}) MATCH (t:Body {id: p[1]})"
                         f" MATCH (s)-[e:{'|'.join(types)}]->(t){f' WHERE {POSSIBLE_AT}' if frame else ''}"
                         f" RETURN s.id, t.id, {spell_columns('e')}", pairs=asked, day=frame.day if frame else 0)
        return [edge_of(self.known.decoder, columns, source, target) for source, target, columns in rows]

    def degrees(self, ids: Iterable[str], types: Sequence[tuple[str, bool]]) -> dict[str, int]:
        counted = " + ".join(f"COUNT {{ (n){pattern.replace('[e:', '[:')}() }}" for pattern in patterns(types))
        asked = list(ids)
        if not counted or not asked:
            return {}
        return {id: n for id, n in self._ask(f"UNWIND $ids AS id MATCH (n:Body {{id: id}}) RETURN id, {counted}", ids=asked) if n}

    def true_for(self, path: Metapath, ids: Iterable[str], frame: Frame) -> set[str]:
        return {r[0] for r in self._run(self._compiled("true_for", path, frame), few=list(ids))}

    def openings(self, paths: Sequence[Metapath], subject: str, frame: Frame) -> list[bool]:
        rows = self._run(self._compiled("openings", tuple(paths), frame), subject=subject) if paths else []
        return list(rows[0][0]) if rows else [False] * len(paths)

    def closed_singly(self, ids: Iterable[str], hop: str, frame: Frame) -> set[str]:
        return {r[0] for r in self._run(cypher_subject.closed_singly(hop, frame), few=list(ids))}

    # -- sets --------------------------------------------------------------------------------------------------------------

    def scan(self, requirement: Requirement, frame: Frame, scope: Sequence[Metapath], states: Sequence[str],
             after: tuple[str, str] | None, limit: int) -> ScanPage:
        if not limit or not states:
            return ScanPage(dict(self._run(cypher_requirement.scan_counts(requirement, frame, scope))), (), None)
        said, rows = self._run(cypher_requirement.scan(requirement, frame, scope, states, after, limit))[0]
        counts = dict[str, int]()
        for state, number in said:
            counts[state] = counts.get(state, 0) + number
        found = self._ranges(requirement, frame, [r[0] for r in rows[:limit]])
        page = tuple(Scored(id, state, *found[id], sure) for id, _, state, sure in rows[:limit])
        return ScanPage(counts, page, (rows[limit - 1][1], rows[limit - 1][0]) if len(rows) > limit else None)

    def _ranges(self, requirement: Requirement, frame: Frame, ids: list[str]) -> dict[str, tuple[int, int | None]]:
        """(low, high) of each subject: for a set or coverage, the number of parts or ways that hold / may hold."""
        single, total = len(requirement.parts) == 1, dict.fromkeys(ids, (0, 0, False))
        for id, low, high, opened in self._run(cypher_requirement.scan_details(requirement, frame), few=ids) if ids else ():
            if not single:
                low, high, opened = int(low > 0), int(high > 0 or opened), False
            total[id] = (total[id][0] + low, total[id][1] + high, total[id][2] or opened)
        return {id: (low, None if opened else high) for id, (low, high, opened) in total.items()}

    def states(self, requirement: Requirement, frame: Frame) -> Iterator[tuple[str, GapState]]:
        yield from ((id, state) for id, state in self._run(cypher_requirement.all_states(requirement, frame)))

    def scores(self, path: Metapath, frame: Frame, within: Metapath | None = None) -> dict[int, int]:
        found = dict(self._run(cypher_requirement.path_scores(path, frame, within)))
        return {s: found.get(s, 0) for s in (TRUE, POSSIBLE, OPEN_HOPS, FALSE)}

    def doubled(self, frame: Frame, limit: int) -> list[tuple[str, str, tuple[str, ...]]]:
        rows = [r for statement in cypher_requirement.doubled(frame, limit) for r in self._run(statement)]
        return [(source, relation, tuple(sorted(targets))) for source, relation, targets in rows]

    def conflicting(self, limit: int) -> tuple[list[Body], int]:
        rows = self._ask(f"MATCH (n:Conflicted) RETURN {body_columns('n')} ORDER BY n.sort_key, n.id LIMIT $limit", limit=limit)
        return [self._body(r[0]) for r in rows], self._ask("MATCH (n:Conflicted) RETURN count(*)")[0][0]

    def tally(self, frame: Frame, subject: Metapath, scope: Sequence[Metapath], groups: Sequence[Metapath] | str) -> list[Tallied]:
        return [Tallied(*r) for r in self._run(cypher_tally.tally(frame, subject, scope, groups))]

    def _compiled(self, what: str, asked: Any, frame: Frame) -> Statement:
        return kept(self.cache, what, asked, frame, COMPILERS[what])

    # -- the rest ----------------------------------------------------------------------------------------------------------

    def search(self, text: str, kinds: Sequence[str], after: str | None, limit: int) -> tuple[list[Found], int, str | None]:
        rows, total, cursor = neo4j_search.search(self.tx, text, kinds, after, limit)
        bodies = self.bodies(r[0] for r in rows)
        return [Found(bodies[i], matched or bodies[i].name, how) for i, matched, how in rows], total, cursor

    def records(self, collection: str) -> dict[str, Any]:
        rows = self._ask("MATCH (r:Record) WHERE r.collection = $name AND r.id IS NOT NULL RETURN r.id, r.value", name=collection)
        return {id: json.loads(value) for id, value in sorted(rows)}

    def collections(self) -> list[str]:
        return sorted(c for (c,) in self._ask("MATCH (r:Record) RETURN DISTINCT r.collection"))

    def registry(self) -> Iterator[tuple[str, str, str, str]]:
        keys = self._stream("MATCH (k:Key) RETURN k.id, k.scheme, k.value, k.original ORDER BY k.id")
        return ((id, scheme, value, original) for id, scheme, value, original in keys)

    def facts(self, refs: Iterable[RowRef]) -> dict[RowRef, tuple[Fact, ...]]:
        ids = [self.known.decoder.id(r) for r in refs]
        rows = self._ask("UNWIND $ids AS id MATCH (r:Row {id: id}) RETURN r.id, r.facts", ids=ids) if ids else []
        return {self.known.decoder.ref(id): tuple(facts_in(text)) for id, text in rows}

    def rows(self, number: int) -> Iterator[Row]:
        at, end = number << IMPORT_BITS, (number + 1) << IMPORT_BITS
        while True:  # a page a statement, each within its time
            said = self._ask("MATCH (r:Row) WHERE r.id >= $at AND r.id < $end RETURN r.id, r.hash, r.facts ORDER BY r.id LIMIT $most",
                             at=at, end=end, most=ROWS_AT_ONCE)
            if not said:
                return
            for id, digest, facts in said:
                _, sheet, place = self.known.decoder.ref(id)
                yield Row(place, digest, tuple(facts_in(facts)), sheet)
                at = id + 1

    def counts(self) -> dict[str, int]:
        kinds = " UNION ALL ".join(f"MATCH (n:{k}) RETURN '{k}' AS name, count(*) AS number" for k in KINDS)
        types = " UNION ALL ".join(f"MATCH ()-[r:{t}]->() RETURN '{t}' AS name, count(*) AS number" for t in RELATIONS)
        return {**dict.fromkeys([*KINDS, *RELATIONS], 0), **dict(self._ask(f"{kinds} UNION ALL {types}"))}

    def export(self) -> Iterator[tuple[str, Any]]:
        digests, decoder = {n: i.digest for n, i in self.known.imports.items()}, self.known.decoder

        for id, name, ended, data, rows in self._stream(
                f"MATCH (n:Body) WHERE n.id > '' AND n.{PRESENT} RETURN n.id, n.name, n.ended, n.data, n.rows ORDER BY n.id"):
            yield "body", [id, name, ended, decoder.content(data, digests), decoder.told(rows, digests)]
        for relation in sorted(RELATIONS.values(), key=lambda r: r.number):
            for *ends, stated, data, rows in self._stream(
                    f"MATCH (s:Body)-[e:{relation.name}]->(t:Body) WHERE s.{PRESENT} AND t.{PRESENT}"
                    " RETURN s.id, t.id, e.role, e.nth, e.start, e.since, e.until, e.stated, e.data, e.rows"
                    " ORDER BY s.id, t.id, e.role, e.nth"):
                yield "edge", [relation.number, *ends, int(stated), decoder.content(data, digests), decoder.told(rows, digests)]
        for declared in self.known.declared:
            number, sheet, row = declared.row
            yield "declaration", [declared.declaration.model_dump(), declared.as_of, digests[number], sheet, row]
        closed = self._ask("MATCH (c:Closed) RETURN c.sig, c.id, c.start, c.until, c.as_of, c.row")
        for *said, row in sorted(closed, key=lambda c: (c[0], c[1], c[4], c[5])):
            yield "closed", [*said, *decoder.told(f"[{row}]", digests)]

    def _stream(self, text: str) -> Iterator[list[Any]]:
        return (r.values() for r in run(self.tx, text, {}, STREAM_SECONDS))


def patterns(types: Sequence[tuple[str, bool]]) -> list[str]:
    """Types and directions as patterns with the relationship ``e``, one a direction."""
    found = []
    for forward, pattern in ((True, "-[e:{}]->"), (False, "<-[e:{}]-")):
        names = [RELATIONS[t].name for t, f in types if f == forward]
        if names:
            found.append(pattern.format("|".join(names)))
    return found


def import_of(stored: Mapping[str, Any]) -> Import:
    return Import(**{**{k: v for k, v in stored.items() if k != "sheets"}, "counts": json.loads(stored["counts"])})
