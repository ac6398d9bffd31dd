"""The bodies of a kind as a list, with what is registered of each."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BeforeValidator

from api.dependencies import Cursor, Engine
from api.web.asking import ROWS, PageView, Text, framed
from api.web.exports import export, whole
from api.web.kept import Kept
from api.web.tables import Cell, Column, Table, Value, body
from api.web.templates import render
from graph.questions.directory import directory as ask
from schemas.kinds import COMMON, KINDS, kinds_named
from schemas.overviews import Directory, Listed

router = APIRouter(route_class=Kept)
Kind = Annotated[str, Query(max_length=40), BeforeValidator(lambda value: value or "Enterprise")]
CODE, PLACES = "统一社会信用代码", "所在"
LEFT_OUT = ("ended", "synthetic")  # those that have ended are not listed; the name says what is made up


@router.get("/directory")
def directory_page(request: Request, engine: Engine, view: PageView, kind: Kind = "Enterprise", scope: Text = None,
                   cursor: Cursor = None) -> Response:
    asked = {"kind": kind, "scope": scope, "cursor": cursor, "as_of": request.query_params.get("as_of"),
             "policy": request.query_params.get("policy")}
    answer = ask(engine, kind, view, scope=scope, limit=ROWS, cursor=cursor)
    return render(request, "directory", asked=asked, answer=answer, table=table(answer), frame=answer.frame,
                  framing=framed(request, view), kinds=[(k.name, k.label) for k in KINDS.values()], label=label(kind))


@router.get("/directory.csv")
def directory_file(engine: Engine, view: PageView, kind: Kind = "Enterprise", scope: Text = None) -> Response:
    pages = whole(lambda limit, cursor: ask(engine, kind, view, scope=scope, limit=limit, cursor=cursor), lambda a: a.page)
    return export(f"{label(kind)}名录", view.as_of, [table(a) for a in pages])


def label(kind: str) -> str:
    """What the kind is called: a group by its kinds."""
    return "、".join(KINDS[k].label for k in kinds_named(kind))


def table(answer: Directory) -> Table:
    """A body a row. The columns are those that bodies of the kind can have; on the page those that are empty are left out."""
    fields = _fields(answer.kind)
    made = (Column("名称"), Column("编号", only="file"), Column(CODE, code=True), *(Column(f) for f in fields), Column(PLACES))
    return Table(f"{label(answer.kind)}名录", made, [_row(b, fields) for b in answer.bodies], answer.page)


def _fields(kind: str) -> list[str]:
    """Labels of the fields that everybody may see, in the ontology's order, each once."""
    fields = [f for k in kinds_named(kind) for f in KINDS[k].fields] + list(COMMON)
    return list(dict.fromkeys(f.label for f in fields if not f.personal and f.name not in LEFT_OUT))


def _row(listed: Listed, fields: list[str]) -> list[Value]:
    return [body(listed.body), listed.body.id, Cell("、".join(listed.codes)), *(listed.fields.get(f, "") for f in fields),
            Cell("、".join(listed.places))]
