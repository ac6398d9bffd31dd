"""Templates: what people fill in loads as it is, for every register."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from graph.engine import GraphEngine
from ingest.column_help import Told, columns, told
from ingest.load import load
from ingest.mapping import Layout, layouts
from ingest.sheets import GUIDE
from ingest.template import HEADER, template, templates
from schemas.errors import InputError
from schemas.facts import Value
from schemas.kinds import KINDS
from tests.ingest.support import code
from tests.office import filled, needs_office, saved_by_office

EMPTY = ("over", "end", "basis", "reason")


def test_a_template_says_what_each_column_is(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(template("企业", tmp_path / "企业.xlsx"))
    sheet, guide = book["企业登记表"], book[GUIDE]
    headers = [c.value for c in sheet[HEADER + 1]]
    assert headers[:2] == ["企业名称", "统一社会信用代码"]
    assert sheet.freeze_panes == f"B{HEADER + 2}"
    explained = {row[0].value: row for row in guide.iter_rows()}
    assert [h for h in headers if not all(explained[h][i].value for i in (1, 2))] == []
    assert explained["企业名称"][4].value == "必填"
    assert str(sheet.cell(HEADER + 2, 1).value).startswith("示例：")
    assert {sheet.column_dimensions[c].width > 10 for c in "ABC"} == {True}


def test_choices_are_drop_downs_and_codes_are_text(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(template("企业", tmp_path / "企业.xlsx"))
    sheet = book["企业登记表"]
    place = {c.value: c.column_letter for c in sheet[HEADER + 1]}
    lists = {str(v.sqref).partition(":")[0].rstrip("0123456789"): v for v in sheet.data_validations.dataValidation if v.type == "list"}
    name, _, cells = lists[place["企业类型"]].formula1.lstrip("=").partition("!")
    assert [c[0].value for c in book[name][cells.replace("$", "")]] == ["民营", "外资", "混合所有制", "国有"]
    assert book[name].sheet_state == "hidden"
    assert sheet.column_dimensions[place["统一社会信用代码"]].number_format == "@"
    assert place["最近核实日期"] not in lists


@pytest.mark.parametrize("name", ["企业", "企业登记表", "Enterprise", "enterprise"])
def test_a_register_is_named_as_people_name_it(tmp_path: Path, name: str) -> None:
    assert template(name, tmp_path / "a.xlsx").exists()


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "有.xlsx").write_bytes(b"mine")
    for kind, path, expected in (("飞船", "a.xlsx", "template.kind"), ("企业", "有.xlsx", "file.exists"), ("企业", "a.csv", "file.suffix"),
                             ("企业", "没有这个文件夹/a.xlsx", "workbook.unwritable")):
        with pytest.raises(InputError) as error:
            template(kind, tmp_path / path)
        assert error.value.code == expected
        assert error.value.hint
    assert (tmp_path / "有.xlsx").read_bytes() == b"mine"


def typed(layout: Layout, t: Told) -> str:
    """What a careful person types into a column."""
    c = t.column
    if c.relation and not c.field:
        return f"乙{KINDS[c.to[0]].label}"
    if c.meaning == "credit_code":
        return code(7 if layout.kind == "Enterprise" else 8)
    if c.field and c.field.name in ("ended", "remark"):
        return ""
    if c.field:
        return {"text": "012", "flag": "否", "date": "2024-03", "number": "3"}.get(c.field.type) or t.options[-1]
    return {"name": f"甲{KINDS[layout.kind].label}", "alias": f"甲{layout.name}", "start": "2023-05"}.get(c.meaning, "")


def fill(sheet: Worksheet, layout: Layout) -> None:
    sheet["B2"], sheet["B3"] = "测试填报", "2024-03"
    if not layout.kind:
        for i, cells in enumerate((("企业", "甲企业", "位于", "楼宇", "甲楼宇", "经营地", "", "03", "0301"),
                                   ("联络岗位", "甲联络岗位", "联系", "企业", "甲企业", "", "区级"))):
            for j, cell in enumerate(cells, 1):
                sheet.cell(HEADER + 3 + i, j, cell)
        return
    for j, column in enumerate(columns(layout), 1):
        sheet.cell(HEADER + 3, j, typed(layout, told(layout, column)))
    sheet.cell(HEADER + 4, 1, f"乙{KINDS[layout.kind].label}")


@needs_office
def test_every_template_filled_in_loads_as_it_is(engine: GraphEngine, tmp_path: Path) -> None:
    for path, layout in zip(templates(tmp_path / "模板"), layouts(), strict=True):
        filled(path, lambda sheet, layout=layout: fill(sheet, layout))
    result = load(engine, saved_by_office(sorted((tmp_path / "模板").iterdir()), tmp_path / "存过"))
    assert result.rejects == ()
    assert {(r.layout, r.read, r.state) for r in result.reports} == {(x.label, 2, "loaded") for x in layouts()}
    assert not any("不认识" in w for r in result.reports for w in r.warnings)
    for layout in layouts():
        if layout.kind:
            check(engine, layout)
    with engine.read() as snapshot:
        (located,) = [e for e in snapshot.step([snapshot.lookup("name", "甲企业")[0].id], [("LOCATED_IN", True)], None)
                      if e.target == snapshot.lookup("name", "甲楼宇")[0].id]
        assert (located.values["floor"], located.values["room"]) == (Value("03"), Value("0301"))
        assert not snapshot.lookup("name", "某某企业")


def check(engine: GraphEngine, layout: Layout) -> None:
    """Fields, code and relationships are there as they were typed."""
    with engine.read() as snapshot:
        (body,) = snapshot.lookup("name", f"甲{KINDS[layout.kind].label}", layout.kind)
        shown = [(c, typed(layout, told(layout, c))) for c in columns(layout)]
        for column, text in shown:
            if column.meaning == "field" and text:
                value = body.values[column.field.name].value
                said = {v: k for k, v in column.field.choices.items()}.get(text) or {"否": "false"}.get(text, text)
                assert value in (said, (said,)), column.header
            elif column.meaning == "relation":
                edges = snapshot.step([body.id], [(column.relation, column.forward)], None)
                other = snapshot.lookup("name", text, column.to[0])[0].id
                assert [e for e in edges if other in (e.source, e.target) and (not column.role or e.role == column.role)], column.header
        codes = [v for s, v in snapshot.keys(body.id) if s == "credit_code"]
        assert codes == [t for c, t in shown if c.meaning == "credit_code"]
