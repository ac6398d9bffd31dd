"""Alliances and committees: their members, what several share, and a committee's members against what was published."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from api.dependencies import Cursor, Engine
from api.output.paper import arrow, name
from api.web.asking import ROWS, PageView, framed
from api.web.exports import export, whole
from api.web.kept import Kept
from api.web.links import committee as committee_link
from api.web.pictures import drawn
from api.web.tables import Cell, Table, Value, body, columns
from api.web.templates import render
from api.web.words import text
from graph.questions.committee import committee
from graph.questions.network import alliances, shared_members
from schemas.answers import BASIS_LABELS
from schemas.overviews import AllianceMember, AllianceNetwork, Committee, MemberGroup
from schemas.parts import Page, Step
from viz.pictures import alliances_figure, committee_figure

router = APIRouter(route_class=Kept)
Who = Annotated[str, Path(max_length=300)]
MEMBERS = 60  # asked for of each alliance; the picture draws what fits
HUBS = columns("载体或商圈党委", "类别", "编号", "登记成员", numbers=("登记成员",), file=("编号",))
SHARED = columns("成员", "类别", "编号", "同属", "原文或推断", file=("编号",))
LISTED = columns("组别", "成员", "类别", "编号", "关系", "起始", "原文或推断", "依据", file=("组别", "编号"))


@router.get("/networks/alliances")
def alliances_page(request: Request, engine: Engine, view: PageView, cursor: Cursor = None) -> Response:
    answer = alliances(engine, view, members=MEMBERS, limit=ROWS, cursor=cursor)
    some = Page(total=answer.shared_total, limit=ROWS, truncated=answer.shared_total > ROWS)
    return render(request, "alliances", asked={**_asked(request), "cursor": cursor}, framed_as=_asked(request), answer=answer,
                  hubs=hubs(answer), shared=shared(answer.shared[:ROWS], some), frame=answer.frame, framing=framed(request, view),
                  picture=drawn(alliances_figure(answer)) if answer.alliances else None)


@router.get("/networks/alliances.csv")
def alliances_file(engine: Engine, view: PageView) -> Response:
    pages = whole(lambda limit, cursor: alliances(engine, view, limit=limit, cursor=cursor), lambda a: a.page)
    return export("行业党建载体和商圈党委", view.as_of, [hubs(a) for a in pages])


@router.get("/networks/shared")
def shared_page(request: Request, engine: Engine, view: PageView, cursor: Cursor = None) -> Response:
    answer = shared_members(engine, view, limit=ROWS, cursor=cursor)
    return render(request, "shared", asked={**_asked(request), "cursor": cursor}, table=shared(answer.members, answer.page),
                  frame=answer.frame, framing=framed(request, view))


@router.get("/networks/shared.csv")
def shared_file(engine: Engine, view: PageView) -> Response:
    pages = whole(lambda limit, cursor: shared_members(engine, view, limit=limit, cursor=cursor), lambda a: a.page)
    return export("同属多个载体的成员", view.as_of, [shared(a.members, a.page) for a in pages])


@router.get("/networks/committees/{who:path}.csv")
def members_file(engine: Engine, view: PageView, who: Who) -> Response:
    pages = list(whole(lambda limit, cursor: committee(engine, who, view, limit=limit, cursor=cursor), lambda a: a.page))
    tables = [members(g) for a in pages for g in a.groups] or [members(None)]
    return export(f"{pages[0].body.name[:40]}的成员", view.as_of, tables, pages[0].page.total)


@router.get("/networks/committees/{who:path}")
def committee_page(request: Request, engine: Engine, view: PageView, who: Who, cursor: Cursor = None) -> Response:
    answer = committee(engine, who, view, cursor=cursor)
    every = Table("成员", LISTED, [row for g in answer.groups for row in members(g).rows], answer.page)
    return render(request, "committee", asked={**_asked(request), "cursor": cursor}, answer=answer, groups=_groups(answer), every=every,
                  frame=answer.frame, framing=framed(request, view), picture=drawn(committee_figure(answer)))


def _asked(request: Request) -> dict[str, object]:
    return {k: v for k, v in request.query_params.items() if k in ("as_of", "policy")}


def _groups(answer: Committee) -> list[tuple[MemberGroup, Table]]:
    return [(g, members(g)) for g in answer.groups]


def hubs(answer: AllianceNetwork) -> Table:
    rows: list[list[Value]] = [[Cell(name(b), committee_link(b.id)), b.kind_label, b.id, n] for b, n in answer.alliances]
    return Table("载体和商圈党委", HUBS, rows, answer.page)


def shared(found: Sequence[AllianceMember], page: Page) -> Table:
    rows: list[list[Value]] = [[body(m.body), m.body.kind_label, m.body.id, "、".join(name(a) for a in m.alliances), BASIS_LABELS[m.basis]]
                               for m in found]
    return Table("同属多个的成员", SHARED, rows, page)


def members(group: MemberGroup | None) -> Table:
    rows = [_member(group.label, s) for s in group.members] if group else []
    return Table(group.label if group else "成员", LISTED, rows)


def _member(group: str, step: Step) -> list[Value]:
    basis = Cell(BASIS_LABELS[step.basis], lines=(step.reason,) if step.reason else ())
    return [group, body(step.target), step.target.kind_label, step.target.id, text(arrow(step)), step.since or "不详", basis,
            Cell(evidence=step.evidence)]
