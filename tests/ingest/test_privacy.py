"""Columns about people refuse the whole file; nothing of it is stored or told."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.engine import GraphEngine
from ingest.load import load
from schemas.errors import RegisterError
from tests.ingest.support import names, register, version

PERSONAL = ("政治面貌", "入党时间", "身份证号", "身份证号码", "入党积极分子", "发展对象", "党员名单", "出生年月", "手机号", "性别", "民族",
            "公民身份号码", "身 份 证", "黨員姓名", "入党年月", "党龄", "党员", "是否党员", "党员花名册", "姓名", "移动电话", "户籍地址", "年龄")


@pytest.mark.parametrize(("column", "code"), [*((c, "register.personal") for c in PERSONAL), ("党员数", "register.headcount"),
                                              ("正式党员数", "register.headcount"), ("党员 人数", "register.headcount")])
def test_a_personal_column_refuses_the_file(engine: GraphEngine, tmp_path: Path, column: str, code: str) -> None:
    before = version(engine)
    bad = register(tmp_path, "bad", ("企业名称", column, "备注"), ("甲公司", "张三的隐私", "李四的隐私"))
    with pytest.raises(RegisterError) as error:
        load(engine, [bad])
    assert error.value.code == code
    assert column in error.value.message
    assert not any(cell in str(error.value) for cell in ("甲公司", "张三", "李四"))
    assert version(engine) == before
    assert not names(engine)
    result = load(engine, [bad, register(tmp_path, "good", ("企业名称",), ("乙公司",))])
    assert [r.state for r in result.reports] == ["refused", "loaded"]
    assert "隐私" not in result.model_dump_json()
    assert names(engine) == {"乙公司"}


def test_bands_of_members_are_welcome(engine: GraphEngine, tmp_path: Path) -> None:
    result = load(engine, [register(tmp_path, "a", ("企业名称", "正式党员数档"), ("甲公司", "3及以上"), ("乙公司", "0"))])
    assert result.reports[0].created == 2


def test_numbers_of_people_in_free_text_are_told_by_count_alone(engine: GraphEngine, tmp_path: Path) -> None:
    result = load(engine, [register(tmp_path, "a", ("企业名称", "备注"), ("甲公司", "联系人13800138000"), ("乙公司", "无"))])
    assert any(w.startswith("有 1 行") for w in result.reports[0].warnings)
    assert "13800138000" not in result.model_dump_json()
