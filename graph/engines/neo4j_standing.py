"""What coverage asks of one body of a Neo4j store, in one round trip: the body, its matches, and which paths are open for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graph.compile import cypher_subject
from graph.engine import Body, Chain, Edge
from graph.engines.neo4j_asking import Asking
from graph.engines.neo4j_rows import On, edge_of
from graph.engines.stored import limited
from graph.frame import Frame
from schemas.metapath import Metapath


@dataclass(frozen=True)
class Standing:
    """What is read of one subject: its body, its matches of ``paths`` (path number, certain, bodies, relationships), and
    which paths have an open hop, as bits."""

    paths: tuple[Metapath, ...]
    frame: Frame
    body: Body | None
    found: list[list[Any]]
    opened: int


class Standings(Asking):
    def __init__(self, tx: On, cache: dict[str, Any]) -> None:
        super().__init__(tx, cache)
        self._foreseen: tuple[str, tuple[Metapath, ...], Frame] | None = None
        self._standing: dict[str, Standing] = {}

    def foresee(self, subject: str, paths: Sequence[Metapath], frame: Frame) -> None:
        self._foreseen = subject, tuple(paths), frame

    def matches(self, paths: Sequence[Metapath], subject: str, frame: Frame, limit: int) -> tuple[list[Chain], dict[int, int]]:
        standing = self._stand(tuple(paths), subject, frame)
        if standing is None or standing.body is None:
            return [], {}
        chains = [self._chain(paths[number], number, certain, standing.body, *r) for number, certain, *r in standing.found]
        chains.sort(key=lambda c: (c.path, not c.certain, [b.id for b in c.bodies], [e.rank for e in c.edges]))
        return limited(chains, limit)

    def openings(self, paths: Sequence[Metapath], subject: str, frame: Frame) -> int:
        standing = self._stand(tuple(paths), subject, frame)
        return standing.opened if standing and standing.body else 0

    def _stand(self, paths: tuple[Metapath, ...], subject: str, frame: Frame) -> Standing | None:
        """The body, its matches and which paths are open for it, in one round trip for all that is asked of it."""
        known = self._standing.get(subject)
        if known is None or known.paths != paths or known.frame is not frame:
            asked: cypher_subject.Asked = self._compiled("standing", paths, frame)
            rows = self._run(asked.statement, subject=subject)
            body, found, tests = rows[0] if rows else (None, [], [])
            opened = sum(1 << i for i, columns in enumerate(asked.columns) if any(tests[c] for c in columns)) if rows else 0
            known = self._standing[subject] = Standing(paths, frame, self._body(body) if body else None, found, opened)
        return known

    def _chain(self, path: Metapath, number: int, certain: bool, subject: Body, nodes: list[list[Any]], spells: list[list[Any]]) -> Chain:
        bodies = (subject, *map(self._body, nodes))
        edges = list[Edge]()
        for i, (hop, columns) in enumerate(zip(path.hops, spells, strict=True)):
            near, far = bodies[i].id, bodies[i + 1].id
            edges.append(edge_of(self.known.decoder, columns, near if hop.forward else far, far if hop.forward else near))
        return Chain(number, bodies, tuple(edges), certain)
