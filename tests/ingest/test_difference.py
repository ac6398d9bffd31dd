"""What a dry run says would change is what changes, and nothing is stored."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from graph.engine import GraphEngine
from graph.policy_files import policy
from graph.questions.gaps import gaps
from graph.questions.statistics import statistics
from ingest import load as loading
from ingest.load import load
from schemas.difference import Difference
from schemas.view import View
from tests.ingest.support import RELATIONS, content, declarations, register

VIEW = View(policy("changning"), date(2024, 12, 1))
UNIT = ("企业名称", "企业类型", "所在楼宇", "党组织")


def stored(engine: GraphEngine, folder: Path) -> None:
    load(engine, [register(folder, "楼宇", ("楼宇名称", "重点楼宇"), ("东楼", "是"), ("西楼", "")),
                  register(folder, "企业", UNIT, ("甲公司", "民营", "东楼", ""), ("乙公司", "外资", "东楼", ""), ("丙公司", "国有", "", "无")),
                  register(folder, "岗位", ("联络岗位名称", "派驻于", "岗位类别"), ("东楼专职", "东楼", "专职党群工作者"))])


def previewed(engine: GraphEngine, *files: Path, limit: int | None = None) -> Difference:
    before = content(engine)
    found = load(engine, files, dry_run=True, view=VIEW, limit=limit).difference
    assert found
    assert content(engine) == before
    return found


def test_fields_are_shown_old_and_new_with_their_rows(engine: GraphEngine, tmp_path: Path) -> None:
    stored(engine, tmp_path)
    d = previewed(engine, register(tmp_path, "新", ("企业名称", "企业类型", "别名"), ("甲公司", "混合所有制", "老甲"), ("丁公司", "民营", ""), ("乙公司", "外资", ""),
                                   as_of="2024-06"))
    assert d.bodies == {"created": 1, "updated": 1, "confirmed": 1}
    assert [b.name for b in d.created] == ["丁公司"]
    changes = {f.label: f for f in d.updated[0].fields}
    assert [(label, f.old, f.new) for label, f in changes.items()] == [("别名", "", "老甲"), ("企业类型", "民营", "混合所有制")]
    assert [(e.file, e.row, e.as_of) for e in changes["企业类型"].old_evidence] == [("企业.csv", 4, "2024-03")]
    assert [(e.file, e.row, e.as_of) for e in changes["企业类型"].new_evidence] == [("新.csv", 4, "2024-06")]


def test_relationships_that_end_are_listed(engine: GraphEngine, tmp_path: Path) -> None:
    stored(engine, tmp_path)
    d = previewed(engine, register(tmp_path, "迁出", (*RELATIONS, "结束日期"), ("企业", "甲公司", "位于", "楼宇", "东楼", "2024-06-30"), as_of="2024-07"))
    assert d.relationships == {"ended": 1}
    (ended,) = d.ended
    assert (ended.step.source.name, ended.step.label, ended.step.target.name) == ("甲公司", "位于", "东楼")
    assert [(f.label, f.old, f.new) for f in ended.fields] == [("结束", "", "2024-06-30 前")]


def test_the_end_of_a_body_ends_its_relationships(engine: GraphEngine, tmp_path: Path) -> None:
    stored(engine, tmp_path)
    d = previewed(engine, register(tmp_path, "终止", ("联络岗位名称", "终止日期"), ("东楼专职", "2024-05"), as_of="2024-07"))
    assert [(e.step.source.name, e.step.target.name) for e in d.ended] == [("东楼专职", "东楼")]
    moved = {(t.rule, t.old, t.new): [s.name for s in t.subjects] for t in d.transitions}
    assert moved["key-building-worker", "ok", "not_known"] == ["东楼"]


def test_coverage_and_gaps_move_as_they_will(engine: GraphEngine, tmp_path: Path) -> None:
    """The preview's states before and after are those of the questions before and after the load."""
    stored(engine, tmp_path)
    files = [register(tmp_path, "联合", ("党组织名称", "组建形式", "覆盖楼宇"), ("东楼联合", "联合", "东楼"), as_of="2024-05"),
             register(tmp_path, "更多", ("楼宇名称", "重点楼宇"), ("西楼", "是"), as_of="2024-05"),
             declarations(tmp_path, '[[completeness]]\nscope = ["(:Building)"]\nhop = "(:Building)<-[:STATIONED_AT]-(:LiaisonPost)"\n')]
    before, gap_before = statistics(engine, VIEW).overall, gaps(engine, VIEW).page.total
    d = previewed(engine, *files)
    load(engine, files)
    after, gap_after = statistics(engine, VIEW).overall, gaps(engine, VIEW).page.total
    assert (d.coverage_before, d.coverage_after) == (before, after)
    assert d.summary[0] == "2 家企业由情况不明变为已覆盖"
    assert "新出现 1 个薄弱项" in d.summary
    covered = next(t for t in d.transitions if t.coverage and t.new == "ok")
    assert [b.name for b in covered.subjects] == ["甲公司", "乙公司"]
    opened = sum(t.total * ((t.new == "gap") - (t.old == "gap")) for t in d.transitions)
    assert gap_after - gap_before == opened


def test_sources_that_disagree_are_told(engine: GraphEngine, tmp_path: Path) -> None:
    stored(engine, tmp_path)
    d = previewed(engine, register(tmp_path, "旧", UNIT[:2], ("甲公司", "外资"), source="另一来源", as_of="2023-01"))
    (conflict,) = d.conflicts
    assert (conflict.body.name, conflict.label, conflict.value) == ("甲公司", "企业类型", "民营")
    assert [(value, e.source) for value, e in conflict.others] == [("外资", "另一来源")]
    assert (d.bodies, d.conflicts_total) == ({"confirmed": 1}, 1)


def test_lists_stop_and_totals_do_not(engine: GraphEngine, tmp_path: Path) -> None:
    d = previewed(engine, register(tmp_path, "企业", UNIT[:1], *((f"公司{i}",) for i in range(9))), limit=2)
    assert (len(d.created), d.bodies["created"]) == (2, 9)
    assert {(t.total, len(t.subjects)) for t in d.transitions if t.coverage} == {(9, 2)}


def test_personal_fields_are_not_shown(engine: GraphEngine, tmp_path: Path) -> None:
    stored(engine, tmp_path)
    d = previewed(engine, register(tmp_path, "岗", ("联络岗位名称", "任职人", "值班电话"), ("东楼专职", "张三丰", "62345678"), as_of="2024-06"))
    assert [f.label for f in d.updated[0].fields] == ["任职人", "值班电话"]
    assert "张三丰" not in d.model_dump_json() and "62345678" not in d.model_dump_json()


def test_a_register_that_says_the_same_again_is_confirmed(engine: GraphEngine, tmp_path: Path) -> None:
    """Its provenance grows, which is no update: also for cells 无, relationships and where sources disagree."""
    stored(engine, tmp_path)
    load(engine, [register(tmp_path, "旧", UNIT[:2], ("甲公司", "外资"), source="另一来源", as_of="2023-01")])
    again = register(tmp_path, "企业", UNIT, ("甲公司", "民营", "东楼", ""), ("乙公司", "外资", "东楼", ""), ("丙公司", "国有", "", "无"), as_of="2024-06")
    (report,) = load(engine, [again]).reports
    assert (report.read, report.created, report.updated, report.unchanged, report.confirmed) == (3, 0, 0, 3, 3)
    assert report.bodies == {"confirmed": 3}
    assert report.relationships == {"confirmed": 2}


def test_a_full_register_moves_what_its_completeness_closes(engine: GraphEngine, tmp_path: Path) -> None:
    """It asserts nothing new of any unit, and yet says of each that no post is stationed where none is listed."""
    stored(engine, tmp_path)
    load(engine, [register(tmp_path, "西", ("楼宇名称", "重点楼宇"), ("西楼", "是"))])
    rest = register(tmp_path, "岗全", ("联络岗位名称", "派驻于", "岗位类别"), ("东楼专职", "东楼", "专职党群工作者"), as_of="2024-06")
    files = [rest, declarations(tmp_path, '[[completeness]]\nscope = ["(:Building)"]\nhop = "(:Building)<-[:STATIONED_AT]-(:LiaisonPost)"\n')]
    moved = {(t.rule, t.old, t.new): [b.name for b in t.subjects] for t in previewed(engine, *files).transitions}
    assert moved["key-building-worker", "not_known", "gap"] == ["西楼"]


def test_a_load_tells_what_it_has_changed_if_it_is_not_too_much(engine: GraphEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stored(engine, tmp_path)
    files = [register(tmp_path, f"新{n}", ("企业名称", "党组织"), ("甲公司", "[建于：甲公司]"), (f"丁{n}公司", ""), as_of="2024-06") for n in (1, 2)]
    would = previewed(engine, files[0], limit=20)
    did = load(engine, [files[0]], view=VIEW).difference
    assert did and (did.summary, did.bodies, did.relationships) == (would.summary, would.bodies, would.relationships)
    assert "1 家企业由情况不明变为已覆盖" in did.summary
    assert load(engine, [files[0]], view=VIEW).difference is None  # nothing has changed
    monkeypatch.setattr(loading, "TOLD_ROWS", 1)
    result = load(engine, [files[1]], view=VIEW)
    assert (result.difference, result.reports[0].created) == (None, 1)
