"""The plain reference, part 5: what full registers end, load by load (semantics 4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from graph.parts import TRUE
from schemas.dates import day_of
from schemas.declarations import Completeness
from schemas.facts import ENDS, DeclarationFact, RelationFact, Row
from schemas.identifiers import kind_of
from schemas.metapath import Metapath, parse
from schemas.policy import Policy
from schemas.view import View
from tests.conformance.reference_metapath import Asked
from tests.conformance.reference_projection import Loaded, Spell, World, world

Stated = tuple[str, str]  # scope, hop


@dataclass
class Store:
    """What has been loaded so far; ``full``: import number -> what it is the full register of."""

    loaded: dict[int, Loaded] = field(default_factory=dict)
    full: dict[int, Stated] = field(default_factory=dict)

    @property
    def world(self) -> World:
        return world(self.loaded.values())

    def load(self, load: Loaded, full: Stated | None) -> None:
        """A full register ends what it lacks; what another load says of a body is measured against the full registers there are."""
        record, rows = load
        self.loaded[record.number] = load
        if full:
            self.full[record.number] = full
            said = Completeness(scope=full[:1], hop=full[1], full=True)
            self._more(record.number, [Row(1, "", (DeclarationFact(said.model_dump()),), ENDS)])
            self._end(record.number, None)
        self.measure({i for row in rows for f in row.facts if isinstance(f, RelationFact) for i in (f.source, f.target)})

    def undo(self, number: int) -> None:
        _, rows = self.loaded.pop(number)
        self.full.pop(number, None)
        self.measure({i for row in rows for f in row.facts if isinstance(f, RelationFact) for i in (f.source, f.target)}, number)

    def measure(self, ids: set[str], later_than: int = 0) -> None:
        for number in sorted((n for n in self.full if n > later_than), key=lambda n: (self.loaded[n][0].as_of, n)):
            self._end(number, ids)

    def _end(self, number: int, among: set[str] | None) -> None:
        last = sum(1 for row in self.loaded[number][1] if row.sheet == ENDS)
        facts = self._lacking(number, among)
        self._more(number, [Row(n, "", (f,), ENDS) for n, f in enumerate(facts, last + 1)])

    def _more(self, number: int, rows: Sequence[Row]) -> None:
        record, own = self.loaded[number]
        self.loaded[number] = record, (*own, *rows)

    def _lacking(self, number: int, among: set[str] | None) -> list[RelationFact]:
        as_of = self.loaded[number][0].as_of
        scope, hop = map(parse, self.full[number])
        now = self.world
        asked = Asked(now, View(Policy(name="t", label="t", version=1), day_of(as_of)), False)
        found = list[RelationFact]()
        for s in now.spells:
            near = s.source if hop.hops[0].forward else s.target
            if reaches(hop, s, as_of) and (among is None or near in among) and asked.score(scope, near) == TRUE:
                found.append(RelationFact(s.source, s.type, s.target, s.role, basis="inferred", missing=True))
        return found


def reaches(hop: Metapath, s: Spell, as_of: int) -> bool:
    """Whether the spell holds at the as-of, is of the hop, and rests on earlier sources alone."""
    near, far = (s.source, s.target) if hop.hops[0].forward else (s.target, s.source)
    roles = dict(hop.hops[0].where).get("role", ())
    return (s.holds(as_of) and s.start < as_of and s.type == hop.hops[0].type and kind_of(near) in hop.subject.kinds
            and kind_of(far) in hop.end.kinds and (not roles or s.role in roles)
            and all(t.at[0] < as_of for t in s.told if not t.fact.missing))


