"""Writes the sheet for a walk through a building (扫楼): floor by floor what is known and what to ask, and cells to fill in. Filled
in, it is loaded like any register (``ingest.walk``)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from xlsxwriter.worksheet import Worksheet

from graph.engine import GraphEngine
from graph.questions.worklist import worklist as ask
from ingest.sheets import GUIDE, LISTS
from ingest.template import checked_path
from ingest.walk_layout import PLACE_ROW, ROLES, UNITS
from ingest.workbook import Workbook, height, page
from schemas.parts import BodyRef
from schemas.view import View
from schemas.worklist import Worklist, WorklistUnit

HEADER = 4  # 0-based row of the header
NEW_ROWS = 20  # empty rows for units that moved in
WIDTHS = {"楼层": 7, "房号": 9, "类别": 9, "单位名称": 24, "统一社会信用代码": 20, "经营状态": 9,
          "党组织与群团": 16, "覆盖情况": 10, "联络岗位": 14, "最近核实日期": 12, "需要核实": 30, "是否仍在": 9, "现名称": 16, "新入驻": 8,
          "已迁出日期": 12, "核实日期": 12, "备注": 18, "地址类别": 8, "编号": 18}
EMPTY = ("经营状态", "党组织与群团", "覆盖情况", "联络岗位", "最近核实日期", "需要核实", "地址类别", "编号")  # of a unit that moved in
TO_FILL = ("是否仍在", "现名称", "新入驻", "已迁出日期", "核实日期", "备注")
HIDDEN = ("地址类别", "编号")  # for loading; the former is shown where some unit is only registered there
AT = {header: i for i, header in enumerate(WIDTHS)}
CHOICES = {"是否仍在": ("是", "否"), "新入驻": ("是",), "类别": tuple(UNITS)}
HINTS = {
    "是否仍在": "还在的填 是，不在了的填 否；没有看的留空", "现名称": "只是改了名的，写现在的名称",
    "新入驻": "新来的单位填 是，写在表末的空行里",
    "类别": "企业或社会组织；不填算企业", "已迁出日期": "知道哪天搬走就写，如 2024-05 或 2024-05-20",
    "核实日期": "哪天核实的；不填就是上方截至的那天", "备注": "其他情况；不要写个人信息",
}
RULES = (
    "先填上方“截至”：走访的日期，如 2024-05-20。",
    "每家单位：还在的，“是否仍在”填 是；不在了的填 否，知道哪天搬走就再写“已迁出日期”。没有看的留空，什么也不会改变。",
    "新来的单位写在表末空行：楼层、房号、类别、单位名称（有执照的照抄信用代码），“新入驻”填 是；“编号”留空。",
    "单位名称和编号不要改。只是改了名的，把现在的名称写进“现名称”，原来的成为曾用名；换了别家的：原单位填 否，新单位另起一行。",
    "楼层、房号不对的可以直接改；还在的单位按改后的登记。",
    "注册地在此而人不在此的，“是否仍在”填 否：不会改变注册地，只记下核实日期。",
    "“需要核实”是还不清楚的事，核实到的写进备注，或填进相应的登记表。不要写个人姓名、电话。",
    "填好后：jingluo load 这个文件（先加 --dry-run 预检）。",
)


def worklist(engine: GraphEngine, place: str, view: View, path: Path | None = None, *, walked: date | None = None) -> Path:
    """Write the sheet of a building or park; where it was written, by default 扫楼_NAME.xlsx in the current folder.

    ``walked``: the day of the walk, left to be filled in by default. Raises UnknownBodyError, QuestionError (no building or park),
    InputError (a file that is there already, since somebody may have filled it in; one that cannot be written).

    >>> worklist(engine, "龙之梦雅仕大厦", view, Path("扫楼.xlsx"))
    PosixPath('扫楼.xlsx')
    """
    found = ask(engine, place, view)
    path = checked_path(path or Path(f"扫楼_{found.place.name}.xlsx"))
    with Workbook(path) as book:
        sheet = book.sheet("扫楼")
        guide = book.sheet(GUIDE)
        _head(book, sheet, found, walked)
        last = _units(book, sheet, found)
        _new_units(book, sheet, last + 1)
        _choices(book, sheet, last + 1 + NEW_ROWS)
        _guide(book, guide)
    return path


def _head(book: Workbook, sheet: Worksheet, found: Worklist, walked: date | None) -> None:
    hidden = HIDDEN[1:] if any(u.role == "registered" for u in found.units) else HIDDEN
    for i, (header, wide) in enumerate(WIDTHS.items()):
        sheet.set_column(i, i, wide, book.style("text"), {"hidden": header in hidden})
    more = f"，此处 {len(found.units)} 家" if found.total > len(found.units) else ""
    book.row(sheet, 0, [f"扫楼工作表：{found.place.name}（登记 {found.total} 家{more}，按 {found.frame.as_of}）"], "title")
    sheet.set_row(0, 26)
    book.row(sheet, 1, ["来源"], "label")
    book.row(sheet, 1, [f"扫楼 {found.place.name}"], first=1)
    book.row(sheet, 2, ["截至"], "label")
    sheet.merge_range(2, 1, 2, 2, walked.isoformat() if walked else "", book.style("fill"))
    book.row(sheet, 3, ["↑ 填走访日期，如 2024-05-20" if walked is None else ""], "hint", first=1)  # two cells a line are read
    sheet.data_validation(2, 1, 2, 1, {"validate": "any", "input_title": "走访日期", "input_message": "如 2024-05-20"})
    sheet.set_row(HEADER, 32)
    for header, i in AT.items():
        sheet.write_string(HEADER, i, header, book.style("needed" if header in TO_FILL else "header"))
    sheet.freeze_panes(HEADER + 1, AT["统一社会信用代码"])
    page(sheet, HEADER, [w for h, w in WIDTHS.items() if h not in hidden])
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, HEADER + 1 + len(found.units) + 1 + NEW_ROWS, AT["地址类别"])


def _units(book: Workbook, sheet: Worksheet, found: Worklist) -> int:
    """A row for the building, then one a unit; the last row written."""
    at = HEADER + 1
    _row(book, sheet, at, {"类别": PLACE_ROW, "单位名称": found.place.name, "编号": found.place.id}, "place")
    floor = None
    for u in found.units:
        at += 1
        _row(book, sheet, at, _cells(u), "first" if u.floor != floor else "grid")
        floor = u.floor
    return at


def _cells(u: WorklistUnit) -> dict[str, str]:
    return {
        "楼层": u.floor, "房号": u.room, "类别": u.unit.kind_label, "单位名称": "" if u.unit.unnamed else u.unit.name,
        "统一社会信用代码": u.credit_code, "经营状态": u.status, "党组织与群团": _names(u.organisations), "覆盖情况": u.coverage,
        "联络岗位": _names(u.posts), "最近核实日期": u.confirmed, "需要核实": "；".join(u.ask),
        "地址类别": ROLES.get(u.role, u.role), "编号": u.unit.id}


def _names(bodies: Sequence[BodyRef]) -> str:
    """Each by its name, one without by what it is."""
    return "、".join(dict.fromkeys(f"{b.kind_label}（名称未公布）" if b.unnamed else b.name for b in bodies))


def _row(book: Workbook, sheet: Worksheet, at: int, cells: dict[str, str], style: str) -> None:
    texts = [cells.get(h, "") for h in WIDTHS]
    sheet.set_row(at, max(height(texts, list(WIDTHS.values())), 22))
    for header, i in AT.items():
        fill = header in TO_FILL and style != "place"
        own = {"first": "fill_first"}.get(style, "fill") if fill else style
        book.row(sheet, at, [texts[i]], own, first=i, empty=True)


def _new_units(book: Workbook, sheet: Worksheet, at: int) -> None:
    told = "说明：以下填写新入驻的单位（楼层、房号、类别、单位名称、信用代码、新入驻 是）"
    sheet.merge_range(at, 0, at, AT["地址类别"], told, book.style("label"))
    for row in range(at + 1, at + 1 + NEW_ROWS):
        sheet.set_row(row, 20)
        for header, i in AT.items():
            sheet.write_blank(row, i, None, book.style("grid" if header in EMPTY else "fill"))


def _choices(book: Workbook, sheet: Worksheet, last: int) -> None:
    lists = book.sheet(LISTS)
    lists.hide()
    for column, (header, options) in enumerate(CHOICES.items()):
        for row, option in enumerate(options):
            lists.write_string(row, column, option)
        letter = chr(ord("A") + column)
        sheet.data_validation(HEADER + 2, AT[header], last, AT[header], {
            "validate": "list", "source": f"={LISTS}!${letter}$1:${letter}${len(options)}", "input_title": header,
            "input_message": HINTS[header], "error_title": "没有这个选项", "error_message": "请从下拉列表中选；没有看的留空"})
    for header in ("现名称", "已迁出日期", "核实日期", "备注"):
        sheet.data_validation(HEADER + 2, AT[header], last, AT[header],
                              {"validate": "any", "input_title": header, "input_message": HINTS[header]})


def _guide(book: Workbook, sheet: Worksheet) -> None:
    sheet.set_column(0, 0, 110)
    sheet.hide_gridlines(2)
    book.row(sheet, 0, [GUIDE], "title")
    for i, rule in enumerate(RULES, 1):
        book.row(sheet, i, [f"{i}．{rule}"], "note")
        sheet.set_row(i, height([rule], [110]))
    page(sheet, 0, [110])
