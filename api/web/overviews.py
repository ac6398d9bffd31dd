"""Statistics, reconciliation and imports: the lists that report how things stand."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.dependencies import Cursor, Engine
from api.output.statistics import CLASSES, HIDDEN, label, period, published, registered
from api.web.asking import ROWS, PageView, Text, framed
from api.web.exports import export, whole
from api.web.gap_pages import coverage_rule
from api.web.kept import Kept
from api.web.links import Asked, address, entity
from api.web.tables import Cell, Column, Table, Value, columns
from api.web.templates import render
from graph.questions.reconciliation import reconcile
from graph.questions.statistics import statistics
from schemas.answers import Cell as Counted
from schemas.answers import Reconciled, Reconciliation, Statistics
from schemas.dates import asked as date_asked
from schemas.rates import rate
from schemas.scopes import DIMENSION_LABELS

router = APIRouter(route_class=Kept)
By = Text
COUNTED = ("单位", "覆盖率", "已覆盖", "空白点", "情况不明", "不纳入", *CLASSES.values())  # the rate first: a telephone shows three
STATES = {"covered": "ok", "uncovered": "gap", "not_known": "not_known", "exempt": "exempt"}  # status -> state of the coverage rule
COMPARED = columns("公布的内容", "公布数", "台账数", "另可能", "待补录", "依据", numbers=("公布数", "台账数", "另可能", "待补录"))
LISTED = columns("公布的内容", "公布数", "期间", "依据", numbers=("公布数",))


@router.get("/statistics")
def statistics_page(request: Request, engine: Engine, view: PageView, by: By = None, scope: Text = None, compare: Text = None,
                    cursor: Cursor = None) -> Response:
    asked = {"by": by, "scope": scope, "compare": compare, "cursor": cursor, "as_of": request.query_params.get("as_of"),
             "policy": request.query_params.get("policy")}
    answer = statistics(engine, view, by=by, scope=scope, compare=date_asked(compare) if compare else None, limit=ROWS, cursor=cursor)
    return render(request, "statistics", asked=asked, answer=answer, table=counted(answer, coverage_rule(view), asked), frame=answer.frame,
                  framing=framed(request, view), dimensions=DIMENSION_LABELS, classes=CLASSES)


@router.get("/statistics.csv")
def statistics_file(engine: Engine, view: PageView, by: By = None, scope: Text = None, compare: Text = None) -> Response:
    day = date_asked(compare) if compare else None
    pages = list(whole(lambda limit, cursor: statistics(engine, view, by=by, scope=scope, compare=day, limit=limit, cursor=cursor),
                       lambda a: a.page))
    answer = pages[0].model_copy(update={"groups": tuple(g for p in pages for g in p.groups)})
    return export("覆盖率统计", view.as_of, [counted(answer, "", {})])


def counted(answer: Statistics, rule: str, asked: Asked) -> Table:
    """A group a row, then all, then what is compared. The numbers lead to the units where ``rule`` finds them."""
    made = (Column(DIMENSION_LABELS.get(answer.by or "", "范围")), *(Column(t, number=True) for t in COUNTED))
    cells = [*answer.groups, answer.overall]
    compared = [[f"对比 {answer.compare_as_of}", *_numbers(answer.compare, "", {})]] if answer.compare else []
    return Table("覆盖率统计", made, [*(_group(c, rule, asked) for c in cells), *compared], answer.page if answer.by else None,
                 sums=1 + len(compared) if answer.by else 0, dense=True)


def _group(cell: Counted, rule: str, asked: Asked) -> list[Value]:
    if cell.suppressed:
        return [cell.group, HIDDEN, *[""] * (len(COUNTED) - 1)]
    place = {**asked, "scope": cell.group_id or asked.get("scope")} if cell.group_id or cell.group == "全部" else None
    linked = rule if place is not None else ""
    name = Cell(cell.group, entity(cell.group_id) if cell.group_id else "", strong=cell.group_id is None)
    return [name, *_numbers(cell, linked, place or {})]


def _numbers(cell: Counted, rule: str, place: Asked) -> list[Value]:
    asked = {k: v for k, v in place.items() if k in ("scope", "as_of", "policy")}
    counts: list[Value] = [Cell(str(cell.counts[s]), address("/gaps", asked, rule=rule, state=state) if rule else "")
                           if cell.counts[s] else 0 for s, state in STATES.items()]
    rates = [rate(*(cell.class_rates.get(c) or (None, None))) for c in CLASSES]
    return [cell.total or 0, Cell(rate(cell.rate_low, cell.rate_high), strong=True), *counts, *rates]


@router.get("/reconciliation")
def reconciliation_page(request: Request, engine: Engine, view: PageView, cursor: Cursor = None) -> Response:
    answer = reconcile(engine, view, limit=ROWS, cursor=cursor)
    asked = {"as_of": request.query_params.get("as_of"), "policy": request.query_params.get("policy"), "cursor": cursor}
    return render(request, "reconciliation", asked=asked, both=both(answer), compared=compared(answer), listed=listed(answer),
                  frame=answer.frame, framing=framed(request, view))


@router.get("/reconciliation.csv")
def reconciliation_file(engine: Engine, view: PageView) -> Response:
    pages = list(whole(lambda limit, cursor: reconcile(engine, view, limit=limit, cursor=cursor), lambda a: a.page))
    answer = pages[0].model_copy(update={"counts": tuple(c for p in pages for c in p.counts)})
    return export("数据核对", view.as_of, [both(answer)])


def both(answer: Reconciliation) -> Table:
    """All counts of the answer in one table: those that are compared, then the others."""
    rest = [[row[0], row[1], "", "", "", *row[2:]] for row in listed(answer).rows]
    rows = [[*row[:5], "", row[5]] for row in compared(answer).rows] + rest
    made = columns("公布的内容", "公布数", "台账数", "另可能", "待补录", "期间（只列出、不核对）", "依据",
                   numbers=("台账数", "另可能", "待补录"))
    return Table("数据核对", made, rows, answer.page)


def compared(answer: Reconciliation) -> Table:
    rows: list[list[Value]] = [[label(c), published(c), registered(c), c.possible or 0, _to_come(c), _noted(c)]
                               for c in answer.counts if c.compared]
    return Table("公布数与台账数", COMPARED, rows)


def listed(answer: Reconciliation) -> Table:
    rows: list[list[Value]] = [[label(c), published(c), period(c), _noted(c)] for c in answer.counts if not c.compared]
    return Table("只列出、不核对", LISTED, rows)


def _to_come(count: Reconciled) -> Cell:
    return Cell(count.placeholder_text, strong=count.placeholder_text != "0")


def _noted(count: Reconciled) -> Cell:
    return Cell(count.note, evidence=(count.evidence,) if count.evidence else ())
