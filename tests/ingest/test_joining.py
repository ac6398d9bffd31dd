"""Who is one by the rule of core names: joined at the load, told, undone exactly, and parted by people for good (semantics 6)."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from graph.engine import GraphEngine
from graph.policy_files import policy
from ingest.load import LoadResult, load
from ingest.review import decide, reopen, review
from ingest.undo import undo
from schemas.view import View
from tests.ingest.support import code, content, facts, names, register, values

UNITS = ("企业名称", "统一社会信用代码", "企业类型", "重点单位")
LONG, SHORT = "上海分众传媒有限公司", "分众传媒"


def units(folder: Path, name: str, *rows: tuple[str, ...], as_of: str = "2024-03") -> Path:
    return register(folder, name, UNITS, *((*row, "", "", "")[:4] for row in rows), as_of=as_of)


def imported(engine: GraphEngine) -> list[int]:
    with engine.read() as snapshot:
        return [n for n, i in snapshot.imports().items() if i.state != "undone"]


def asked(engine: GraphEngine) -> set[tuple[str, str]]:
    return {(i.one.name, i.other.name) for i in review(engine).items}


@pytest.fixture
def joined(engine: GraphEngine, tmp_path: Path) -> LoadResult:
    load(engine, [units(tmp_path, "旧", (LONG, code(1), "民营"))])
    return load(engine, [units(tmp_path, "新", (SHORT, "", "", "是"), as_of="2024-04")])


def test_one_core_name_is_one_body(engine: GraphEngine, joined: LoadResult) -> None:
    assert (joined.reports[0].joined, joined.reports[0].review) == (1, 0)
    item, = joined.joined
    assert (item.one.name, item.other.name, item.state, item.automatic, item.decided_as) == (SHORT, LONG, "same", True, 2)
    assert item.evidence == ("除公司形式、地区外名称相同", f"只有一方有信用代码（{code(1)}）")
    assert values(engine, SHORT) == values(engine, LONG) == {"type": "private", "key": "true"}
    assert len(names(engine)) == 1


def test_undo_takes_it_back_and_loading_again_joins_again(engine: GraphEngine, tmp_path: Path, joined: LoadResult) -> None:
    with_both = content(engine)
    undo(engine, 2)
    assert names(engine) == {LONG}
    assert values(engine, LONG) == {"type": "private"}
    assert not review(engine, decided=True).items
    assert load(engine, [tmp_path / "新.csv"]).reports[0].joined == 1
    assert content(engine) == with_both


def test_people_part_them_for_good(engine: GraphEngine, tmp_path: Path, joined: LoadResult) -> None:
    as_one = facts(engine)
    number = joined.joined[0].number
    assert reopen(engine, number, who="张三").state == "open"
    assert names(engine) == {LONG, SHORT}
    assert asked(engine) == {(SHORT, LONG)}
    decide(engine, number, same=False)
    undo(engine, 2)
    load(engine, [tmp_path / "新.csv"])
    load(engine, [units(tmp_path, "三", (SHORT, "", "外资"), as_of="2024-05")])
    assert names(engine) == {LONG, SHORT}
    undo(engine, 5)
    reopen(engine, number)
    assert decide(engine, number, same=True).state == "same"
    assert [f for f in facts(engine) if '"merge"' not in f] == [f for f in as_one if '"merge"' not in f]


def test_the_import_that_parts_them_can_be_undone(engine: GraphEngine, joined: LoadResult) -> None:
    before = content(engine)
    reopen(engine, joined.joined[0].number)
    undo(engine, 3)
    assert content(engine) == before
    assert [i.state for i in review(engine, decided=True).items] == ["same"]


@pytest.mark.parametrize("rows", [
    [("分众传媒有限公司",), ("分众传媒集团",), ("分众传媒",)],  # either
    [("上海分众传媒公司",), ("长宁区分众传媒公司",), ("分众传媒",)],
    [(LONG, code(1)), ("分众传媒有限公司", code(2)), ("分众传媒",)],
    [(LONG,), ("分众传媒分公司",)], [("分众传媒有限公司",), ("分众传媒集团有限公司",)], [("甲路第一党支部",), ("甲路第二党支部",)],
    [(LONG, code(1)), (SHORT, code(2))], [("分众传媒有限公司",), ("北京分众传媒有限公司",)],
])
def test_what_is_not_sure_is_not_joined(engine: GraphEngine, tmp_path: Path, rows: list[tuple[str, ...]]) -> None:
    """Neither in one file nor in several of one load, whatever the order."""
    expected = {row[0] for row in rows}
    result = load(engine, [units(tmp_path, "一起", *rows)])
    questions = {frozenset(two) for two in asked(engine)}
    assert (result.reports[0].joined, names(engine)) == (0, expected)
    undo(engine, 1)
    for order in permutations(rows):
        files = [units(tmp_path, f"文件{n}", row, as_of=f"2024-0{n}") for n, row in enumerate(order, 1)]
        assert sum(r.joined for r in load(engine, files).reports) == 0
        assert names(engine) == expected
        assert {frozenset(two) for two in asked(engine)} == questions
        for number in range(max(imported(engine)), max(imported(engine)) - len(files), -1):
            undo(engine, number)


ALL_ONE = [("分众传媒有限公司", "", "民营"), (SHORT, code(1)), (LONG, "", "", "是")]


@pytest.mark.parametrize("order", list(permutations(ALL_ONE)))
def test_several_that_agree_are_one(fresh, tmp_path: Path, order: tuple[tuple[str, ...], ...]) -> None:  # type: ignore[no-untyped-def]  # a fixture of tests
    """In one file, in several of one load, and one after the other: told, and taken back with what told them."""
    files = [units(tmp_path, f"文件{n}", row, as_of=f"2024-0{n}") for n, row in enumerate(order, 1)]
    for loads in ([[units(tmp_path, "一起", *order)]], [files], [[f] for f in files]):
        engine = fresh()
        results = [load(engine, each) for each in loads]
        assert [sum(r.joined for r in result.reports) for result in results] == ([2] if len(loads) == 1 else [0, 1, 1])
        assert sum(len(result.joined) for result in results) == 2
        assert sum(r.review for result in results for r in result.reports) == len(asked(engine)) == 0
        assert len(names(engine)) == 1
        assert values(engine, LONG) == {"type": "private", "key": "true"}
        for number in sorted(imported(engine), reverse=True):
            undo(engine, number)
        assert names(engine) == set()


@pytest.mark.parametrize("undone", [1, 2, 3])
@pytest.mark.parametrize("at_once", [True, False])
def test_those_that_stay_are_one_when_one_is_taken_back(engine: GraphEngine, tmp_path: Path, undone: int, at_once: bool) -> None:
    files = [units(tmp_path, f"文件{n}", row, as_of=f"2024-0{n}") for n, row in enumerate(ALL_ONE, 1)]
    for each in [files] if at_once else [[f] for f in files]:
        load(engine, each)
    undo(engine, undone)
    assert len(names(engine)) == 1
    load(engine, [files[undone - 1]])
    assert len(names(engine)) == 1
    assert not asked(engine)


def test_what_one_of_them_was_called_contradicts(engine: GraphEngine, tmp_path: Path) -> None:
    for n, name in enumerate((LONG, SHORT, "长宁区分众传媒有限公司"), 1):
        load(engine, [units(tmp_path, name, (name,), as_of=f"2024-0{n}")])
    assert len(names(engine)) == 2
    assert len(asked(engine)) == 1


def test_one_that_people_have_told_apart_stays_so(engine: GraphEngine, tmp_path: Path) -> None:
    """Whatever others come that it agrees with: not by way of these either."""
    load(engine, [units(tmp_path, "一", (LONG,), ("分众传媒有限公司",))])
    item, = review(engine, decided=True).items
    reopen(engine, item.number)
    decide(engine, item.number, same=False)
    result = load(engine, [units(tmp_path, "二", (SHORT, code(1)))])
    assert result.reports[0].joined == 0
    number = next(i.number for i in review(engine).items if LONG in (i.one.name, i.other.name))
    decide(engine, number, same=True)
    load(engine, [units(tmp_path, "三", ("上海市分众传媒公司",))])
    with engine.read() as snapshot:
        assert snapshot.lookup(None, LONG) != snapshot.lookup(None, "分众传媒有限公司")


def test_the_order_of_the_files_does_not_matter(fresh, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]  # a fixture of tests
    files = [units(tmp_path, "甲", (LONG, "", "民营")), units(tmp_path, "乙", (SHORT, "", "", "是")), units(tmp_path, "丙", ("携程旅行网",))]
    found = set[tuple[str, ...]]()
    for order in permutations(files):
        engine = fresh()
        load(engine, list(order))
        found.add(tuple(content(engine)))
    assert len(found) == 1


def test_regions_are_those_of_the_policy(engine: GraphEngine, tmp_path: Path) -> None:
    """Of a load, and of what an undo decides anew."""
    there = tmp_path / "西湖.toml"
    there.write_text('name = "x"\nlabel = "x"\nversion = 1\nextends = "national"\nregions = [["杭州市", "杭州"], ["西湖区"]]\n', "utf-8")
    rows = ["杭州甲乙商贸有限公司", "甲乙商贸有限公司", "甲丙商贸有限公司"]
    files = [units(tmp_path, name, (name,)) for name in rows]
    for file in files:
        assert load(engine, [file]).reports[0].joined == 0
    undo(engine, 3)
    assert names(engine) == set(rows[:2])
    load(engine, files[2:])
    undo(engine, 4, policy=policy(str(there)))
    assert len(names(engine)) == 1
    undo(engine, 2)
    assert load(engine, files[1:2], view=View(policy(str(there)))).reports[0].joined == 1


def test_a_branch_and_its_firm_by_what_the_register_says(engine: GraphEngine, tmp_path: Path) -> None:
    header = ("企业名称", "法人或分支")
    load(engine, [register(tmp_path, "一", header, (LONG, "法人"), (SHORT, "分支机构"))])
    assert names(engine) == {LONG, SHORT}
    assert asked(engine)


def test_the_preview_tells_whom_it_joins_and_whom_it_asks_about(engine: GraphEngine, tmp_path: Path) -> None:
    load(engine, [units(tmp_path, "旧", (LONG, "", "民营"), ("嘉高福企业咨询公司",))])
    before = content(engine)
    new = units(tmp_path, "新", (SHORT, "", "外资"), ("嘉福企业咨询公司",), as_of="2024-04")
    result = load(engine, [new], dry_run=True, view=View(policy()))
    assert [(i.one.name, i.other.name) for i in result.joined] == [(SHORT, LONG)]
    assert [(i.one.name, i.other.name) for i in result.questions] == [("嘉福企业咨询公司", "嘉高福企业咨询公司")]
    assert result.difference
    assert result.difference.bodies == {"created": 1, "updated": 1}
    assert [b.name for b in result.difference.created] == ["嘉福企业咨询公司"]
    changes = {f.label: (f.old, f.new) for f in result.difference.updated[0].fields}
    assert changes["企业类型"] == ("民营", "外资")
    assert content(engine) == before
    assert not review(engine).items
    assert load(engine, [new]).questions[0].evidence == result.questions[0].evidence


def test_relationships_of_the_joined_in_the_preview(engine: GraphEngine, tmp_path: Path) -> None:
    header = ("企业名称", "所在楼宇")
    towers = register(tmp_path, "楼宇", ("楼宇名称",), ("甲厦",), ("乙厦",))
    load(engine, [towers, register(tmp_path, "旧", header, (LONG, "甲厦"))])
    new = register(tmp_path, "新", header, (SHORT, "甲厦、乙厦"), as_of="2024-04")
    found = load(engine, [new], dry_run=True, view=View(policy())).difference
    assert found
    assert (found.bodies, found.relationships) == ({"updated": 1}, {"confirmed": 1, "created": 1})
    assert [(s.source.name, s.target.name) for s in found.created_relationships] == [(SHORT, "乙厦")]
