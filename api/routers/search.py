"""Find bodies."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.answers import Plain
from api.dependencies import Cursor, Limit
from graph.questions.search import search as ask
from schemas.answers import SearchResult

router = APIRouter(tags=["查找"])


@router.get("/search", response_model=SearchResult, summary="按名称、别名、信用代码或拼音查找")
def search(
    asked: Plain,
    text: Annotated[str, Query(alias="q", min_length=1, max_length=200, examples=["fzcm"],
                               description="名称的任意一段、别名、信用代码、全拼或拼音首字母；一个字也行")],
    kind: Annotated[list[str] | None, Query(max_length=30, examples=[["企业"]], description="只找某类对象，如 企业；可多次给出")] = None,
    limit: Limit = 20, cursor: Cursor = None,
) -> Response:
    """按（完全相同的代码、名称、开头、包含、首字母、全拼）、长度、排序键排列；总数准确。"""
    return asked.answer(lambda: ask(asked.engine, text, kinds=tuple(kind or ()), limit=limit, cursor=cursor))
