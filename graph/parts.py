"""What engines give: bodies and relationships as they are stored, matches, what a search reads, pages of scans. Dates as in ``engine``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from schemas.answers import GapState
from schemas.dates import OPEN, UNKNOWN, Precision
from schemas.declarations import Declaration
from schemas.facts import Value

RowRef = tuple[int, str, int]  # (import number, sheet, row number)
How = Literal["key", "exact", "prefix", "contained", "initials", "pinyin"]
# how far a subject gets: a match stated in full, a match that needs something, none but open hops, none and all closed
TRUE, POSSIBLE, OPEN_HOPS, FALSE = 3, 2, 1, 0
NOTHING: Mapping[str, Any] = MappingProxyType({})


class Body(NamedTuple):
    """A body of the projection. ``values``: field -> value in force with its basis; ``name`` is "" where unnamed;
    ``conflicts``: field -> what other sources say and that lost (semantics 2)."""

    id: str
    kind: str
    name: str
    sort_key: str
    ended: int = OPEN
    unnamed: bool = False
    synthetic: bool = False
    values: Mapping[str, Value] = NOTHING
    rows: tuple[RowRef, ...] = ()
    conflicts: Mapping[str, tuple[tuple[Value, RowRef], ...]] = NOTHING
    keys: Sequence[tuple[str, str]] = ()  # (scheme, value) beside the name, in their original spelling


class Edge(NamedTuple):
    """A spell of a relationship. ``since``: ``start``, or where that is not known the earliest as-of of its rows;
    before it the relationship is possible, not absent (semantics 8). Values as in ``RelationFact``."""

    source: str
    type: str
    target: str
    role: str
    start: int
    since: int
    until: int
    stated: bool
    start_precision: Precision = "day"
    until_precision: Precision = "day"
    reason: str = ""
    values: Mapping[str, Value] = NOTHING
    rows: tuple[RowRef, ...] = ()

    @property
    def rank(self) -> tuple[str, int, int, int, tuple[RowRef, ...]]:
        """The order of parallel ones, the same in every store: several may begin and end together (a body's end cuts both)."""
        return self.role, self.since, self.until, self.start, self.rows

    def holds(self, day: int) -> bool:
        return self.since <= day < self.until

    def possible(self, day: int) -> bool:
        return day < self.until and (self.since <= day or self.start == UNKNOWN)


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration in force, in rule-1 order: the later one of the same tuple counts."""

    declaration: Declaration
    as_of: int
    row: RowRef


Link = tuple[str, str, str, bool]  # source, type, target, stated: what a search needs of a relationship


@dataclass(frozen=True, slots=True)
class Frontier:
    """What a search asks to have read in one round trip. ``portions``: relationship types, followed in either direction.

    ``bodies``: all relationships of each that has at most ``few``; of the others none, but how many there are of each portion
    (ended ones included). ``hubs``: for each portion, bodies of which those relationships are read that lead to a body from which
    another one leads on to another body (whatever their dates), or to one of ``ends``: most members of a hub are dead ends.
    ``reach``: of these bodies and hubs only what leads to one of ``ends`` (1), or to one or to a body from which another one
    does (2); what leads to a body with hundreds may be told all the same. Relationships to ``known`` bodies are left out."""

    portions: tuple[tuple[str, ...], ...]
    bodies: Sequence[str]
    few: int
    hubs: Sequence[Sequence[str]]
    reach: Mapping[str, int]
    ends: Sequence[str]
    known: Sequence[str]
    most: int

    @property
    def types(self) -> tuple[str, ...]:
        return tuple(t for portion in self.portions for t in portion)


@dataclass(frozen=True, slots=True)
class Spread:
    """What a frontier leads to; ``degrees``: body that has more than ``few`` -> how many of each portion."""

    links: list[Link]
    degrees: dict[str, list[int]]


class Chain(NamedTuple):
    """A match of the path number ``path``: its bodies (subject first) and edges; ``certain`` if stated in full at the day."""

    path: int
    bodies: tuple[Body, ...]
    edges: tuple[Edge, ...]
    certain: bool


@dataclass(frozen=True, slots=True)
class Scored:
    """One subject of a scan. ``low``/``high``: number of ends that are stated / possible (``high`` ``None``: a hop is open),
    exact up to the requirement's bound + 1. ``sure`` is false where it is not known whether the subject is of that sort."""

    id: str
    state: GapState
    low: int
    high: int | None
    sure: bool


@dataclass(frozen=True, slots=True)
class ScanPage:
    """``counts``: state -> number over the whole scope (exact); ``rows``: the page asked for, by (sort key, id)."""

    counts: Mapping[str, int]
    rows: tuple[Scored, ...]
    last: tuple[str, str] | None  # (sort key, id) after which the next page begins; None on the last page


@dataclass(frozen=True, slots=True)
class Tallied:
    """``number`` subjects of a ``group`` with the same ``way`` (name of the first TRUE counting way, else the status) and the
    same scores of the ways of each class alone (own, organisation, work)."""

    group: str
    way: str
    own: int
    organisation: int
    work: int
    number: int


@dataclass(frozen=True, slots=True)
class Found:
    """A search hit: the name or key that matched, and how."""

    body: Body
    matched: str
    how: How
