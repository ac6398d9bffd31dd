"""Which body a name means: unknown, ambiguous and other names; bodies without a published name."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.engine import GraphEngine
from ingest.load import load
from tests.ingest.support import RELATIONS, code, facts, names, refused, register, rejects


def test_an_unknown_name_is_refused_with_the_nearest(engine: GraphEngine, tmp_path: Path) -> None:
    buildings = register(tmp_path, "楼宇", ("楼宇名称",), ("东银中心大厦",))
    reject = refused(engine, buildings, register(tmp_path, "企业", ("企业名称", "所在楼宇"), ("甲公司", "东银中心"), ("乙公司", "")))
    assert (reject.file, reject.row, reject.column, reject.code) == ("企业.csv", 4, "所在楼宇", "row.unknown-reference")
    assert "东银中心大厦" in reject.hint
    assert names(engine) == {"东银中心大厦", "乙公司"}
    again = refused(engine, register(tmp_path, "later", ("企业名称", "所在楼宇"), ("甲公司", "东银中心")))
    assert "东银中心大厦" in again.hint


@pytest.mark.parametrize("called", ["甲公司", "甲", "甲（旧）", "甲牌", code(1), code(1).lower(), " 甲　公司 "])
def test_a_body_answers_to_all_its_names_in_this_load_and_later(engine: GraphEngine, tmp_path: Path, called: str) -> None:
    unit = register(tmp_path, "企业", ("企业名称", "信用代码", "简称", "曾用名", "品牌"), ("甲公司", code(1), "甲", "甲（旧）", "甲牌、甲标"))
    organisation = register(tmp_path, "党组织", ("党组织名称", "建于"), ("某支部", called))
    assert not load(engine, [organisation, unit]).rejects
    later = register(tmp_path, "岗位", ("联络岗位名称", "建于"), ("某岗", called))
    assert not load(engine, [later]).rejects
    assert names(engine) == {"甲公司", "某支部", "某岗"}


def test_a_name_that_several_have_is_ambiguous(engine: GraphEngine, tmp_path: Path) -> None:
    units = register(tmp_path, "企业", ("企业名称", "信用代码"), ("甲公司", code(1)), ("甲公司", code(2)), ("甲公司", ""))
    organisations = register(tmp_path, "党组织", ("党组织名称", "建于"), ("一支部", "甲公司"), ("二支部", code(2)))
    result = load(engine, [units, organisations])
    assert rejects(result) == [("企业.csv", 6, "企业名称", "row.ambiguous-reference"), ("党组织.csv", 4, "建于", "row.ambiguous-reference")]
    assert result.reports[0].created == 2


def test_a_nickname_of_one_that_is_the_name_of_another_is_ambiguous(engine: GraphEngine, tmp_path: Path) -> None:
    load(engine, [register(tmp_path, "one", ("企业名称",), ("甲",))])
    other = register(tmp_path, "two", ("企业名称", "简称"), ("乙公司", "甲"))
    reject = refused(engine, other, register(tmp_path, "党组织", ("党组织名称", "建于"), ("一支部", "甲")))
    assert reject.code == "row.ambiguous-reference"


def test_a_code_that_arrives_later_is_one_more_key(engine: GraphEngine, tmp_path: Path) -> None:
    load(engine, [register(tmp_path, "a", ("企业名称",), ("甲公司",))])
    result = load(engine, [register(tmp_path, "b", ("企业名称", "信用代码"), ("甲公司", code(1)), as_of="2024-04")])
    assert result.reports[0].updated == 1
    with engine.read() as snapshot:
        assert [b.name for b in snapshot.lookup("credit_code", code(1))] == ["甲公司"]
        assert snapshot.counts()["Enterprise"] == 1


def test_two_codes_do_not_share_the_body_without_one(engine: GraphEngine, tmp_path: Path) -> None:
    load(engine, [register(tmp_path, "a", ("企业名称",), ("甲公司",))])
    load(engine, [register(tmp_path, "b", ("企业名称", "信用代码"), ("甲公司", code(1)), ("甲公司", code(2)), as_of="2024-04")])
    with engine.read() as snapshot:
        assert snapshot.lookup("credit_code", code(1)) != snapshot.lookup("credit_code", code(2))


def test_the_same_name_of_two_kinds_is_two_bodies(engine: GraphEngine, tmp_path: Path) -> None:
    load(engine, [register(tmp_path, "a", ("楼宇名称",), ("长宁",)), register(tmp_path, "b", ("园区名称",), ("长宁",))])
    reject = refused(engine, register(tmp_path, "c", ("联络岗位名称", "派驻于"), ("某岗", "长宁")))
    assert reject.code == "row.ambiguous-reference"


# -- relationships -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("row", "column", "code_"), [
    ({"起点类别": "公司"}, "起点类别", "row.kind"), ({"关系": "认识"}, "关系", "row.unknown-relation"), ({"关系": "隶属"}, "关系", "row.not-allowed"),
    ({"角色": "首席"}, "角色", "row.value"), ({"层级": "区级"}, "层级", "row.value"), ({"起点": ""}, "起点", "row.name-missing"),
    ({"终点": "乙党委"}, "终点", "row.unknown-reference"), ({"依据": "听说"}, "依据", "row.basis"), ({"房号": "3"}, "房号", "row.value"),
])
def test_relationships_refused(engine: GraphEngine, tmp_path: Path, row: dict[str, str], column: str, code_: str) -> None:
    header = (*RELATIONS, "角色", "层级", "依据", "房号")
    good = {"起点类别": "企业", "起点": "甲公司", "关系": "成员属于", "终点类别": "行业党建载体", "终点": "某联盟"}
    cells = [[{**good, **change}.get(h, "") for h in header] for change in ({}, row)]
    result = load(engine, [register(tmp_path, "关系", header, *cells), register(tmp_path, "企业", ("企业名称",), ("甲公司",)),
                           register(tmp_path, "载体", ("行业党建载体名称",), ("某联盟",))])
    assert rejects(result) == [("关系.csv", 5, column, code_)]
    assert result.rejects[0].hint
    assert result.reports[0].created == 1


# -- bodies without a published name -----------------------------------------------------------------------------------------


def unnamed(engine: GraphEngine) -> int:
    with engine.read() as snapshot:
        return sum(1 for what, item in snapshot.export() if what == "body" and not item[1])


def test_unnamed_bodies_are_known_by_one_relationship(engine: GraphEngine, tmp_path: Path) -> None:
    units = register(tmp_path, "企业", ("企业名称",), ("甲公司",), ("乙、丙公司",))
    organisations = register(tmp_path, "党组织", ("党组织名称", "组建形式"), ("[建于：甲公司]", "单独"))
    posts = register(tmp_path, "岗位", ("联络岗位名称", "联系单位", "岗位类别"), ("[联系：[建于：甲公司]]", "甲公司", "社工"),
                     ("某岗", "【建于：乙、丙公司】、甲公司", ""))
    assert not load(engine, [posts, organisations, units]).rejects
    with engine.read() as snapshot:
        counts = snapshot.counts()
    assert unnamed(engine) == 3
    assert (counts["PartyOrganization"], counts["LiaisonPost"], counts["FORMED_IN"], counts["LIAISES_WITH"]) == (2, 2, 2, 4)


def test_an_unnamed_body_stays_itself_in_later_loads(engine: GraphEngine, tmp_path: Path) -> None:
    units = register(tmp_path, "企业", ("企业名称",), ("甲公司",))
    header = ("党组织名称", "组建形式")
    load(engine, [units, register(tmp_path, "a", header, ("[建于：甲公司]", ""))])
    result = load(engine, [register(tmp_path, "b", header, ("[建于：甲公司]", "单独"), as_of="2024-04")])
    assert result.reports[0].updated == 1
    assert unnamed(engine) == 1


def test_an_unnamed_body_becomes_the_named_one(engine: GraphEngine, tmp_path: Path) -> None:
    units = register(tmp_path, "企业", ("企业名称",), ("甲公司",), ("乙公司",), ("丙公司",))
    header = ("党组织名称", "建于", "依据")
    load(engine, [units, register(tmp_path, "a", header, ("甲支部", "甲公司", ""), ("乙一支部", "乙公司", ""), ("乙二支部", "乙公司", ""),
                                  ("丙支部", "丙公司", "推断"))])
    load(engine, [register(tmp_path, "b", ("党组织名称", "组建形式"), ("[建于：甲公司]", "单独"))])
    assert unnamed(engine) == 0
    assert any('"form"' in f and "甲支部" in f for f in facts(engine))
    load(engine, [register(tmp_path, "c", ("党组织名称", "组建形式"), ("[建于：乙公司]", "单独"), ("[建于：丙公司]", "单独"))])
    assert unnamed(engine) == 2  # of 乙 there are two, that of 丙 is inferred
    load(engine, [register(tmp_path, "d", ("党组织名称", "组织层级"), ("[建于：甲公司]", "党支部"))])
    assert unnamed(engine) == 2  # that of 甲 stays the named one


@pytest.mark.parametrize(("name", "code_"), [("[建在：甲公司]", "row.unknown-relation"), ("[建于：没有的公司]", "row.unknown-reference"),
                                             ("[建于：甲公司", "row.brackets"), ("[联系：[建于：[建于：[建于：[建于：甲]]]]]", "row.brackets")])
def test_wrong_brackets(engine: GraphEngine, tmp_path: Path, name: str, code_: str) -> None:
    reject = refused(engine, register(tmp_path, "企业", ("企业名称",), ("甲公司",)), register(tmp_path, "党组织", ("党组织名称",), (name,)))
    assert (reject.column, reject.code) == ("党组织名称", code_)
