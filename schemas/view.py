"""The View: the frame in which every question is asked (as-of, overlay, policy, role)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from schemas.dates import number, today
from schemas.declarations import Declaration
from schemas.facts import RelationFact
from schemas.policy import Policy

Role = Literal["reader", "duty"]  # duty sees personal fields (a post's holder, duty phone)


@dataclass(frozen=True)
class Overlay:
    """A what-if: relationships added, and relationships (source, type, target) taken away, for one question only."""

    added: tuple[RelationFact, ...] = ()
    removed: tuple[tuple[str, str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)


NO_OVERLAY = Overlay()


@dataclass(frozen=True)
class View:
    """How a question is to be read: at which date, by which policy, with which assumed declarations, over which overlay."""

    policy: Policy
    as_of: date = field(default_factory=today)
    assume: tuple[Declaration, ...] = ()
    overlay: Overlay = NO_OVERLAY
    role: Role = "reader"

    @property
    def day(self) -> int:
        return number(self.as_of)
