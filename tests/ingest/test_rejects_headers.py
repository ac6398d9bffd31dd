"""Refused rows of ledgers as offices lay them out: merged two-row headers, titles, several sheets, headers of one's own. Corrected and
loaded again, nothing has to be told a second time."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from graph.connect import connect
from graph.engine import GraphEngine
from graph.policy_files import policy
from ingest.guidance import Guidance
from ingest.load import load
from ingest.own_layouts import read_ledger
from ingest.sheets import COLUMNS
from ingest.worklist import worklist
from schemas.view import View
from tests.ingest.support import code, facts, register
from tests.office import needs_office, put, row_of, saved_by_office

MAPPING = """
[[sheet]]
sheet = "一季度 企业"
kind = "企业"
[sheet.columns]
"序号" = ""
"单位" = "企业名称"
"证照代码" = "统一社会信用代码"
"帮扶支部" = { relation = "被覆盖于", to = ["党组织"], many = true }
"备注" = ""
"""
WRONG = {"证照代码": code(2)[:-1] + "0", "所在楼宇": "没有楼"}
ROWS = (("甲公司", code(1), "民营", "甲楼", "0301", "2024-03-01", "甲支部", "x"),
        ("乙公司", WRONG["证照代码"], "外资", "甲楼", "0302", "2024年3月", "甲支部、乙支部", "=1+1"),
        ("丙公司", "", "民营", WRONG["所在楼宇"], "0501", date(2024, 3, 5), "无", "001"))
RIGHT = {"乙公司": {"证照代码": code(2)}, "丙公司": {"所在楼宇": "甲楼"}}


def ledger(path: Path, *, right: bool) -> Path:
    """Titles merged over all columns, groups of columns merged over them, other headers merged downwards; dates as dates and as text."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "一季度 企业"
    for row in (["某街道企业情况汇总表（截至2024年3月）"], ["填报单位：某街道"], ["序号", "单位基本情况", None, None, "地址", None, "最近核实日期", "帮扶支部", "备注"],
                [None, "单位", "证照代码", "企业性质", "所在楼宇", "房号"], *([i, *r] for i, r in enumerate(ROWS, 1)), ["合计", len(ROWS)]):
        sheet.append(row)
    for merged in ("A1:I1", "A2:I2", "A3:A4", "B3:D3", "E3:F3", "G3:G4", "H3:H4", "I3:I4"):
        sheet.merge_cells(merged)
    for number, row in enumerate(ROWS, 5):
        for header, text in RIGHT[str(row[0])].items() if right and row[0] in RIGHT else ():
            sheet.cell(number, {"证照代码": 3, "所在楼宇": 5}[header], text)
    places = book.create_sheet("楼宇")
    for row in (["楼宇名称", "重点楼宇"], ["甲楼", "是"], ["乙楼", "是" if right else "大概"]):
        places.append(row)
    relations = book.create_sheet("关系")
    for row in (["关系表"], ["起点类别", "起点", "关系", "终点类别", "终点", "角色", "开始日期"], ["企业", "甲公司", "位于", "楼宇", "乙楼", "注册地", "2023-05"]):
        relations.append(row)
    book.save(path)
    return path


def corrected(path: Path) -> Path:
    book = openpyxl.load_workbook(path)
    assert book[COLUMNS].sheet_state == "hidden"
    first, places = book["一季度 企业"], book["楼宇"]
    assert {str(m) for m in first.merged_cells.ranges} == {"B1:J1", "B2:J2", "C3:E3", "F3:G3"}
    names = {first.cell(row, 3).value: row for row in range(row_of(first, "单位") + 1, first.max_row + 1)}
    assert set(names) == set(RIGHT)
    for name, cells in RIGHT.items():
        put(first, names[name], **cells)
    put(places, places.max_row, 重点楼宇="是")
    book.save(path)
    return path


@needs_office
@pytest.mark.parametrize("office", [False, True])
def test_nothing_is_told_twice(tmp_path: Path, office: bool) -> None:
    (tmp_path / "m.toml").write_text(MAPPING, encoding="utf-8")
    told, to = Guidance(read_ledger(tmp_path / "m.toml").sheets), tmp_path / "问题行.xlsx"
    files = {r: ledger(tmp_path / f"台账{r}.xlsx", right=r) for r in (False, True)}
    if office:
        files = dict(zip(files, saved_by_office(list(files.values()), tmp_path / "办公"), strict=True))
    parties = register(tmp_path, "支部", ("党组织名称",), ("甲支部",), ("乙支部",), source="某街道", as_of="2024年3月")
    engine, other = connect(f"sqlite:///{tmp_path / '一.db'}"), connect(f"sqlite:///{tmp_path / '二.db'}")
    first = load(engine, [parties, files[False]], guidance=told, rejects=to)
    assert [r.rejected for r in first.reports] == [0, 4], first  # the relationship names a building that was refused
    (again,) = saved_by_office([corrected(to)], tmp_path / "存过")
    result = load(engine, [again])  # no mapping, nobody who confirms
    assert (result.rejects, result.reports[0].rejected) == ((), 0)
    assert not load(other, [parties, files[True]], guidance=told).rejects
    assert facts(engine) == facts(other)
    for e in (engine, other):
        e.close()


def test_what_was_guessed_and_confirmed_is_not_asked_again(engine: GraphEngine, tmp_path: Path) -> None:
    file, to = register(tmp_path, "企业", ("企业名称", "企业类形"), ("甲", "个体户")), tmp_path / "问题行.xlsx"
    load(engine, [file], dry_run=True, rejects=to, guidance=Guidance(confirm=lambda p: True))  # a dry run remembers nothing
    (reject,) = load(engine, [to], dry_run=True).rejects
    assert (reject.code, reject.column) == ("row.value", "企业类形")


def test_rows_of_a_walk_know_their_building(engine: GraphEngine, tmp_path: Path) -> None:
    load(engine, [register(tmp_path, "企业", ("企业名称", "所在楼宇"), ("甲公司", "甲楼")), register(tmp_path, "楼宇", ("楼宇名称",), ("甲楼",))])
    sheet, to = worklist(engine, "甲楼", View(policy("national"), date(2024, 6, 1)), tmp_path / "扫楼.xlsx", walked=date(2024, 5, 20)), tmp_path / "错.xlsx"
    book = openpyxl.load_workbook(sheet)
    put(book.worksheets[0], row_of(book.worksheets[0], "甲公司"), 是否仍在="大概")
    book.save(sheet)
    assert load(engine, [sheet], rejects=to).reject_files[0].rows == 1
    book = openpyxl.load_workbook(to)
    put(book.worksheets[0], row_of(book.worksheets[0], "甲公司"), 是否仍在="是")
    book.save(to)
    result = load(engine, [to])
    assert (result.rejects, result.reports[0].updated) == ((), 1)
