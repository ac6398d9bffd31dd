"""The matches of one body and its open hops, by a walk in memory, for every store alike."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence

from graph.engines.stored import limited
from graph.frame import Frame
from graph.parts import Chain
from graph.walk import Near, Plan, Reached, Walk, plan_of
from schemas.metapath import Metapath


class Walking(ABC):
    """See ``graph.walk.Store``. Walks are kept, since matches and openings are asked of the same."""

    def __init__(self) -> None:
        self._walks: dict[str, Walk] = {}

    @abstractmethod
    def _start(self, plan: Plan, subject: str) -> Near | None:
        """The body where a walk begins, if there is one."""

    @abstractmethod
    def leaving(self, plan: Plan, near: Near) -> Reached: ...

    @abstractmethod
    def closed_singly(self, ids: Iterable[str], hop: str, frame: Frame) -> set[str]: ...

    def matches(self, paths: Sequence[Metapath], subject: str, frame: Frame, limit: int) -> tuple[list[Chain], dict[int, int]]:
        walk = self._walked(paths, subject, frame)
        if walk is None or not walk.chains:
            return [], {}
        chains = sorted(walk.chains, key=lambda c: (c.path, not c.certain, [b.id for b in c.bodies], [e.rank for e in c.edges]))
        return limited(chains, limit)

    def openings(self, paths: Sequence[Metapath], subject: str, frame: Frame) -> int:
        walk = self._walked(paths, subject, frame)
        return walk.open if walk else 0

    def _walked(self, paths: Sequence[Metapath], subject: str, frame: Frame) -> Walk | None:
        known = self._walks.get(subject)
        if known is None or known.plan.paths is not paths or known.frame is not frame:
            plan = plan_of(paths, frame)
            start = self._start(plan, subject)
            if start is None:
                return None
            known = self._walks[subject] = Walk(plan, start, self)
        return known
