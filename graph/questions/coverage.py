"""Which organisation covers a unit, how, since when, and how do we know? (semantics 13-16)"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph.engine import FALSE, OPEN_HOPS, POSSIBLE, TRUE, Body, Chain, GraphEngine
from graph.frame import Frame
from graph.questions.evidence import rests_on
from graph.questions.present import Presenter
from graph.questions.reasons import explain, match_answers
from graph.questions.search import resolve
from graph.questions.steady import steady
from graph.questions.trace import judge_body, trace
from schemas.answers import STATUS_LABELS, Coverage, State, Status, WayAnswer
from schemas.errors import QuestionError
from schemas.identifiers import kind_of
from schemas.kinds import GROUPS, KINDS
from schemas.metapath import Metapath
from schemas.policy import CLASS_LABELS, Way
from schemas.view import View

MATCHES = 20  # shown for each way; the total is told
STATE: dict[int, State] = {TRUE: "true", POSSIBLE: "not_known", OPEN_HOPS: "not_known", FALSE: "false"}


@steady
def coverage(engine: GraphEngine, who: str, view: View, *, why_not: bool = True) -> Coverage:
    """Coverage of one body by all ways of the view's policy.

    ``who``: public id, name, alias or credit code. ``why_not``: also say for each way that is not TRUE which hop is missing
    and what is not known. Raises UnknownBodyError, QuestionError (a body of a kind that the policy has no ways for).

    >>> coverage(engine, "分众传媒", view).status
    'covered'
    """
    with engine.read(view.overlay) as snapshot:
        present = Presenter(snapshot, view)
        if kind := kind_of(who):
            snapshot.foresee(who, view.policy.by_kind[kind][1], present.frame)
        body = resolve(snapshot, who)
        if body.kind not in GROUPS["Unit"] and not view.policy.by_kind[body.kind][0]:
            label = KINDS[body.kind].label
            raise QuestionError("question.not-covered-kind", f"“{body.name or who}”是{label}，覆盖情况只对单位（企业、社会组织）提问",
                                hint=f"{label}登记的内容请用 jingluo show 查看")
        return covered(present, body, why_not=why_not)


def covered(present: Presenter, body: Body, *, why_not: bool) -> Coverage:
    """The coverage of a body that was read from the presenter's snapshot."""
    asked = _asked(present.frame, body.kind)
    chains, totals = present.snapshot.matches(asked.paths, body.id, present.frame, MATCHES)
    by_way = [list[Chain]() for _ in asked.ways]
    for c in chains:
        by_way[c.path].append(c)
    scores = _scores(present, body, asked, by_way)
    answers = tuple(_way(present, body, asked.ways[i], s, found, totals.get(i, 0), why_not) if found or why_not else asked.blank[i][s]
                    for i, (s, found) in enumerate(zip(scores, by_way, strict=True)))
    status, statistical = _status(present, body, asked, scores)
    shown = [i for i in asked.counting if scores[i] == TRUE] or [i for i in asked.counting if by_way[i]]
    return Coverage.of(
        frame=present.document, subject=present.body_ref(body), status=status, status_label=STATUS_LABELS[status],
        statistical_class=statistical, probable=status == "not_known" and any(scores[i] == POSSIBLE for i in asked.counting),
        ways=answers, notes=present.notes(body.id),
        as_of=present.as_of([r for i in shown for r in rests_on(present.snapshot, asked.paths[i], by_way[i], certain=scores[i] == TRUE)]))


@dataclass(frozen=True)
class Asked:
    """What is asked of a kind of body, worked out once a frame. ``counting``: which ways count; ``never``: which have a first hop
    that nothing in force could close; ``fields``: which have no hop; ``blank``: for each way score -> its answer without matches
    and without reasons."""

    ways: tuple[Way, ...]
    paths: tuple[Metapath, ...]
    counting: tuple[int, ...]
    never: tuple[int, ...]
    fields: tuple[int, ...]
    blank: tuple[dict[int, WayAnswer], ...]


def _asked(frame: Frame, kind: str) -> Asked:
    known: Asked | None = frame.memo.get(("asked", kind))
    if known is None:
        (ways, paths), counted = frame.view.policy.by_kind[kind], frame.view.policy.covered_by
        known = frame.memo["asked", kind] = Asked(
            ways, paths, tuple(i for i, w in enumerate(ways) if w.class_ in counted),
            tuple(i for i, never in enumerate(frame.never_closed(kind)) if never), tuple(i for i, p in enumerate(paths) if not p.hops),
            tuple({score: WayAnswer(name=w.name, label=w.label, class_name=w.class_, class_label=CLASS_LABELS[w.class_],
                                    counts=w.class_ in counted, state=state) for score, state in STATE.items()} for w in ways))
    return known


def _scores(present: Presenter, body: Body, asked: Asked, by_way: Sequence[list[Chain]]) -> list[int]:
    """Score of each way: told by its matches, else by whether a hop is open, asked for all ways in one statement."""
    scores = [-1 if not found else TRUE if any(c.certain for c in found) else POSSIBLE for found in by_way]
    for i in asked.fields:
        scores[i] = judge_body(asked.paths[i].subject, body, present.frame)[0]
    for i in asked.never:
        scores[i] = OPEN_HOPS if scores[i] < 0 else scores[i]
    if -1 not in scores:
        return scores
    opened = present.snapshot.openings(asked.paths, body.id, present.frame)
    return [s if s >= 0 else OPEN_HOPS if is_open else FALSE for s, is_open in zip(scores, opened, strict=True)]


def _status(present: Presenter, body: Body, asked: Asked, scores: Sequence[int]) -> tuple[Status, str]:
    """(status, statistical class): semantics 16."""
    first = next((i for i in asked.counting if scores[i] == TRUE), None)
    if first is not None:
        return "covered", asked.ways[first].name
    status: Status = "uncovered" if all(scores[i] == FALSE for i in asked.counting) else "not_known"
    if body.id in present.frame.exempt_from("coverage"):
        status = "exempt"
    return status, status


def _way(present: Presenter, body: Body, way: Way, score: int, found: list[Chain], total: int, why_not: bool) -> WayAnswer:
    reasons = None
    if why_not and score != TRUE:
        reasons = explain(present, way.path, trace(present.snapshot, present.frame, way.path, [body])[body.id])
    shown = match_answers(present, found, way.path)
    as_of = present.as_of(rests_on(present.snapshot, way.path, found, certain=score == TRUE)) if found else None
    return WayAnswer.of(
        name=way.name, label=way.label, class_name=way.class_, class_label=CLASS_LABELS[way.class_],
        counts=way.class_ in present.view.policy.covered_by, state=STATE[score], matches=shown, total=total,
        truncated=total > len(shown), as_of=as_of,
        why_not=reasons.why_not if reasons else None, open=reasons.open if reasons else (), open_total=reasons.open_total if reasons else 0)
