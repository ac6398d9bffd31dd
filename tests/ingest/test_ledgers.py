"""Ledgers as offices keep them: their own words in headers and cells, notes in brackets, who filled them in and when."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from graph.engine import GraphEngine
from ingest.guidance import Guidance
from ingest.headers import open_register
from ingest.load import load
from schemas.errors import RegisterError
from tests.ingest.support import RELATIONS, code, names, register, rejects, values
from tests.ingest.test_layouts import ledger, read_as


@pytest.mark.parametrize(("top", "source", "as_of"), [
    (["填报单位：虹桥街道", "", "填报时间：2024年3月31日"], "虹桥街道", 20240331),
    (["填报单位（盖章）：虹桥街道", "填表人：某某", "统计时间:2024.3"], "虹桥街道", 20240301),
    (["填报单位：", "虹桥街道", "更新日期：", "2024-03-31"], "虹桥街道", 20240331),
    (["来源", "虹桥街道", "", "截至", "2024年3月"], "虹桥街道", 20240301),
    (["填报日期：2024.4.2", "", "数据截至：2024年3月"], "台账", 20240301),  # when it was filled in is only the next best
])
def test_who_and_when_stand_beside_each_other(tmp_path: Path, top: list[str], source: str, as_of: int) -> None:
    opened = open_register(ledger(tmp_path / "台账.xlsx", [["企业台账"], top, ["企业名称", "备注"], ["甲", ""]]))
    assert (opened.source, opened.as_of) == (source, as_of)


def test_a_date_left_open_is_none(tmp_path: Path) -> None:
    with pytest.raises(RegisterError) as error:
        open_register(ledger(tmp_path / "台账.xlsx", [["填报单位：某街道", "填报时间：  年  月  日"], ["企业名称"], ["甲"]]))
    assert (error.value.code, error.value.message) == ("register.as-of", "没有写明数据截至日期")


def test_notes_behind_headers(tmp_path: Path) -> None:
    headers = ["企业名称（全称）", "员工人数（人）", "是否重点企业（是/否）", "所在楼宇 [必填]", "注册资金（万元）"]
    assert read_as(ledger(tmp_path / "a.xlsx", [headers, ["甲"]])) == {
        "企业名称（全称）": "企业名称", "员工人数（人）": "从业人员规模", "是否重点企业（是/否）": "重点单位", "所在楼宇 [必填]": "所在楼宇"}


def test_a_note_that_may_change_the_meaning_is_asked_about(tmp_path: Path) -> None:
    with pytest.raises(RegisterError) as error:
        read_as(ledger(tmp_path / "a.xlsx", [["企业名称", "企业类型（内资/外资）"], ["甲"]]))
    assert (error.value.code, "“企业类型（内资/外资）”看作“企业类型”" in error.value.message) == ("register.guess", True)


def test_a_note_that_is_another_column_is_not_dropped(tmp_path: Path) -> None:
    headers = ["企业名称", "企业名称（曾用名）", "企业名称（英文）"]
    assert read_as(ledger(tmp_path / "a.xlsx", [headers, ["甲"]])) == {"企业名称": "企业名称"}


@pytest.mark.parametrize("header", ["注册地址", "党组织书记", "是否建党组织", "上级党组织", "联系单位", "联系人", "党组织类型"])
def test_what_only_sounds_alike_is_not_guessed(tmp_path: Path, header: str) -> None:
    assert read_as(ledger(tmp_path / "a.xlsx", [["企业名称", header], ["甲"]])) == {"企业名称": "企业名称"}


def test_a_personal_column_is_told_by_its_own_name(tmp_path: Path) -> None:
    with pytest.raises(RegisterError) as error:
        open_register(ledger(tmp_path / "a.xlsx", [["党组织台账"], ["填报单位：某街道", "填报日期：2024.3"], ["党组织名称", "党员数"], ["甲支部", "5"]]))
    assert error.value.message.startswith("“党员数”列是党员人数")


def test_words_of_offices_for_choices(engine: GraphEngine, tmp_path: Path) -> None:
    file = register(tmp_path, "企业", ("企业名称", "企业性质", "经营状态"), ("甲", "私营企业", "存续（在营、开业、在册）"), ("乙", "国有控股", "正常"))
    assert rejects(load(engine, [file])) == [("企业.csv", 5, "企业性质", "row.value")]  # counted here so, there so: asked back
    assert values(engine, "甲") == {"type": "private", "status": "operating"}


@pytest.mark.parametrize("cell", ["是", "√", "有", "同上", "待定", "甲支部、等"])
def test_what_is_no_name_is_refused_even_where_stubs_are_asked_for(engine: GraphEngine, tmp_path: Path, cell: str) -> None:
    file = register(tmp_path, "企业", ("企业名称", "党组织"), ("甲", cell))
    assert rejects(load(engine, [file], guidance=Guidance(stubs=True))) == [("企业.csv", 4, "党组织", "row.value")]
    assert "是" not in names(engine)


def test_leaders_of_an_alliance_are_its_members(engine: GraphEngine, tmp_path: Path) -> None:
    units = register(tmp_path, "企业", ("企业名称",), ("甲",), ("乙",))
    alliances = register(tmp_path, "联盟", ("联盟名称", "成员单位", "牵头单位"), ("某联盟", "甲、乙", "甲"))
    again = register(tmp_path, "关系", (*RELATIONS, "角色"), ("企业", "甲", "成员属于", "行业党建载体", "某联盟", "牵头"))
    assert load(engine, [units, alliances]).rejects == ()
    assert load(engine, [again]).reports[0].confirmed == 1


TWO_NEW = [["某街道“两新”组织台账（截至2024年3月）"], ["单位名称", "统一信用代码", "单位类型", "单位性质"],
           ["甲科技有限公司", code(1), "", "民营企业"], ["乙服务中心", "52310105000000001D", "", "民非"], ["丙律师事务所", "", "律师事务所", ""],
           ["丁商贸有限公司", "", "新经济组织", "个体"], ["戊基金会", "53310105000000003G", "新社会组织", "基金"]]


def test_enterprises_and_social_organisations_in_one_ledger(engine: GraphEngine, tmp_path: Path) -> None:
    file, to = ledger(tmp_path / "台账.xlsx", TWO_NEW), tmp_path / "错.xlsx"
    with pytest.raises(RegisterError) as error:
        load(engine, [file])
    assert (error.value.code, "企业登记表、社会组织登记表" in error.value.message) == ("register.guess", True)
    result = load(engine, [file], guidance=Guidance(confirm=lambda p: True), rejects=to)
    assert rejects(result) == [("台账.xlsx", 6, "单位性质", "row.value"), ("台账.xlsx", 7, "单位性质", "row.value")]
    assert (kinds(engine, "甲科技有限公司"), kinds(engine, "乙服务中心"), kinds(engine, "丙律师事务所")) == ("en", "so", "so")
    book = openpyxl.load_workbook(to)
    for sheet, right in ((book.worksheets[0], "民营"), (book.worksheets[1], "基金会")):
        sheet.cell(sheet.max_row, row_header(sheet, "单位性质")).value = right
    book.save(to)
    assert (load(engine, [to]).rejects, kinds(engine, "丁商贸有限公司"), kinds(engine, "戊基金会")) == ((), "en", "so")


def test_a_title_that_names_one_sort_means_that(tmp_path: Path) -> None:
    rows = [["某街道企业台账（截至2024年3月）"], *TWO_NEW[1:]]
    (table,) = open_register(ledger(tmp_path / "台账.xlsx", rows), Guidance(confirm=lambda p: True)).tables
    assert table.layout.kind == "Enterprise"


def test_the_code_of_a_social_organisation_is_none_of_an_enterprise(engine: GraphEngine, tmp_path: Path) -> None:
    file = register(tmp_path, "企业", ("企业名称", "统一社会信用代码"), ("乙服务中心", "52310105000000001D"))
    (reject,) = load(engine, [file]).rejects
    assert (reject.code, "社会组织" in reject.message) == ("row.credit-code", True)


def kinds(engine: GraphEngine, name: str) -> str:
    with engine.read() as snapshot:
        (body,) = snapshot.lookup(None, name)
        return body.id[:2]


def row_header(sheet: Worksheet, header: str) -> int:
    return next(c.column for row in sheet.iter_rows() for c in row if c.value == header)


BELOW = (["合  计", "", "50"], ["共计", "3家"], ["累计", "3"], ["制表：某某", "", "审核：某某"], ["单位负责人：", "填表人："], ["负责人（签字）：", ""],
         ["（盖章）", ""], ["注1：人数为年末数", ""], ["说  明：某某", ""], ["*注：某某", ""], ["数据来源：某局", ""], ["填表日期：2024年3月", ""],
         ["2024年3月31日", ""], ["第1页 共2页", ""], ["—以下空白—", ""], ["1.本表由街道填写", ""], ["填表说明：某某", ""])


@pytest.mark.parametrize("shift", [0, 1])  # in the first column, 序号, and in that of the names
def test_what_stands_below_is_no_data(engine: GraphEngine, tmp_path: Path, shift: int) -> None:
    below = [[""] * shift + row for row in (*BELOW, ["3", "小 计"])]
    rows = [["企业台账（截至2024年3月）"], ["序号", "企业名称", "员工人数"], ["1", "甲公司", "5"], ["2", "共计划科技公司", ""], ["3", "", ""], *below]
    result = load(engine, [ledger(tmp_path / "台账.xlsx", rows)])
    assert (result.rejects, names(engine)) == ((), {"甲公司", "共计划科技公司"})


@pytest.mark.parametrize("name", ["累计公司", "制表公司", "小计量器具厂", "审核咨询公司", "注册会计师协会", "说明书印刷厂", "本来公司", "第1页咖啡馆"])
def test_names_that_begin_like_notes_are_data(engine: GraphEngine, tmp_path: Path, name: str) -> None:
    assert load(engine, [register(tmp_path, "企业", ("企业名称", "备注"), (name, ""), ("360", ""))]).reports[0].created == 2
