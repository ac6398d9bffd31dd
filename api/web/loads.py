"""What was loaded. Not kept: a load under way is seen before the data change."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.dependencies import Cursor, Engine
from api.output.loads import import_state, moment
from api.web.asking import ROWS
from api.web.exports import export, whole
from api.web.tables import Table, Value, columns
from api.web.templates import render
from graph.questions.imports import imports
from schemas.dates import today
from schemas.reports import ImportList, ImportRecord

router = APIRouter()
LOADED = columns("序号", "文件", "来源", "截至", "导入时间", "导入人", "状态", "读取", "问题行", "摘要", numbers=("序号", "读取", "问题行"))


@router.get("/imports")
def imports_page(request: Request, engine: Engine, cursor: Cursor = None) -> Response:
    return render(request, "imports", table=loaded(imports(engine, limit=ROWS, cursor=cursor)), asked={"cursor": cursor})


@router.get("/imports.csv")
def imports_file(engine: Engine) -> Response:
    pages = whole(lambda limit, cursor: imports(engine, limit=limit, cursor=cursor), lambda a: a.page)
    return export("导入记录", today(), [loaded(a) for a in pages])


def loaded(answer: ImportList) -> Table:
    return Table("导入记录", LOADED, [_import(r) for r in answer.imports], answer.page)


def _import(r: ImportRecord) -> list[Value]:
    return [r.number, r.file + ("〔虚构〕" if r.synthetic else ""), r.source, r.as_of, moment(r.at), r.who,
            import_state(r), str(r.counts.get("read", "")), str(r.counts.get("rejected", "")), r.digest[:8]]
