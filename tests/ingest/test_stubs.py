"""References to bodies that nobody has registered: refused, or stubs where that is asked for, until they are registered."""

from __future__ import annotations

from pathlib import Path

from api.output.paper import name
from graph.engine import GraphEngine
from graph.policy_files import policy
from graph.questions.check import check
from graph.questions.profile import profile
from ingest.export import export
from ingest.guidance import Guidance
from ingest.load import load
from ingest.own_layouts import ledger_named
from ingest.undo import undo
from schemas.view import View
from tests.ingest.support import content, declarations, names, register, rejects, values


def test_a_stub_until_it_is_registered(engine: GraphEngine, tmp_path: Path) -> None:
    file = register(tmp_path, "企业", ("企业名称", "所在楼宇", "党组织"), ("甲公司", "某某大厦", "甲公司党支部"), ("乙公司", "某某大厦", "无"))
    assert [code for *_, code in rejects(load(engine, [file], dry_run=True))] == ["row.unknown-reference"] * 2
    result = load(engine, [file], guidance=Guidance(stubs=True))
    assert not result.rejects
    assert any("有 2 个对象" in w for w in result.reports[0].warnings)
    assert names(engine) == {"甲公司", "乙公司", "某某大厦", "甲公司党支部"}
    assert values(engine, "某某大厦") == {"stub": "true"}
    before = content(engine)
    load(engine, [register(tmp_path, "楼宇", ("楼宇名称", "重点楼宇"), ("某某大厦", "是"))])
    assert values(engine, "某某大厦") == {"key": "true"}
    undo(engine, 2)
    assert content(engine) == before


def test_what_is_missing_is_named_once_and_the_way_out_is_told(engine: GraphEngine, tmp_path: Path) -> None:
    unit = register(tmp_path, "企业", ("企业名称", "所在楼宇"), ("甲公司", "某某大厦"))
    said = declarations(tmp_path, '[[exemption]]\nbody = "乙公司"\nrule = "coverage"\nreason = "新设"\n')
    building, body = load(engine, [unit, said]).rejects
    assert building.message == "没有名为“某某大厦”的楼宇" and "--stubs" in building.hint
    assert body.message == "没有名为“乙公司”的对象" and "--stubs" not in body.hint


def test_what_cannot_be_a_stub(engine: GraphEngine, tmp_path: Path) -> None:
    """Neither codes nor bodies whose kind the column leaves open."""
    file = register(tmp_path, "党组织", ("党组织名称", "建于", "隶属"), ("甲支部", "甲公司", ""), ("乙支部", "", "91310105MA1FW0XY0A"))
    result = load(engine, [file], guidance=Guidance(stubs=True))
    assert [code for *_, code in rejects(result)] == ["row.unknown-reference"] * 2
    assert ["to 只写一类" in r.hint for r in result.rejects] == [True, False]


def test_the_check_lists_stubs(engine: GraphEngine, tmp_path: Path) -> None:
    load(engine, [register(tmp_path, "企业", ("企业名称", "所在楼宇"), ("甲公司", "某某大厦"))], guidance=Guidance(stubs=True))
    found = [f for f in check(engine, View(policy())).findings if f.code == "data.stub"]
    assert [f.message for f in found] == ["某某大厦（楼宇）待补录：只被提到，还没有登记"]


def test_it_is_marked_wherever_it_is_named_and_no_row_of_a_ledger(engine: GraphEngine, tmp_path: Path) -> None:
    file = register(tmp_path, "企业", ("企业名称", "所在楼宇"), ("甲公司", "某某大厦"))
    load(engine, [file, register(tmp_path, "楼宇", ("楼宇名称",), ("乙厦",))], guidance=Guidance(stubs=True))
    view = View(policy())
    step, = (s for s in profile(engine, "甲公司", view).relationships if s.target.kind == "Building")
    assert (step.target.stub, name(step.target)) == (True, "某某大厦〔待补录〕")
    written = export(engine, ledger_named("楼宇", ()), tmp_path / "台账.xlsx", view)
    assert [rows for _, rows in written.sheets] == [1]
    assert written.left_out == ("待补录的对象没有写出：1 处",)
    before = content(engine)
    assert load(engine, [tmp_path / "台账.xlsx"], dry_run=True).reports[0].created == 0
    assert content(engine) == before
