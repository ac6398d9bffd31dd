"""What questions answer: the documents that Python, the CLI's ``--json`` and the API give alike."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict

State = Literal["true", "false", "not_known"]
Status = Literal["covered", "exempt", "uncovered", "not_known"]
GapState = Literal["not_applicable", "ok", "exempt", "gap", "not_known"]
STATUS_LABELS = {"covered": "已覆盖", "exempt": "不纳入统计", "uncovered": "空白点", "not_known": "情况不明（待核实）"}
GAP_LABELS = {"not_applicable": "不适用", "ok": "已达到", "exempt": "不纳入统计", "gap": "薄弱项", "not_known": "情况不明（待核实）"}
BASIS_LABELS = {"stated": "原文明示", "inferred": "推断"}


class Answer(BaseModel):
    model_config = ConfigDict(frozen=True, json_schema_serialization_defaults_required=True)  # what has a default is given all the same

    @classmethod
    def of(cls, **fields: Any) -> Self:
        """An answer of values that are right already: like ``model_construct``, at a fifth of its price, which an answer pays a
        dozen times. Every field without a default must be given, by its name."""
        made = cls.__new__(cls)
        object.__setattr__(made, "__dict__", {**_defaults(cls), **fields})
        object.__setattr__(made, "__pydantic_fields_set__", set(fields))
        object.__setattr__(made, "__pydantic_extra__", None)
        object.__setattr__(made, "__pydantic_private__", None)
        return made


@cache
def _defaults(model: type[Answer]) -> dict[str, Any]:
    """In the order of declaration, which is that of the document; required fields are overwritten."""
    return {name: None if field.is_required() else field.get_default(call_default_factory=True, validated_data={})
            for name, field in model.model_fields.items()}


class BodyRef(Answer):
    """A body in an answer. ``name`` of an unnamed body says what it is known by; ``unnamed`` marks it."""

    id: str
    kind: str
    kind_label: str
    name: str
    unnamed: bool = False
    synthetic: bool = False


class Evidence(Answer):
    """A register row: import number, file, sheet, row as people see it, source and its as-of (ISO, to its precision)."""

    import_number: int
    file: str
    sheet: str
    row: int
    source: str
    as_of: str


class Step(Answer):
    """One hop of a path, from ``source`` to ``target`` as walked; ``forward`` is false where it is walked against its direction."""

    relation: str
    label: str
    forward: bool
    source: BodyRef
    target: BodyRef
    role: str = ""
    since: str | None = None  # None: not known
    until: str | None = None
    basis: Literal["stated", "inferred"] = "stated"
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()


class Match(Answer):
    """One match of a metapath. Not ``certain``: ``needs`` says what it needs (inferred, a field, a date)."""

    steps: tuple[Step, ...]
    certain: bool
    needs: tuple[str, ...] = ()


class OpenHop(Answer):
    """A reason for "not known": a body whose next hop is not registered in full, or a field that is not recorded."""

    body: BodyRef
    missing: str
    message: str


class WhyNot(Answer):
    """The first hop that is missing: ``reached`` bodies (with a sample) had none; ``ended``: when the last one ended."""

    hop: str
    label: str
    reached: int
    sample: tuple[BodyRef, ...]
    ended: str | None = None
    message: str = ""
    closed_by: tuple[Evidence, ...] = ()  # where it is FALSE: the completeness statements that make it so


class AsOf(Answer):
    """Oldest and newest as-of of the evidence (ISO); ``note`` is the Chinese sentence, e.g. 截至2020-09，此后未核实."""

    oldest: str | None
    newest: str | None
    stale: bool
    note: str


class WayAnswer(Answer):
    name: str
    label: str
    class_name: str
    class_label: str
    counts: bool
    state: State
    matches: tuple[Match, ...] = ()
    total: int = 0
    truncated: bool = False
    as_of: AsOf | None = None
    why_not: WhyNot | None = None
    open: tuple[OpenHop, ...] = ()
    open_total: int = 0


class Note(Answer):
    """A doubt or an exemption in force about a body."""

    type: Literal["doubt", "exemption"]
    about: str
    reason: str
    evidence: Evidence | None = None


class Frame(Answer):
    """In which frame an answer was given."""

    as_of: str
    policy: str
    policy_version: int
    data_version: int
    assumed: int = 0
    overlay: bool = False
    loading: bool = False


class Coverage(Answer):
    frame: Frame
    subject: BodyRef
    status: Status
    status_label: str
    statistical_class: str
    probable: bool
    ways: tuple[WayAnswer, ...]
    notes: tuple[Note, ...] = ()
    as_of: AsOf | None = None


class LiaisonPath(Answer):
    cost: int
    hops: int
    stated: bool
    steps: tuple[Step, ...]
    as_of: AsOf | None = None


class Paths(Answer):
    """``outcome``: paths, none (see the direct contacts of both ends), budget (``exact`` is false)."""

    frame: Frame
    start: BodyRef
    end: BodyRef
    outcome: Literal["paths", "none", "budget"]
    paths: tuple[LiaisonPath, ...]
    exact: bool = True
    truncated: bool = False
    relationships_read: int = 0
    start_contacts: tuple[Step, ...] = ()
    end_contacts: tuple[Step, ...] = ()
    start_contacts_total: int = 0
    end_contacts_total: int = 0
    message: str = ""


class Page(Answer):
    """Where a list was cut: ``total`` is exact, ``cursor`` asks for the next page (``None`` on the last)."""

    total: int
    limit: int
    truncated: bool
    cursor: str | None = None


class Gap(Answer):
    id: str
    rule: str
    rule_label: str
    severity: Literal["gap", "information"]
    reading: bool
    subject: BodyRef
    state: GapState
    state_label: str
    expected: str
    found: str
    at_least_found: int
    at_most_found: int | None
    matches: tuple[Match, ...] = ()
    open: tuple[OpenHop, ...] = ()
    open_total: int = 0
    remedy: str = ""
    source: str = ""
    as_of: AsOf | None = None


class RuleSummary(Answer):
    """How many bodies are in each state of one rule; ``reading``: our reading, no rule of the source."""

    rule: str
    label: str
    severity: Literal["gap", "information"]
    reading: bool
    on: bool
    source: str
    subjects: int
    counts: dict[str, int]


class GapSummary(Answer):
    """How many bodies are in each state, rule by rule."""

    frame: Frame
    scope: BodyRef | None
    rules: tuple[RuleSummary, ...]


class Gaps(Answer):
    frame: Frame
    scope: BodyRef | None
    rules: tuple[RuleSummary, ...]
    gaps: tuple[Gap, ...]
    page: Page


class Cell(Answer):
    """Counts of one group; a suppressed cell has ``None``. ``rate_low``/``rate_high``: 0-1, ``None`` without a denominator."""

    group: str
    group_id: str | None
    total: int | None
    counts: dict[str, int | None]
    rate_low: float | None
    rate_high: float | None
    class_rates: dict[str, tuple[float, float] | None] = {}
    suppressed: bool = False


class Statistics(Answer):
    frame: Frame
    by: str | None
    scope: BodyRef | None
    overall: Cell
    groups: tuple[Cell, ...]
    page: Page
    compare: Cell | None = None
    compare_as_of: str | None = None
    as_of: AsOf | None = None


class Reconciled(Answer):
    """One published count against what is registered. ``placeholder_*``: how many are still to come (待补录)."""

    id: str
    label: str
    scope: str
    comparator: str
    published: int
    unit: str
    measure: str
    period: str
    part_of: str
    compared: bool
    registered_low: int | None = None
    registered_high: int | None = None
    possible: int | None = None
    placeholder_low: int | None = None
    placeholder_high: int | None = None
    placeholder_text: str = ""
    note: str = ""
    evidence: Evidence | None = None


class Reconciliation(Answer):
    frame: Frame
    counts: tuple[Reconciled, ...]


class Hit(Answer):
    body: BodyRef
    matched: str
    how: Literal["key", "exact", "prefix", "contained", "initials", "pinyin"]


class SearchResult(Answer):
    query: str
    hits: tuple[Hit, ...]
    page: Page


class Profile(Answer):
    """Everything known of one body: fields with labels, keys, relationships in force."""

    frame: Frame
    body: BodyRef
    fields: dict[str, str]
    keys: dict[str, tuple[str, ...]]
    relationships: tuple[Step, ...]
    page: Page
    evidence: tuple[Evidence, ...] = ()


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

    ``import_number``: the load that brought it up; ``decided_as``: the import that makes them one."""

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
    ``kept``: what it lacks and a source of the same or a later date confirms. ``withheld``: why nothing was ended."""

    scope: str
    relationships: tuple[str, ...]
    ended: int = 0
    kept: int = 0
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
    review: int = 0  # questions about who is who that it brought up and that wait for a decision
