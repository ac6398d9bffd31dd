"""A snapshot of a Neo4j store: bodies, names and relationships; what else it answers is in the files of its base classes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from graph.compile import cypher_subject
from graph.compile.cypher_subject import body_columns, spell_columns
from graph.compile.statement import Statement
from graph.engines import neo4j_links, neo4j_search
from graph.engines.neo4j_asking import PRESENT
from graph.engines.neo4j_contents import Contents
from graph.engines.neo4j_rows import edge_of
from graph.engines.neo4j_sets import Sets
from graph.engines.neo4j_standing import Standings
from graph.frame import Frame
from graph.parts import Body, Edge, Found, Frontier, Spread
from schemas.identifiers import kind_of, normal
from schemas.metapath import Metapath
from schemas.relations import RELATIONS

POSSIBLE_AT = "e.until > $day AND (e.since <= $day OR e.start = 0)"


class Neo4jSnapshot(Standings, Sets, Contents):
    """See ``graph.engine.Snapshot``."""

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
            walk = self._walked(paths, subject, frame)
            return {**known, subject: walk.start.body} if walk else known
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

    def links(self, asked: Frontier, frame: Frame) -> Spread:
        return neo4j_links.spread(self._ask(neo4j_links.text(asked.portions), **neo4j_links.parameters(asked, frame.day)), asked.most)

    def between(self, pairs: Iterable[tuple[str, str]], types: Sequence[str], frame: Frame | None) -> list[Edge]:
        asked = [list(p) for p in pairs]
        if not asked or not types:
            return []
        rows = self._ask("UNWIND $pairs AS p MATCH (s:Body {id: p[0]}) MATCH (t:Body {id: p[1]})"
                         f" MATCH (s)-[e:{'|'.join(types)}]->(t){f' WHERE {POSSIBLE_AT}' if frame else ''}"
                         f" RETURN [s.id, t.id, {spell_columns('e')}] AS row", pairs=asked, day=frame.day if frame else 0)
        return [edge_of(self.known.decoder, columns, source, target) for source, target, columns in rows]

    def true_for(self, path: Metapath, ids: Iterable[str], frame: Frame) -> set[str]:
        statement: Statement = self._compiled("true_for", path, frame)
        return set(self._ask_once(statement.text, **statement.params, few=sorted(ids)))

    def closed_singly(self, ids: Iterable[str], hop: str, frame: Frame) -> set[str]:
        statement = cypher_subject.closed_singly(hop, frame)
        return set(self._ask_once(statement.text, **statement.params, few=sorted(ids)))

    def search(self, text: str, kinds: Sequence[str], after: str | None, limit: int) -> tuple[list[Found], int, str | None]:
        rows, total, cursor = neo4j_search.search(self._ask, text, kinds, after, limit)
        found = [(self._body(columns), matched, how) for columns, matched, how in rows]
        return [Found(b, matched or b.name, how) for b, matched, how in found], total, cursor

    def sharing(self, parts: Sequence[str], most: int) -> dict[str, list[tuple[str, str]]]:
        rows = self._ask(neo4j_search.SHARING, limit=most + 1, parts=[[p, neo4j_search.phrase(p)] for p in parts]) if parts else []
        return {part: [(id, name) for id, name in hits] for part, hits in rows if len(hits) <= most}

    def unnamed(self) -> list[Body]:
        return [self._body(r) for r in self._ask(f"MATCH (n:Body) WHERE n.unnamed RETURN {body_columns('n')} AS row")]


def patterns(types: Sequence[tuple[str, bool]]) -> list[str]:
    """Types and directions as patterns with the relationship ``e``, one a direction."""
    found = []
    for forward, pattern in ((True, "-[e:{}]->"), (False, "<-[e:{}]-")):
        names = [RELATIONS[t].name for t, f in types if f == forward]
        if names:
            found.append(pattern.format("|".join(names)))
    return found
