"""What is told where a header, a name or a cell is not quite right."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.engine import GraphEngine
from ingest.headers import open_register
from ingest.load import load
from ingest.resolve import SUGGESTIONS
from schemas.errors import RegisterError
from tests.ingest.support import RELATIONS, register, rejects, values


def test_an_unknown_column_is_told_and_one_that_resembles_another_is_a_guess(tmp_path: Path) -> None:
    found = open_register(register(tmp_path, "企业", ("序号", "企业名称", "开户银行")))
    assert found.warnings == ["不认识“开户银行”列，未导入该列"]
    with pytest.raises(RegisterError, match="“经营状况”看作“经营状态”") as error:
        open_register(register(tmp_path, "企业", ("企业名称", "经营状况", "开户银行")))
    assert error.value.code == "register.guess"


def test_a_misspelt_required_column_is_told(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match=r"缺少列：终点类别；不认识“终点类型”列（是否应为“终点类别”？）"):
        open_register(register(tmp_path, "关系", ("起点类别", "起点", "关系", "终点类型", "终点")))


@pytest.mark.parametrize("header", ["党员数", "正式党员人数", "在册党员总数", "党员（人）"])
def test_headcounts_of_members_refuse_the_file(engine: GraphEngine, tmp_path: Path, header: str) -> None:
    with pytest.raises(RegisterError, match="正式党员数档"):
        load(engine, [register(tmp_path, "企业", ("企业名称", header), ("甲公司", "7"))])


def test_a_duty_phone_is_where_it_belongs(engine: GraphEngine, tmp_path: Path) -> None:
    report, = load(engine, [register(tmp_path, "岗位", ("联络岗位名称", "值班电话"), ("甲岗", "13800000000"))]).reports
    assert report.warnings == ()


def test_a_register_of_strangers_is_refused_row_by_row(engine: GraphEngine, tmp_path: Path) -> None:
    """The nearest names are looked for a limited number of times; all rows are counted."""
    units = register(tmp_path, "企业", ("企业名称",), *((f"公司{i}",) for i in range(50)))
    rows = [("企业", f"公司甲{i}", "位于", "楼宇", "甲楼") for i in range(SUGGESTIONS + 100)]
    result = load(engine, [units, register(tmp_path, "关系", RELATIONS, *rows)])
    assert result.reports[1].rejected == len(rows)
    assert ["是否指" in r.hint for r in result.rejects] == [True] * SUGGESTIONS + [False] * 100


def test_a_start_at_the_as_of_cannot_have_ended(engine: GraphEngine, tmp_path: Path) -> None:
    header = (*RELATIONS, "开始日期", "是否已结束")
    bodies = [register(tmp_path, "企业", ("企业名称",), ("甲公司",)), register(tmp_path, "行业", ("行业名称",), ("甲业",), ("乙业",))]
    rows = [("企业", "甲公司", "所属行业", "行业", "甲业", "2024-03", "是"), ("企业", "甲公司", "所属行业", "行业", "乙业", "2024-02", "是")]
    result = load(engine, [*bodies, register(tmp_path, "关系", header, *rows, as_of="2024-03")])
    assert rejects(result) == [("关系.csv", 4, "是否已结束", "row.end-before-start")]


@pytest.mark.parametrize(("name", "code"), [("9.13101E+17", "row.credit-code-number"), ("９．１３Ｅ＋１７", "row.credit-code-number"),
                                            ("310105123456789", "row.credit-code")])
def test_a_code_that_lost_its_digits(engine: GraphEngine, tmp_path: Path, name: str, code: str) -> None:
    result = load(engine, [register(tmp_path, "企业", ("企业名称", "统一社会信用代码"), ("甲公司", name))])
    assert rejects(result) == [("企业.csv", 4, "统一社会信用代码", code)]


@pytest.mark.parametrize("name", ["/", "——", "（）"])
def test_marks_are_no_name(engine: GraphEngine, tmp_path: Path, name: str) -> None:
    result = load(engine, [register(tmp_path, "企业", ("企业名称",), ("甲公司",), (name,))])
    assert rejects(result) == [("企业.csv", 5, "企业名称", "row.name-missing")]


def test_keys_of_json_may_be_names_of_fields(engine: GraphEngine, tmp_path: Path) -> None:
    path = tmp_path / "企业.jsonl"
    path.write_text('{"来源": "测试", "截至": "2024-06"}\n{"企业名称": "甲公司", "full_member_band": "3+", "key": true}\n', encoding="utf-8")
    assert load(engine, [path]).reports[0].warnings == ()
    assert values(engine, "甲公司") == {"full_member_band": "3+", "key": "true"}


def test_a_file_that_cannot_be_read_leaves_the_others(engine: GraphEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad = register(tmp_path, "企业", ("企业名称",), ("甲公司",)), register(tmp_path, "楼宇", ("楼宇名称",), ("甲楼",))
    opened = Path.open

    def locked(path: Path, *args: object, **more: object) -> object:
        if path == bad:
            raise PermissionError(13, "Permission denied")  # as on Windows, where an office program has the file open
        return opened(path, *args, **more)  # type: ignore[call-overload]  # passed on as it came

    monkeypatch.setattr(Path, "open", locked)
    assert [(r.state, r.created) for r in load(engine, [bad, good]).reports] == [("refused", 0), ("loaded", 1)]
    with pytest.raises(RegisterError, match="没有权限"):
        load(engine, [bad])
