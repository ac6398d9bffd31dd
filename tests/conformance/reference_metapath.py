"""The plain reference, part 2: metapaths in three values by trying every chain of bodies (semantics 4, 11-13)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from graph.parts import FALSE, OPEN_HOPS, POSSIBLE, TRUE
from schemas.dates import OPEN, after, months_before, number, read
from schemas.declarations import Completeness, Exemption
from schemas.facts import Value
from schemas.identifiers import normal
from schemas.metapath import Hop, Metapath, Position, Where, parse
from schemas.view import View
from tests.conformance.reference_projection import Spell, Thing, World

SURE, MAYBE, NO = 2, 1, 0


@dataclass(frozen=True)
class Walk:
    """A chain of distinct bodies; ``sure`` where it is stated in full."""

    bodies: tuple[str, ...]
    spells: tuple[Spell, ...]
    sure: bool


@dataclass
class Asked:
    """A world as one view sees it."""

    world: World
    view: View
    inferred_counts: bool

    @property
    def day(self) -> int:
        return self.view.day

    def stated_only(self) -> Asked:
        return replace(self, inferred_counts=False)

    # -- one body, one relationship ----------------------------------------------------------------------------------------

    def is_at(self, thing: Thing, position: Position) -> int:
        """Whether a body is of the position's sort. A body that has ended matches no position (rule 10)."""
        if thing.kind not in position.kinds or thing.ended <= self.day:
            return NO
        return min((self.field(thing, name, wanted) for name, wanted in position.where), default=SURE)

    def field(self, thing: Thing, name: str, wanted: tuple[str, ...]) -> int:
        if name == "id":
            return SURE if thing.id in wanted else NO
        if name == "name":
            return (SURE if normal(thing.name) in map(normal, wanted) else NO) if thing.name else MAYBE
        return self.compare(thing.values.get(name), wanted)

    def compare(self, value: Value | None, wanted: tuple[str, ...]) -> int:
        """Not recorded: not known. Inferred: not known, whether it matches or not. A set is closed only if it says so."""
        if value is None:
            return MAYBE
        certain = value.basis == "stated"
        held = value.value if isinstance(value.value, tuple) else (value.value,)
        if set(held) & set(wanted):
            return SURE if certain or self.inferred_counts else MAYBE
        closed = value.complete if isinstance(value.value, tuple) else True
        return NO if certain and closed else MAYBE

    def is_hop(self, spell: Spell, hop: Hop) -> int:
        if not spell.possible(self.day):
            return NO
        certain = spell.holds(self.day) and (spell.stated or self.inferred_counts)
        tests = [self._role(spell, wanted) if name == "role" else self.compare(spell.values.get(name), wanted)
                 for name, wanted in hop.where]
        return min([SURE if certain else MAYBE, *tests])

    @staticmethod
    def _role(spell: Spell, wanted: tuple[str, ...]) -> int:
        return MAYBE if not spell.role else SURE if spell.role in wanted else NO

    # -- chains ------------------------------------------------------------------------------------------------------------

    def walks(self, path: Metapath, subject: str, hops: int | None = None) -> list[Walk]:
        """Every chain of the first ``hops`` hops in any way possible; parallel relationships give several of one match."""
        first = self.is_at(self.world.things[subject], path.subject)
        found = [Walk((subject,), (), first == SURE)] if first else []
        for hop, position in list(zip(path.hops, path.positions[1:], strict=True))[:hops]:
            found = [longer for walk in found for longer in self._longer(walk, hop, position)]
        return found

    def _longer(self, walk: Walk, hop: Hop, position: Position) -> Iterator[Walk]:
        for spell in self.world.spells:
            near, far = (spell.source, spell.target) if hop.forward else (spell.target, spell.source)
            if spell.type != hop.type or near != walk.bodies[-1] or far in walk.bodies:
                continue
            fits = min(self.is_hop(spell, hop), self.is_at(self.world.things[far], position))
            if fits:
                yield Walk((*walk.bodies, far), (*walk.spells, spell), walk.sure and fits == SURE)

    def open_hops(self, path: Metapath, subject: str) -> list[tuple[str, int]]:
        """(body reached, number of its next hop) where not all relationships of the hop are known to be registered."""
        return [(body, i) for i, hop in enumerate(path.hops) for body in sorted({w.bodies[-1] for w in self.walks(path, subject, i)})
                if not self.closed(body, hop, path.positions[i + 1])]

    def score(self, path: Metapath, subject: str) -> int:
        walks = self.walks(path, subject)
        if walks:
            return TRUE if any(w.sure for w in walks) else POSSIBLE
        return OPEN_HOPS if self.open_hops(path, subject) else FALSE

    # -- what is closed ----------------------------------------------------------------------------------------------------

    def closed(self, body: str, hop: Hop, target: Position) -> bool:
        """For each kind that the ontology allows there: a statement that is no narrower, or the one value it can have."""
        kind = self.world.things[body].kind
        allowed = [k for k in target.kinds if k in hop.relation.others(kind, hop.forward)]
        return all(self._only_one(body, hop, k) or any(self._covers(s, body, hop, target, k) for s in self.statements()) for k in allowed)

    def _only_one(self, body: str, hop: Hop, kind: str) -> bool:
        """``max = 1``: one source body, role and target kind at one time; a stated value closes it."""
        relation = hop.relation
        if not hop.forward or not relation.single or (relation.single_to and kind not in relation.single_to):
            return False
        roles = dict(hop.where).get("role", ("",))
        if relation.single != ("",) and not (len(roles) == 1 and roles[0] in relation.single):
            return False
        return any(s.type == hop.type and s.source == body and s.stated and s.holds(self.day) and self.world.things[s.target].kind == kind
                   and (relation.single == ("",) or s.role == roles[0]) for s in self.world.spells)

    def _covers(self, statement: Completeness, body: str, hop: Hop, target: Position, kind: str) -> bool:
        said = parse(statement.hop)
        own = said.hops[0]
        return (self.world.things[body].kind in said.subject.kinds and (own.type, own.forward) == (hop.type, hop.forward)
                and kind in said.end.kinds and narrower(hop.where, own.where) and narrower(target.where, said.end.where)
                and self.in_scope(body, [parse(s) for s in statement.scope]))

    def in_scope(self, body: str, scope: Sequence[Metapath]) -> bool:
        """One of the metapaths is TRUE by stated relationships."""
        return any(w.sure for m in scope for w in self.stated_only().walks(m, body))

    def statements(self) -> list[Completeness]:
        """In force at the day; until a newer one of the same tuple begins."""
        spans = [(d, *self.span(d, as_of)) for d, as_of in self.world.declared if isinstance(d, Completeness)]
        found = [d for i, (d, start, end) in enumerate(spans) if start <= self.day < end and not any(
            (e.scope, e.hop) == (d.scope, d.hop) and begun <= self.day for e, begun, _ in spans[i + 1:])]
        return found + [d for d in self.view.assume if isinstance(d, Completeness)]

    def span(self, d: Completeness | Exemption, as_of: int) -> tuple[int, int]:
        """[start, end) of a declaration; without an end a completeness statement holds for the policy's months."""
        start = (read(d.start) or (as_of, ""))[0] if d.start else as_of
        if d.until and (until := read(d.until)):
            return start, after(*until)
        if isinstance(d, Exemption):
            return start, OPEN
        still = number(months_before(self.view.as_of, self.view.policy.completeness_months)) < start
        return start, OPEN if still else start

    def exempt(self, body: str, *rules: str) -> bool:
        declared = [(d, self.span(d, as_of)) for d, as_of in self.world.declared if isinstance(d, Exemption)]
        return any(d.body == body and d.rule in rules and start <= self.day < end for d, (start, end) in declared)


def narrower(asked: Where, stated: Where) -> bool:
    """Every predicate that the statement makes is made by the question too, with no other values."""
    return all(any(f == name and set(wanted) <= set(values) for f, wanted in asked) for name, values in stated)
