"""What loads, undoing, reviews and checks report: documents like those of ``answers``."""

from __future__ import annotations

from typing import Literal

from schemas.parts import Answer, BodyRef, Frame, Page, Step


class ImportRecord(Answer):
    number: int
    file: str
    digest: str
    source: str
    as_of: str
    who: str
    at: str
    state: str
    synthetic: bool
    counts: dict[str, object]
    undone_at: str = ""
    undone_by: str = ""


class UndoReport(Answer):
    """What taking back one load did. ``changed`` is false where it had been taken back before.

    ``bodies``, ``relationships``: "removed", "updated" or "confirmed" (one row fewer says the same) -> number of targets."""

    undone: ImportRecord
    changed: bool
    bodies: dict[str, int] = {}
    relationships: dict[str, int] = {}


class ImportList(Answer):
    """What was loaded, in the order of its numbers."""

    imports: tuple[ImportRecord, ...]
    page: Page


class Finding(Answer):
    """One finding of ``check``: the ontology, the policy and the data against each other."""

    code: str
    level: Literal["error", "warning", "information"]
    message: str
    where: str = ""
    bodies: tuple[BodyRef, ...] = ()


class CheckReport(Answer):
    frame: Frame
    findings: tuple[Finding, ...]
    page: Page


class ReviewItem(Answer):
    """Two bodies that may be one, with what speaks for it. ``state``: open, same or different; ``number`` names the question.

    ``import_number``: the load that brought it up; ``decided_as``: the import that makes them one; ``automatic``: that load, since
    the names are the same but for legal form and region, and nothing speaks against it."""

    number: int
    one: BodyRef
    other: BodyRef
    likeness: int  # of the names, per cent
    evidence: tuple[str, ...]
    state: Literal["open", "same", "different"]
    import_number: int
    who: str = ""
    at: str = ""
    decided_as: int | None = None
    automatic: bool = False


class ReviewList(Answer):
    """``open``: how many questions wait for a decision."""

    items: tuple[ReviewItem, ...]
    open: int
    page: Page


class RejectFile(Answer):
    """A workbook of refused rows: of which ``file``, where it is, how many ``rows``, and how many more found no place."""

    file: str
    path: str
    rows: int
    left_out: int = 0


class FullRegister(Answer):
    """What a full register is the register of, in words, and the relationships that it lists in full. ``ended``: what it lacks;
    ``kept``: what it lacks and a source of the same or a later date confirms, the first of them ``kept_relationships``.
    ``withheld``: why nothing was ended."""

    scope: str
    relationships: tuple[str, ...]
    ended: int = 0
    kept: int = 0
    kept_relationships: tuple[Step, ...] = ()
    withheld: str = ""


class LoadReport(Answer):
    """What a load did, per file: read = created + updated + unchanged + rejected. ``confirmed``: the unchanged rows that say once
    more what other rows had said."""

    file: str
    import_number: int | None
    state: Literal["loaded", "already_loaded", "dry_run", "refused", "unfinished"]
    layout: str  # which register it was recognised as
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    confirmed: int = 0
    rejected: int = 0
    bodies: dict[str, int] = {}
    relationships: dict[str, int] = {}
    warnings: tuple[str, ...] = ()
    message: str = ""
    full: FullRegister | None = None
    joined: int = 0  # bodies that it names and that are others by the rule of core names, which a person can undo
    review: int = 0  # questions about who is who that it brought up and that wait for a decision
