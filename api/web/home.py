"""The first page: search, how things stand, and what to ask next."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.dependencies import Engine
from api.web.asking import PageView
from api.web.gap_pages import coverage_rule
from api.web.kept import Kept
from api.web.templates import render
from graph.questions.gaps import gap_summary
from graph.questions.statistics import statistics
from graph.questions.stats import stats

router = APIRouter(route_class=Kept)


@router.get("/")
def home(request: Request, engine: Engine, view: PageView) -> Response:
    stand = statistics(engine, view)
    rules = [r for r in gap_summary(engine, view).rules if r.counts["gap"] or r.counts["not_known"]]
    return render(request, "home", stand=stand, rules=rules, held=stats(engine), frame=stand.frame, coverage_rule=coverage_rule(view))
