"""What does a load change? Two snapshots compared: before it, and within the transaction that holds it and is taken back.

Only what the load touches is read of bodies and relationships, in portions; coverage and gaps are asked set-wise of both snapshots.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice, product
from typing import TypeVar

from graph.engine import Snapshot
from graph.parts import Body, Edge
from graph.questions.changes import body_changes, edge_changes, new_conflicts
from graph.questions.present import Presenter
from graph.questions.statistics import SUBJECT, cell
from graph.questions.transitions import sentences, transitions
from schemas.answers import Cell
from schemas.difference import BodyChange, Conflict, Difference, Effect, RelationChange
from schemas.facts import BodyFact, Fact, RelationFact
from schemas.identifiers import kind_of
from schemas.metapath import parse
from schemas.parts import BodyRef, Step
from schemas.relations import RELATIONS
from schemas.view import View

AT_ONCE = 2_000  # bodies or relationships compared at once
Pair = tuple[str, str, str]  # source, type, target
T = TypeVar("T")


@dataclass
class Touched:
    """The bodies and relationships that the rows of a load speak of, in the order in which they came; ``joined``: bodies that it
    made one with others, and those others."""

    bodies: dict[str, str] = field(default_factory=dict)
    joined: set[str] = field(default_factory=set)
    relationships: dict[Pair, None] = field(default_factory=dict)
    declared: bool = False  # a declaration may change the state of anything

    def add(self, facts: Iterable[Fact]) -> None:
        for f in facts:
            if isinstance(f, BodyFact):
                self._once(f.id)
            elif isinstance(f, RelationFact):
                self.relationships[self._once(f.source), f.type, self._once(f.target)] = None
            else:
                self.declared = True

    def _once(self, id: str) -> str:
        """The id as one object, however often it was read: a load has hundreds of thousands."""
        return self.bodies.setdefault(id, id)


def difference(before: Snapshot, after: Snapshot, touched: Touched, view: View, *, limit: int | None = 20) -> Difference:
    """What changed between two snapshots of one store in what was touched, and in coverage and gaps of all.

    ``limit``: how many each list holds; everything is counted. ``None``: all.

    >>> difference(before, after, touched, view).summary
    ('12 家企业由情况不明变为已覆盖', '新出现 3 个薄弱项')
    """
    found = _Found(Presenter(before, view), Presenter(after, view), limit, touched.joined)
    ended = found.compare_bodies(touched.bodies)
    found.compare_relationships({**touched.relationships, **dict.fromkeys(found.relationships_of(ended))})
    moved = transitions(found.before, found.after, None if touched.declared or found.declared else found.kinds, limit)
    return Difference(
        frame=found.after.document, limit=limit, bodies=dict(found.bodies), relationships=dict(found.relationships),
        created=tuple(found.created), updated=tuple(found.updated), created_relationships=tuple(found.created_relationships),
        updated_relationships=tuple(found.updated_relationships), ended=tuple(found.ended), conflicts=tuple(found.conflicts),
        conflicts_total=found.conflicts_total, coverage_before=_overall(found.before), coverage_after=_overall(found.after),
        transitions=moved, summary=sentences(moved))


def _overall(present: Presenter) -> Cell:
    return cell("全部", None, present.snapshot.tally(present.frame, parse(SUBJECT), (), ()))


class _Found:
    """Adds up what was compared, and keeps as much of it as is to be shown."""

    def __init__(self, before: Presenter, after: Presenter, limit: int | None, joined: Iterable[str]) -> None:
        self.before, self.after, self.limit = before, after, limit
        self.bodies, self.relationships = Counter[Effect](), Counter[Effect]()
        self.created, self.updated, self.conflicts = list[BodyRef](), list[BodyChange](), list[Conflict]()
        self.created_relationships, self.updated_relationships = list[Step](), list[RelationChange]()
        self.ended = list[RelationChange]()
        self.conflicts_total = 0
        self.kinds = set[str]()  # of bodies that change, themselves or by a relationship
        self.now = {id: body.id for id, body in after.snapshot.bodies(joined).items()}
        self.members = dict[str, list[str]]()  # what was called otherwise
        for id, head in sorted(self.now.items()):
            self.members.setdefault(head, []).append(id)

    @property
    def declared(self) -> bool:
        """Whether other declarations are in force, whoever made them: those of a full register are no rows of its file."""
        old, new = self.before.frame, self.after.frame
        return (old.statements, old.signatures, old.exempt) != (new.statements, new.signatures, new.exempt)

    def _room(self, shown: Sequence[object]) -> bool:
        return self.limit is None or len(shown) < self.limit

    # -- bodies ------------------------------------------------------------------------------------------------------------

    def compare_bodies(self, ids: Iterable[str]) -> list[str]:
        """Compare them all; those whose end has changed, which caps their relationships."""
        capped = list[str]()
        for some in portions(dict.fromkeys(self.now.get(i, i) for i in ids)):
            earlier, new = self.before.snapshot.bodies(m for i in some for m in self._members(i)), self.after.snapshot.bodies(some)
            for id in (i for i in some if i in new):
                old = next((earlier[m] for m in (id, *self._members(id)) if m in earlier), None)
                if effect := self._body(old, new[id]):
                    self.bodies[effect] += 1
                    self.kinds |= {new[id].kind} if effect != "confirmed" else set()
                if old and old.ended != new[id].ended:
                    capped.append(id)
        return capped

    def _members(self, id: str) -> Sequence[str]:
        """What the body was called, which may have been two."""
        return self.members.get(id, (id,))

    def _body(self, old: Body | None, new: Body) -> Effect | None:
        conflicts = new_conflicts(old, new)
        self.conflicts_total += len(conflicts)
        for name in conflicts:
            if self._room(self.conflicts):
                self.conflicts.append(self._conflict(new, name))
        if old is None:
            if self._room(self.created):
                self.created.append(self.after.body_ref(new))
            return "created"
        if (old.name, old.values, tuple(old.keys)) != (new.name, new.values, tuple(new.keys)):
            if self._room(self.updated):
                self.updated.append(BodyChange(body=self.after.body_ref(new), fields=body_changes(self.before, self.after, old, new)))
            return "updated"
        return "confirmed" if old.rows != new.rows else None

    def _conflict(self, body: Body, name: str) -> Conflict:
        texts = {f.label: f for f in body_changes(self.after, self.after, None, body) if f.name == name}
        label, won = next(iter(texts.items()))
        said = tuple((self.after.value_text(body.kind, name, v), self.after.evidence(ref)) for v, ref in body.conflicts[name])
        return Conflict(body=self.after.body_ref(body), label=label, value=won.new, evidence=won.new_evidence, others=said)

    # -- relationships -----------------------------------------------------------------------------------------------------

    def relationships_of(self, ids: Sequence[str]) -> Iterator[Pair]:
        """All relationships of bodies whose end has changed."""
        types = [(t, forward) for t in RELATIONS for forward in (True, False)]
        for some in portions(ids):
            for snapshot in (self.before.snapshot, self.after.snapshot):
                yield from ((e.source, e.type, e.target) for e in snapshot.step(some, types, None))

    def compare_relationships(self, pairs: Iterable[Pair]) -> None:
        current = dict.fromkeys((self.now.get(s, s), r, self.now.get(t, t)) for s, r, t in pairs)
        for relation, same in groupby(sorted(current, key=lambda p: p[1]), key=lambda p: p[1]):
            for some in portions((s, t) for s, _, t in same):
                earlier = [pair for s, t in some for pair in product(self._members(s), self._members(t))]
                old = _by_pair(self._as_now(e) for e in self.before.snapshot.between(earlier, [relation], None))
                new = _by_pair(self.after.snapshot.between(some, [relation], None))
                for pair in some:
                    self._relationship(old.get(pair, []), new.get(pair, []))

    def _as_now(self, e: Edge) -> Edge:
        if e.source not in self.now and e.target not in self.now:
            return e
        return e._replace(source=self.now.get(e.source, e.source), target=self.now.get(e.target, e.target))

    def _relationship(self, old: list[Edge], new: list[Edge]) -> None:
        effect = _effect(old, new)
        if not effect:
            return
        self.relationships[effect] += 1
        edge, present = (_shown(old, new), self.after) if new else (old[-1], self.before)
        self.kinds |= {str(kind_of(i)) for i in (edge.source, edge.target)} if effect != "confirmed" else set()
        if effect == "created":
            if self._room(self.created_relationships):
                self.created_relationships.append(_step(present, edge))
        elif effect != "confirmed":
            kept = self.ended if effect == "ended" else self.updated_relationships
            if self._room(kept):
                kept.append(RelationChange(step=_step(present, edge), fields=edge_changes(self.before, self.after, old, new)))


def _effect(old: list[Edge], new: list[Edge]) -> Effect | None:
    """``None``: nothing has changed, rows included."""
    if old == new:
        return None
    if not old:
        return "created"
    if [_said(e) for e in old] == [_said(e) for e in new]:
        return "confirmed"
    last = {(e.role, e.start): e.until for e in new}
    return "ended" if any(last.get((e.role, e.start), 0) < e.until for e in old) else "updated"


def _shown(old: list[Edge], new: list[Edge]) -> Edge:
    """The spell that ends sooner than before, where one does, else the last."""
    before = {(e.role, e.start): e.until for e in old}
    return next((e for e in new if e.until < before.get((e.role, e.start), 0)), new[-1])


def _said(e: Edge) -> tuple[object, ...]:
    return (e.role, e.start, e.start_precision, e.since, e.until, e.until_precision, e.stated, e.reason, e.values)


def _by_pair(edges: Iterable[Edge]) -> dict[tuple[str, str], list[Edge]]:
    found = dict[tuple[str, str], list[Edge]]()
    for e in sorted(edges, key=lambda e: (e.until, e.since, e.role)):
        found.setdefault((e.source, e.target), []).append(e)
    return found


def _step(present: Presenter, edge: Edge) -> Step:
    return present.step(edge, present.snapshot.bodies([edge.source, edge.target]), edge.source)


def portions(items: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(items)
    while some := list(islice(rest, AT_ONCE)):
        yield some
