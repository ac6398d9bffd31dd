"""The frame of one question over one snapshot: the View, joined with the declarations in force (which hops are closed)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from schemas.dates import OPEN, after, months_before, number, read
from schemas.declarations import Completeness, Exemption
from schemas.metapath import Hop, Metapath, Position, Where, parse
from schemas.view import View


@dataclass(frozen=True)
class Statement:
    """A completeness statement in force at the question's day."""

    scope: tuple[Metapath, ...]
    hop: Metapath


@dataclass(frozen=True)
class Closing:
    """What closes a hop towards one target kind: a body is closed if it is in one of ``scopes``, has a statement of its own
    for one of ``signatures``, or (``single``: a role) has a stated relationship of a type that it can have only once."""

    target: str
    scopes: tuple[Metapath, ...]
    signatures: tuple[str, ...]
    single: str | None

    def __bool__(self) -> bool:
        return bool(self.scopes or self.signatures or self.single is not None)


@dataclass(frozen=True)
class Frame:
    """``exempt``: rule -> public ids. ``single_since``: a statement of one body without an end must start after this day."""

    view: View
    statements: tuple[Statement, ...] = ()
    signatures: tuple[str, ...] = ()
    exempt: tuple[tuple[str, frozenset[str]], ...] = ()

    @cached_property
    def day(self) -> int:
        return self.view.day

    @cached_property
    def count_inferred(self) -> bool:
        return self.view.policy.count_inferred

    @cached_property
    def single_since(self) -> int:
        return number(months_before(self.view.as_of, self.view.policy.completeness_months))

    @cached_property
    def stated_only(self) -> Frame:
        """The same frame by stated relationships only, whatever the policy counts: for scopes (semantics 4)."""
        if not self.count_inferred:
            return self
        policy = self.view.policy.model_copy(update={"count_inferred": False})
        return replace(self, view=replace(self.view, policy=policy))

    def exempt_from(self, rule: str) -> frozenset[str]:
        return self._exempt.get(rule, frozenset())

    @cached_property
    def _exempt(self) -> dict[str, frozenset[str]]:
        return dict(self.exempt)

    def closings(self, kind: str, hop: Hop, target: Position) -> tuple[Closing, ...]:
        """For each target kind that the ontology allows from ``kind``: what closes the hop. A body is closed if it is
        closed for each; an empty tuple means that the hop is not allowed, hence closed."""
        key = kind, hop, target
        if key not in self._closings:
            allowed = [k for k in target.kinds if k in hop.relation.others(kind, hop.forward)]
            self._closings[key] = tuple(self._closing(kind, hop, target, k) for k in allowed)
        return self._closings[key]

    @cached_property
    def memo(self) -> dict[Any, Any]:
        """What questions work out once a frame: a frame lives as long as its view is asked of the same data."""
        return {}

    @cached_property
    def _closings(self) -> dict[tuple[str, Hop, Position], tuple[Closing, ...]]:
        """Looked up at every question, so kept as long as the frame."""
        return {}

    def _closing(self, kind: str, hop: Hop, target: Position, to: str) -> Closing:
        scopes = [m for s in self.statements if _covers(s.hop, kind, hop, target, to) for m in s.scope if kind in m.subject.kinds]
        signatures = [t for t in self.signatures if _covers(parse(t), kind, hop, target, to)]
        return Closing(to, tuple(dict.fromkeys(scopes)), tuple(signatures), _single(hop, to))


def _covers(stated: Metapath, kind: str, hop: Hop, target: Position, to: str) -> bool:
    """Whether what is asked is at least as narrow as what is stated to be complete."""
    own = stated.hops[0]
    return (kind in stated.subject.kinds and own.type == hop.type and own.forward == hop.forward and to in stated.end.kinds
            and _wider(own.where, hop.where) and _wider(stated.end.where, target.where))


def _wider(stated: Where, asked: Where) -> bool:
    return all(any(f == field and set(vs) <= set(values) for f, vs in asked) for field, values in stated)


def _single(hop: Hop, to: str) -> str | None:
    relation = hop.relation
    if not hop.forward or (relation.single_to and to not in relation.single_to):
        return None
    roles = next((vs for f, vs in hop.where if f == "role"), ("",))
    return roles[0] if len(roles) == 1 and roles[0] in relation.single else None


def frame(view: View, declared: Iterable[tuple[Completeness | Exemption, int]], signatures: Iterable[str]) -> Frame:
    """Join a view with (declaration, as-of of its source) in rule-1 order; assumed declarations hold at the view's day."""
    rows = list(declared)
    complete = [(d, a) for d, a in rows if isinstance(d, Completeness)]
    statements = [_statement(d) for d in [*_in_force(view, complete), *(d for d in view.assume if isinstance(d, Completeness))]]
    exempt = dict[str, set[str]]()
    for d, as_of in [*rows, *((d, 0) for d in view.assume if isinstance(d, Exemption))]:
        if isinstance(d, Exemption) and _day(d.start, as_of) <= view.day < end_of(d.until):
            exempt.setdefault(d.rule, set()).add(d.body)
    return Frame(view, tuple(statements), tuple(signatures), tuple((r, frozenset(b)) for r, b in sorted(exempt.items())))


def _statement(d: Completeness) -> Statement:
    return Statement(tuple(parse(m) for m in d.scope), parse(d.hop))


def _day(text: str, default: int) -> int:
    found = read(text) if text else None
    return found[0] if found else default


def end_of(text: str) -> int:
    """An end as written -> the first day after it (semantics 8); OPEN where none is given."""
    found = read(text) if text else None
    return after(*found) if found else OPEN


def _in_force(view: View, complete: list[tuple[Completeness, int]]) -> list[Completeness]:
    """Those that hold at the view's day: until their stated end, else the policy's months after their start, and no longer than
    until a newer one of the same tuple begins."""
    limit = number(months_before(view.as_of, view.policy.completeness_months))
    found, newer = list[Completeness](), dict[tuple[tuple[str, ...], str], int]()
    for d, as_of in reversed(complete):
        start, own = _day(d.start, as_of), (d.scope, d.hop)
        end = end_of(d.until) if d.until else (OPEN if start > limit else start)
        if start <= view.day < min(end, newer.get(own, OPEN)):
            found.append(d)
        newer[own] = min(start, newer.get(own, OPEN))
    return found[::-1]
