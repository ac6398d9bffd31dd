"""A credit code under names that are not near: one body, told with the rows, and found by the check until it is mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.engine import GraphEngine
from graph.policy_files import policy
from graph.questions.check import check
from ingest.load import load
from ingest.undo import undo
from schemas.view import View
from tests.ingest.support import code, names, register

HEADER = ("企业名称", "统一社会信用代码", "曾用名")
OLD, NEW = "分众传媒有限公司", "携程旅行网"


def told(engine: GraphEngine, *files: Path, dry_run: bool = False) -> list[str]:
    return [w for r in load(engine, files, dry_run=dry_run).reports for w in r.warnings if code(1) in w]


def found(engine: GraphEngine) -> list[str]:
    return [f.message for f in check(engine, View(policy())).findings if f.code == "data.code-names"]


def test_in_one_file(engine: GraphEngine, tmp_path: Path) -> None:
    file = register(tmp_path, "一", HEADER, (OLD, code(1), ""), (NEW, code(1), ""), ("乙公司", code(2), ""))
    expected = f"信用代码 {code(1)} 有几个相差很大的名称：{OLD}（一.csv 第 4 行）、{NEW}（一.csv 第 5 行）"
    warning, = told(engine, file, dry_run=True)
    assert warning.startswith(expected)
    assert found(engine) == []
    assert told(engine, file) == [warning]
    assert found(engine) == [warning]
    assert names(engine) == {NEW, "乙公司"}


def test_over_loads_until_one_is_taken_back(engine: GraphEngine, tmp_path: Path) -> None:
    assert told(engine, register(tmp_path, "一", HEADER, (OLD, code(1), ""))) == []
    warning, = told(engine, register(tmp_path, "二", HEADER, (NEW, code(1), ""), as_of="2024-04"))
    assert f"{OLD}（一.csv 第 4 行）、{NEW}（二.csv 第 4 行）" in warning
    assert found(engine) == [warning]
    undo(engine, 2)
    assert found(engine) == []


@pytest.mark.parametrize("row", [(NEW, OLD), ("上海分众传媒公司", ""), ("分众传媒", "")])
def test_a_former_name_and_a_near_one_are_no_errors(engine: GraphEngine, tmp_path: Path, row: tuple[str, str]) -> None:
    first = register(tmp_path, "一", HEADER, (OLD, code(1), ""))
    second = register(tmp_path, "二", HEADER, (row[0], code(1), row[1]), as_of="2024-04")
    assert told(engine, first, second, dry_run=True) == []
    assert told(engine, first) == told(engine, second) == found(engine) == []


def test_many_are_counted(engine: GraphEngine, tmp_path: Path) -> None:
    rows = [(f"{n}{name}", code(n), "") for n in range(100, 125) for name in (OLD, NEW)]
    warnings = load(engine, [register(tmp_path, "一", HEADER, *rows)], dry_run=True).reports[0].warnings
    assert len(warnings) == 21
    assert "共 25 个" in warnings[-1]
