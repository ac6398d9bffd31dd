"""What templates say of an answer: the same words as on the command line, with links and signs in place of its lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from api.output.coverage import STATE_MARKS as WAY_MARKS
from api.output.coverage import STATUS_MARKS, about
from api.output.coverage import lacking as lacking_words
from api.output.gaps import STATE_MARKS as GAP_MARKS
from api.output.lists import SCHEMES
from api.output.paper import Part, arrow, as_of_note, basis, name
from api.web.links import address, committee, entity
from schemas.answers import GAP_LABELS, STATUS_LABELS, WayAnswer
from schemas.parts import BodyRef, Evidence, Step
from schemas.rates import rate


def text(part: Part) -> str:
    """A part of a line without its style."""
    return part if isinstance(part, str) else part[0]


def sign(marks: Mapping[str, Part]) -> Callable[[str], str]:
    """The sign of a status: √ ○ ？ －."""
    return lambda status: text(marks[status])[0]


def lacking(way: WayAnswer, subject: BodyRef) -> str:
    """Why a way does not hold, on the page of ``subject``: its own name need not be said again."""
    return lacking_words(way).removeprefix(f"{subject.name}：")


def evidence_of(steps: Sequence[Step]) -> list[Evidence]:
    return [e for s in steps for e in s.evidence]


WORDS: dict[str, Any] = {
    "about": about, "address": address, "arrow": lambda step: text(arrow(step)), "as_of_note": as_of_note,
    "basis": lambda steps: text(basis(steps)), "committee": committee, "entity": entity, "evidence_of": evidence_of,
    "gap_labels": GAP_LABELS, "gap_sign": sign(GAP_MARKS), "lacking": lacking, "name": name, "rate": rate, "schemes": SCHEMES,
    "status_labels": STATUS_LABELS, "status_sign": sign(STATUS_MARKS), "way_sign": sign(WAY_MARKS),
}
