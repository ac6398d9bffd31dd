"""Ledgers written back: loading them again changes nothing; in their own columns, order and sheet names; formulas are text."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.connect import connect
from graph.engine import GraphEngine
from graph.policy_files import policy
from ingest.bundled import files
from ingest.export import export
from ingest.load import load
from ingest.mapping import layouts
from ingest.own_layouts import Ledger, ledger_named, read_ledger
from ingest.review import decide, review
from ingest.synthetic import synthesize
from ingest.undo import undo
from schemas.dates import after, last, read
from schemas.errors import InputError, RegisterError
from schemas.view import View
from tests.ingest.support import code, register

EVERYTHING = Ledger("全部", "", layouts())


def told(engine: GraphEngine) -> set[str]:
    """What is in force, whoever says it and as of when."""
    found = set[str]()
    with engine.read() as snapshot:
        for what, item in snapshot.export():
            kept = item[:2] if what == "closed" else item[:1] if what == "declaration" else item[:-1]
            found.add(json.dumps([what, *kept], ensure_ascii=False, sort_keys=True, default=str))
            if what == "body":
                found.update(map(str, ((item[0], *key) for key in snapshot.keys(item[0]))))
    return found


def returned(engine: GraphEngine, folder: Path, ledger: Ledger = EVERYTHING) -> None:
    """Writes the ledger, loads it, and sees that nothing has changed."""
    before, path = told(engine), folder / "台账.xlsx"
    export(engine, ledger, path, View(policy("national"), date(2025, 7, 1)))
    result = load(engine, [path])  # without a mapping, which the workbook holds where it needs one
    (report,) = result.reports
    assert (result.rejects, report.created, report.updated) == ((), 0, 0)
    assert told(engine) == before
    assert report.warnings == (() if before else ("没有数据行，什么也没有导入",))


def test_the_bundled_data_come_back(engine: GraphEngine, tmp_path: Path) -> None:
    load(engine, files())
    returned(engine, tmp_path)


def test_a_made_district_comes_back(engine: GraphEngine, tmp_path: Path) -> None:
    load(engine, synthesize(tmp_path / "r", 60, 3))
    returned(engine, tmp_path)


def test_what_was_decided_and_undone_comes_back(engine: GraphEngine, tmp_path: Path) -> None:
    load(engine, [register(tmp_path, "旧", ("企业名称",), ("上海天工智能科技有限公司",), as_of="2024-03")])
    load(engine, [register(tmp_path, "新", ("企业名称",), ("天公智能科技有限公司",), as_of="2024-04")])
    load(engine, [register(tmp_path, "错", ("企业名称",), ("另一家",), as_of="2024-05")])
    undo(engine, 3)
    decide(engine, review(engine).items[0].number, same=True)
    written = export(engine, EVERYTHING, tmp_path / "先.xlsx", View(policy("national"), date(2025, 7, 1)))
    assert written.as_of == "2024-04"
    returned(engine, tmp_path)


NAME = st.text(st.sampled_from("甲乙丙丁Ａa1=+@-、；：（）[]仅无'\" "), min_size=1, max_size=6)
CELL = st.sampled_from(["", "无", "是", "甲", "仅：甲", "2020-09", "2020", "=1+1", "民营", "1-2", "3、4", "45", "0301"])


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(NAME, CELL, CELL, CELL, CELL, CELL, NAME), min_size=1, max_size=6), st.lists(NAME, min_size=1, max_size=4))
def test_whatever_loads_comes_back(rows: list[tuple[str, ...]], buildings: list[str]) -> None:
    header = ("企业名称", "企业类型", "正式党员数档", "最近核实日期", "党组织", "备注", "所在楼宇")
    with TemporaryDirectory() as name:
        folder = Path(name)
        engine = connect(f"sqlite:///{folder / 'a.db'}")
        load(engine, [register(folder, "企业", header, *rows), register(folder, "楼宇", ("楼宇名称",), ("楼",), *((b,) for b in buildings))])
        returned(engine, folder)
        engine.close()


MAPPING = """
name = "街道台账"
source = "某街道"
[[sheet]]
sheet = "入驻企业"
kind = "企业"
title = "某街道入驻企业台账"
[sheet.columns]
"序号" = ""
"大厦" = "所在楼宇"
"层" = "楼层"
"单位" = "企业名称"
"代码" = "统一社会信用代码"
"联系电话" = ""
"帮扶支部" = { relation = "被覆盖于", to = ["党组织"], many = true }
"性质" = "企业类型"
[[sheet]]
sheet = "支部"
kind = "党组织"
[sheet.columns]
"支部" = "党组织名称"
"类型" = "组建形式"
"""


@pytest.fixture
def ledger(engine: GraphEngine, tmp_path: Path) -> Ledger:
    (tmp_path / "m.toml").write_text(MAPPING, encoding="utf-8")
    files = [register(tmp_path, "企业", ("企业名称", "统一社会信用代码", "企业类型", "所在楼宇", "楼层", "联合党组织", "依据"),
                      ("=1+甲公司", code(1), "民营", "乙楼、甲楼", "5、3", "仅：甲支部", ""), ("丙公司", "", "外资", "", "", "无", ""),
                      ("丁公司", "", "", "甲楼", "", "甲支部", "推断")),
             register(tmp_path, "楼宇", ("楼宇名称",), ("甲楼",), ("乙楼",)), register(tmp_path, "支部", ("党组织名称", "组建形式"), ("甲支部", "联合"))]
    assert not load(engine, files).rejects
    return read_ledger(tmp_path / "m.toml")


def test_a_ledger_in_its_own_columns(engine: GraphEngine, ledger: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    done = export(engine, ledger, path, View(policy("national"), date(2024, 6, 1)))
    assert done.sheets == (("入驻企业", 3), ("支部", 1))
    assert done.left_out == ("“入驻企业”表里不导入的列（联系电话）留空，原来的内容请从旧表抄来", "推断的内容没有写出：2 处")
    book = openpyxl.load_workbook(path)
    sheet = book["入驻企业"]
    cells = [[c.value for c in row] for row in sheet.iter_rows()]
    assert cells[0][0] == "某街道入驻企业台账"
    assert [r[:2] for r in cells[1:3]] == [["来源", "某街道"], ["截至", "2024-03"]]
    assert cells[3] == ["序号", "大厦", "层", "单位", "代码", "联系电话", "帮扶支部", "性质"]
    rows = {r[3]: r for r in cells[4:]}
    assert rows["=1+甲公司"][1:] == ["乙楼、甲楼", "5、3", "=1+甲公司", code(1), None, "仅：甲支部", "民营"]
    assert rows["丙公司"][1:] == [None, None, "丙公司", None, None, "无", "外资"]
    assert rows["丁公司"][1:] == [None, None, "丁公司", None, None, None, None]
    assert sorted(r[0] for r in cells[4:]) == ["1", "2", "3"]
    assert {c.data_type for row in sheet.iter_rows(min_row=5) for c in row if c.value} == {"s"}  # no formula, no number
    assert sheet.freeze_panes == "B5"
    returned(engine, tmp_path, ledger)


def test_a_scope_and_what_cannot_be_written(engine: GraphEngine, ledger: Ledger, tmp_path: Path) -> None:
    view = View(policy("national"), date(2024, 6, 1))
    assert export(engine, ledger, tmp_path / "a.xlsx", view, scope="乙楼").sheets == (("入驻企业", 1), ("支部", 0))
    for path, expected in ((tmp_path / "a.xlsx", "file.exists"), (tmp_path / "a.csv", "file.suffix"), (tmp_path / "没有" / "a.xlsx", "workbook.unwritable")):
        with pytest.raises(InputError) as error:
            export(engine, ledger, path, view)
        assert error.value.code == expected
    with pytest.raises(RegisterError, match="街道台账"):
        ledger_named("火星", [ledger])
    assert ledger_named("街道台账", [ledger]) is ledger


@given(st.dates(date(1950, 1, 1), date(2090, 1, 1)), st.sampled_from(["day", "month", "year"]))
def test_an_end_is_read_as_it_is_written(day: date, precision: str) -> None:
    text = day.isoformat()[: {"day": 10, "month": 7, "year": 4}[precision]]
    found = read(text)
    assert found
    assert last(after(*found), found[1]) == text


def test_personal_fields_only_when_asked(engine: GraphEngine, tmp_path: Path) -> None:
    load(engine, [register(tmp_path, "岗位", ("联络岗位名称", "任职人", "值班电话"), ("甲岗", "某某", "62521234"))])
    view, ledger = View(policy("national"), date(2024, 6, 1)), ledger_named("联络岗位", ())
    for personal in (False, True):
        path = tmp_path / f"{personal}.xlsx"
        export(engine, ledger, path, view, personal=personal)
        texts = {str(c.value) for row in openpyxl.load_workbook(path).active.iter_rows() for c in row}
        assert ({"某某", "62521234"} <= texts) is personal
