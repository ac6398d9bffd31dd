"""How alliances and committees interlock, and who is in one of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.answers import InView
from api.dependencies import Cursor, Limit
from graph.questions.committee import committee as ask_committee
from graph.questions.network import alliances as ask_alliances
from graph.questions.network import shared_members as ask_shared
from schemas.overviews import AllianceNetwork, Committee, SharedMembers

router = APIRouter(prefix="/networks", tags=["网络"])


@router.get("/alliances", response_model=AllianceNetwork, summary="联盟和商圈党委的成员、共同成员和桥梁")
def alliances(
    asked: InView,
    members: Annotated[int, Query(ge=0, le=500, description="每个联盟列出几个自己的成员")] = 0,
    limit: Limit = 50, cursor: Cursor = None,
) -> Response:
    return asked.answer(lambda: ask_alliances(asked.engine, asked.view, members=members, limit=limit, cursor=cursor))


@router.get("/shared", response_model=SharedMembers, summary="同属多个联盟或商圈党委的成员")
def shared_members(asked: InView, limit: Limit = 50, cursor: Cursor = None) -> Response:
    return asked.answer(lambda: ask_shared(asked.engine, asked.view, limit=limit, cursor=cursor))


@router.get("/committees/{id}", response_model=Committee, summary="一个商圈党委或载体的成员，登记的和待补录的")
def committee(
    asked: InView,
    id: Annotated[str, Path(max_length=200, description="编号或名称", examples=["天山商圈党委"])],
    limit: Limit = 300, cursor: Cursor = None,
) -> Response:
    return asked.answer(lambda: ask_committee(asked.engine, id, asked.view, limit=limit, cursor=cursor))
