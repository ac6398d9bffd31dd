"""Gaps: each rule with its counts, the findings as a list, and the map of uncovered units."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.dependencies import Cursor, Engine
from api.output.gaps import SEVERITY
from api.output.paper import as_of_note, chain
from api.web.asking import ROWS, PageView, Text, framed
from api.web.exports import export, whole
from api.web.kept import Kept
from api.web.links import Asked, address
from api.web.pictures import drawn
from api.web.tables import Cell, Column, Table, body
from api.web.templates import render
from api.web.words import text
from graph.questions.gap_map import gap_map
from graph.questions.gaps import STATES, gaps
from schemas.answers import Gap, Gaps, RuleSummary
from schemas.parts import Evidence, Match
from schemas.view import View
from viz.pictures import gaps_figure

router = APIRouter(route_class=Kept)
States = Annotated[list[str] | None, Query(max_length=8)]
OPEN_SHOWN = 3
FEW = 300  # units that the map shows one by one; the units of a larger one are a list of their own


@router.get("/gaps")
def gaps_page(request: Request, engine: Engine, view: PageView, rule: Text = None, scope: Text = None, state: States = None,
              cursor: Cursor = None) -> Response:
    states = _states(state)
    answer = gaps(engine, view, rules=(rule,) if rule else (), scope=scope, states=states, limit=ROWS, cursor=cursor)
    asked = {"rule": rule, "scope": scope, "state": states, "cursor": cursor, "as_of": request.query_params.get("as_of"),
             "policy": request.query_params.get("policy")}
    return render(request, "gaps", asked=asked, answer=answer, table=table(answer, rule=not rule), summary=summary(answer, asked),
                  frame=answer.frame, framing=framed(request, view), states=STATES,
                  rules=[(r.id, r.label + ("（解读）" if r.reading else "")) for r in view.policy.requirements])


@router.get("/gaps.csv")
def gaps_file(engine: Engine, view: PageView, rule: Text = None, scope: Text = None, state: States = None) -> Response:
    pages = whole(lambda limit, cursor: gaps(engine, view, rules=(rule,) if rule else (), scope=scope, states=_states(state),
                                             limit=limit, cursor=cursor), lambda a: a.page)
    return export("薄弱项", view.as_of, [table(a, rule=True) for a in pages])


@router.get("/gaps/map")
def map_page(request: Request, engine: Engine, view: PageView, scope: Text = None) -> Response:
    """The picture by building, its squares lead to the units of each."""
    asked = {"scope": scope, "as_of": request.query_params.get("as_of"), "policy": request.query_params.get("policy")}
    answer = gap_map(engine, view, scope=scope, limit=FEW)

    def elsewhere(place: str) -> str:
        return address("/gaps/map", asked, scope=place)

    return render(request, "gap_map", asked=asked, answer=answer, frame=answer.frame, framing=framed(request, view),
                  picture=drawn(gaps_figure(answer, None if answer.units_listed else elsewhere)), rule=coverage_rule(view))


def coverage_rule(view: View) -> str:
    """The policy's own requirement of coverage, to which counts of uncovered units lead; "" without one."""
    return next((r.id for r in view.policy.requirements if r.coverage), "")


def summary(answer: Gaps, asked: Asked) -> Table:
    """A rule a row; the numbers lead to the findings."""
    titles = ("规则", "对象", "薄弱项", "情况不明", "不纳入", "已达到")
    made = tuple(Column(t, number=i > 0) for i, t in enumerate(titles))
    return Table("各规则的结果", made, [_counts(r, asked) for r in answer.rules], dense=True)


def _counts(rule: RuleSummary, asked: Asked) -> list[str | int | Cell]:
    sort = SEVERITY[rule.severity] + ("，解读" if rule.reading else "")
    whole = address("/gaps", asked, rule=rule.rule, state=STATES, cursor=None)
    label = Cell(rule.label, whole, aside=sort if sort != SEVERITY["gap"] else "")
    numbers = [Cell(str(rule.counts[s]), address("/gaps", asked, rule=rule.rule, state=s, cursor=None), strong=s == "gap")
               if rule.counts[s] else 0 for s in STATES]
    return [label, rule.subjects, *numbers]


def table(answer: Gaps, *, rule: bool, subject: bool = True) -> Table:
    """A finding a row. ``rule``, ``subject``: whether these stand in it (else they are the same in every row)."""
    hide = {"规则": rule, "对象": subject}
    titles = ("状态", "对象", "类别", "对象编号", "规则", "应有", "现有", "待登记或建议", "截至", "依据")
    file = ("类别", "对象编号", "应有", "截至")
    made = tuple(Column(t, only="file" if t in file or not hide.get(t, True) else "") for t in titles)
    return Table("薄弱项", made, [_row(g) for g in answer.gaps], answer.page)


def _row(gap: Gap) -> list[str | Cell]:
    found = tuple(map(_match, gap.matches))
    missing = [f"待登记：{o.message}" for o in gap.open[:OPEN_SHOWN]]
    more = [f"……共 {gap.open_total} 处待登记"] if gap.open_total > OPEN_SHOWN else []
    advice = [f"建议：{gap.remedy}"] if gap.remedy and gap.state == "gap" else []
    return [Cell(gap.state_label, look=gap.state), body(gap.subject, kind=True), gap.subject.kind_label, gap.subject.id,
            Cell(gap.rule_label, aside=SEVERITY[gap.severity]), gap.expected, Cell(gap.found, lines=found),
            Cell(lines=(*missing, *more, *advice)), as_of_note(gap.as_of), Cell(evidence=_evidence(gap))]


def _match(match: Match) -> str:
    walked = "".join(text(p) for p in chain(match.steps))
    return walked if match.certain else f"{walked}（可能：{'；'.join(match.needs)}）"


def _evidence(gap: Gap) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys(e for m in gap.matches for s in m.steps for e in s.evidence))


def _states(given: list[str] | None) -> tuple[str, ...]:
    """Those of the states that are asked for; gaps where none is."""
    return tuple(s for s in STATES if s in (given or ())) or ("gap",)
