"""Names in cells that nobody has: the one body of that core name, else refused as before; told, whatever the order."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import pytest

from graph.engine import GraphEngine
from ingest.guidance import Guidance
from ingest.load import load
from tests.ingest.support import content, names, register, rejects

LONG, SHORT = "上海分众传媒有限公司", "分众传媒"


def units(folder: Path, *rows: tuple[str, ...], name: str = "企业") -> Path:
    return register(folder, name, ("企业名称", "品牌"), *((*row, "")[:2] for row in rows))


def parties(folder: Path, *named: str) -> Path:
    return register(folder, "党组织", ("党组织名称", "建于"), *((f"{n}号支部", name) for n, name in enumerate(named, 1)))


@pytest.mark.parametrize("at_once", [True, False])
def test_the_one_of_that_core_name(engine: GraphEngine, tmp_path: Path, at_once: bool) -> None:
    first, second = units(tmp_path, (LONG,)), parties(tmp_path, SHORT, "分众传媒公司", "分众传播")
    if not at_once:
        load(engine, [first])
    files = [second, first] if at_once else [second]
    tried, done = load(engine, files, dry_run=True), load(engine, files)
    for result in (tried, done):
        assert rejects(result) == [("党组织.csv", 6, "建于", "row.unknown-reference")]
        assert result.reports[0].warnings == (f"没有名为“{SHORT}”的，按名称核心认作“{LONG}”", f"没有名为“分众传媒公司”的，按名称核心认作“{LONG}”")
    assert names(engine) == {LONG, "1号支部", "2号支部"}


@pytest.mark.parametrize("rows", [
    [("分众传媒有限公司",), ("分众传媒集团",)], [("上海分众传媒公司",), ("长宁区分众传媒公司",)], [("分众传媒分公司",)],
    [(LONG,), ("携程旅行网", "分众传媒公司")], [("携程旅行网", "分众传媒公司")]])
@pytest.mark.parametrize("at_once", [True, False])
def test_what_is_not_sure_is_refused(engine: GraphEngine, tmp_path: Path, rows: list[tuple[str, ...]], at_once: bool) -> None:
    first, second = units(tmp_path, *rows), parties(tmp_path, SHORT)
    if not at_once:
        load(engine, [first])
    result = load(engine, [first, second])
    assert [r.code for r in result.rejects] == ["row.unknown-reference"]


def test_a_contradiction_of_form_or_region(engine: GraphEngine, tmp_path: Path) -> None:
    result = load(engine, [units(tmp_path, (LONG,)), parties(tmp_path, "分众传媒集团", "分众传媒分公司", "长宁区分众传媒公司", "北京分众传媒公司")])
    assert [r.row for r in result.rejects] == [4, 5, 6, 7]


def test_it_is_no_stub(engine: GraphEngine, tmp_path: Path) -> None:
    load(engine, [register(tmp_path, "楼宇", ("楼宇名称",), ("上海国际大厦",))])
    load(engine, [register(tmp_path, "企业", ("企业名称", "所在楼宇"), (LONG, "国际大厦"))], guidance=Guidance(stubs=True))
    assert names(engine) == {LONG, "上海国际大厦"}


def test_the_order_does_not_matter(fresh: Callable[[], GraphEngine], tmp_path: Path) -> None:
    files = [units(tmp_path, (LONG,), name="甲"), units(tmp_path, ("携程旅行网",), name="乙"), parties(tmp_path, SHORT, "携程旅行网公司")]
    found = set[tuple[str, ...]]()
    for order in permutations(files):
        engine = fresh()
        assert not load(engine, list(order)).rejects
        found.add(tuple(content(engine)))
    assert len(found) == 1
