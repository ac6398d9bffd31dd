"""What questions answer: the documents that Python, the CLI's ``--json`` and the API give alike."""

from __future__ import annotations

from typing import Literal

from schemas.parts import Answer, AsOf, BodyRef, Evidence, Frame, Match, Note, OpenHop, Page, Step, WhyNot

State = Literal["true", "false", "not_known"]
Status = Literal["covered", "exempt", "uncovered", "not_known"]
GapState = Literal["not_applicable", "ok", "exempt", "gap", "not_known"]
STATUS_LABELS = {"covered": "已覆盖", "exempt": "不纳入统计", "uncovered": "空白点", "not_known": "情况不明（待核实）"}
GAP_LABELS = {"not_applicable": "不适用", "ok": "已达到", "exempt": "不纳入统计", "gap": "薄弱项", "not_known": "情况不明（待核实）"}
BASIS_LABELS = {"stated": "原文明示", "inferred": "推断"}


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
    page: Page


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
