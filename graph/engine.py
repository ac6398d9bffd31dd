"""GraphEngine, the one port between questions and stores. Its docstrings are the contract that every engine keeps.

Bodies are named by public ids; engine-internal integers never leave an engine. Dates are whole numbers YYYYMMDD with the
sentinels of ``schemas.dates``. A ``Snapshot`` sees one state of the data; a ``Writer`` is the only way to change it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

from graph.frame import Frame
from graph.parts import (
    Body,
    Chain,
    Declared,
    Edge,
    Found,
    Frontier,
    RowRef,
    ScanPage,
    Spread,
    Tallied,
)
from schemas.answers import GapState
from schemas.facts import BodyFact, Fact, Import, RelationFact, Row
from schemas.metapath import Metapath
from schemas.policy import Requirement
from schemas.view import NO_OVERLAY, Overlay

T = TypeVar("T")
Batch = tuple[int, Sequence[Row]]  # number of the import, rows of it
Progress = Callable[[int, int], None]  # (done, in all), of whatever is counted


class Snapshot(Protocol):
    """One state of the data, read-only. Everything that one answer needs comes from one snapshot."""

    @property
    def version(self) -> int:
        """Data version: changes only when the projection changes (semantics 24)."""

    @property
    def loading(self) -> bool:
        """Whether a load is under way."""

    def imports(self) -> Mapping[int, Import]:
        """All imports by number, as they stand now."""

    def declarations(self) -> Sequence[Declared]:
        """All declarations in force, in rule-1 order, but for completeness statements of single bodies (``hop_signatures``)."""

    def hop_signatures(self) -> Sequence[str]:
        """The hops (as text) for which single bodies have completeness statements (a cell 无)."""

    def bodies(self, ids: Iterable[str]) -> dict[str, Body]:
        """Bodies by id, ended ones too; merged ids resolve; unknown ids are left out."""

    def lookup(self, scheme: str | None, value: str, kind: str | None = None) -> list[Body]:
        """Bodies with exactly this key; ``scheme`` ``None``: any scheme. Names are compared normalised."""

    def identify(self, keys: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], list[str]]:
        """Ids by (kind, scheme, value) in the id registry, which outlives undo; many at once, for ingest. Values of names,
        aliases, brands and former names are ``identifiers.normal(name)``; of credit codes and "unnamed" keys as they are."""

    def keys(self, id: str) -> Sequence[tuple[str, str]]:
        """All (scheme, value) of a body, in their original spelling."""

    def matches(self, paths: Sequence[Metapath], subject: str, frame: Frame, limit: int) -> tuple[list[Chain], dict[int, int]]:
        """All possible matches from one subject, certain ones first, at most ``limit`` a path, and the total for each path.

        Order within a path: certain first, then the ids along the chain."""

    def foresee(self, subject: str, paths: Sequence[Metapath], frame: Frame) -> None:
        """Tell that the body of this id, its ``matches`` and its ``openings`` will be asked: a store to which every question is a
        round trip then answers all of them in one. Changes no answer."""

    def step(self, ids: Iterable[str], types: Sequence[tuple[str, bool]], frame: Frame | None, kinds: Sequence[str] = ()) -> list[Edge]:
        """All edges of these (type, forward) that leave the bodies ``ids``, in one round trip: possible ones at the frame's
        day (stated or not), or of every date where ``frame`` is ``None``; ``kinds``: only those that lead to a body of one of
        these. Not in any order."""

    def links(self, asked: Frontier, frame: Frame) -> Spread:
        """Expand a frontier: relationships that hold at the frame's day, of each what a search needs alone, since it reads
        thousands. At most ``asked.most`` and one, so that more than ``most`` says that there are more. Not in any order; one
        between two of the bodies may come twice."""

    def between(self, pairs: Iterable[tuple[str, str]], types: Sequence[str], frame: Frame | None) -> list[Edge]:
        """All edges of these types from the first body of a pair to the second, possible ones at the frame's day, or of every
        date where ``frame`` is ``None``."""

    def true_for(self, path: Metapath, ids: Iterable[str], frame: Frame) -> set[str]:
        """Those of ``ids`` for which the metapath is TRUE."""

    def openings(self, paths: Sequence[Metapath], subject: str, frame: Frame) -> int:
        """The paths where some body that the subject reaches is open for the next hop, as bits: 1 is the first path, 2 the second."""

    def closed_singly(self, ids: Iterable[str], hop: str, frame: Frame) -> set[str]:
        """Those of ``ids`` that have a completeness statement of their own for the hop signature, in force at the day."""

    def scan(self, requirement: Requirement, frame: Frame, scope: Sequence[Metapath], states: Sequence[str],
             after: tuple[str, str] | None, limit: int) -> ScanPage:
        """Evaluate a requirement for all its subjects, or those for which one of ``scope`` is TRUE, set-wise.

        ``states``: which states the page lists; counts are over all states but ``not_applicable``."""

    def states(self, requirement: Requirement, frame: Frame) -> Iterator[tuple[str, GapState]]:
        """The state of every subject of a requirement, by ids (ASCII); those that it is not applicable to are left out."""

    def scores(self, path: Metapath, frame: Frame, within: Metapath | None = None) -> dict[int, int]:
        """How many bodies of the metapath's first position score TRUE, POSSIBLE, OPEN_HOPS and FALSE; ``within``: only
        those for which another metapath is TRUE."""

    def doubled(self, frame: Frame, limit: int) -> list[tuple[str, str, tuple[str, ...]]]:
        """(source, type, targets) where a body has at the day several of what it can have only once (``Relation.single``),
        at most ``limit`` of each type, by (type, source)."""

    def conflicting(self, limit: int) -> tuple[list[Body], int]:
        """Bodies whose sources disagree, by (sort key, id), at most ``limit``, and how many there are."""

    def namesakes(self, limit: int) -> tuple[list[tuple[str, list[tuple[str, str]]]], int]:
        """Normalised names and credit codes that several bodies have: (name, [(id, scheme)]), at most ``limit`` in the order of the
        names, and how many there are. Names are compared within a kind, codes over all."""

    def pairs(self, relation: str, frame: Frame) -> list[tuple[str, str]]:
        """(source, target) of all relationships of a type that hold at the frame's day."""

    def tally(self, frame: Frame, subject: Metapath, scope: Sequence[Metapath], groups: Sequence[Metapath] | str) -> list[Tallied]:
        """Coverage of all subjects by group.

        ``groups``: metapaths from the subject whose ends (TRUE matches) are its groups, or the name of a field; the value of
        the field is then the group. "" = none, "several" = more than one."""

    def search(self, text: str, kinds: Sequence[str], after: str | None, limit: int) -> tuple[list[Found], int, str | None]:
        """Hits in order (how, length, sort key, id), the exact total and the cursor of the next page (semantics 23)."""

    def sharing(self, parts: Sequence[str], most: int) -> dict[str, list[tuple[str, str]]]:
        """For each part of a normalised name: (id, normalised name) of all bodies one of whose names contains it; a part that more
        than ``most`` names contain is left out, one that none contains has none. Many at once, for ingest."""

    def unnamed(self) -> list[Body]:
        """All bodies without a name."""

    def sources(self) -> Mapping[int, Import]:
        """The imports whose rows this data version rests on, by number; kept with it, while ``imports`` reads what is under way."""

    def records(self, collection: str) -> dict[str, Any]:
        """The application's small records of a collection: id -> JSON value."""

    def collections(self) -> list[str]:
        """The collections that have records."""

    def registry(self) -> Iterator[tuple[str, str, str, str]]:
        """Stream the id registry: (id, scheme, value, original), by id."""

    def facts(self, refs: Iterable[RowRef]) -> dict[RowRef, tuple[Fact, ...]]:
        """What these rows assert; unknown ones are left out."""

    def rows(self, number: int) -> Iterator[Row]:
        """Stream the rows of an import, undone or not, in the order in which its sheets came and their numbers."""

    def counts(self) -> dict[str, int]:
        """Number of bodies per kind and of spells per relationship type, by name."""

    def export(self) -> Iterator[tuple[str, Any]]:
        """Stream the projection: first ("body", [id, name, ended, data, rows]), then ("edge", ...), ("declaration", ...),
        ("closed", ...). Rows are named by (file digest, sheet, number). ``graph.digest.digest`` makes the content digest of it."""


class Writer(Protocol):
    """One transaction a batch; leaving the context without an error commits, with one rolls back."""

    @property
    def imports(self) -> Mapping[int, Import]:
        """All imports by number."""

    def begin_import(self, record: Import) -> Import:
        """Give the import its number and mark it running. Rows of an undone one are forgotten: they may come into force anew."""

    def apply(self, number: int, rows: Sequence[Row]) -> BatchCounts:
        """Put rows into force, project the targets they touch, and tell what changed. A row is never split. Idempotent:
        a row that is in force already (same import, sheet, number) changes nothing."""

    def finish_import(self, number: int, state: str, counts: Mapping[str, Any]) -> None: ...

    def withdraw(self, number: int) -> BatchCounts:
        """Take an import's rows out of force and project the touched targets anew (undo); what became of the targets."""

    def last_row(self, number: int, sheet: str) -> int:
        """The greatest number of a row of the import's sheet, 0 if it has none."""

    def needed(self, number: int) -> dict[str, list[int]]:
        """The bodies that only this import asserts and to which others in force refer: id -> the numbers of those."""

    def register(self, added: Sequence[tuple[str, str, str, str]], gone: Sequence[tuple[str, str, str, str]]) -> None:
        """Add keys, as of ``Snapshot.registry``, and take away others: for copies, which must have the registry of their source."""

    def snapshot(self) -> Snapshot:
        """The data as this transaction has written them so far, for questions within it; made anew after each write."""

    def record(self, collection: str, id: str) -> Any:
        """A record as this transaction sees it; ``None`` where there is none."""

    def put_record(self, collection: str, id: str, value: Any) -> None: ...

    def delete_record(self, collection: str, id: str) -> None: ...


@dataclass
class BatchCounts:
    """Effects by target, "Kind.effect" -> number: created, updated, confirmed or removed. Each row's own strongest effect is in
    ``rows``, in row order: "created", "updated", "confirmed" (what it says was known, from other rows) or "unchanged" (it was in
    force already)."""

    rows: list[str] = field(default_factory=list)
    bodies: dict[str, int] = field(default_factory=dict)
    relationships: dict[str, int] = field(default_factory=dict)


Check = Callable[[Writer], None]  # raises, where a transaction must not go on


class GraphEngine(Protocol):
    """A store. ``url`` names it without secrets."""

    url: str

    def read(self, overlay: Overlay = NO_OVERLAY) -> AbstractContextManager[Snapshot]:
        """A snapshot; safe from many threads, and while another is open. With an ``overlay`` it holds the relationships that
        the overlay adds and lacks those it removes, for this snapshot only; bodies that it names must exist
        (QuestionError question.overlay)."""

    def write(self) -> AbstractContextManager[Writer]:
        """The one writer, for a single try; raises ``StoreBusyError`` when another process is writing for longer than the timeout."""

    def transact(self, work: Callable[[Writer], T]) -> T:
        """What ``work`` gives, done as a whole by the one writer. A store that asks for another try (a server does after a deadlock,
        or when its leader changes) calls it again, with a new writer, so it changes nothing else that does not bear that."""

    def apply_all(self, batches: Iterable[Batch], check: Check, done: Callable[[int, BatchCounts], None]) -> None:
        """``Writer.apply`` for many batches of imports that have begun, in order, few in a transaction, each of which calls ``check``
        before it asks for anything that is stored. ``done`` is told of each batch, with its import, once it is committed. A store may
        make ready the next meanwhile, so others must write nothing (``graph.lock``). An error leaves what was committed."""

    def rollback_after(self) -> AbstractContextManager[Writer]:
        """A writer whose every change is taken back at the end: for ``--dry-run``."""

    def save(self, file: Path, progress: Progress | None = None) -> None:
        """Write the whole store as it is at one moment to a new embedded store file, while others read and write."""

    def replace(self, file: Path, checksum: str, check: Check, progress: Progress | None = None) -> None:
        """Put the store of an embedded store file in the place of all that is here; ``checksum`` names where it comes from.
        At once where the store allows it, else completed by being done again; ``check`` comes first in each transaction."""

    def close(self) -> None: ...


__all__ = ["BodyFact", "RelationFact"]  # re-exported for engines
