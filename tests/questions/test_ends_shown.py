"""An end is shown as its source wrote it: the last month or year; a day is the first on which it no longer holds (semantics 8)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from graph.engine import GraphEngine
from graph.policy_files import policy
from graph.questions.coverage import coverage
from graph.questions.profile import profile
from ingest.load import load
from schemas.view import View
from tests.ingest.support import RELATIONS, register

THEN = View(policy("changning"), date(2024, 1, 15))


@pytest.mark.parametrize(("column", "cell", "shown"), [
    ("结束日期", "2024-04", "2024-04"), ("结束日期", "2024年12月", "2024-12"), ("结束日期", "2024", "2024"), ("结束日期", "2024-06-30", "2024-06-30"),
    ("是否已结束", "是", "2025-03-01")])
def test_of_a_relationship(engine: GraphEngine, tmp_path: Path, column: str, cell: str, shown: str) -> None:
    row = ("企业", "甲公司", "位于", "楼宇", "东楼", "2020", cell)
    assert not load(engine, [register(tmp_path, "企业", ("企业名称",), ("甲公司",)), register(tmp_path, "楼宇", ("楼宇名称",), ("东楼",)),
                             register(tmp_path, "关系", (*RELATIONS, "开始日期", column), row, as_of="2025-03")]).rejects
    (step,) = profile(engine, "甲公司", THEN).relationships
    assert (step.since, step.until) == ("2020", shown)


def test_of_a_body_that_ends(engine: GraphEngine, tmp_path: Path) -> None:
    """What a body's end ends reads as that is written, whatever precision its own end had."""
    load(engine, [register(tmp_path, "党组织", ("党组织名称", "建于", "结束日期", "终止日期", "组建形式"), ("甲支部", "甲公司", "2024", "2024-04", "单独"), as_of="2024-05"),
                  register(tmp_path, "企业", ("企业名称",), ("甲公司",))])
    (step,) = profile(engine, "甲公司", THEN).relationships
    assert step.until == "2024-04"
    ways = coverage(engine, "甲公司", View(policy("changning"), date(2024, 6, 1))).ways
    (told,) = {w.why_not.message for w in ways if w.why_not and w.why_not.ended}
    assert told.endswith("已于 2024-04 结束")
