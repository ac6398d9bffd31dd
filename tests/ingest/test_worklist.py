"""The sheet for a walk through a building: what it tells, and what it sets when it comes back filled in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from graph.engine import GraphEngine
from graph.parts import Edge
from graph.policy_files import policy
from graph.questions.profile import profile
from graph.questions.worklist import floor_order, natural
from graph.questions.worklist import worklist as ask
from ingest.load import LoadResult, load
from ingest.worklist import RULES, worklist
from schemas.errors import InputError, QuestionError
from schemas.facts import Value
from schemas.view import View
from tests.ingest.support import RELATIONS, code, facts, names, register, values, version
from tests.office import filled, needs_office, put, row_of, saved_by_office

VIEW = View(policy("changning"), date(2024, 6, 1))
UNIT = ("企业名称", "统一社会信用代码", "所在楼宇", "楼层", "房号", "经营状态", "党组织", "最近核实日期")
IN = ("企业", "社会组织")


def stored(engine: GraphEngine, folder: Path) -> None:
    load(engine, [
        register(folder, "楼宇", ("楼宇名称",), ("东楼",), ("西楼",)),
        register(folder, "企业", UNIT, ("甲公司", code(1), "东楼", "10F", "1002", "在营", "[建于：甲公司]", "2024-01-05"), ("乙公司", "", "东楼", "2F", "", "", "", ""),
                 ("丙公司", "", "东楼", "B1", "B101", "", "", ""), ("丁公司", code(4), "西楼", "", "", "", "", "")),
        register(folder, "社团", ("社会组织名称", "所在楼宇", "楼层", "房号"), ("戊协会", "东楼", "2F", "1")),
        register(folder, "注册", ("企业名称", "注册楼宇"), ("己公司", "东楼")),
        register(folder, "岗位", ("联络岗位名称", "岗位类别", "联系单位", "任职人"), ("东楼指导员", "党建指导员", "甲公司", "张三丰"))])


def sheet_of(engine: GraphEngine, folder: Path, name: str = "扫楼.xlsx") -> Path:
    return worklist(engine, "东楼", VIEW, folder / name, walked=date(2024, 5, 20))


def rows(sheet: Worksheet) -> dict[str, int]:
    """Row by the name of the unit."""
    at = row_of(sheet, "单位名称")
    column = next(c.column for c in sheet[at] if c.value == "单位名称")
    return {str(sheet.cell(r, column).value): r for r in range(at + 1, sheet.max_row + 1) if sheet.cell(r, column).value}


def located(engine: GraphEngine, unit: str, place: str = "东楼") -> list[Edge]:
    with engine.read() as snapshot:
        (body,), (building,) = snapshot.lookup("name", unit), snapshot.lookup("name", place)
        return [e for e in snapshot.step([body.id], [("LOCATED_IN", True)], None) if e.target == building.id]


def test_the_units_floor_by_floor_with_what_is_known_and_what_to_ask(engine: GraphEngine, tmp_path: Path) -> None:
    stored(engine, tmp_path)
    found = ask(engine, "东楼", VIEW)
    assert [(u.floor, u.room, u.unit.name) for u in found.units] == [
        ("B1", "B101", "丙公司"), ("2F", "1", "戊协会"), ("2F", "", "乙公司"), ("10F", "1002", "甲公司"), ("", "", "己公司")]
    first = next(u for u in found.units if u.unit.name == "甲公司")
    assert (first.credit_code, first.status, first.coverage, first.confirmed) == (code(1), "在营", "已覆盖", "2024-01-05")
    assert ([o.unnamed for o in first.organisations], [p.name for p in first.posts]) == ([True], ["东楼指导员"])
    asked = {u.unit.name: u.ask for u in found.units}
    assert asked["乙公司"][0].startswith("有无党组织、联合党组织")
    assert "信用代码" in asked["乙公司"] and "信用代码" not in asked["甲公司"]
    assert asked["己公司"][:2] == ("楼层房号", "只登记为注册地：是否在此经营")


def test_the_sheet_shows_no_person_and_prints_on_a4(engine: GraphEngine, tmp_path: Path) -> None:
    stored(engine, tmp_path)
    book = openpyxl.load_workbook(sheet_of(engine, tmp_path))
    sheet = book.worksheets[0]
    text = "".join(str(c.value) for s in book for row in s.iter_rows() for c in row)
    assert "东楼指导员" in text and "张三丰" not in text
    assert list(rows(sheet))[1:] == ["丙公司", "戊协会", "乙公司", "甲公司", "己公司"]
    assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize), sheet.sheet_properties.pageSetUpPr.fitToPage) == ("landscape", "9", True)
    assert sheet.print_title_rows == f"${row_of(sheet, '单位名称')}:${row_of(sheet, '单位名称')}"
    assert [r[0].value.partition("．")[2] for r in book["填写说明"].iter_rows(min_row=2)] == list(RULES)


def walked(engine: GraphEngine, folder: Path, name: str = "扫楼.xlsx", **more: dict[str, str]) -> LoadResult:
    """Fill in the cells of some units, let LibreOffice save the file, and load it. A name that is not there goes to a new row."""

    def fill(sheet: Worksheet) -> None:
        at, free = rows(sheet), row_of(sheet, "单位名称") + 10
        for unit, cells in more.items():
            if unit not in at:
                free += 1
            put(sheet, at.get(unit, free), **({"单位名称": unit} if unit not in at else {}), **cells)

    return load(engine, saved_by_office([filled(sheet_of(engine, folder, name), fill)], folder / "存过"))


@needs_office
def test_what_was_seen_is_set(engine: GraphEngine, tmp_path: Path) -> None:
    stored(engine, tmp_path)
    result = walked(engine, tmp_path, 甲公司={"是否仍在": "是", "房号": "1003", "备注": "前台配合"}, 乙公司={"是否仍在": "否", "已迁出日期": "2024-04"},
                    丙公司={"是否仍在": "否", "核实日期": "2024-05-18"}, 新来公司={"楼层": "3F", "房号": "301", "统一社会信用代码": code(9), "新入驻": "是"},
                    新来协会={"类别": "社会组织", "新入驻": "是"}, 丁公司={"新入驻": "是", "楼层": "5F"})
    (report,) = result.reports
    assert (result.rejects, report.layout, report.read) == ((), "扫楼工作表", 9)
    with engine.read() as snapshot:
        record = snapshot.imports()[report.import_number or 0]
    assert (record.source, record.as_of) == ("扫楼 东楼", 20240520)
    assert values(engine, "甲公司")["confirmed"] == "2024-05-20" and values(engine, "甲公司")["remark"] == "前台配合"
    assert values(engine, "丙公司")["confirmed"] == "2024-05-18"
    assert "confirmed" not in values(engine, "戊协会")
    (first,), (second,), (third,), (fourth,), (fifth,) = (located(engine, n) for n in ("甲公司", "乙公司", "丙公司", "新来公司", "丁公司"))
    assert (first.until, first.values["room"], first.values["floor"], len(first.rows)) == (99991231, Value("1003"), Value("10F"), 2)
    assert (second.until, third.until) == (20240501, 20240520)
    assert (fourth.role, fourth.values["floor"], fifth.values["floor"]) == ("operating", Value("3F"), Value("5F"))
    assert located(engine, "丁公司", "西楼")[0].until == 99991231
    with engine.read() as snapshot:
        assert {snapshot.lookup("name", n)[0].kind for n in ("新来公司", "新来协会")} == {"Enterprise", "SocialOrganization"}
        assert len(snapshot.lookup("name", "丁公司")) == 1
        assert snapshot.lookup("credit_code", code(9))[0].name == "新来公司"
    assert [u.unit.name for u in ask(engine, "东楼", VIEW).units] == ["戊协会", "新来公司", "丁公司", "甲公司", "己公司", "新来协会"]


@needs_office
def test_loaded_twice_it_says_the_same(engine: GraphEngine, tmp_path: Path) -> None:
    """The second time from a file that was saved once more: other bytes, the same rows."""
    stored(engine, tmp_path)
    seen = {"甲公司": {"是否仍在": "是"}, "乙公司": {"是否仍在": "否", "已迁出日期": "2024-04"}, "新来公司": {"新入驻": "是"}}
    walked(engine, tmp_path, **seen)
    before = facts(engine)
    (again,) = saved_by_office([tmp_path / "存过" / "扫楼.xlsx"], tmp_path / "再存")
    book = openpyxl.load_workbook(again)
    book.properties.title = "另一份"
    book.save(again)
    (report,) = load(engine, [again]).reports
    assert (report.state, report.created, report.updated, report.rejected) == ("loaded", 0, 0, 0)
    assert facts(engine) == before


def test_a_sheet_that_was_not_filled_in_changes_nothing(engine: GraphEngine, tmp_path: Path) -> None:
    stored(engine, tmp_path)
    before = version(engine)
    (report,) = load(engine, [sheet_of(engine, tmp_path)]).reports
    assert (report.read, report.unchanged, report.rejected) == (6, 6, 0)
    assert version(engine) == before


def test_the_day_of_the_walk_may_be_filled_in(engine: GraphEngine, tmp_path: Path) -> None:
    stored(engine, tmp_path)

    def fill(sheet: Worksheet) -> None:
        sheet["B3"] = "2024-05-21"
        put(sheet, rows(sheet)["甲公司"], 是否仍在="是")

    path = worklist(engine, "东楼", VIEW, tmp_path / "空.xlsx")
    with pytest.raises(InputError) as error:
        load(engine, [path])
    assert error.value.code == "register.as-of"
    assert load(engine, [filled(path, fill)]).rejects == ()
    assert values(engine, "甲公司")["confirmed"] == "2024-05-21"


def test_the_preview_of_a_walk(engine: GraphEngine, tmp_path: Path) -> None:
    stored(engine, tmp_path)
    path = filled(sheet_of(engine, tmp_path), lambda s: (put(s, rows(s)["甲公司"], 是否仍在="是"), put(s, rows(s)["乙公司"], 是否仍在="否", 已迁出日期="2024-04")))
    found = load(engine, [path], dry_run=True, view=VIEW).difference
    assert found
    assert [(c.body.name, [(f.label, f.old, f.new) for f in c.fields]) for c in found.updated] == [
        ("乙公司", [("最近核实日期", "", "2024-05-20")]), ("甲公司", [("最近核实日期", "2024-01-05", "2024-05-20")])]
    assert [(c.step.source.name, c.fields[0].new) for c in found.ended] == [("乙公司", "2024-04")]
    assert found.conflicts_total == 0


def test_a_registered_address_is_not_ended_by_looking(engine: GraphEngine, tmp_path: Path) -> None:
    stored(engine, tmp_path)
    path = filled(sheet_of(engine, tmp_path), lambda s: put(s, rows(s)["己公司"], 是否仍在="否"))
    load(engine, [path])
    (edge,) = located(engine, "己公司")
    assert (edge.role, edge.until) == ("registered", 99991231)
    assert values(engine, "己公司")["confirmed"] == "2024-05-20"
    load(engine, [filled(sheet_of(engine, tmp_path, "二.xlsx"), lambda s: put(s, rows(s)["己公司"], 是否仍在="是"))])
    assert sorted(e.role for e in located(engine, "己公司")) == ["operating", "registered"]


def test_rows_may_be_sorted(engine: GraphEngine, tmp_path: Path) -> None:
    """The row that says which building it is may stand anywhere."""
    stored(engine, tmp_path)
    path = sheet_of(engine, tmp_path)

    def turn(sheet: Worksheet) -> None:
        at = rows(sheet)
        put(sheet, at["甲公司"], 是否仍在="是")
        first, last = at["东楼"], at["己公司"]
        for column in range(1, sheet.max_column + 1):
            one, other = sheet.cell(first, column), sheet.cell(last, column)
            one.value, other.value = other.value, one.value

    assert load(engine, [filled(path, turn)]).rejects == ()
    assert values(engine, "甲公司")["confirmed"] == "2024-05-20"


@pytest.mark.parametrize(("unit", "cells", "said"), [
    ("甲公司", {"单位名称": "别家公司", "是否仍在": "是"}, "名称被改成了"),
    ("甲公司", {"是否仍在": "是", "已迁出日期": "2024-04"}, "既写明仍在"),
    ("甲公司", {"核实日期": "2024-05-20"}, "没有填是否仍在"),
    ("甲公司", {"现名称": "丁公司", "是否仍在": "是"}, "已登记，是另一家"),
    ("甲公司", {"现名称": "新甲公司", "是否仍在": "否"}, "却不是仍在的单位"),
    ("甲公司", {"现名称": "[建于：丁公司]"}, "不是名称"),
    ("甲公司", {"是否仍在": "搬了"}, "应填 是 或 否"),
    ("甲公司", {"是否仍在": "否", "已迁出日期": "2999-01-01"}, "今天之后"),
    ("甲公司", {"编号": "en-0000000000000", "是否仍在": "是"}, "没有编号为"),
    ("甲公司", {"编号": "", "是否仍在": "否"}, "原表没有的单位"),
    ("东楼", {"编号": ""}, "没有写明是哪座楼宇"),
])
def test_what_cannot_be_is_refused(engine: GraphEngine, tmp_path: Path, unit: str, cells: dict[str, str], said: str) -> None:
    stored(engine, tmp_path)

    def fill(sheet: Worksheet) -> None:
        at = rows(sheet)[unit]
        columns = {c.value: c.column for c in sheet[row_of(sheet, "单位名称")]}
        for header, text in cells.items():
            sheet.cell(at, columns[header]).value = text or None

    before = names(engine)
    result = load(engine, [filled(sheet_of(engine, tmp_path), fill)])
    assert said in result.rejects[0].message
    assert names(engine) == before


@needs_office
def test_a_unit_that_is_called_otherwise_now(engine: GraphEngine, tmp_path: Path) -> None:
    stored(engine, tmp_path)
    result = walked(engine, tmp_path, 甲公司={"现名称": "新甲科技公司"}, 乙公司={"现名称": "乙公司", "是否仍在": "是"})
    assert (result.rejects, result.reports[0].created) == ((), 0)
    found = profile(engine, "甲公司", VIEW)
    assert (found.body.name, found.keys) == ("新甲科技公司", {"former": ("甲公司",), "credit_code": (code(1),)})
    assert values(engine, "新甲科技公司")["confirmed"] == "2024-05-20"
    assert len(located(engine, "新甲科技公司")) == 1
    assert profile(engine, "乙公司", VIEW).keys == {}
    load(engine, [register(tmp_path, "再", ("企业名称", "备注"), ("新甲科技公司", "同一家"), as_of="2024-06")])
    assert profile(engine, "甲公司", VIEW).fields["备注"] == "同一家"
    assert "新甲科技公司" in rows(openpyxl.load_workbook(sheet_of(engine, tmp_path, "下次.xlsx")).worksheets[0])


def test_a_unit_that_comes_back_has_a_new_spell(engine: GraphEngine, tmp_path: Path) -> None:
    stored(engine, tmp_path)
    load(engine, [register(tmp_path, "迁出", (*RELATIONS, "角色", "结束日期"), ("企业", "乙公司", "位于", "楼宇", "东楼", "经营地", "2024-04-01"), as_of="2024-04-02")])

    def fill(sheet: Worksheet) -> None:
        put(sheet, row_of(sheet, "单位名称") + 12, 单位名称="乙公司", 新入驻="是")

    load(engine, [filled(sheet_of(engine, tmp_path), fill)])
    assert sorted(e.until for e in located(engine, "乙公司")) == [20240401, 99991231]


def test_a_list_of_units_is_no_walk(engine: GraphEngine, tmp_path: Path) -> None:
    """Its columns are among those of the sheet, but it says nothing of what was seen."""
    (report,) = load(engine, [register(tmp_path, "企业登记表", ("单位名称", "统一社会信用代码", "企业类型", "备注"), ("甲公司", "", "民营", ""))]).reports
    assert report.layout == "企业登记表"


def test_the_sheet_of_what_is_no_building(engine: GraphEngine, tmp_path: Path) -> None:
    stored(engine, tmp_path)
    with pytest.raises(QuestionError):
        worklist(engine, "甲公司", VIEW, tmp_path / "a.xlsx")
    sheet_of(engine, tmp_path)
    with pytest.raises(InputError) as error:
        sheet_of(engine, tmp_path)
    assert error.value.code == "file.exists"


def test_floors_and_rooms_are_ordered_as_people_count() -> None:
    floors = ["地下2层", "B1", "1F", "2", "三层", "10楼", "十二层", "20F", "二十一楼", "裙楼", ""]
    assert sorted(set(floors), key=floor_order) == floors
    rooms = ["2", "10", "101", "101A", "1002-1005", "A2", "A10", "前台", ""]
    assert sorted(set(rooms), key=natural) == rooms
