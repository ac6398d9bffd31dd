"""Questions about all bodies of a Neo4j store at once, each a statement set-wise in the server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graph.compile import cypher_requirement, cypher_tally
from graph.compile.cypher_subject import body_columns
from graph.engines.neo4j_asking import PRESENT, Asking
from graph.frame import Frame
from graph.parts import FALSE, OPEN_HOPS, POSSIBLE, TRUE, Body, ScanPage, Scored, Tallied
from schemas.answers import GapState
from schemas.metapath import Metapath
from schemas.policy import Requirement
from schemas.relations import RELATIONS


class Sets(Asking):
    def scan(self, requirement: Requirement, frame: Frame, scope: Sequence[Metapath], states: Sequence[str],
             after: tuple[str, str] | None, limit: int) -> ScanPage:
        if not limit or not states:
            return ScanPage(dict(self._run(cypher_requirement.scan_counts(requirement, frame, scope))), (), None)
        (_, _, said, _), *rows = self._run(cypher_requirement.scan(requirement, frame, scope, states, after, limit))
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
