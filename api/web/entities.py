"""The page of one body: is it covered, how, and how do we know; its gaps; everything that is registered of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import RedirectResponse

from api.dependencies import Cursor, Engine
from api.output.paper import arrow, details
from api.web.asking import ROWS, PageView, framed
from api.web.exports import export, whole
from api.web.gap_pages import table as gap_table
from api.web.kept import Kept
from api.web.links import address, committee, entity
from api.web.pictures import drawn
from api.web.tables import Cell, Table, body, columns
from api.web.templates import render
from api.web.words import text
from graph.engine import GraphEngine
from graph.questions.behind import behind
from graph.questions.committee import WITH_MEMBERS
from graph.questions.coverage import coverage
from graph.questions.gaps import gaps_of
from graph.questions.profile import profile
from schemas.answers import BASIS_LABELS, Coverage, Profile
from schemas.kinds import GROUPS
from schemas.parts import Step
from schemas.scopes import PATHS
from schemas.view import View
from viz.pictures import coverage_figure
from viz.subgraph.coverage import ends_of

router = APIRouter(route_class=Kept)
Who = Annotated[str, Path(max_length=300)]
COLUMNS = columns("关系", "对象", "类别", "对象编号", "起止", "原文或推断", "依据", file=("对象编号",))
GAPS = 50  # rules of one body


@router.get("/entities/{who:path}/relationships.csv")
def relationships_file(engine: Engine, view: PageView, who: Who) -> Response:
    pages = list(whole(lambda limit, cursor: profile(engine, who, view, limit=limit, cursor=cursor), lambda a: a.page))
    return export(f"{pages[0].body.name[:40]}的关系", view.as_of, [table(p) for p in pages])


@router.get("/entities/{who:path}")
def entity_page(request: Request, engine: Engine, view: PageView, who: Who, cursor: Cursor = None) -> Response:
    """A body by its public id; another name of it leads there."""
    answer = profile(engine, who, view, limit=ROWS, cursor=cursor)
    own = entity(answer.body.id)
    if answer.body.id != who:
        return RedirectResponse(address(own, dict(request.query_params)), 303)
    asked = {k: v for k, v in request.query_params.items() if k in ("as_of", "policy", "cursor")}
    covered = coverage(engine, who, view) if _has_ways(answer, view) else None
    found = gaps_of(engine, who, view, limit=GAPS)
    return render(request, "entity", asked=asked, answer=answer, coverage=covered, table=table(answer), frame=answer.frame,
                  framing=framed(request, view), lanes=lanes(covered), findings=found.gaps, gaps=gap_table(found, rule=True, subject=False),
                  members=committee(who) if answer.body.kind in WITH_MEMBERS else "", is_scope=answer.body.kind in PATHS,
                  picture=_picture(engine, covered, view))


def lanes(answer: Coverage | None) -> list[tuple[str, bool, list[object]]]:
    """(class, whether it counts, its ways), in the policy's order."""
    ways = answer.ways if answer else ()
    return [(label, own[0].counts, list(own)) for label in dict.fromkeys(w.class_label for w in ways)
            for own in ([w for w in ways if w.class_label == label],)]


def table(answer: Profile) -> Table:
    return Table("关系", COLUMNS, [_row(s) for s in answer.relationships], answer.page)


def _row(step: Step) -> list[str | Cell]:
    since = f"{step.since or '起始不详'} 至 {step.until}" if step.until else f"自 {step.since}" if step.since else "起始不详"
    basis = Cell(BASIS_LABELS[step.basis], lines=(step.reason,) if step.reason else ())
    walked = Cell(text(arrow(step)), lines=(details(step),) if step.values else ())
    return [walked, body(step.target), step.target.kind_label, step.target.id, since, basis, Cell(evidence=step.evidence)]


def _has_ways(answer: Profile, view: View) -> bool:
    return answer.body.kind in GROUPS["Unit"] or bool(view.policy.by_kind[answer.body.kind][0])


def _picture(engine: GraphEngine, answer: Coverage | None, view: View) -> object:
    return drawn(coverage_figure(answer, behind(engine, ends_of(answer), view))) if answer else None
