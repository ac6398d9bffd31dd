"""Through whom to reach a body."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.answers import InView
from graph.questions.liaison import MOST_HOPS
from graph.questions.liaison import paths as ask
from schemas.answers import Paths

router = APIRouter(tags=["联系渠道"])
MOST_PATHS = 20


@router.get("/paths", response_model=Paths, summary="从一方到另一方经谁联系")
def paths(
    asked: InView,
    start: Annotated[str, Query(alias="from", min_length=1, max_length=200, examples=["区税务局"], description="起点：编号或名称")],
    end: Annotated[str, Query(alias="to", min_length=1, max_length=200, examples=["分众传媒"], description="终点：编号或名称")],
    k: Annotated[int, Query(ge=1, le=MOST_PATHS, description="最多给出几条")] = 3,
    via: Annotated[list[str] | None, Query(max_length=10, description="须依次经过的对象；可多次给出")] = None,
    avoid: Annotated[list[str] | None, Query(max_length=30, description="不得经过的对象或类别；可多次给出")] = None,
    max_hops: Annotated[int, Query(ge=1, le=MOST_HOPS, description="最多几步")] = 6,
    stated_only: Annotated[bool, Query(description="只走原文明示的关系，不走推断的")] = False,
) -> Response:
    """给出最近的几条路径，每一步附依据；没有路径时，说明两端各与谁有联系。"""
    return asked.answer(lambda: ask(asked.engine, start, end, asked.view, k=k, via=tuple(via or ()), avoid=tuple(avoid or ()),
                                    max_hops=max_hops, stated_only=stated_only))
