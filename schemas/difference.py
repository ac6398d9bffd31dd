"""What a load changes, as the preview (预检) shows it. Shapes as in ``schemas.answers``."""

from __future__ import annotations

from typing import Literal

from schemas.answers import Cell, GapState
from schemas.parts import Answer, BodyRef, Evidence, Frame, Step

Effect = Literal["created", "updated", "ended", "confirmed"]
NEW = "new"  # the state before of a subject that the load itself registers
GONE = "gone"  # the state after of one that is no longer a subject


class FieldChange(Answer):
    """A field, name, key or date before and after, as people read it ("": not recorded), each with the rows that say so."""

    name: str
    label: str
    old: str
    new: str
    old_evidence: tuple[Evidence, ...] = ()
    new_evidence: tuple[Evidence, ...] = ()


class BodyChange(Answer):
    body: BodyRef
    fields: tuple[FieldChange, ...]


class RelationChange(Answer):
    """A relationship that was there: what of it changes, or (``Difference.ended``) that it ends."""

    step: Step
    fields: tuple[FieldChange, ...]


class Conflict(Answer):
    """A field of which sources say different things since this load; ``value`` is in force (semantics 2)."""

    body: BodyRef
    label: str
    value: str
    evidence: tuple[Evidence, ...]
    others: tuple[tuple[str, Evidence], ...]


class Transition(Answer):
    """``total`` subjects of one rule go from one state to another (``NEW``: the load registers them); some or all of them."""

    rule: str
    rule_label: str
    severity: Literal["gap", "information"]
    coverage: bool
    old: GapState | Literal["new"]
    new: GapState | Literal["gone"]
    old_label: str
    new_label: str
    total: int
    subject_label: str  # 企业, 楼宇; several kinds: 单位, 对象
    subjects: tuple[BodyRef, ...]


class Difference(Answer):
    """Counts are exact; each list holds at most ``limit`` (``None``: all) of what ``bodies``, ``relationships`` and
    ``conflicts_total`` count, by ``Effect``. ``summary``: what it means, in sentences."""

    frame: Frame
    limit: int | None
    bodies: dict[Effect, int]
    relationships: dict[Effect, int]
    created: tuple[BodyRef, ...]
    updated: tuple[BodyChange, ...]
    created_relationships: tuple[Step, ...]
    updated_relationships: tuple[RelationChange, ...]
    ended: tuple[RelationChange, ...]
    conflicts: tuple[Conflict, ...]
    conflicts_total: int
    coverage_before: Cell
    coverage_after: Cell
    transitions: tuple[Transition, ...]
    summary: tuple[str, ...]
