"""Which organisation covers a unit, how, since when, and how do we know? (semantics 13-16)"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graph.engine import GraphEngine
from graph.frame import Frame
from graph.judge import judge_body
from graph.parts import FALSE, OPEN_HOPS, POSSIBLE, TRUE, Body, Chain, RowRef
from graph.questions.evidence import rests_on
from graph.questions.present import Presenter
from graph.questions.reasons import Reasons, explain, match_answers
from graph.questions.search import resolve
from graph.questions.steady import steady
from graph.questions.trace import trace
from schemas.answers import STATUS_LABELS, Coverage, State, Status, WayAnswer
from schemas.errors import QuestionError
from schemas.identifiers import kind_of
from schemas.kinds import GROUPS, KINDS
from schemas.metapath import Metapath
from schemas.policy import CLASS_LABELS, Way
from schemas.view import View

MATCHES = 20  # shown for each way; the total is told
NO_REASONS = Reasons(None, (), 0)
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
    asked, snapshot = _asked(present.frame, body.kind), present.snapshot
    chains, totals = snapshot.matches(asked.paths, body.id, present.frame, MATCHES)
    opened = snapshot.openings(asked.paths, body.id, present.frame)
    by_way: dict[int, list[Chain]] = {}
    for c in chains:
        by_way.setdefault(c.path, []).append(c)
    scores = {i: judge_body(asked.paths[i].subject, body, present.frame)[0] for i in asked.fields}
    for i, found in by_way.items():
        scores[i] = TRUE if any(c.certain for c in found) else POSSIBLE
    rests = {i: rests_on(snapshot, asked.paths[i], found, certain=scores[i] == TRUE) for i, found in by_way.items()}
    ways = list(asked.blank(opened))
    for i in range(len(ways)) if why_not else scores:
        score = scores.get(i, OPEN_HOPS if opened >> i & 1 else FALSE)
        reasons = _reasons(present, body, asked.paths[i]) if why_not and score != TRUE else NO_REASONS
        ways[i] = _way(present, asked.ways[i], score, by_way.get(i, []), totals.get(i, 0), rests.get(i), reasons)
    counted = {i: score for i, score in scores.items() if asked.counting >> i & 1}
    status, statistical = _status(present, body, asked, counted, opened)
    return Coverage.of(
        frame=present.document, subject=present.body_ref(body), status=status, status_label=STATUS_LABELS[status],
        statistical_class=statistical, probable=status == "not_known" and POSSIBLE in counted.values(), ways=tuple(ways),
        notes=present.notes(body.id), as_of=present.as_of([r for i, score in counted.items() if score == max(counted.values())
                                                           for r in rests.get(i, ())]))


@dataclass(frozen=True)
class Asked:
    """What is asked of a kind of body, worked out once a frame. ``counting``: which ways count, as bits; ``fields``: which have no
    hop; ``blanks``: of each way its answer without matches and reasons, where it is closed and where it is open."""

    ways: tuple[Way, ...]
    paths: tuple[Metapath, ...]
    counting: int
    fields: tuple[int, ...]
    blanks: tuple[tuple[WayAnswer, WayAnswer], ...]

    made: dict[int, tuple[WayAnswer, ...]] = field(default_factory=dict)

    def blank(self, opened: int) -> tuple[WayAnswer, ...]:
        if opened not in self.made:  # there are few combinations
            self.made[opened] = tuple(way[opened >> i & 1] for i, way in enumerate(self.blanks))
        return self.made[opened]


def _asked(frame: Frame, kind: str) -> Asked:
    known: Asked | None = frame.memo.get(("asked", kind))
    if known is None:
        (ways, paths), counted = frame.view.policy.by_kind[kind], frame.view.policy.covered_by
        known = frame.memo["asked", kind] = Asked(
            ways, paths, sum(1 << i for i, w in enumerate(ways) if w.class_ in counted),
            tuple(i for i, p in enumerate(paths) if not p.hops),
            tuple((_blank(w, FALSE, counted), _blank(w, OPEN_HOPS, counted)) for w in ways))
    return known


def _blank(way: Way, score: int, counted: Sequence[str]) -> WayAnswer:
    return WayAnswer(name=way.name, label=way.label, class_name=way.class_, class_label=CLASS_LABELS[way.class_],
                     counts=way.class_ in counted, state=STATE[score])


def _status(present: Presenter, body: Body, asked: Asked, counted: Mapping[int, int], opened: int) -> tuple[Status, str]:
    """(status, statistical class): semantics 16. ``counted``: the scores of the ways that count, but for those without a match."""
    true = [i for i, score in counted.items() if score == TRUE]
    if true:
        return "covered", asked.ways[min(true)].name
    status: Status = "not_known" if opened & asked.counting or any(counted.values()) else "uncovered"
    if body.id in present.frame.exempt_from("coverage"):
        status = "exempt"
    return status, status


def _reasons(present: Presenter, body: Body, path: Metapath) -> Reasons:
    return explain(present, path, trace(present.snapshot, present.frame, path, [body])[body.id])


def _way(present: Presenter, way: Way, score: int, found: list[Chain], total: int, rests: list[RowRef] | None,
         reasons: Reasons) -> WayAnswer:
    shown = match_answers(present, found, way.path)
    return WayAnswer.of(
        name=way.name, label=way.label, class_name=way.class_, class_label=CLASS_LABELS[way.class_],
        counts=way.class_ in present.view.policy.covered_by, state=STATE[score], matches=shown, total=total,
        truncated=total > len(shown), as_of=None if rests is None else present.as_of(rests),
        why_not=reasons.why_not, open=reasons.open, open_total=reasons.open_total)
