"""Liaison paths: from one body to another, side by side as a picture and hop by hop in words."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BeforeValidator

from api.dependencies import Engine
from api.output.paper import arrow
from api.web.asking import PageView, Text, framed, several
from api.web.exports import export
from api.web.kept import Kept
from api.web.pictures import drawn
from api.web.tables import Cell, Table, body, columns
from api.web.templates import render
from api.web.words import text
from graph.engine import GraphEngine
from graph.questions.liaison import paths
from schemas.answers import BASIS_LABELS, Paths
from schemas.parts import Step
from schemas.view import View
from viz.pictures import path_figure

router = APIRouter(route_class=Kept)
From = Annotated[Text, Query(alias="from")]
To = Annotated[Text, Query(alias="to")]
Several = Annotated[str | None, Query(max_length=600)]
MOST_SHOWN, FEW = 10, 3  # paths side by side
FAR, FAR_ENOUGH = 12, 6  # hops
Number = Annotated[int, Query(ge=1, le=MOST_SHOWN), BeforeValidator(lambda value: value or FEW)]
Hops = Annotated[int, Query(ge=1, le=FAR), BeforeValidator(lambda value: value or FAR_ENOUGH)]
COLUMNS = columns("渠道", "距离", "步", "从", "关系", "到", "到的类别", "原文或推断", "起始", "依据", numbers=("渠道", "距离", "步"))


@router.get("/paths")
def paths_page(request: Request, engine: Engine, view: PageView, start: From = None, end: To = None, via: Several = None,
               avoid: Several = None, k: Number = FEW,
               max_hops: Hops = FAR_ENOUGH, stated_only: bool = False) -> Response:
    asked = {"from": start, "to": end, "via": via, "avoid": avoid, "k": k, "max_hops": max_hops, "stated_only": stated_only,
             "as_of": request.query_params.get("as_of"), "policy": request.query_params.get("policy")}
    answer = _asked(engine, view, start, end, via, avoid, k, max_hops, stated_only)
    return render(request, "paths", asked=asked, answer=answer, framing=framed(request, view), frame=answer.frame if answer else None,
                  picture=drawn(path_figure(answer)) if answer else None, most=MOST_SHOWN)


@router.get("/paths.csv")
def paths_file(engine: Engine, view: PageView, start: From = None, end: To = None, via: Several = None,
               avoid: Several = None, k: Number = FEW,
               max_hops: Hops = FAR_ENOUGH, stated_only: bool = False) -> Response:
    answer = _asked(engine, view, start, end, via, avoid, k, max_hops, stated_only)
    return export("联系渠道", view.as_of, [table(answer)])


def _asked(engine: GraphEngine, view: View, start: str | None, end: str | None, via: str | None, avoid: str | None, k: int,
           max_hops: int, stated_only: bool) -> Paths | None:
    if not start or not end:
        return None
    return paths(engine, start, end, view, k=k, via=several(via), avoid=several(avoid), max_hops=max_hops, stated_only=stated_only)


def table(answer: Paths | None) -> Table:
    found = answer.paths if answer else ()
    rows = [[number, path.cost, at, *_hop(step)] for number, path in enumerate(found, 1) for at, step in enumerate(path.steps, 1)]
    return Table("联系渠道", COLUMNS, rows)


def _hop(step: Step) -> list[str | Cell]:
    basis = Cell(BASIS_LABELS[step.basis], lines=(step.reason,) if step.reason else ())
    return [body(step.source), text(arrow(step)), body(step.target), step.target.kind_label, basis, step.since or "不详",
            Cell(evidence=step.evidence)]
