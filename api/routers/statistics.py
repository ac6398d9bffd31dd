"""Rates of coverage."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from api.answers import InView
from api.dependencies import Cursor, Limit, Scope
from graph.questions.statistics import statistics as ask
from schemas.answers import Statistics
from schemas.dates import asked as date_asked

router = APIRouter(tags=["覆盖率统计"])
By = Literal["subdistrict", "business-district", "building", "industry", "type"]


@router.get("/statistics", response_model=Statistics, summary="覆盖率，可分组、可对比")
def statistics(
    asked: InView,
    by: Annotated[By | None, Query(description="按街镇、商圈、楼宇、行业或单位类型分组")] = None,
    scope: Scope = None,
    compare: Annotated[str | None, Query(max_length=32, examples=["2019-12-31"], description="与另一天对比")] = None,
    limit: Limit = 50, cursor: Cursor = None,
) -> Response:
    """有情况不明的，覆盖率给出区间。"""
    return asked.answer(lambda: ask(asked.engine, asked.view, by=by, scope=scope, compare=date_asked(compare) if compare else None,
                                    limit=limit, cursor=cursor))
