"""Where are the gaps? Requirements of the policy, evaluated set-wise in the engine, three-valued (semantics 18-19)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from graph.engine import GraphEngine
from graph.parts import TRUE, Body, ScanPage, Scored
from graph.questions.cursor import decode, encode
from graph.questions.evidence import asserting, rests_on
from graph.questions.present import Presenter
from graph.questions.reasons import explain, foresee, match_answers, position_words
from graph.questions.scopes import scope_of
from graph.questions.search import resolve
from graph.questions.steady import steady
from graph.questions.trace import Trace, trace
from schemas.answers import GAP_LABELS, Gap, Gaps, GapSummary, RuleSummary
from schemas.metapath import Metapath, parse
from schemas.parts import Match, OpenHop, Page
from schemas.policy import Requirement
from schemas.view import View

STATES = ("gap", "not_known", "exempt", "ok")
EVIDENCE = 3  # matches shown with a gap


@steady
def gaps(engine: GraphEngine, view: View, *, rules: Sequence[str] = (), scope: str | None = None, states: Sequence[str] = ("gap",),
         limit: int = 50, cursor: str | None = None) -> Gaps:
    """Counts of every rule asked and one page of the subjects in ``states``, in the policy's order of rules.

    ``rules``: ids; all rules that are on where none is named. ``scope``: a sub-district, business district, building, park
    or industry. Raises PolicyError (unknown rule), UnknownBodyError (scope), QuestionError (cursor).

    >>> gaps(engine, view).page.total
    0
    """
    asked = _asked(view, rules)
    with engine.read(view.overlay) as snapshot:
        return _answer(Presenter(snapshot, view), asked, *scope_of(snapshot, scope), states, limit, cursor)


@steady
def gaps_of(engine: GraphEngine, who: str, view: View, *, limit: int = 50) -> Gaps:
    """What the rules that are on say of one body, whatever the state; rules that do not speak of bodies of its kind are left out.

    Raises UnknownBodyError.

    >>> {g.subject.name for g in gaps_of(engine, "人工智能产业", view).gaps}
    {'人工智能产业'}
    """
    with engine.read(view.overlay) as snapshot:
        body = resolve(snapshot, who)
        asked = [r for r in view.policy.requirements if r.on and body.kind in r.position.subject.kinds]
        just_it = parse(f"(:{body.kind} {{id: '{body.id}'}})")
        return _answer(Presenter(snapshot, view), asked, None, (just_it,), STATES, limit, None)


def _answer(present: Presenter, asked: Sequence[Requirement], place: Body | None, paths: Sequence[Metapath], states: Sequence[str],
            limit: int, cursor: str | None) -> Gaps:
    begin = decode(cursor, "gaps", present.snapshot.version, 3) if cursor else ("", "", "")
    pages = _pages(present, asked, paths, states, limit, begin)
    rows = tuple(g for r, page in pages for g in page_gaps(present, r, page))
    more = _next(pages, rows, begin, present.snapshot.version, states)
    return Gaps(frame=present.document, scope=present.body_ref(place) if place else None,
                rules=tuple(_summary(r, page) for r, page in pages), gaps=rows,
                page=Page(total=sum(page.counts.get(s, 0) for _, page in pages for s in states), limit=limit,
                          truncated=more is not None, cursor=more))


@steady
def gap_summary(engine: GraphEngine, view: View, *, rules: Sequence[str] = (), scope: str | None = None) -> GapSummary:
    """The counts of ``gaps`` alone. Raises as it does.

    >>> {r.rule: r.counts["not_known"] for r in gap_summary(engine, view).rules}["no-coverage"]
    6
    """
    with engine.read(view.overlay) as snapshot:
        present = Presenter(snapshot, view)
        place, paths = scope_of(snapshot, scope)
        pages = _pages(present, _asked(view, rules), paths, (), 0, ("", "", ""))
        return GapSummary(frame=present.document, scope=present.body_ref(place) if place else None,
                          rules=tuple(_summary(r, page) for r, page in pages))


def _asked(view: View, rules: Sequence[str]) -> list[Requirement]:
    return [view.policy.requirement(r) for r in rules] or [r for r in view.policy.requirements if r.on]


def _pages(present: Presenter, asked: Sequence[Requirement], paths: Sequence[Metapath], states: Sequence[str], limit: int,
           begin: tuple[str, ...]) -> list[tuple[Requirement, ScanPage]]:
    """Counts of each rule; rows from the cursor on until the page is full."""
    pages, room, started = list[tuple[Requirement, ScanPage]](), limit, not begin[0]
    for r in asked:
        after = (begin[1], begin[2]) if r.id == begin[0] and begin[2] else None
        started = started or r.id == begin[0]
        page = present.snapshot.scan(r, present.frame, paths, states, after, room if started else 0)
        room -= len(page.rows)
        pages.append((r, page))
    return pages


def _next(pages: list[tuple[Requirement, ScanPage]], rows: Sequence[Gap], begin: tuple[str, ...], version: int,
          states: Sequence[str]) -> str | None:
    """The cursor after the last row shown: within its rule, or at the next rule that has any."""
    order = [r.id for r, _ in pages]
    first = order.index(begin[0]) if begin[0] in order else 0
    shown = [i for i, (_, page) in enumerate(pages) if page.rows]
    if not shown:
        return None
    i = shown[-1]
    if last := pages[i][1].last:
        return encode("gaps", version, order[i], *last)
    later = next((r.id for r, page in pages[max(i, first) + 1:] if any(page.counts.get(s) for s in states)), None)
    return encode("gaps", version, later, "", "") if later else None


def _summary(r: Requirement, page: ScanPage) -> RuleSummary:
    counts = {s: page.counts.get(s, 0) for s in STATES}
    return RuleSummary(rule=r.id, label=r.label, severity=r.severity, reading=r.reading, on=r.on, source=r.source,
                       subjects=sum(counts.values()), counts=counts)


def gap_id(rule: str, subject: str) -> str:
    """The same gap has the same id tomorrow."""
    return "gap-" + hashlib.sha256(f"{rule}\x1f{subject}".encode()).hexdigest()[:16]


def page_gaps(present: Presenter, r: Requirement, page: ScanPage) -> list[Gap]:
    """The rows of a page with evidence and reasons, one round trip a hop for all of them."""
    if not page.rows:
        return []
    bodies = present.snapshot.bodies(s.id for s in page.rows)
    subjects = [bodies[s.id] for s in page.rows]
    traces = [(p, trace(present.snapshot, present.frame, p, subjects)) for p in asked_paths(present, r)]
    unsure = trace(present.snapshot, present.frame, r.position, [bodies[s.id] for s in page.rows if not s.sure])
    foresee(present, [(p, t) for p, found in [*traces, (r.position, unsure)] for t in found.values()])
    return [_gap(present, r, s, bodies[s.id], [(p, found[s.id]) for p, found in traces], unsure.get(s.id)) for s in page.rows]


def asked_paths(present: Presenter, r: Requirement) -> list[Metapath]:
    return [w.path for w in present.view.policy.counting_ways] if r.coverage else list(r.parts)


def _gap(present: Presenter, r: Requirement, scored: Scored, body: Body, traces: list[tuple[Metapath, Trace]],
         unsure: Trace | None) -> Gap:
    """``unsure``: of a subject that may be none."""
    matches = tuple[Match, ...](m for p, t in traces for m in match_answers(present, t.chains[:EVIDENCE], p) if m.steps)
    reasons = [explain(present, p, t) for p, t in traces]
    opened = dict[tuple[str, str], OpenHop]()
    if unsure:
        opened.update({(o.body.id, o.missing): o for o in explain(present, r.position, unsure).open})
    for reason in reasons:
        opened.update({(o.body.id, o.missing): o for o in reason.open})
    rows = [row for p, t in traces for row in rests_on(present.snapshot, p, t.chains)]
    rows += asserting(present.snapshot, body, [name for name, _ in r.position.subject.where])
    return Gap(id=gap_id(r.id, body.id), rule=r.id, rule_label=r.label, severity=r.severity, reading=r.reading,
               subject=present.body_ref(body), state=scored.state, state_label=GAP_LABELS[scored.state],
               expected=expected_words(r), found=found_words(r, scored, traces), at_least_found=scored.low, at_most_found=scored.high,
               matches=matches, open=tuple(opened.values()) if scored.state == "not_known" else (),
               open_total=max(len(opened), sum(x.open_total for x in reasons)) if scored.state == "not_known" else 0,
               remedy=r.remedy, source=r.source, as_of=present.as_of(rows))


def expected_words(r: Requirement) -> str:
    """What a requirement expects, in Chinese."""
    if r.coverage:
        return "至少有一种计入覆盖的方式成立"
    low, high = r.bounds
    what = "；".join(position_words(p.end) for p in r.parts)
    if r.all:
        return f"全部具备：{what}"
    if high is None:
        return f"至少 {low} 个：{what}"
    return f"恰好 {low} 个：{what}" if low == high else f"至多 {high} 个：{what}"


def found_words(r: Requirement, scored: Scored, traces: list[tuple[Metapath, Trace]]) -> str:
    if r.all:
        missing = [position_words(p.end) for p, t in traces if t.score != TRUE]
        if len(missing) == len(traces):
            return f"{len(traces)} 项均无登记"
        return f"{len(traces) - len(missing)} / {len(traces)} 项有登记；其余：{'、'.join(missing)}" if missing else "全部有登记"
    unit = "种方式" if r.coverage else "个"
    if scored.high is None:
        return f"登记 {scored.low} {unit}，可能还有未登记的"
    return f"{scored.low} {unit}" if scored.low == scored.high else f"{scored.low} 至 {scored.high} {unit}"
