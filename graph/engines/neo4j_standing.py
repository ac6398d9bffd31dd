"""What coverage asks of one body of a Neo4j store, in one round trip: the body, what leaves it, and what leaves the bodies next to it.

Neighbours are read again for each body: to ask which of them are known already would be a round trip of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph.compile.statement import Statement
from graph.engines.neo4j_asking import Asking
from graph.engines.neo4j_rows import On, edge_of
from graph.engines.walking import Walking
from graph.frame import Frame
from graph.walk import Near, Plan, Reached
from schemas.identifiers import kind_of
from schemas.metapath import Metapath


class Standings(Asking, Walking):
    def __init__(self, tx: On, cache: dict[str, Any]) -> None:
        Asking.__init__(self, tx, cache)
        Walking.__init__(self)
        self._foreseen: tuple[str, tuple[Metapath, ...], Frame] | None = None

    def foresee(self, subject: str, paths: Sequence[Metapath], frame: Frame) -> None:
        self._foreseen = subject, tuple(paths), frame

    def leaving(self, plan: Plan, near: Near) -> Reached:
        around = self._start(plan, near.body.id) if plan.wanted(near.body.kind) else None
        return around.leaving if around and around.leaving else {}

    def _start(self, plan: Plan, subject: str) -> Near | None:
        statement: Statement = self._compiled("around", (plan, kind_of(subject)), plan.frame)
        rows = self._run(statement, subject=subject)
        if not rows:
            return None
        body, singly, found = rows[0]
        near = self._near(plan, body, singly)
        near.leaving = self._reached(near, [(*told, self._near(plan, far, closed, beyond)) for *told, far, closed, beyond in found])
        return near

    def _near(self, plan: Plan, body: list[Any], singly: list[bool], beyond: list[list[Any]] | None = None) -> Near:
        """``beyond``: what leaves it, of bodies whose own is not known."""
        near = Near(self._body(body), None, singly={s for s, holds in zip(plan.signatures, singly, strict=True) if holds})
        if beyond is not None:
            near.leaving = self._reached(near, [(*told, Near(self._body(far), None)) for *told, far in beyond])
        return near

    def _reached(self, near: Near, found: list[Any]) -> Reached:
        reached: Reached = {}
        for forward, columns, far in found:
            ends = (near.body.id, far.body.id) if forward else (far.body.id, near.body.id)
            reached.setdefault((columns[-1], forward, far.body.kind), []).append((edge_of(self.known.decoder, columns, *ends), far))
        return reached
