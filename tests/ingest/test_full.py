"""Full registers as files: what they lack ends, only if every row of theirs is accepted, and is shown before."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.engine import GraphEngine
from graph.policy_files import policy
from graph.questions.check import check
from ingest.guidance import Guidance
from ingest.load import LoadResult, load
from ingest.undo import undo
from schemas.errors import RegisterError
from schemas.reports import FullRegister
from schemas.view import View
from tests.ingest.support import RELATIONS, content, declarations, facts, register

UNITS = ("企业名称", "所在街镇", "所在楼宇", "企业类型")


def full(path: Path, scope: str = "天山路街道") -> Path:
    path.write_text(f"全量,{scope}\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    return path


@pytest.fixture
def district(engine: GraphEngine, tmp_path: Path) -> GraphEngine:
    load(engine, [register(tmp_path, "街镇", ("街镇名称",), ("天山路街道",), ("别的街道",), as_of="2019-06"),
                  register(tmp_path, "楼宇", ("楼宇名称", "所属街镇"), ("某楼", "天山路街道"), as_of="2019-06"),
                  register(tmp_path, "旧", UNITS, ("甲公司", "天山路街道", "某楼", ""), ("乙公司", "天山路街道", "某楼", ""),
                           ("丙公司", "别的街道", "", ""), as_of="2019-06")])
    return engine


def told(result: LoadResult) -> FullRegister:
    assert result.reports[0].full
    return result.reports[0].full


def test_what_it_lacks_has_ended(district: GraphEngine, tmp_path: Path) -> None:
    before = content(district)
    edition = full(register(tmp_path, "新", UNITS, ("甲公司", "天山路街道", "", "民营"), as_of="2020-09"))
    tried = load(district, [edition], dry_run=True, view=View(policy()))
    assert told(tried) == FullRegister(scope="天山路街道全部企业，截至 2020-09", relationships=("所在街镇 街镇",), ended=1)
    assert tried.difference
    assert [e.step.source.name for e in tried.difference.ended] == ["乙公司"]
    assert content(district) == before
    done = load(district, [edition])
    assert told(done).ended == 1
    assert load(district, [edition]).reports[0].state == "already_loaded"
    assert any('"full": true' in f for f in facts(district))  # it closes
    undo(district, 4)
    assert content(district) == before


def test_not_while_a_row_is_refused(district: GraphEngine, tmp_path: Path) -> None:
    result = load(district, [full(register(tmp_path, "新", UNITS, ("甲公司", "天山路街道", "", ""), ("丁公司", "没有的街道", "", ""),
                                           as_of="2020-09"))])
    assert "有 1 行被退回" in told(result).withheld
    assert not any('"full": true' in f for f in facts(district))
    corrected = full(register(tmp_path, "改", UNITS, ("丁公司", "天山路街道", "", ""), as_of="2020-09"))
    result = load(district, [corrected])
    assert (told(result).withheld, told(result).ended) == ("", 1)  # 乙公司; 甲公司 is of the same edition


def test_later_sources_are_kept_and_older_rows_measured(district: GraphEngine, tmp_path: Path) -> None:
    load(district, [register(tmp_path, "更新", UNITS, ("乙公司", "天山路街道", "", ""), source="别处", as_of="2021-03")])
    result = load(district, [full(register(tmp_path, "新", UNITS, ("甲公司", "天山路街道", "", ""), as_of="2020-09"))])
    assert (told(result).ended, told(result).kept) == (0, 1)
    step, = told(result).kept_relationships
    assert step.evidence
    finding, = (f for f in check(district, View(policy())).findings if f.code == "data.not-listed")
    assert [b.id for b in finding.bodies] == [step.source.id, step.target.id]
    late = load(district, [register(tmp_path, "迟", UNITS, ("丁公司", "天山路街道", "", ""), as_of="2020-01")])
    assert any("没有列出其中 1 个关系" in w for w in late.reports[0].warnings)
    undo(district, 4)  # nobody confirms 乙公司 any more
    assert sum('"until"' in f or ", 20200901, " in f for f in facts(district)) >= 2


def test_by_option_by_metapath_and_by_declaration(district: GraphEngine, tmp_path: Path) -> None:
    rows = (UNITS, ("甲公司", "天山路街道", "某楼", ""))
    path = "(:Enterprise)-[:LOCATED_IN]->(:Building {name: 某楼})"
    result = load(district, [register(tmp_path, "一", *rows, as_of="2020-09")], guidance=Guidance(full=path), dry_run=True)
    assert told(result).scope == "全部企业（位于 楼宇（名称：某楼）），截至 2020-09"
    assert told(result).ended == 2
    whole = load(district, [register(tmp_path, "一", *rows, as_of="2020-09")], guidance=Guidance(full="全区"), dry_run=True)
    assert (told(whole).scope, told(whole).ended) == ("全部企业，截至 2020-09", 3)
    said = declarations(tmp_path, '[[completeness]]\nfull = true\nscope = ["(:Enterprise)"]\n'
                                  'hop = "(:Enterprise)-[:IN_SUBDISTRICT]->(:Subdistrict)"')
    result = load(district, [said, register(tmp_path, "二", *rows)], dry_run=True)
    assert told(result).ended == 2


@pytest.mark.parametrize("scope", ["没有的街道", "(:Building)", "(:Enterprise", "某楼、别楼"])
def test_scopes_that_are_none(district: GraphEngine, tmp_path: Path, scope: str) -> None:
    before = content(district)
    with pytest.raises(RegisterError) as caught:
        load(district, [full(register(tmp_path, "新", UNITS, ("甲公司", "", "", "")), scope)])
    assert caught.value.code == "register.full"
    assert caught.value.hint
    assert content(district) == before


def test_without_relationship_columns_nothing_ends(district: GraphEngine, tmp_path: Path) -> None:
    result = load(district, [full(register(tmp_path, "新", ("企业名称", "企业类型"), ("甲公司", "民营"), as_of="2020-09"))])
    assert told(result).withheld


def test_a_sheet_of_relationships_is_full_by_a_declaration_beside_it(district: GraphEngine, tmp_path: Path) -> None:
    """Which of its relationships are all there cannot be seen in it; of one with roles only the role that is declared is measured."""
    columns = (*RELATIONS, "角色")
    load(district, [register(tmp_path, "注册", columns, ("企业", "甲公司", "位于", "楼宇", "某楼", "经营地"), ("企业", "乙公司", "位于", "楼宇", "某楼", "注册地"),
                             ("企业", "乙公司", "位于", "楼宇", "某楼", "经营地"), as_of="2019-07")])
    sheet = register(tmp_path, "新", columns, ("企业", "甲公司", "位于", "楼宇", "某楼", "经营地"), as_of="2020-09")
    with pytest.raises(RegisterError, match="看不出哪类对象") as error:
        load(district, [full(register(tmp_path, "错", columns, ("企业", "甲公司", "位于", "楼宇", "某楼", ""), as_of="2020-09"))])
    assert "[[completeness]]" in error.value.hint
    before = content(district)
    said = tmp_path / "全.toml"
    said.write_text("""source = "测试"\nas_of = "2020-09"\n[[completeness]]\nscope = ["(:Enterprise)-[:IN_SUBDISTRICT]->(:Subdistrict {name: 天山路街道})"]
hop = "(:Enterprise)-[:LOCATED_IN {role: operating}]->(:Building)"\nfull = true\n""", encoding="utf-8")
    tried = load(district, [said, sheet], dry_run=True, view=View(policy()))
    assert tried.difference and [(e.step.source.name, e.step.role) for e in tried.difference.ended] == [("乙公司", "经营地")]
    first, second = load(district, [said, sheet]).reports
    assert first.full and first.full.ended == 1
    for number in sorted((first.import_number or 0, second.import_number or 0), reverse=True):
        undo(district, number)
    assert content(district) == before
