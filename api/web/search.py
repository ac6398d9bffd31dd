"""Search: the hits as a list, and a few of them as suggestions while somebody types."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.dependencies import Cursor, Engine
from api.output.lists import HOW
from api.output.paper import name
from api.web.asking import ROWS, Text, several
from api.web.exports import export, whole
from api.web.links import address, entity
from api.web.tables import Cell, Table, Value, body, columns
from api.web.templates import render
from graph.questions.search import search as ask
from schemas.answers import SearchResult
from schemas.dates import today
from schemas.kinds import KINDS

router = APIRouter()
SUGGESTED = 8
COLUMNS = columns("名称", "类别", "编号", "匹配", "匹配方式", file=("编号",))
Kind = Annotated[str | None, Query(max_length=40)]


@router.get("/search")
def search(request: Request, engine: Engine, q: Text = None, kind: Kind = None, cursor: Cursor = None) -> Response:
    """One hit of just this name is opened at once."""
    asked = {"q": q, "kind": kind, "cursor": cursor}
    answer = ask(engine, q or "", kinds=_kinds(kind), limit=ROWS, cursor=cursor) if q else None
    if answer and answer.page.total == 1 and answer.hits[0].how in ("key", "exact"):
        return RedirectResponse(entity(answer.hits[0].body.id), 303)
    return render(request, "search", asked=asked, answer=answer, table=table(answer) if answer else None,
                  kinds=[(k.name, k.label) for k in KINDS.values()])


@router.get("/search.csv")
def search_file(engine: Engine, q: Text = None, kind: Kind = None) -> Response:
    pages = whole(lambda limit, cursor: ask(engine, q or "", kinds=_kinds(kind), limit=limit, cursor=cursor), lambda a: a.page)
    return export("查找结果", today(), [table(a) for a in pages])


@router.get("/suggest/{field}")
def suggest(request: Request, engine: Engine, field: str, kind: Kind = None) -> Response:
    """The options below the input ``field``. An option fills in the name where only one body has it, else the public id."""
    typed = request.query_params.get(field, "")[:200]
    text = (several(typed) or ("",))[-1]  # of several names the one that is being typed
    answer = ask(engine, text, kinds=_kinds(kind), limit=SUGGESTED) if text else None
    names = [name(h.body) for h in answer.hits] if answer else []
    values = [h.body.id if h.body.unnamed or names.count(name(h.body)) > 1 else h.body.name for h in answer.hits] if answer else []
    return render(request, "suggest", field=field, answer=answer, values=values,
                  more=address("/search", {"q": text, "kind": kind}))


def table(answer: SearchResult) -> Table:
    rows: list[list[Value]] = [[body(h.body), h.body.kind_label, h.body.id, Cell(h.matched), HOW[h.how]] for h in answer.hits]
    return Table("查找结果", COLUMNS, rows, answer.page)


def _kinds(kind: str | None) -> tuple[str, ...]:
    return tuple(kind.split("|")) if kind else ()
