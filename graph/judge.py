"""Whether predicates hold of one body or relationship that was read: three values, as the compiled statements tell them (semantics 13)."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial

from graph.frame import Frame
from graph.parts import FALSE, POSSIBLE, TRUE, Body, Edge
from schemas.facts import Value
from schemas.identifiers import normal
from schemas.metapath import ID, NAME, Hop, Position, Where


def judge(where: Where, told: Callable[[str], Value | None], count_inferred: bool) -> tuple[int, list[str]]:
    """(TRUE, POSSIBLE or FALSE, the fields that are not recorded) of predicates on the values that ``told`` gives."""
    missing: list[str] = []
    score = TRUE
    for name, wanted in where:
        value = told(name)
        held = () if value is None else value.value if isinstance(value.value, tuple) else (value.value,)
        matches = any(v in wanted for v in held)
        if matches and value and (value.basis == "stated" or count_inferred):
            continue
        settled = value is not None and value.basis == "stated" and (not isinstance(value.value, tuple) or value.complete)
        if settled and not matches:
            return FALSE, []
        score = POSSIBLE
        missing.append(name)
    return score, missing


def judge_body(position: Position, body: Body, frame: Frame) -> tuple[int, list[str]]:
    """Like ``judge``; a body that has ended at the frame's day matches no position."""
    if body.kind not in position.kinds or body.ended <= frame.day:
        return FALSE, []
    return _judged(position, body, frame)


def fits(position: Position, body: Body, frame: Frame) -> int:
    """TRUE, POSSIBLE or FALSE, whether it has ended or not: for what a relationship leads to, which none outlives."""
    if body.kind not in position.kinds:
        return FALSE
    return _judged(position, body, frame)[0] if position.where else TRUE


def _judged(position: Position, body: Body, frame: Frame) -> tuple[int, list[str]]:
    return judge(_compared(position.where), partial(_value, body), frame.count_inferred)


@lru_cache(maxsize=4096)
def _compared(where: Where) -> Where:
    """Names as they are compared."""
    return tuple((f, tuple(normal(v) for v in vs) if f == NAME else vs) for f, vs in where)


def _value(body: Body, name: str) -> Value | None:
    if name == ID:
        return Value(body.id)
    if name == NAME:
        return Value(normal(body.name)) if body.name else None
    return body.values.get(name)


def judge_edge(hop: Hop, edge: Edge, frame: Frame) -> int:
    day = frame.day
    if not edge.possible(day):
        return FALSE
    score = judge(hop.where, partial(_told, edge), frame.count_inferred)[0] if hop.where else TRUE
    return score if edge.holds(day) and (edge.stated or frame.count_inferred) else min(score, POSSIBLE)


def _told(edge: Edge, name: str) -> Value | None:
    if name == "role":
        return Value(edge.role) if edge.role else None
    return edge.values.get(name)
