"""A row that speaks of a body that was there under another name has changed it: the accounting says so, in a dry run, too."""

from __future__ import annotations

from pathlib import Path

from graph.engine import GraphEngine
from graph.policy_files import policy
from graph.questions.imports import imports
from ingest.load import load
from schemas.view import View
from tests.ingest.support import code, register

HEADER = ("企业名称", "统一社会信用代码", "企业类型", "所在楼宇")
LONG, SHORT = "上海分众传媒有限公司", "分众传媒"


def test_rows_of_a_body_that_was_there(engine: GraphEngine, tmp_path: Path) -> None:
    load(engine, [register(tmp_path, "楼宇", ("楼宇名称",), ("甲厦",), ("乙厦",)),
                  register(tmp_path, "旧", HEADER, (LONG, code(1), "", "甲厦"), ("上海携程公司", "", "", "甲厦"))])
    new = register(tmp_path, "新", HEADER, (SHORT, "", "民营", "甲厦"), ("携程", "", "", "乙厦"), ("第三家", "", "", "甲厦"), as_of="2024-04")
    tried, done = load(engine, [new], dry_run=True, view=View(policy())), load(engine, [new])
    for report in (tried.reports[0], done.reports[0]):
        assert (report.joined, report.read, report.created, report.updated, report.unchanged) == (2, 3, 2, 1, 0)  # 携程's building is new
        assert {k: v for k, v in report.bodies.items() if v} == {"created": 1, "updated": 2}
        assert {k: v for k, v in report.relationships.items() if v} == {"created": 2, "confirmed": 1}
    assert tried.difference
    assert (tried.difference.bodies, tried.difference.relationships) == ({"created": 1, "updated": 2}, {"confirmed": 1, "created": 2})
    counts = next(i.counts for i in imports(engine).imports if i.file == "新.csv")
    assert (counts["created"], counts["updated"]) == (2, 1)


def test_two_names_in_one_file(engine: GraphEngine, tmp_path: Path) -> None:
    report = load(engine, [register(tmp_path, "一", HEADER, (LONG, code(1), "", ""), (SHORT, "", "民营", ""))]).reports[0]
    assert (report.joined, report.created, report.updated, report.bodies) == (1, 1, 1, {"created": 1, "updated": 1})


def test_what_a_row_says_of_others_beside(engine: GraphEngine, tmp_path: Path) -> None:
    """The party organisation was there, its firm was there under another name; the second row has a new organisation."""
    header = ("党组织名称", "建于", "组建形式")
    load(engine, [register(tmp_path, "旧", HEADER, (LONG, code(1), "", "")), register(tmp_path, "旧党", header, ("甲支部", LONG, ""))])
    files = [register(tmp_path, "新", HEADER, (SHORT, "", "民营", ""), as_of="2024-04"),
             register(tmp_path, "党", header, ("甲支部", SHORT, ""), ("乙支部", SHORT, ""), as_of="2024-04")]
    units, parties = load(engine, files).reports
    assert (units.created, units.updated) == (0, 1)
    assert (parties.created, parties.updated, parties.relationships.get("created"), parties.relationships.get("confirmed")) == (1, 1, 1, 1)
