"""Overviews: networks of alliances, members of a committee, who stands behind a body, the map of gaps,
what a store holds. Shapes as in ``schemas.answers``."""

from __future__ import annotations

from typing import Literal

from schemas.answers import Cell, Gap, Reconciled
from schemas.parts import Answer, AsOf, BodyRef, Frame, Page, Step


class AllianceMember(Answer):
    body: BodyRef
    alliances: tuple[BodyRef, ...]
    basis: Literal["stated", "inferred"]


class AllianceNetwork(Answer):
    """A page of the alliances and committees, with how many members each has. Of the whole network: members shared by several, pairs
    that share the most, and bodies without which it falls apart (bridges); of each the first, and how many there are."""

    frame: Frame
    alliances: tuple[tuple[BodyRef, int], ...]
    page: Page
    shared: tuple[AllianceMember, ...]
    shared_total: int
    pairs: tuple[tuple[BodyRef, BodyRef, int], ...]
    pairs_total: int
    bridges: tuple[BodyRef, ...]
    bridges_total: int
    memberships: tuple[Step, ...] = ()  # from an alliance of the page to a member; those asked for, of the shared members shown all
    as_of: AsOf | None = None


class SharedMembers(Answer):
    """The members that several alliances and committees share."""

    frame: Frame
    members: tuple[AllianceMember, ...]
    page: Page
    as_of: AsOf | None = None


class MemberGroup(Answer):
    """Members of one sort, of ``total`` those of the page, each as the step from the committee to it; ``count``: what was published
    of just these."""

    label: str
    total: int
    members: tuple[Step, ...]
    count: Reconciled | None = None


class Committee(Answer):
    """A committee or alliance: who founded it and where (``around``), a page of its members by published count, then by form."""

    frame: Frame
    body: BodyRef
    around: tuple[Step, ...]
    groups: tuple[MemberGroup, ...]
    page: Page
    as_of: AsOf | None = None


class Behind(Answer):
    """Who stands behind bodies: superiors, the teams that serve them, who staffs and employs these. At most a few a body."""

    frame: Frame
    steps: tuple[Step, ...]
    truncated: bool


class GapPlace(Answer):
    """The coverage of the units of one building or park (``cell.group_id``; none: several places, or none is registered)."""

    cell: Cell
    area: str | None = None  # public id of its sub-district


class GapUnit(Answer):
    """A unit of the map with the ``place`` (``group_id``) whose cell counts it."""

    gap: Gap
    place: str


class GapMap(Answer):
    """Coverage by building and sub-district; the units one by one where there are few (``units_listed``)."""

    frame: Frame
    scope: BodyRef | None
    rule: str
    rule_label: str
    source: str
    overall: Cell
    areas: tuple[Cell, ...]
    places: tuple[GapPlace, ...]
    units: tuple[GapUnit, ...]
    units_listed: bool
    synthetic: bool = False  # some of the data in force are made
    sources: tuple[str, ...] = ()
    as_of: AsOf | None = None


class Held(Answer):
    """How many there are of one kind of body or type of relationship."""

    name: str
    label: str
    number: int


class Stats(Answer):
    """What the store holds: bodies by kind, spells of relationships by type, imports in force."""

    data_version: int
    loading: bool
    synthetic: bool  # some of the data in force are made
    bodies: tuple[Held, ...]
    relationships: tuple[Held, ...]
    imports: int
    sources: tuple[str, ...]


class Listed(Answer):
    """A body in a directory: credit codes, fields by their labels, names of the places where it is."""

    body: BodyRef
    codes: tuple[str, ...]
    fields: dict[str, str]
    places: tuple[str, ...]


class Directory(Answer):
    """The bodies of one kind that have not ended."""

    frame: Frame
    kind: str
    scope: BodyRef | None
    bodies: tuple[Listed, ...]
    page: Page
