"""What register rows assert: the truth of which the graph is a projection (semantics 1-8)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from schemas.dates import OPEN, UNKNOWN, Precision

Basis = Literal["stated", "inferred"]
DECIDED = "人工核定"  # the source of what people decide in the review: who is the same
ENDS = "全量核对:未列出"  # the sheet of the rows that a full register itself makes; no workbook can have a sheet of that name


class Value(NamedTuple):
    """A field's value: text ("true"/"false" for flags, ISO text for dates) or a tuple for a multi-valued field.

    ``complete``: the row says that a multi-valued field lists all. 无 is ``()`` with ``complete``."""

    value: str | tuple[str, ...]
    basis: Basis = "stated"
    complete: bool = False


class BodyFact(NamedTuple):
    """A row says of the body ``id`` (a public id): its name, other keys and fields. ``ended`` is a field like any other."""

    id: str
    name: str = ""  # "" asserts nothing (an unnamed body, or a mere mention)
    keys: tuple[tuple[str, str], ...] = ()  # (scheme, value): credit_code, alias, former, brand, unnamed
    fields: tuple[tuple[str, Value], ...] = ()


class RelationFact(NamedTuple):
    """A row says that ``source`` has relationship ``type`` to ``target``; dates YYYYMMDD with sentinels."""

    source: str
    type: str
    target: str
    role: str = ""
    start: int = UNKNOWN
    start_precision: Precision = "day"
    end: int = OPEN
    end_precision: Precision = "day"
    basis: Basis = "stated"
    reason: str = ""  # what an inferred relationship is inferred from
    fields: tuple[tuple[str, Value], ...] = ()
    ended: bool = False  # the row says it has ended, without a date: by the source's as-of (semantics 8)
    missing: bool = False  # a full register lacks it: what earlier sources say of it ended by the as-of; says nothing by itself


@dataclass(frozen=True)
class DeclarationFact:
    """A row declares something; ``data`` is the dict form of ``schemas.declarations.Declaration``."""

    data: dict[str, Any] = field(hash=False)


Fact = BodyFact | RelationFact | DeclarationFact


class Row(NamedTuple):
    """A row of a register: ``number`` as people see it (1-based, header included), ``hash`` of its cells, what it asserts."""

    number: int
    hash: str
    facts: tuple[Fact, ...]
    sheet: str = ""


@dataclass(frozen=True)
class Import:
    """One loaded file. ``as_of`` YYYYMMDD; ``state``: running, done, unfinished or undone."""

    number: int
    digest: str
    file: str
    source: str
    as_of: int
    as_of_precision: Precision = "day"
    who: str = ""
    at: str = ""
    state: str = "running"
    counts: dict[str, Any] = field(default_factory=dict, hash=False)
    synthetic: bool = False

    @property
    def dates(self) -> bool:
        """Whether its as-of is one of what is registered: it is in force, and no decision on who is who."""
        return self.state != "undone" and self.source != DECIDED


@dataclass(frozen=True)
class Wrong:
    """What else is wrong in a refused row."""

    column: str
    message: str
    hint: str


@dataclass(frozen=True)
class Reject:
    """A refused row: where, a stable code, what was wrong and what to do, in Chinese; ``further``: in its other columns."""

    file: str
    sheet: str
    row: int
    column: str
    code: str
    message: str
    hint: str
    further: tuple[Wrong, ...] = ()
