"""Who does not meet which requirement."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from api.answers import InView
from api.dependencies import Cursor, Limit, Scope
from graph.questions.gaps import gap_summary as ask_summary
from graph.questions.gaps import gaps as ask
from schemas.answers import Gaps, GapSummary

router = APIRouter(prefix="/gaps", tags=["薄弱项"])
Rules = Annotated[list[str] | None, Query(alias="rule", max_length=50, examples=[["no-coverage"]],
                                          description="只查某条规则的代号；可多次给出，默认全部启用的规则")]
State = Literal["gap", "not_known", "exempt", "ok"]


@router.get("", response_model=Gaps, summary="逐条规则查谁没有达到，或情况不明")
def gaps(
    asked: InView, rules: Rules = None, scope: Scope = None,
    state: Annotated[list[State] | None, Query(max_length=4, description="gap 薄弱项、not_known 情况不明、exempt 不纳入、ok 已达到；"
                                                                         "可多次给出，默认 gap")] = None,
    limit: Limit = 50, cursor: Cursor = None,
) -> Response:
    """各条规则的条数，和所选状态下的一页，附应有、现有、依据和还要登记什么。"""
    return asked.answer(lambda: ask(asked.engine, asked.view, rules=tuple(rules or ()), scope=scope, states=tuple(state or ("gap",)),
                                    limit=limit, cursor=cursor))


@router.get("/summary", response_model=GapSummary, summary="各条规则的条数")
def gap_summary(asked: InView, rules: Rules = None, scope: Scope = None) -> Response:
    return asked.answer(lambda: ask_summary(asked.engine, asked.view, rules=tuple(rules or ()), scope=scope))
