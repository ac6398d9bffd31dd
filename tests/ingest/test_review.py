"""Who is who: near names become questions, decisions hold for later loads and can be taken back; unnamed bodies find their name."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.engine import GraphEngine
from graph.policy_files import policy
from ingest.load import load
from ingest.names import Names, likeness
from ingest.review import decide, reopen, review
from ingest.undo import undo
from schemas.errors import ReviewError
from schemas.identifiers import normal
from schemas.reports import ReviewItem
from tests.ingest.support import code, content, facts, names, register, values

UNITS = ("企业名称", "企业类型", "重点单位")


def asked(engine: GraphEngine) -> list[tuple[str, str]]:
    return [(i.one.name, i.other.name) for i in review(engine).items]


@pytest.fixture
def question(engine: GraphEngine, tmp_path: Path) -> ReviewItem:
    load(engine, [register(tmp_path, "旧", UNITS, ("上海天工智能科技有限公司", "民营", ""))])
    result = load(engine, [register(tmp_path, "新", UNITS, ("天公智能科技有限公司", "", "是"), as_of="2024-04")])
    assert result.reports[0].review == 1
    item, = review(engine).items
    return item


def test_a_near_name_is_a_question(engine: GraphEngine, question: ReviewItem) -> None:
    assert (question.one.name, question.other.name, question.state) == ("天公智能科技有限公司", "上海天工智能科技有限公司", "open")
    assert question.evidence == ("名称相近（83%）",)
    assert names(engine) == {"天公智能科技有限公司", "上海天工智能科技有限公司"}  # nothing is decided


def test_the_same_is_one_everywhere_until_it_is_taken_back(engine: GraphEngine, tmp_path: Path, question: ReviewItem) -> None:
    before = content(engine)
    done = decide(engine, question.number, same=True, who="张三")
    assert (done.state, done.who, done.decided_as) == ("same", "张三", 3)
    assert values(engine, "天公智能科技有限公司") == values(engine, "上海天工智能科技有限公司") == {"type": "private", "key": "true"}
    with engine.read() as snapshot:
        assert len(snapshot.bodies([question.one.id, question.other.id])) == 2  # both ids resolve
        assert snapshot.counts()["Enterprise"] == 1
    load(engine, [register(tmp_path, "三", UNITS, ("天公智能科技有限公司", "外资", ""), as_of="2024-05")])
    assert values(engine, "上海天工智能科技有限公司")["type"] == "foreign"
    assert asked(engine) == []
    undo(engine, 4)
    assert reopen(engine, question.number).state == "open"
    assert content(engine) == before
    assert len(asked(engine)) == 1


def test_a_decision_undone_as_an_import_is_open_again(engine: GraphEngine, question: ReviewItem) -> None:
    decide(engine, question.number, same=True)
    undo(engine, 3)
    assert len(asked(engine)) == 1
    assert decide(engine, question.number, same=True).decided_as == 4


def test_different_is_not_asked_again(engine: GraphEngine, tmp_path: Path, question: ReviewItem) -> None:
    assert decide(engine, question.number, same=False).state == "different"
    load(engine, [register(tmp_path, "三", UNITS, ("天公智能科技有限公司", "外资", ""), as_of="2024-05")])
    undo(engine, 2)
    undo(engine, 3)
    load(engine, [register(tmp_path, "四", UNITS, ("天公智能科技有限公司", "外资", ""), as_of="2024-06")])
    assert asked(engine) == []
    assert [i.state for i in review(engine, decided=True).items] == ["different"]
    with pytest.raises(ReviewError) as caught:
        decide(engine, question.number, same=True)
    assert caught.value.code == "review.decided"
    with pytest.raises(ReviewError):
        decide(engine, 99, same=True)


def test_what_is_no_question(engine: GraphEngine, tmp_path: Path) -> None:
    header = ("企业名称", "统一社会信用代码")
    load(engine, [register(tmp_path, "一", header, ("第一联合实业公司", ""), ("天工智能科技公司", code(1)), ("某某数字科技公司", ""))])
    load(engine, [register(tmp_path, "二", header, ("第二联合实业公司", ""), ("天公智能科技公司", code(2)), ("别处广告传媒公司", ""))])
    assert asked(engine) == []
    core = Names(policy().regions).core
    assert core(normal("上海市分众传媒（集团）股份有限公司")) != ""
    assert likeness(core(normal("分众传媒股份有限公司")), core(normal("上海分众传媒有限公司"))) == 100


def test_an_unnamed_body_finds_its_name_later(engine: GraphEngine, tmp_path: Path) -> None:
    header = ("党组织名称", "建于", "组建形式")
    load(engine, [register(tmp_path, "企业", ("企业名称",), ("甲公司",), ("乙公司",)),
                  register(tmp_path, "一", header, ("[建于：甲公司]", "", "单独"), ("[建于：乙公司]", "", "联合"))])
    before = content(engine)
    load(engine, [register(tmp_path, "二", header, ("甲支部", "甲公司", ""), ("乙一支部", "乙公司", ""), ("乙二支部", "乙公司", ""))])
    assert values(engine, "甲支部") == {"form": "own"}
    assert {o for _, o in asked(engine)} == {"乙一支部", "乙二支部"}  # which of the two is not for a program to say
    undo(engine, 3)
    assert content(engine) == before


def test_an_unnamed_body_finds_its_name_in_the_same_load(engine: GraphEngine, tmp_path: Path) -> None:
    load(engine, [register(tmp_path, "企业", ("企业名称", "党组织"), ("甲公司", "甲支部")),
                  register(tmp_path, "一", ("党组织名称", "组建形式"), ("[建于：甲公司]", "单独"), ("甲支部", ""))])
    assert values(engine, "甲支部") == {"form": "own"}
    with engine.read() as snapshot:
        assert snapshot.counts()["PartyOrganization"] == 1


def ended(engine: GraphEngine) -> list[str]:
    with engine.read() as snapshot:
        ids = [item[1] for what, item in snapshot.export() if what == "edge" and item[7] == 20200901]
        return [b.name for b in snapshot.bodies(ids).values()]


def test_a_full_register_waits_for_the_answer(engine: GraphEngine, tmp_path: Path) -> None:
    header = ("企业名称", "所在街镇")
    load(engine, [register(tmp_path, "街镇", ("街镇名称",), ("某街道",), as_of="2019-06"),
                  register(tmp_path, "旧", header, ("天工智能科技公司", "某街道"), ("无关公司", "某街道"), as_of="2019-06")])
    file = register(tmp_path, "新", header, ("天公智能科技公司", "某街道"), as_of="2020-09")
    file.write_text(f"全量,某街道\n{file.read_text(encoding='utf-8')}", encoding="utf-8")
    report, = load(engine, [file]).reports
    assert report.full
    assert "待核定" in report.full.withheld
    assert ended(engine) == []
    item, = review(engine).items
    decide(engine, item.number, same=True)
    assert ended(engine) == ["无关公司"]
    assert len([f for f in facts(engine) if '"full": true' in f]) == 1
