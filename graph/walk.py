"""All ways of one body followed together, in memory, from what the bodies on the way are told to have: the matches, and which ways
have an open hop. Ways that begin alike are followed once; what leaves a body is looked at, not what might.

An engine tells what leaves a body (``Near``), and may keep it: one building stands on the way of many enterprises.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from graph.frame import Closing, Frame
from graph.judge import fits, judge_body, judge_edge
from graph.parts import TRUE, Body, Chain, Edge
from schemas.metapath import Hop, Metapath, Position

Leaving = tuple[str, bool, str]  # type of a relationship, whether it leaves forward, and the kind of body that it leads to
MOST, FEW = 20_000, 50  # bodies kept in all, and by way of one


@dataclass(slots=True, eq=False)
class Near:
    """A body on the way, with the engine's key of it. ``leaving``: its relationships of those that the plan wants of its kind, and the
    bodies that they lead to, when they were asked for. ``closed``: what closes a hop (its number in the plan) -> whether it does;
    ``singly``: the hops with a statement of this body alone, where the engine has told them."""

    body: Body
    key: Any
    leaving: Reached | None = None
    closed: dict[int, bool] = field(default_factory=dict)
    singly: set[str] | None = None


Reached = dict[Leaving, list[tuple[Edge, Near]]]


class Store(Protocol):
    """What a walk asks of an engine's snapshot."""

    def leaving(self, plan: Plan, near: Near) -> Reached: ...

    def closed_singly(self, ids: Iterable[str], hop: str, frame: Frame) -> set[str]: ...


class Kept(dict[Any, Near]):
    """Bodies on the way of many, as long as the data are the same: (plan, the engine's key of a body) -> what is known of it."""

    def keep(self, by: Any, met: Mapping[Any, Near]) -> None:
        """Keep the bodies met by way of one; a hub, which leads to very many, is forgotten with them."""
        if len(met) > FEW:
            self.pop(by, None)
            return
        if len(self) > MOST:
            self.clear()
        self.update(met)


@dataclass(frozen=True)
class Shut:
    """What closes a hop: one of it must hold. ``single``: a stated relationship (type, role, target kind). Like ``frame.Closing``,
    but the same for hops that are closed alike, so that it is looked at once for all of them."""

    scopes: tuple[Metapath, ...] = ()
    signatures: tuple[str, ...] = ()
    single: tuple[str, str, str] | None = None


NEVER = (Shut(),)
NOTHING: Mapping[int, int] = {}


def _shuts(hop: Hop, closings: Sequence[Closing]) -> tuple[Shut, ...]:
    if not all(closings):
        return NEVER
    single = {c.target: (hop.type, c.single, c.target) for c in closings if c.single is not None}
    return tuple(dict.fromkeys(Shut(c.scopes, c.signatures, single.get(c.target)) for c in closings))


@dataclass(frozen=True, slots=True)
class Branch:
    hop: Hop
    to: Fork


@dataclass(frozen=True, slots=True)
class Fork:
    """A body on the way. ``at``: its position; ``ends``: the paths that end here; ``branches``: the hops that go on; ``open``: kind ->
    number of what must hold for its hop to be closed -> the paths, as bits, that are open here else."""

    at: Position
    ends: list[int] = field(default_factory=list)
    branches: dict[Leaving, list[Branch]] = field(default_factory=dict)
    open: dict[str, dict[int, int]] = field(default_factory=dict)


class Plan:
    """Paths joined where they begin alike, and what they want of each kind of body."""

    def __init__(self, paths: Sequence[Metapath], frame: Frame) -> None:
        self.paths, self.frame, self.scoped = paths, frame, frame.stated_only
        self.shuts = list[tuple[Shut, ...]]()
        self.forks = dict[Position, Fork]()
        self._wanted = dict[str, dict[tuple[str, bool], list[Position]]]()
        for number, path in enumerate(paths):
            if path.hops:
                self._add(number, path)

    def wanted(self, kind: str) -> dict[tuple[str, bool], tuple[Position, ...]]:
        """What is to be told of a body of a kind: the relationships, and the positions to one of which each must lead."""
        return {hop: tuple(dict.fromkeys(positions)) for hop, positions in self._wanted.get(kind, {}).items()}

    @cached_property
    def signatures(self) -> tuple[str, ...]:
        """Of the hops that statements of single bodies may close."""
        return tuple(dict.fromkeys(s for shuts in self.shuts for shut in shuts for s in shut.signatures))

    def _add(self, number: int, path: Metapath) -> None:
        fork = self.forks.setdefault(path.subject, Fork(path.subject))
        for hop, position in zip(path.hops, path.positions[1:], strict=True):
            self._close(fork, hop, position, 1 << number)
            for kind in fork.at.kinds:
                self._want(kind, hop, position)
            fork = self._beyond(fork, hop, position)
        fork.ends.append(number)

    def _beyond(self, fork: Fork, hop: Hop, position: Position) -> Fork:
        for branch in fork.branches.get((hop.type, hop.forward, position.kinds[0]), ()):
            if branch.hop == hop and branch.to.at == position:
                return branch.to
        branch = Branch(hop, Fork(position))
        for kind in position.kinds:
            fork.branches.setdefault((hop.type, hop.forward, kind), []).append(branch)
        return branch.to

    def _close(self, fork: Fork, hop: Hop, position: Position, path: int) -> None:
        """Note what could close the hop for each kind of body at the fork, and what that wants to know."""
        for kind in fork.at.kinds:
            shuts = _shuts(hop, self.frame.closings(kind, hop, position))
            if not shuts:
                continue  # not allowed, hence closed
            if shuts not in self.shuts:
                self.shuts.append(shuts)
            number, known = self.shuts.index(shuts), fork.open.setdefault(kind, {})
            known[number] = known.get(number, 0) | path
            for shut in shuts:
                self._want_for(kind, shut)

    def _want_for(self, kind: str, shut: Shut) -> None:
        if shut.single is not None:
            relation, _, target = shut.single
            self._want(kind, Hop(relation, True), Position((target,)))
        for scope in shut.scopes:
            for at, hop, position in zip(scope.positions, scope.hops, scope.positions[1:], strict=False):
                for k in at.kinds:
                    self._want(k, hop, Position(position.kinds))

    def _want(self, kind: str, hop: Hop, position: Position) -> None:
        self._wanted.setdefault(kind, {}).setdefault((hop.type, hop.forward), []).append(position)


def plan_of(paths: Sequence[Metapath], frame: Frame) -> Plan:
    """The plan of paths, kept with the frame: the same paths are asked of many bodies."""
    known: Plan | None = frame.memo.get(("plan", id(paths)))
    if known is None or known.paths is not paths:
        known = frame.memo["plan", id(paths)] = Plan(paths, frame)
    return known


class Walk:
    """From one body by all paths of a plan: ``chains``, every possible match, and ``open``, as bits, the paths with an open hop."""

    def __init__(self, plan: Plan, start: Near, store: Store) -> None:
        self.plan, self.start, self.frame, self.store = plan, start, plan.frame, store
        self.chains: list[Chain] = []
        self.open = 0
        for at, fork in plan.forks.items():
            if score := fits(at, start.body, self.frame):
                self._from(fork, start, (start.body,), (), score == TRUE)

    def _leaving(self, near: Near) -> Reached:
        if near.leaving is None:
            near.leaving = self.store.leaving(self.plan, near)
        return near.leaving

    def _from(self, fork: Fork, near: Near, bodies: tuple[Body, ...], edges: tuple[Edge, ...], certain: bool) -> None:
        for number, paths in fork.open.get(near.body.kind, NOTHING).items():
            if paths & ~self.open and not self._closed(near, number):
                self.open |= paths
        for leaving, found in self._leaving(near).items():
            for branch in fork.branches.get(leaving, ()):
                for edge, far in found:
                    body = far.body
                    score = min(judge_edge(branch.hop, edge, self.frame), fits(branch.to.at, body, self.frame))
                    if score and body.id not in [b.id for b in bodies]:
                        self._to(branch.to, far, (*bodies, body), (*edges, edge), certain and score == TRUE)

    def _to(self, fork: Fork, near: Near, bodies: tuple[Body, ...], edges: tuple[Edge, ...], certain: bool) -> None:
        for number in fork.ends:
            self.chains.append(Chain(number, bodies, edges, certain))
        if fork.branches:
            self._from(fork, near, bodies, edges, certain)

    def _closed(self, near: Near, number: int) -> bool:
        known = near.closed.get(number)
        if known is None:
            shuts = self.plan.shuts[number]
            known = near.closed[number] = shuts is not NEVER and all(self._holds(near, shut) for shut in shuts)
        return known

    def _holds(self, near: Near, shut: Shut) -> bool:
        for scope in shut.scopes:
            if self._in_scope(near, scope):
                return True
        return (any(self._singly(near, signature) for signature in shut.signatures)
                or (shut.single is not None and self._has(near, *shut.single)))

    def _singly(self, near: Near, signature: str) -> bool:
        if near.singly is not None:
            return signature in near.singly
        return bool(self.store.closed_singly([near.body.id], signature, self.frame))

    def _has(self, near: Near, relation: str, role: str, target: str) -> bool:
        return any(edge.stated and edge.role == role and edge.holds(self.frame.day)
                   for edge, _ in self._leaving(near).get((relation, True, target), ()))

    def _in_scope(self, near: Near, scope: Metapath) -> bool:
        """Whether a scope is TRUE for the body, by stated relationships whatever the policy counts (semantics 4)."""
        if not scope.hops:
            return judge_body(scope.subject, near.body, self.plan.scoped)[0] == TRUE
        return fits(scope.subject, near.body, self.plan.scoped) == TRUE and self._leads(near, scope, 0, (near.body.id,))

    def _leads(self, near: Near, scope: Metapath, level: int, ids: tuple[str, ...]) -> bool:
        """Whether the scope's hops from ``level`` on are TRUE from the body, past none of ``ids``."""
        hop, position, frame, reached = scope.hops[level], scope.positions[level + 1], self.plan.scoped, self._leaving(near)
        for kind in position.kinds:
            for edge, far in reached.get((hop.type, hop.forward, kind), ()):
                if judge_edge(hop, edge, frame) == TRUE == fits(position, far.body, frame) and far.body.id not in ids and (
                        level + 1 == len(scope.hops) or self._leads(far, scope, level + 1, (*ids, far.body.id))):
                    return True
        return False
