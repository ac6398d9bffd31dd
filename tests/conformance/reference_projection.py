"""The plain reference, part 1: rows in force -> bodies and spells (semantics 1-3, 7, 8, 10). Slow and simple on purpose.

Written from the semantics alone; it shares the schemas with the product, and nothing of the projection.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Generic, TypeVar

from schemas.dates import OPEN, UNKNOWN, Precision, after, read
from schemas.declarations import ADAPTER, Completeness, Count, Doubt, Exemption
from schemas.facts import BodyFact, DeclarationFact, Import, RelationFact, Row, Value
from schemas.identifiers import kind_of, normal
from schemas.pinyin import reading
from schemas.view import Overlay

F = TypeVar("F", BodyFact, RelationFact)
Loaded = tuple[Import, tuple[Row, ...]]  # a numbered import and its rows
RowRef = tuple[int, str, int]


@dataclass(frozen=True)
class Told(Generic[F]):
    """A fact, with the row that asserts it; ``at``: (source as-of, import number, row), the order of rule 1."""

    at: tuple[int, int, int]
    source: str
    ref: RowRef
    fact: F


@dataclass
class Thing:
    """A body as it should be projected. ``lost``: field -> values of other sources that lost."""

    id: str
    name: str
    names: set[tuple[str, str]]
    values: dict[str, Value]
    lost: dict[str, list[str | tuple[str, ...]]]
    told: list[Told[BodyFact]]

    @property
    def rows(self) -> list[RowRef]:
        return list(dict.fromkeys(t.ref for t in self.told))  # one may state bodies that are one by now

    def asserting(self, field: str) -> set[RowRef]:
        """The rows that assert the value in force of a field, or the name."""
        if field == "name":
            return {t.ref for t in self.told if self.name and t.fact.name == self.name}
        return {t.ref for t in self.told for f, v in t.fact.fields if f == field and v.value == self.values[f].value}

    @property
    def kind(self) -> str:
        return kind_of(self.id) or ""

    @property
    def ended(self) -> int:
        said = self.values.get("ended")
        day = read(str(said.value)) if said else None
        return after(*day) if day else OPEN

    @property
    def order(self) -> tuple[str, str]:
        """Lists are ordered by it (semantics 22); bodies without a name come last."""
        return (reading(normal(self.name)).sort_key if self.name else "~" + self.id, self.id)


@dataclass
class Spell:
    """``start`` UNKNOWN: it may have begun at any time after ``floor``, the end of the spell before it."""

    source: str
    type: str
    target: str
    role: str
    start: int
    until: int
    floor: int
    told: list[Told[RelationFact]] = field(default_factory=list)
    start_precision: Precision = "day"

    @property
    def begin(self) -> int:
        return self.start or self.floor

    @property
    def since(self) -> int:
        return self.start or min(t.at[0] for t in self.told)

    @property
    def stated(self) -> bool:
        return any(t.fact.basis == "stated" for t in self.told)

    @property
    def values(self) -> dict[str, Value]:
        return winners(sorted(self.told, key=lambda t: t.at))

    @property
    def rows(self) -> list[RowRef]:
        return sorted({t.ref for t in self.told})

    def holds(self, day: int) -> bool:
        return self.since <= day < self.until

    def possible(self, day: int) -> bool:
        return day < self.until and (self.since <= day or self.start == UNKNOWN)


@dataclass
class World:
    """Everything that rows in force say; ``declared`` in rule-1 order with the as-of of the source."""

    things: dict[str, Thing]
    spells: list[Spell]
    declared: list[tuple[Count | Completeness | Exemption | Doubt, int]]
    as_of: dict[int, int]  # import number -> as-of


def world(loaded: Iterable[Loaded]) -> World:
    imports = sorted(loaded, key=lambda i: (i[0].as_of, i[0].number))
    told = [((i.as_of, i.number, row.number), i.source, (i.number, row.sheet, row.number), fact)
            for i, rows in imports for row in sorted(rows, key=lambda r: r.number) for fact in row.facts]
    bodies = [Told(a, s, r, f) for a, s, r, f in told if isinstance(f, BodyFact)]
    things = {id: thing([t for t in bodies if t.fact.id == id]) for id in sorted({t.fact.id for t in bodies})}
    relations = [Told(a, s, r, f) for a, s, r, f in told if isinstance(f, RelationFact)]
    by_ends = {e: [t for t in relations if ends(t) == e] for e in sorted(map(ends, relations))}
    spells = [s for e, own in by_ends.items() for s in capped(spells_of(e, own), things)]
    declared = [(ADAPTER.validate_python(f.data), a[0]) for a, _, _, f in told if isinstance(f, DeclarationFact)]
    return World(things, spells, declared, {i.number: i.as_of for i, _ in imports})


def overlaid(w: World, overlay: Overlay) -> World:
    """What-if: relationships taken away, and others added, for one question only."""
    kept = [s for s in w.spells if (s.source, s.type, s.target) not in overlay.removed]
    told = [Told((0, 0, 0), "", (0, "", 0), f) for f in overlay.added]
    return replace(w, spells=[*kept, *(s for t in told for s in capped(spells_of(ends(t), [t]), w.things))])


def ends(t: Told[RelationFact]) -> tuple[str, str, str]:
    return t.fact.source, t.fact.type, t.fact.target


def thing(told: Sequence[Told[BodyFact]]) -> Thing:
    names = [t.fact.name for t in told if t.fact.name]
    keys = {k for t in told for k in t.fact.keys} | {("name" if n == names[-1] else "alias", n) for n in names}
    values = winners(told)
    lost = {f: v for f in values if f != "confirmed" and (v := losers(told, f, values[f]))}
    return Thing(told[0].fact.id, names[-1] if names else "", keys, values, lost, list(told))


def said(told: Iterable[Told[BodyFact]] | Iterable[Told[RelationFact]], name: str) -> list[tuple[str, Value]]:
    return [(t.source, v) for t in told for f, v in t.fact.fields if f == name]


def winners(told: Sequence[Told[BodyFact]] | Sequence[Told[RelationFact]]) -> dict[str, Value]:
    """Per field the greatest (as-of, import, row) wins; stated if any row in force states that value (rules 2, 3)."""
    found = dict[str, Value]()
    for name in {f for t in told for f, _ in t.fact.fields}:
        all_said = [v for _, v in said(told, name)]
        last = all_said[-1]
        stated = any(v.basis == "stated" for v in all_said if v.value == last.value)
        found[name] = Value(last.value, "stated" if stated else "inferred", last.complete)
    return found


def losers(told: Sequence[Told[BodyFact]], name: str, won: Value) -> list[str | tuple[str, ...]]:
    """The last values of other sources than the winner's, where they differ; what a source replaced itself is history."""
    by_source = dict(said(told, name))
    winner = said(told, name)[-1][0]
    return sorted((v.value for s, v in by_source.items() if s != winner and v.value != won.value), key=str)


def capped(spells: Sequence[Spell], things: dict[str, Thing]) -> list[Spell]:
    """A body's end caps its spells (rule 10); what would have ended before its start has never been."""
    for s in spells:
        s.until = min(s.until, things[s.source].ended, things[s.target].ended)
    return [s for s in spells if s.start == UNKNOWN or s.start < s.until]


def spells_of(of: tuple[str, str, str], told: Sequence[Told[RelationFact]]) -> list[Spell]:
    """An empty role means the one role known, else "not recorded" (rule 7)."""
    roles = {t.fact.role for t in told if not t.fact.missing} - {""}
    only = next(iter(roles)) if len(roles) == 1 else ""
    by_role = sorted(((t.fact.role or only, t) for t in told), key=lambda r: (r[0], r[1].at[0], r[1].fact.missing, r[1].at))
    return [s for role, group in groupby(by_role, key=lambda r: r[0]) for s in _spells((*of, role), [t for _, t in group])]


def _spells(identity: tuple[str, str, str, str], told: Sequence[Told[RelationFact]]) -> list[Spell]:
    spells = list[Spell]()
    for t in told:
        fact, as_of = t.fact, t.at[0]
        end = as_of if fact.ended and fact.end == OPEN else fact.end  # "ended, by then" (rule 8)
        if fact.missing:  # a full register ends what only earlier sources assert, and asserts nothing itself (rule 4)
            for s in spells:
                if s.begin < as_of < s.until and all(x.at[0] < as_of for x in s.told):
                    s.until = as_of
                    s.told.append(t)
        elif fact.start != UNKNOWN:
            spells = dated(spells, t, end, identity)
        elif end != OPEN:
            begun = [s for s in spells if s.start < end]  # a start not known has begun
            if begun:
                begun[-1].until = end
                begun[-1].told.append(t)
            else:
                spells.append(opened(spells, t, end, identity))
        elif held := [s for s in spells if s.begin <= as_of < s.until] or [s for s in spells if s.until == OPEN]:
            held[0].told.append(t)
        else:
            following = min((s.begin for s in spells if s.begin > as_of), default=OPEN)
            spells.append(opened(spells, t, following, identity))
        spells.sort(key=lambda s: s.begin)
    return spells


def opened(spells: Sequence[Spell], t: Told[RelationFact], until: int, identity: tuple[str, str, str, str]) -> Spell:
    floor = max((s.until for s in spells if s.until <= min(t.at[0], until)), default=UNKNOWN)
    return Spell(*identity, t.fact.start, until, floor, [t], t.fact.start_precision)


def dated(spells: list[Spell], t: Told[RelationFact], end: int, identity: tuple[str, str, str, str]) -> list[Spell]:
    """Correct the spell that the row overlaps, join several, else open one."""
    met = [s for s in spells if t.fact.start < s.until and s.begin < end]
    if not met:
        return [*spells, opened(spells, t, end, identity)]
    if end == OPEN:
        end = max(s.until for s in met)  # a missing end is that of the latest joined
        if end <= t.at[0]:
            end = OPEN  # a row without an end takes away an end that is not after its as-of
    joined = Spell(*identity, t.fact.start, end, UNKNOWN, [*(x for s in met for x in s.told), t], t.fact.start_precision)
    return [*(s for s in spells if s not in met), joined]
