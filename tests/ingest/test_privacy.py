"""Columns about people refuse the whole file; nothing of it is stored or told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from graph.engine import GraphEngine
from ingest.load import load
from schemas.errors import RegisterError
from schemas.identifiers import clean
from tests.ingest.corpus_made import by_xlsxwriter
from tests.ingest.support import names, register, version

Rows = list[list[str]]

PERSONAL = ("政治面貌", "入党时间", "身份证号", "身份证号码", "入党积极分子", "发展对象", "党员名单", "出生年月", "手机号", "性别", "民族",
            "公民身份号码", "身 份 证", "黨員姓名", "入党年月", "党龄", "党员", "是否党员", "党员花名册", "姓名", "移动电话", "户籍地址", "年龄",
            "身\u00ad份证号", "身\u2060份\ufe0f证", "身份証号", "性別", "戶口", "中共党员", "在职党员", "党员身份", "职工姓名", "政治身份",
            "加入中国共产党时间", "Birthday", "passport no", "sfzh", "人员名单")


@pytest.mark.parametrize(("column", "code"), [*((c, "register.personal") for c in PERSONAL), ("党员数", "register.headcount"),
                                              ("正式党员数", "register.headcount"), ("党员 人数", "register.headcount")])
def test_a_personal_column_refuses_the_file(engine: GraphEngine, tmp_path: Path, column: str, code: str) -> None:
    before = version(engine)
    bad = register(tmp_path, "bad", ("企业名称", column, "备注"), ("甲公司", "张三的隐私", "李四的隐私"))
    with pytest.raises(RegisterError) as error:
        load(engine, [bad])
    assert error.value.code == code
    assert clean(column) in error.value.message
    assert not any(cell in str(error.value) for cell in ("甲公司", "张三", "李四"))
    assert version(engine) == before
    assert not names(engine)
    result = load(engine, [bad, register(tmp_path, "good", ("企业名称",), ("乙公司",))])
    assert [r.state for r in result.reports] == ["refused", "loaded"]
    assert "隐私" not in result.model_dump_json()
    assert names(engine) == {"乙公司"}


@pytest.mark.parametrize("column", ["是否有党员", "有无党员", "是否白名单企业", "列入市级企业名单", "民族品牌", "员工人数", "联系方式", "组织名册"])
def test_columns_about_organisations_are_none(engine: GraphEngine, tmp_path: Path, column: str) -> None:
    assert load(engine, [register(tmp_path, "a", ("企业名称", column), ("甲公司", ""))]).reports[0].created == 1


TITLES = ("天山路街道重点企业名单（截至2024年3月）", "某街道企业名册", "民族企业一览", "新生企业出生统计", "请勿附党员名单，只填企业")
LISTS = ("天山路街道党员名单（截至2024年3月）", "党员花名册", "党 员 信 息 名 册", "某支部积极分子名单2024")


def merged_title(path: Path, rows: Rows) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for i, row in enumerate(rows):
            sheet.write_row(i, 0, row)
        sheet.merge_range(2, 0, 2, 2, rows[2][0])


@pytest.mark.parametrize("write", [by_xlsxwriter, merged_title])
def test_titles_are_no_columns_unless_they_list_people(engine: GraphEngine, tmp_path: Path, write: Callable[[Path, Rows], None]) -> None:
    for i, title in enumerate((*TITLES, *LISTS)):
        path = tmp_path / f"{i}.xlsx"
        write(path, [["来源", "测试"], ["截至", "2024-03"], [title], ["企业名称", "备注", "所属行业"], [f"公司{i}", "", ""]])
        if title in TITLES:
            assert load(engine, [path]).reports[0].created == 1
        else:
            with pytest.raises(RegisterError) as error:
                load(engine, [path])
            assert error.value.code == "register.personal"


@pytest.mark.parametrize("header", [("姓名", "身份证号"), ("性 别", "政治面貌"), ("党员姓名", "手机号")])
def test_a_table_about_people_below_a_register_refuses_the_file(engine: GraphEngine, tmp_path: Path, header: tuple[str, str]) -> None:
    bad = register(tmp_path, "bad", ("企业名称", "备注", "所属行业"), ("甲公司", "", ""), ("序号", *header), ("1", "张三", "310105199001011234"))
    with pytest.raises(RegisterError, match=r"bad\.csv 第 5 行") as error:
        load(engine, [bad])
    assert error.value.code == "register.personal"
    assert "张三" not in str(error.value)
    assert not names(engine)


def test_bands_of_members_are_welcome(engine: GraphEngine, tmp_path: Path) -> None:
    result = load(engine, [register(tmp_path, "a", ("企业名称", "正式党员数档"), ("甲公司", "3及以上"), ("乙公司", "0"))])
    assert result.reports[0].created == 2


def test_numbers_of_people_in_free_text_are_told_by_count_alone(engine: GraphEngine, tmp_path: Path) -> None:
    texts = ("联系人13800138000", "联系人 １３８００１３８０００", "138-0013-8000", "310105 19900101 123X")
    rows = [(f"公司{i}", text) for i, text in enumerate(texts)]
    result = load(engine, [register(tmp_path, "a", ("企业名称", "备注"), *rows, ("13800138000", "甲"), ("乙公司", "021-55555555"))])
    assert any(w.startswith("有 5 行") for w in result.reports[0].warnings)
    assert not any(text in result.model_dump_json() for text in ("8000", "０００", "123X"))
