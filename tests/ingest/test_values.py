"""What cells mean: dates, choices, sets, 是/否, 无 against empty, and the rows refused for a value."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.engine import GraphEngine
from graph.policy_files import policy
from graph.questions.coverage import coverage
from graph.questions.present import frame_for
from ingest.load import load
from ingest.values import ValueProblem, reader, several
from schemas.facts import Value
from schemas.kinds import KINDS, Field
from schemas.view import View
from tests.ingest.support import declarations, refused, register, values

FLAG, CHOICE, DATE, NUMBER = (Field(name="f", label="栏", type=t, choices={"a": "甲类", "b": "乙类"})  # type: ignore[arg-type]  # a plain str here
                              for t in ("flag", "choice", "date", "number"))
SET = Field(name="f", label="栏", type="choices", choices={"a": "甲类", "b": "乙类", "c": "丙类"})


@pytest.mark.parametrize(("field", "cell", "value"), [
    (DATE, "2024", "2024"), (DATE, "2024-3", "2024-03"), (DATE, "2024年3月", "2024-03"), (DATE, "2024.3.1", "2024-03-01"),
    (DATE, "2024/03/01", "2024-03-01"), (DATE, "２０２４年３月１日", "2024-03-01"), (DATE, " 2024 - 03 ", "2024-03"), (DATE, "20240301", "2024-03-01"),
    (DATE, "2020.9", "2020-09"), (DATE, "2020.9.", "2020-09"), (DATE, "2020-09-01", "2020-09-01"), (DATE, "202009", "2020-09"), (DATE, "44075", "2020-09-01"),
    (DATE, "二〇二〇年九月", "2020-09"), (DATE, "二零二〇年十二月二十三日", "2020-12-23"), (DATE, "二○二○年十月三十号", "2020-10-30"), (DATE, "2020/9/1 0:00", "2020-09-01"),
    (DATE, "2020-09-01T08:30:00", "2020-09-01"), (DATE, "2020年9月1号", "2020-09-01"), (DATE, "2020、9、1", "2020-09-01"), (DATE, "２０２０．９", "2020-09"),
    (DATE, "无", ""), (CHOICE, "无", ""), (NUMBER, " 无 ", ""), (FLAG, "✔", "true"), (FLAG, "✗", "false"), (FLAG, "没有", "false"),
    (NUMBER, "1.2万元", "12000"), (NUMBER, "3亿", "300000000"), (NUMBER, "１２人", "12"), (NUMBER, "2千万", "20000000"),
    (FLAG, "是", "true"), (FLAG, " 否 ", "false"), (FLAG, "√", "true"), (FLAG, "无", "false"), (FLAG, "Ｙ", "true"),
    (CHOICE, "甲类", "a"), (CHOICE, " 甲 类 ", "a"), (CHOICE, "B", "b"),
    (NUMBER, "１２", "12"), (NUMBER, "1,200", "1200"), (NUMBER, "12.0", "12"),
])
def test_values(field: Field, cell: str, value: str) -> None:
    assert reader(field)(cell, "stated") == Value(value)


@pytest.mark.parametrize(("cell", "value", "complete"), [
    ("甲类", ("a",), False), ("乙类、甲类；甲类", ("a", "b"), False), ("仅：甲类;丙类", ("a", "c"), True), ("仅: 甲类", ("a",), True), ("无", (), True),
])
def test_sets(cell: str, value: tuple[str, ...], complete: bool) -> None:
    assert reader(SET)(cell, "inferred") == Value(value, "inferred", complete)


@pytest.mark.parametrize(("field", "cell", "code"), [
    (DATE, "去年", "row.date"), (DATE, "2024-13", "row.date"), (DATE, "12345", "row.date"), (DATE, "十三月", "row.date"), (DATE, "2023-02-29", "row.date"),
    (FLAG, "大概", "row.value"), (CHOICE, "丁类", "row.value"), (CHOICE, "/", "row.value"), (SET, "甲类、丁类", "row.value"), (SET, "仅：", "row.value"),
    (NUMBER, "三", "row.value"), (NUMBER, "-1", "row.value"), (NUMBER, "1" * 5000, "row.value"), (NUMBER, "1.5", "row.value"),
])
def test_wrong_values(field: Field, cell: str, code: str) -> None:
    with pytest.raises(ValueProblem) as problem:
        reader(field)(cell, "stated")
    assert problem.value.code == code
    assert "栏" in str(problem.value)
    assert problem.value.hint


def test_what_stands_in_brackets_stays_together() -> None:
    assert several("甲、乙；丙;丁") == ["甲", "乙", "丙", "丁"]
    assert several("[建于：甲、乙公司]、丙；[联系：[建于：丁]]") == ["[建于：甲、乙公司]", "丙", "[联系：[建于：丁]]"]
    assert several("【甲、乙") == ["【甲", "乙"]


@given(st.lists(st.text("甲乙丙[]【】、；：仅无", max_size=6), max_size=4))
def test_every_part_is_something(parts: list[str]) -> None:
    assert all(several("、".join(parts)))


@given(st.sampled_from([f for k in KINDS.values() for f in k.fields]), st.text(max_size=8))
def test_a_cell_is_read_or_refused(field: Field, cell: str) -> None:
    try:
        reader(field)(cell, "stated")
    except ValueProblem as problem:
        assert problem.code and problem.hint


def test_a_basis_of_a_row_and_of_a_single_column(engine: GraphEngine, tmp_path: Path) -> None:
    header = ("联络岗位名称", "岗位类别", "岗位类别依据", "设岗单位", "设岗单位依据", "依据", "推断理由")
    assert not load(engine, [
        register(tmp_path, "posts", header, ("甲岗", "社工", "推断", "组织部", "", "", "猜的"), ("乙岗", "社工", "明示", "组织部", "", "推断", "猜的")),
        register(tmp_path, "departments", ("职能部门名称",), ("组织部",)),
    ]).rejects
    with engine.read() as snapshot:
        (one,), (two,) = snapshot.lookup(None, "甲岗"), snapshot.lookup(None, "乙岗")
        assert (one.values["sort"].basis, two.values["sort"].basis) == ("inferred", "stated")
        edges = {e.target: (e.stated, e.reason) for e in snapshot.step([one.id, two.id], [("EMPLOYS", False)], None)}
    assert edges == {one.id: (True, ""), two.id: (False, "猜的")}


def test_a_wrong_basis_is_told_at_its_column(engine: GraphEngine, tmp_path: Path) -> None:
    posts = register(tmp_path, "posts", ("联络岗位名称", "岗位类别", "岗位类别依据"), ("甲岗", "社工", "听说"))
    reject = refused(engine, posts)
    assert (reject.code, reject.column) == ("row.basis", "岗位类别依据")


OTHER_HOPS = "".join(f"""
[[completeness]]
scope = ["(:Enterprise)"]
hop = "{hop}"
""" for hop in ("(:Enterprise)-[:LOCATED_IN]->(:Building|Park)", "(:Enterprise)<-[:COVERS]-(:PartyOrganization|MassOrganization)",
                "(:Enterprise)<-[:LIAISES_WITH]-(:LiaisonPost)", "(:Enterprise)<-[:FORMED_IN]-(:LiaisonPost|MassOrganization)"))


def test_none_closes_and_an_empty_cell_does_not(engine: GraphEngine, tmp_path: Path) -> None:
    """All other hops are declared complete, so that the cell 党组织 decides."""
    enterprises = register(tmp_path, "enterprises", ("企业名称", "党组织", "备注"), ("甲公司", "无", ""), ("乙公司", "", ""), ("丙公司", "", "无"),
                           ("丁公司", "暂无", ""))
    assert not load(engine, [enterprises, declarations(tmp_path, OTHER_HOPS)]).rejects
    view = View(policy("national"), date(2024, 6, 1))
    assert coverage(engine, "甲公司", view).status == "uncovered"
    assert coverage(engine, "丁公司", view).status == "uncovered"
    assert coverage(engine, "乙公司", view).status == "not_known"
    assert coverage(engine, "丙公司", view).status == "not_known"
    assert values(engine, "丙公司") == {"remark": ""}  # there is none, and it is said


ENTERPRISE = ("企业名称", "统一社会信用代码", "企业类型", "成立", "所在街镇", "开始日期", "结束日期", "是否已结束")


@pytest.mark.parametrize(("row", "column", "code", "told"), [
    ({"统一社会信用代码": "911100001000013428"}, "统一社会信用代码", "row.credit-code", "末位应为"),
    ({"统一社会信用代码": "9111"}, "统一社会信用代码", "row.credit-code", "18 位"),
    ({"统一社会信用代码": "9.1310E+17"}, "统一社会信用代码", "row.credit-code-number", "数字格式"),
    ({"统一社会信用代码": "913101050000000000.0"}, "统一社会信用代码", "row.credit-code-number", "数字格式"),
    ({"企业类型": "私人"}, "企业类型", "row.value", "私人"),
    ({"所在街镇": "某街道", "开始日期": "2024-05", "结束日期": "2024-03"}, "结束日期", "row.end-before-start", "不晚于"),
    ({"所在街镇": "某街道", "开始日期": "不详"}, "开始日期", "row.date", "不详"),
    ({"所在街镇": "某街道", "是否已结束": "也许"}, "是否已结束", "row.value", "也许"),
    ({"企业名称": "", "企业类型": "民营"}, "企业名称", "row.name-missing", "空"),
    ({"企业名称": "无"}, "企业名称", "row.name-missing", "无"),
    ({"企业名称": "[建于："}, "企业名称", "row.brackets", "不完整"),
])
def test_rows_refused_for_a_value(engine: GraphEngine, tmp_path: Path, row: dict[str, Any], column: str, code: str, told: str) -> None:
    cells = [{"企业名称": "甲公司", **row}.get(h, "") for h in ENTERPRISE]
    result = load(engine, [register(tmp_path, "企业", ENTERPRISE, ("好公司", *[""] * 7), cells),
                           register(tmp_path, "街镇", ("街镇名称",), ("某街道",))])
    (reject,) = result.rejects
    assert (reject.file, reject.row, reject.column, reject.code) == ("企业.csv", 5, column, code)
    assert told in reject.message
    assert reject.hint
    assert (result.reports[0].created, result.reports[0].rejected) == (1, 1)


def test_the_column_is_called_as_in_the_file(engine: GraphEngine, tmp_path: Path) -> None:
    reject = refused(engine, register(tmp_path, "a", ("企业全称", "经营楼宇"), ("甲公司", "不知哪栋楼")))
    assert reject.column == "经营楼宇"


BAND = Field(name="f", label="栏", type="choice", choices={"0-9": "10人以下", "10-49": "10-49人", "300+": "300人及以上"})


@pytest.mark.parametrize(("cell", "value"), [("45", "10-49"), ("9人", "0-9"), ("４５", "10-49"), ("1200", "300+"), ("1,200 名", "300+")])
def test_a_number_is_in_its_band(cell: str, value: str) -> None:
    assert reader(BAND)(cell, "stated") == Value(value)


def test_only_these_closes_a_relationship_column(engine: GraphEngine, tmp_path: Path) -> None:
    """仅： lists all, so that the hop is closed as by 无; without it, it stays open."""
    orgs = register(tmp_path, "党组织", ("党组织名称", "组建形式"), ("甲支部", "区域性"))
    header = ("企业名称", "党组织", "联合党组织")
    units = register(tmp_path, "企业", header, ("甲公司", "无", "仅：甲支部"), ("乙公司", "无", "甲支部"), ("丙公司", "无", "仅："))
    result = load(engine, [orgs, units])
    assert [(r.row, r.code) for r in result.rejects] == [(6, "row.value")]
    with engine.read() as snapshot:
        frame = frame_for(snapshot, View(policy("national"), date(2024, 6, 1)))
        ids = {n: snapshot.lookup("name", n)[0].id for n in ("甲公司", "乙公司")}
        (hop,) = [h for h in snapshot.hop_signatures() if "COVERS" in h]
        assert snapshot.closed_singly(ids.values(), hop, frame) == {ids["甲公司"]}
        assert len(snapshot.step(ids.values(), [("COVERS", False)], None)) == 2


@pytest.mark.parametrize("cell", ["9.13101051234568E+16", "1234567890123456789.0"])
def test_numbers_that_lost_digits_are_refused_in_any_column(engine: GraphEngine, tmp_path: Path, cell: str) -> None:
    for header in ("备注", "所在楼宇"):
        reject = refused(engine, register(tmp_path, "a", ("企业名称", header), ("甲公司", cell)))
        assert (reject.code, reject.column) == ("row.digits-lost", header)


def test_a_name_with_separators_in_it_is_one_name(engine: GraphEngine, tmp_path: Path) -> None:
    orgs = register(tmp_path, "党组织", ("党组织名称",), ("甲、乙公司联合党支部",), ("丙支部",))
    units = register(tmp_path, "企业", ("企业名称", "联合党组织"), ("甲公司", "丙支部、甲、乙公司联合党支部"), ("丁公司", "甲、乙公司联合党支部；丙支部"))
    assert not load(engine, [orgs, units]).rejects
    with engine.read() as snapshot:
        assert [len(snapshot.step([snapshot.lookup("name", n)[0].id], [("COVERS", False)], None)) for n in ("甲公司", "丁公司")] == [2, 2]


@pytest.mark.parametrize("cell", ["/", "——", "-"])
def test_a_stroke_says_nothing_clear(engine: GraphEngine, tmp_path: Path, cell: str) -> None:
    reject = refused(engine, register(tmp_path, "a", ("企业名称", "所在楼宇"), ("甲公司", cell)))
    assert (reject.code, "看不出" in reject.message) == ("row.value", True)
