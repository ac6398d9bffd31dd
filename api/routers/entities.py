"""The bodies of a kind; one body: everything registered of it, and its coverage."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.answers import InView
from api.dependencies import Cursor, Limit, Scope
from graph.questions.coverage import coverage as ask_coverage
from graph.questions.directory import directory as ask_directory
from graph.questions.profile import profile as ask_profile
from schemas.answers import Coverage, Profile
from schemas.overviews import Directory

router = APIRouter(prefix="/entities", tags=["对象"])
Id = Annotated[str, Path(max_length=200, description="编号、名称、别名或信用代码", examples=["分众传媒"])]


@router.get("", response_model=Directory, summary="某一类对象的名录")
def directory(
    asked: InView,
    kind: Annotated[str, Query(max_length=40, description="类别：名称或代号", examples=["企业"])],
    scope: Scope = None, limit: Limit = 50, cursor: Cursor = None,
) -> Response:
    """未终止的，按拼音排列；附信用代码、登记的字段和所在的楼宇、园区、街镇。"""
    return asked.answer(lambda: ask_directory(asked.engine, kind, asked.view, scope=scope, limit=limit, cursor=cursor))


@router.get("/{id}", response_model=Profile, summary="一个对象登记的全部内容")
def profile(asked: InView, id: Id, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """字段、名称、各种关系和依据。"""
    return asked.answer(lambda: ask_profile(asked.engine, id, asked.view, limit=limit, cursor=cursor))


@router.get("/{id}/coverage", response_model=Coverage, summary="一个单位是否被覆盖，怎样覆盖，依据何在")
def coverage(
    asked: InView, id: Id,
    brief: Annotated[bool, Query(description="不说明断在哪一步、还要登记什么，快得多")] = False,
) -> Response:
    """每种覆盖方式各有成立、不成立（断在哪一步）或情况不明（还要登记什么）。服务联系另列，不计入覆盖。"""
    return asked.answer(lambda: ask_coverage(asked.engine, id, asked.view, why_not=not brief))
