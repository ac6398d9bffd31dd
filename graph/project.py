"""The projection: what all rows in force say of one body or one relationship (semantics 2, 3, 7, 8, 10). Pure functions.

Facts come in rule-1 order, (source as-of, import number, row); the result depends on nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from schemas.dates import OPEN, UNKNOWN, Precision, after, read
from schemas.facts import BodyFact, RelationFact, Value
from schemas.kinds import PER_SOURCE, STUB

F = TypeVar("F", BodyFact, RelationFact)


class Asserted(NamedTuple, Generic[F]):
    """A fact with the row that asserts it. ``row`` is the engine's own row number, ascending in (import, sheet, number)."""

    as_of: int
    row: int
    source: str
    fact: F


@dataclass(slots=True)
class BodyState:
    """A body as projected. ``conflicts``: field -> (value, row) that other sources say and that lost."""

    name: str = ""
    values: dict[str, Value] = field(default_factory=dict)
    keys: tuple[tuple[str, str], ...] = ()
    rows: tuple[int, ...] = ()
    conflicts: dict[str, list[tuple[Value, int]]] = field(default_factory=dict)

    @property
    def ended(self) -> int:
        found = self.values.get("ended")
        day = read(found.value) if found and isinstance(found.value, str) else None
        return after(*day) if day else OPEN


@dataclass(slots=True)
class Spell:
    """A spell of a relationship while it is put together; ``lower`` orders spells whose start is not known."""

    role: str
    start: int
    end: int
    lower: int
    facts: list[Asserted[RelationFact]]
    start_precision: Precision = "day"
    end_precision: Precision = "day"

    @property
    def since(self) -> int:
        return self.start or min([a.as_of for a in self.facts])

    @property
    def stated(self) -> bool:
        return "stated" in [a.fact.basis for a in self.facts]

    @property
    def reason(self) -> str:
        return "" if self.stated else next((a.fact.reason for a in reversed(self.facts) if a.fact.reason), "")

    @property
    def values(self) -> dict[str, Value]:
        return winners(self.facts)[0]

    @property
    def rows(self) -> tuple[int, ...]:
        return rows_of(self.facts)


def ordered(facts: Sequence[Asserted[F]]) -> Sequence[Asserted[F]]:
    return sorted(facts, key=lambda a: (a.as_of, a.row)) if len(facts) > 1 else facts


def rows_of(facts: Sequence[Asserted[F]]) -> tuple[int, ...]:
    return tuple(dict.fromkeys([a.row for a in facts]))


def project_body(facts: Sequence[Asserted[BodyFact]]) -> BodyState | None:
    """The body that these facts assert, ``None`` if there are none."""
    if not facts:
        return None
    if len(facts) == 1:  # of most bodies
        _, row, _, fact = facts[0]
        return BodyState(fact.name, dict(fact.fields), tuple(dict.fromkeys(fact.keys)), (row,))
    rows = ordered(facts)
    values, conflicts = winners(rows)
    if STUB in values and any(a.fact.name and all(f != STUB for f, _ in a.fact.fields) for a in rows):
        del values[STUB]  # described by now
    name = next((a.fact.name for a in reversed(rows) if a.fact.name), "")
    keys = [k for a in rows for k in a.fact.keys]
    others = [("alias", a.fact.name) for a in rows if a.fact.name not in ("", name)]
    return BodyState(name, values, tuple(dict.fromkeys(keys + others)), rows_of(rows), conflicts)


def winners(rows: Sequence[Asserted[F]]) -> tuple[dict[str, Value], dict[str, list[tuple[Value, int]]]]:
    """Per field the value of the last row; stated if any row states that value. And what other sources said otherwise."""
    if len(rows) == 1:  # of most bodies and relationships
        return dict(rows[0].fact.fields), {}
    values, conflicts, said = dict[str, Value](), dict[str, list[tuple[Value, int]]](), dict[str, list[tuple[Asserted[F], Value]]]()
    for a in rows:
        for name, value in a.fact.fields:
            said.setdefault(name, []).append((a, value))
    for name, own in said.items():
        winner, won = own[-1]
        stated = any(v.basis == "stated" for _, v in own if v.value == won.value)
        values[name] = Value(won.value, "stated" if stated else "inferred", won.complete)
        if name in PER_SOURCE:
            continue
        latest = {a.source: (v, a.row) for a, v in own}  # an older value of the same source is history
        if lost := [(v, r) for s, (v, r) in latest.items() if s != winner.source and v.value != won.value]:
            conflicts[name] = lost
    return values, conflicts


def project_spells(facts: Sequence[Asserted[RelationFact]], cap: int = OPEN) -> list[Spell]:
    """The spells of one (source, type, target), all roles, in time order within a role, capped by the ends of its bodies."""
    spells = _single(facts[0]) if len(facts) == 1 else _of_roles(facts)
    for spell in spells:
        if cap < spell.end:
            spell.end, spell.end_precision = cap, "day"
    return [s for s in spells if s.start == UNKNOWN or s.start < s.end]


def _single(row: Asserted[RelationFact]) -> list[Spell]:
    """Of what one row says alone, as of most relationships."""
    return [] if row.fact.missing else [_opened(row.fact.role, row, [])]


def _of_roles(facts: Sequence[Asserted[RelationFact]]) -> list[Spell]:
    rows = sorted(facts, key=lambda a: (a.as_of, a.fact.missing, a.row))  # what another row of that date says is not missing
    roles = {a.fact.role for a in rows if a.fact.role and not a.fact.missing}
    only = next(iter(roles)) if len(roles) == 1 else ""
    spells = list[Spell]()
    for role in sorted({a.fact.role or only for a in rows}):
        spells += _spells(role, [a for a in rows if (a.fact.role or only) == role])
    return spells


def _spells(role: str, rows: list[Asserted[RelationFact]]) -> list[Spell]:
    spells = list[Spell]()
    for row in rows:
        if row.fact.missing:
            _missing(row, spells)
        elif row.fact.start:
            _dated(role, row, spells)
        elif _end(row) != OPEN:
            _end_only(role, row, spells)
        else:
            _undated(role, row, spells)
        spells.sort(key=lambda s: s.lower)
    return spells


def _end(row: Asserted[RelationFact]) -> int:
    """The end that a row gives; 已结束 without a date means by the source's as-of."""
    return row.as_of if row.fact.ended and row.fact.end == OPEN else row.fact.end


def _opened(role: str, row: Asserted[RelationFact], spells: list[Spell]) -> Spell:
    fact, end = row.fact, _end(row)
    lower = fact.start or max([s.end for s in spells if s.end <= min(row.as_of, end)], default=UNKNOWN)  # after what had ended by then
    return Spell(role, fact.start, end, lower, [row], fact.start_precision, fact.end_precision)


def _dated(role: str, row: Asserted[RelationFact], spells: list[Spell]) -> None:
    """Correct the spell that the row overlaps, join several, or open one."""
    end = _end(row)
    met = [s for s in spells if s.lower < end and row.fact.start < s.end]
    if not met:
        spells.append(_opened(role, row, spells))
        return
    spell, latest = met[0], max(met, key=lambda s: s.end)
    spell.facts = [a for s in met for a in s.facts] + [row]
    spell.facts.sort(key=lambda a: (a.as_of, a.row))
    new = _opened(role, row, [])
    spell.start, spell.lower, spell.start_precision = new.start, new.start, new.start_precision
    if end != OPEN:
        spell.end, spell.end_precision = end, new.end_precision
    elif latest.end <= row.as_of:  # said to go on after that end
        spell.end, spell.end_precision = OPEN, "day"
    else:
        spell.end, spell.end_precision = latest.end, latest.end_precision
    spells[:] = [s for s in spells if s is spell or s not in met]


def _end_only(role: str, row: Asserted[RelationFact], spells: list[Spell]) -> None:
    end = _end(row)
    begun = [s for s in spells if s.start < end]
    if not begun:
        spells.append(_opened(role, row, spells))
        return
    spell = begun[-1]
    spell.facts.append(row)
    spell.end, spell.end_precision = end, _opened(role, row, []).end_precision


def _missing(row: Asserted[RelationFact], spells: list[Spell]) -> None:
    """A full register does not list it: the spell that holds at its as-of, and that nothing of that date confirms, had ended by then."""
    for spell in spells:
        if spell.lower < row.as_of < spell.end and all(a.as_of < row.as_of for a in spell.facts):
            spell.facts.append(row)
            spell.end, spell.end_precision = row.as_of, "day"
            return


def _undated(role: str, row: Asserted[RelationFact], spells: list[Spell]) -> None:
    spell = next((s for s in spells if s.lower <= row.as_of < s.end), None) or next((s for s in spells if s.end == OPEN), None)
    if spell:
        spell.facts.append(row)
        return
    spell = _opened(role, row, spells)
    spell.end = min((s.lower for s in spells if s.lower > row.as_of), default=OPEN)
    spells.append(spell)
