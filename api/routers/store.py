"""What the store holds and where it comes from."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.answers import Plain
from api.dependencies import Cursor, Limit
from graph.questions.imports import imports as ask_imports
from graph.questions.stats import stats as ask_stats
from schemas.overviews import Stats
from schemas.reports import ImportList

router = APIRouter(tags=["数据"])


@router.get("/stats", response_model=Stats, summary="各类对象和关系的数量")
def stats(asked: Plain) -> Response:
    return asked.answer(lambda: ask_stats(asked.engine))


@router.get("/imports", response_model=ImportList, summary="导入过什么")
def imports(asked: Plain, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """文件、摘要、来源、截至、时间、条数；撤回了的也在内。"""
    return asked.answer_anew(lambda: ask_imports(asked.engine, limit=limit, cursor=cursor))
