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
from graph.engines.neo4j_rows import STREAM_SECONDS, edge_of, run, told_by
from graph.engines.rows import IMPORT_BITS, Decoder
from graph.engines.stored import Known, kept, limited
from graph.frame import Frame
from graph.merging import IN_JSON, merged_in, renamed
from schemas.answers import GapState
from schemas.declarations import ADAPTER
from schemas.errors import StoreError, StoreMovedError
from schemas.facts import Fact, Import, Row
from schemas.identifiers import kind_of, normal
from schemas.kinds import KINDS
from schemas.metapath import Metapath
from schemas.policy import Requirement
from schemas.relations import RELATIONS

COMPILERS: dict[str, Callable[[Any, Frame], Any]] = {
    "standing": cypher_subject.standing, "true_for": cypher_subject.true_for,
}
IMPORTS = "MATCH (i:Import) RETURN properties(i) AS row ORDER BY i.number"
ROWS_AT_ONCE, KEPT = 5_000, 5_000
POSSIBLE_AT = "e.until > $day AND (e.since <= $day OR e.start = 0)"
PRESENT = "name IS NOT NULL"  # a body that is only mentioned has none


@dataclass(frozen=True)
class Standing:
    """What is read of one subject: its body, its matches of ``paths`` (path number, certain, bodies, relationships), and for each
    path whether a hop is open."""

    paths: tuple[Metapath, ...]
    frame: Frame
    body: Body | None
    found: list[list[Any]]
    opened: list[bool]


def moved() -> StoreMovedError:
    return StoreMovedError("store.moved", "回答期间数据有更新，本次回答可能前后不一，已放弃", hint="请再问一次")


class Neo4jSnapshot:
    """See ``graph.engine.Snapshot``. ``cache`` is shared by the snapshots of one engine."""

    def __init__(self, tx: Session | Transaction, cache: dict[str, Any]) -> None:
        self.tx, self.cache = tx, cache
        self._state: tuple[int, bool] | None = None  # data version, loading: as of the first statement
        self._known: Known | None = cache.get("known")
        self._rests_on_known = False  # what is kept was given out before it was known to be still so
        self._confirmed = False  # the last statement saw the version of the first
        self._foreseen: tuple[str, tuple[Metapath, ...], Frame] | None = None
        self._standing: dict[str, Standing] = {}
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

    def imports(self) -> Mapping[int, Import]:
        return {i.number: i for i in (import_of(r) for r in self._ask(IMPORTS))}

    def sources(self) -> Mapping[int, Import]:
        return self.known.imports

    def declarations(self) -> Sequence[Declared]:
        return self.known.declared

    def hop_signatures(self) -> Sequence[str]:
        return self.known.signatures

    # -- bodies ------------------------------------------------------------------------------------------------------------

    def _body(self, columns: list[Any]) -> Body:
        body = self.known.decoder.body(tuple(columns))
        if len(self._read) >= KEPT:
            self._read.clear()
        self._read[body.id] = body, columns[6]
        return body

    def bodies(self, ids: Iterable[str]) -> dict[str, Body]:
        if not self.known.merged:
            return self._bodies(list(dict.fromkeys(ids)))
        heads = {id: self.known.merged.get(id, id) for id in ids}
        found = self._bodies(list(dict.fromkeys(heads.values())))
        return {id: found[head] for id, head in heads.items() if head in found}

    def _bodies(self, asked: list[str]) -> dict[str, Body]:
        known = {i: self._read[i][0] for i in asked if i in self._read}
        asked = [i for i in asked if i not in known]
        if not asked:
            return known
        if self._foreseen and asked == [self._foreseen[0]]:
            subject, paths, frame = self._foreseen
            standing = self._stand(paths, subject, frame)
            return {**known, subject: standing.body} if standing and standing.body else known
        rows = self._ask(f"UNWIND $ids AS id MATCH (n:Body {{id: id}}) WHERE n.{PRESENT} RETURN {body_columns('n')} AS row", ids=asked)
        return known | {r[0]: self._body(r) for r in rows}

    def lookup(self, scheme: str | None, value: str, kind: str | None = None) -> list[Body]:
        rows = self._ask("MATCH (k:Key {search: $value})"
                         " WHERE ($scheme IS NULL OR k.scheme = $scheme) AND ($kind IS NULL OR k.kind = $kind)"
                         " WITH DISTINCT k.id AS id MATCH (n:Body {id: id})"
                         f" RETURN {body_columns('n')} AS row", value=normal(value), scheme=scheme, kind=kind)
        return sorted((self._body(r) for r in rows), key=lambda b: (b.sort_key, b.id))

    def identify(self, keys: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], list[str]]:
        asked = list(dict.fromkeys(keys))
        rows = self._ask("UNWIND $keys AS x MATCH (k:Key {kind: x[0], scheme: x[1], value: x[2]}) WHERE k.id IS NOT NULL"
                         " RETURN [k.kind, k.scheme, k.value, k.id] AS row", keys=[list(k) for k in asked]) if asked else []
        found = dict[tuple[str, str, str], list[str]]()
        for kind, scheme, value, id in sorted(rows, key=lambda r: r[3]):
            found.setdefault((kind, scheme, value), []).append(self.known.merged.get(id, id))
        return {key: list(dict.fromkeys(ids)) for key, ids in found.items()}

    def keys(self, id: str) -> Sequence[tuple[str, str]]:
        head = self.known.merged.get(id, id)
        self.bodies([head])
        return [(s, v) for s, v in json.loads(self._read[head][1]).get("k", ())] if head in self._read else []

    # -- relationships -----------------------------------------------------------------------------------------------------

    def foresee(self, subject: str, paths: Sequence[Metapath], frame: Frame) -> None:
        self._foreseen = subject, tuple(paths), frame

    def matches(self, paths: Sequence[Metapath], subject: str, frame: Frame, limit: int) -> tuple[list[Chain], dict[int, int]]:
        standing = self._stand(tuple(paths), subject, frame)
        if standing is None or standing.body is None:
            return [], {}
        chains = [self._chain(paths[number], number, certain, standing.body, *r) for number, certain, *r in standing.found]
        chains.sort(key=lambda c: (c.path, not c.certain, [b.id for b in c.bodies], [e.rank for e in c.edges]))
        return limited(chains, limit)

    def openings(self, paths: Sequence[Metapath], subject: str, frame: Frame) -> list[bool]:
        standing = self._stand(tuple(paths), subject, frame)
        return list(standing.opened) if standing and standing.body else [False] * len(paths)

    def _stand(self, paths: tuple[Metapath, ...], subject: str, frame: Frame) -> Standing | None:
        """The body, its matches and which paths are open for it, in one round trip for all that is asked of it."""
        known = self._standing.get(subject)
        if known is None or known.paths != paths or known.frame is not frame:
            asked: cypher_subject.Asked = self._compiled("standing", paths, frame)
            rows = self._run(asked.statement, subject=subject)
            body, found, tests = rows[0] if rows else (None, [], [])
            opened = [any(tests[c] for c in columns) for columns in asked.columns] if rows else []
            known = self._standing[subject] = Standing(paths, frame, self._body(body) if body else None, found, opened)
        return known

    def _chain(self, path: Metapath, number: int, certain: bool, subject: Body, nodes: list[list[Any]], spells: list[list[Any]]) -> Chain:
        bodies = (subject, *map(self._body, nodes))
        edges = list[Edge]()
        for i, (hop, columns) in enumerate(zip(path.hops, spells, strict=True)):
            near, far = bodies[i].id, bodies[i + 1].id
            edges.append(edge_of(self.known.decoder, columns, near if hop.forward else far, far if hop.forward else near))
        return Chain(number, bodies, tuple(edges), certain)

    def step(self, ids: Iterable[str], types: Sequence[tuple[str, bool]], frame: Frame | None, kinds: Sequence[str] = ()) -> list[Edge]:
        test = f" AND {POSSIBLE_AT}" if frame else ""
        arms = [f"MATCH (n:Body {{id: id}}){pattern}(f) WHERE f.{PRESENT}{test}"
                f" RETURN startNode(e).id AS source, endNode(e).id AS target, {spell_columns('e')} AS edge" for pattern in patterns(types)]
        asked = list(dict.fromkeys(ids))
        if not arms or not asked:
            return []
        rows = self._ask_once(f"UNWIND $ids AS id CALL (id) {{ {' UNION '.join(arms)} }} WITH DISTINCT source, target, edge"
                         " RETURN [source, target, edge] AS row", ids=asked, day=frame.day if frame else 0)
        edges = [edge_of(self.known.decoder, columns, source, target) for source, target, columns in rows]
        if not kinds:  # left out here: many ways ask the same but for the kinds, and a round trip costs more than a relationship
            return edges
        near = set(asked)
        return [e for e in edges if any(e.type == t and (e.source if forward else e.target) in near
                                        and kind_of(e.target if forward else e.source) in kinds for t, forward in types)]

    def links(self, ids: Iterable[str], types: Sequence[tuple[str, bool]], frame: Frame, most: int,
              known: Iterable[str] = ()) -> list[tuple[str, str, str, bool]]:
        arms = [f"MATCH (n:Body {{id: id}}){pattern}(f) WHERE f.{PRESENT} AND e.since <= $day AND e.until > $day AND NOT f.id IN $known"
                " RETURN startNode(e).id AS source, type(e) AS type, endNode(e).id AS target, e.stated AS stated"
                for pattern in patterns(types)]
        asked = list(ids)
        if not arms or not asked:
            return []
        rows = self._ask(f"UNWIND $ids AS id CALL (id) {{ {' UNION ALL '.join(arms)} }} WITH * LIMIT $most"
                         " RETURN [source, type, target, stated] AS row", ids=asked, day=frame.day, most=most + 1, known=list(known))
        return [(source, relation, target, stated) for source, relation, target, stated in rows]

    def between(self, pairs: Iterable[tuple[str, str]], types: Sequence[str], frame: Frame | None) -> list[Edge]:
        asked = [list(p) for p in pairs]
        if not asked or not types:
            return []
        rows = self._ask("UNWIND $pairs AS p MATCH (s:Body {id: p[0]}) MATCH (t:Body {id: p[1]})"
                         f" MATCH (s)-[e:{'|'.join(types)}]->(t){f' WHERE {POSSIBLE_AT}' if frame else ''}"
                         f" RETURN [s.id, t.id, {spell_columns('e')}] AS row", pairs=asked, day=frame.day if frame else 0)
        return [edge_of(self.known.decoder, columns, source, target) for source, target, columns in rows]

    def degrees(self, ids: Iterable[str], types: Sequence[tuple[str, bool]]) -> dict[str, int]:
        counted = " + ".join(f"COUNT {{ (n){pattern.replace('[e:', '[:')}() }}" for pattern in patterns(types))
        asked = list(ids)
        if not counted or not asked:
            return {}
        rows = self._ask(f"UNWIND $ids AS id MATCH (n:Body {{id: id}}) RETURN [id, {counted}] AS row", ids=asked)
        return {id: n for id, n in rows if n}

    def true_for(self, path: Metapath, ids: Iterable[str], frame: Frame) -> set[str]:
        statement: Statement = self._compiled("true_for", path, frame)
        return set(self._ask_once(statement.text, **statement.params, few=sorted(ids)))

    def closed_singly(self, ids: Iterable[str], hop: str, frame: Frame) -> set[str]:
        statement = cypher_subject.closed_singly(hop, frame)
        return set(self._ask_once(statement.text, **statement.params, few=sorted(ids)))

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
        statement = cypher_requirement.all_states(requirement, frame)
        yield from ((id, state) for id, state in self._stream(statement.text, statement.params))

    def scores(self, path: Metapath, frame: Frame, within: Metapath | None = None) -> dict[int, int]:
        found = dict(self._run(cypher_requirement.path_scores(path, frame, within)))
        return {s: found.get(s, 0) for s in (TRUE, POSSIBLE, OPEN_HOPS, FALSE)}

    def doubled(self, frame: Frame, limit: int) -> list[tuple[str, str, tuple[str, ...]]]:
        rows = [r for statement in cypher_requirement.doubled(frame, limit) for r in self._run(statement)]
        return [(source, relation, tuple(sorted(targets))) for source, relation, targets in rows]

    def conflicting(self, limit: int) -> tuple[list[Body], int]:
        rows = self._ask(f"MATCH (n:Conflicted) RETURN {body_columns('n')} AS row ORDER BY n.sort_key, n.id LIMIT $limit", limit=limit)
        return [self._body(r) for r in rows], self._ask("MATCH (n:Conflicted) RETURN count(*) AS row")[0]

    def namesakes(self, limit: int) -> tuple[list[tuple[str, list[tuple[str, str]]]], int]:
        total, rows = self._ask("""
            MATCH (k:Key) WHERE k.search IS NOT NULL
            WITH k.search AS value, k.scheme = 'credit_code' AS code, CASE k.scheme WHEN 'credit_code' THEN '' ELSE k.kind END AS kind,
                collect(DISTINCT [k.id, k.scheme]) AS said, count(DISTINCT k.id) AS bodies
            WHERE bodies > 1 WITH value, code, kind, said ORDER BY value, code, kind
            WITH collect([value, said]) AS groups RETURN [size(groups), groups[..$limit]] AS row""", limit=limit)[0]
        return [(value, sorted((id, scheme) for id, scheme in said)) for value, said in rows], total

    def pairs(self, relation: str, frame: Frame) -> list[tuple[str, str]]:
        rows = self._ask(f"MATCH (s:Body)-[e:{RELATIONS[relation].name}]->(t:Body) WHERE e.since <= $day AND e.until > $day"
                         f" AND s.{PRESENT} AND t.{PRESENT} RETURN DISTINCT [s.id, t.id] AS row", day=frame.day)
        return [(source, target) for source, target in rows]

    def tally(self, frame: Frame, subject: Metapath, scope: Sequence[Metapath], groups: Sequence[Metapath] | str) -> list[Tallied]:
        return [Tallied(*r) for r in self._run(cypher_tally.tally(frame, subject, scope, groups))]

    def _compiled(self, what: str, asked: Any, frame: Frame) -> Any:
        return kept(self.cache, what, asked, frame, COMPILERS[what])

    # -- the rest ----------------------------------------------------------------------------------------------------------

    def search(self, text: str, kinds: Sequence[str], after: str | None, limit: int) -> tuple[list[Found], int, str | None]:
        rows, total, cursor = neo4j_search.search(self._ask, text, kinds, after, limit)
        found = [(self._body(columns), matched, how) for columns, matched, how in rows]
        return [Found(b, matched or b.name, how) for b, matched, how in found], total, cursor

    def alike(self, asked: Sequence[tuple[str, Sequence[str]]], limit: int) -> list[list[tuple[str, str]]]:
        rows = self._ask(neo4j_search.ALIKE, limit=limit * 4, asked=[
            [at, kind, [neo4j_search.phrase(p) for p in parts]] for at, (kind, parts) in enumerate(asked)]) if asked else []
        found: list[list[tuple[str, str]]] = [[] for _ in asked]
        for at, id, value in rows:
            found[at].append((id, value))
        return found

    def unnamed(self) -> list[Body]:
        return [self._body(r) for r in self._ask(f"MATCH (n:Body) WHERE n.unnamed RETURN {body_columns('n')} AS row")]

    def records(self, collection: str) -> dict[str, Any]:
        rows = self._ask("MATCH (r:Record) WHERE r.collection = $name AND r.id IS NOT NULL RETURN [r.id, r.value] AS row", name=collection)
        return {id: json.loads(value) for id, value in sorted(rows)}

    def collections(self) -> list[str]:
        return sorted(self._ask("MATCH (r:Record) RETURN DISTINCT r.collection AS row"))

    def registry(self) -> Iterator[tuple[str, str, str, str]]:
        keys = self._stream("MATCH (k:Key) RETURN k.id, k.scheme, k.value, k.original ORDER BY k.id")
        return ((id, scheme, value, original) for id, scheme, value, original in keys)

    def facts(self, refs: Iterable[RowRef]) -> dict[RowRef, tuple[Fact, ...]]:
        ids = [self.known.decoder.id(r) for r in refs]
        rows = self._ask("UNWIND $ids AS id MATCH (r:Row {id: id}) RETURN [r.id, r.facts] AS row", ids=ids) if ids else []
        return {self.known.decoder.ref(id): tuple(facts_in(text)) for id, text in rows}

    def rows(self, number: int) -> Iterator[Row]:
        at, end = number << IMPORT_BITS, (number + 1) << IMPORT_BITS
        while True:  # a page a statement, each within its time
            said = self._ask("MATCH (r:Row) WHERE r.id >= $at AND r.id < $end"
                             " RETURN [r.id, r.hash, r.facts] AS row ORDER BY r.id LIMIT $most", at=at, end=end, most=ROWS_AT_ONCE)
            if not said:
                return
            for id, digest, facts in said:
                _, sheet, place = self.known.decoder.ref(id)
                yield Row(place, digest, tuple(facts_in(facts)), sheet)
                at = id + 1

    def counts(self) -> dict[str, int]:
        kinds = " UNION ALL ".join(f"MATCH (n:{k}) RETURN ['{k}', count(*)] AS row" for k in KINDS)
        types = " UNION ALL ".join(f"MATCH ()-[r:{t}]->() RETURN ['{t}', count(*)] AS row" for t in RELATIONS)
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
        closed = self._ask("MATCH (c:Closed) RETURN [c.sig, c.id, c.start, c.until, c.as_of, c.row] AS row")
        for *said, row in sorted(closed, key=lambda c: (c[0], c[1], c[4], c[5])):
            yield "closed", [*said, *decoder.told(f"[{row}]", digests)]

    def _stream(self, text: str, parameters: dict[str, Any] | None = None) -> Iterator[list[Any]]:
        """Rows of a statement that gives very many; that the data stood still is seen by a statement afterwards."""
        self._first()
        self._confirmed = False
        return (r.values() for r in run(self.tx, text, parameters or {}, STREAM_SECONDS))


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
