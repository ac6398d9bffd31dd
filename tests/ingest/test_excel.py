"""Workbooks as offices have them: sheets, hidden ones, merged cells, typed cells; what is no workbook or too much of one."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from graph.engine import GraphEngine
from ingest.load import load
from ingest.readers import open_book
from schemas.errors import RegisterError
from tests.ingest.corpus_made import FOLDER, by_office, by_openpyxl, by_xlsxwriter, by_xlwt, typed_by_xlwt
from tests.ingest.support import names, values
from tests.office import needs_office

HEADER = ("企业名称", "统一社会信用代码", "重点单位", "最近核实日期", "备注", "所在楼宇")


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """Two registers, a hidden sheet and one with text, as Excel would write them."""
    path = tmp_path / "台账.xlsx"
    with xlsxwriter.Workbook(path) as book:
        month, day = (book.add_format({"num_format": f}) for f in ('yyyy"年"m"月"', "yyyy-mm-dd"))
        sheet = book.add_worksheet("企业台账")
        sheet.merge_range(0, 0, 0, 5, "某街道企业台账")
        sheet.write_row(1, 0, ["来源", "测试"])
        sheet.write_row(2, 0, ["截至", "2024-03"])
        sheet.write_row(3, 0, HEADER)
        sheet.write_row(4, 0, ["甲公司", 91310105123456789, True])
        sheet.write_row(5, 0, ["乙公司"])
        sheet.write_datetime(5, 3, date(2023, 5, 1), month)
        sheet.merge_range(5, 5, 6, 5, "甲楼")
        sheet.write_row(6, 0, ["丙公司"])
        sheet.write_datetime(6, 3, date(2023, 5, 1), day)
        sheet.write(6, 4, 12.0)
        sheet.write(8, 0, "合计：3")
        buildings = book.add_worksheet("楼宇")
        buildings.write_row(2, 1, ["楼宇名称", "重点楼宇"])
        buildings.write_row(3, 1, ["甲楼", "是"])
        hidden = book.add_worksheet("名单")
        hidden.hide()
        hidden.write_row(0, 0, ["姓名", "身份证号"])
        book.add_worksheet("说明").write(0, 0, "请如实填写")
    return path


def test_a_workbook_of_several_registers(engine: GraphEngine, workbook: Path) -> None:
    result = load(engine, [workbook])
    (report,) = result.reports
    assert (report.layout, report.read, report.created, report.rejected) == ("企业登记表、楼宇登记表", 4, 3, 1)
    assert report.warnings == ("隐藏的工作表没有读取：名单（需要导入的，请取消隐藏）", "工作表“说明”没有登记表的表头，未导入")
    (reject,) = result.rejects
    assert (reject.sheet, reject.row, reject.column, reject.code) == ("企业台账", 5, "统一社会信用代码", "row.credit-code-number")
    assert names(engine) == {"乙公司", "丙公司", "甲楼"}
    assert values(engine, "乙公司") == {"confirmed": "2023-05"}  # as the cell shows it
    assert values(engine, "丙公司") == {"confirmed": "2023-05-01", "remark": "12"}
    with engine.read() as snapshot:
        (building,) = snapshot.lookup(None, "甲楼")
        edges = snapshot.step([building.id], [("LOCATED_IN", False)], None)
    assert sorted(row for e in edges for row in e.rows) == [(1, "企业台账", 6), (1, "企业台账", 7)]  # merged downwards
    assert load(engine, [workbook]).reports[0].state == "already_loaded"


@pytest.mark.parametrize("office", [False, pytest.param(True, marks=needs_office)], ids=["xlwt", "LibreOffice"])
def test_dates_of_the_old_format_are_read_as_they_are_shown(engine: GraphEngine, tmp_path: Path, office: bool) -> None:
    path = tmp_path / "台账.xls"
    typed_by_xlwt(path)
    if office:
        (tmp_path / "office").mkdir()
        by_office(path, tmp_path / "office" / "台账.et.xls")
        path = tmp_path / "office" / "台账.et.xls"
    assert load(engine, [path]).reports[0].rejected == 0
    told = [values(engine, f"{name}公司")["confirmed"] for name in "甲乙丙丁"]
    assert told == ["2023-05", "2023-05", "2023", "2023-05-01"]


@pytest.mark.parametrize(("write", "extension"), [(by_xlsxwriter, ".xlsx"), (by_openpyxl, ".xlsx"), (by_openpyxl, ".xlsm"), (by_xlwt, ".xls"), (by_xlwt, ".et")])
def test_every_writer_gives_the_same_cells(tmp_path: Path, write: Callable[[Path, list[list[str]]], None], extension: str) -> None:
    path = tmp_path / f"a{extension}"
    write(path, [["企业名称", "备注"], ["甲\n公司", ""], ["", "　乙"]])
    (sheet,) = open_book(path).sheets
    assert [(r.number, r.cells) for r in sheet.rows()] == [(1, ("企业名称", "备注")), (2, ("甲\n公司", "")), (3, ("", "　乙"))]
    assert [r.number for r in sheet.rows()] == [1, 2, 3]  # once more


def told(path: Path) -> str:
    with pytest.raises(RegisterError) as error:
        open_book(path)
    assert path.name in error.value.where
    assert error.value.hint
    return error.value.code


def test_a_far_cell_is_refused_and_formatted_columns_are_not(tmp_path: Path) -> None:
    for name, content in (("far", "x"), ("near", "")):
        with xlsxwriter.Workbook(tmp_path / f"{name}.xlsx") as book:
            sheet = book.add_worksheet()
            sheet.write("A1", "企业名称")
            sheet.write("XFD1048576", content, book.add_format({"bold": True}))
    assert told(tmp_path / "far.xlsx") == "register.too-large"
    (sheet,) = open_book(tmp_path / "near.xlsx").sheets
    assert [r.cells for r in sheet.rows()] == [("企业名称",)]


@pytest.mark.parametrize(("name", "content", "code"), [
    ("a.xlsx", b"", "register.empty"), ("a.xls", b" \n", "register.empty"), ("a.xls", b"\xef\xbb\xbf", "register.empty"),
    ("a.xlsx", b"\0" * 9_000, "register.empty"),
    ("a.xls", "企业名称,备注\n甲,\n".encode("gb18030"), "register.extension"), ("a.xlsx", "企业名称\n".encode("utf-16"), "register.extension"),
    ("a.xls", b"\xef\xbb\xbf<html xmlns:x='x'><table><tr><td>\xe7\x94\xb2</td></tr></table>", "register.extension"),
    ("a.xls", b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "register.extension"),
    ("a.xlsx", b"\x00\x01\x02\x03" * 100, "register.damaged"), ("a.xlsx", b"PK\x03\x04" + b"\x00" * 60, "register.damaged"),
    ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "register.damaged"),
    ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500 + "WordDocument".encode("utf-16-le"), "register.extension"),
    ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500 + "EncryptedPackage".encode("utf-16-le"), "register.password"),
])
def test_what_is_no_workbook(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert told(path) == code


@pytest.mark.parametrize(("content", "what"), [
    (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<html>", "网页（MHT）"), (b"{\\rtf1 x}", "RTF 文档"), (b"%PDF-1.4\n\0", "PDF 文档"),
    (b"Rar!\x1a\x07\x01", "压缩包"), (b"\x1f\x8b\x08\0", "压缩包"), (b"a,b\n", "文本（CSV）"),
])
def test_what_it_is_instead(tmp_path: Path, content: bytes, what: str) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(content)
    with pytest.raises(RegisterError, match=what) as error:
        open_book(path)
    assert error.value.code == "register.extension"


def test_names_that_do_not_fit(workbook: Path, tmp_path: Path) -> None:
    for name in ("a.xls", "a.csv", "a.json"):
        copy = tmp_path / name
        copy.write_bytes(workbook.read_bytes())
        assert told(copy) == "register.extension"
    half = tmp_path / "half.xlsx"
    half.write_bytes(workbook.read_bytes()[:2000])
    assert told(half) == "register.damaged"
    word = tmp_path / "word.xlsx"
    with zipfile.ZipFile(word, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert told(word) == "register.extension"


def test_bombs(workbook: Path, tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(workbook) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            if entry.filename != "xl/worksheets/sheet1.xml":
                target.writestr(entry, source.read(entry))
        with target.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(100):
                sheet.write(b" " * (1 << 20))
    assert told(path) == "register.too-large"
    many = tmp_path / "many.xlsx"
    with zipfile.ZipFile(many, "w") as archive:
        for i in range(6_000):
            archive.writestr(f"xl/{i}", "")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert told(many) == "register.too-large"


def test_formulas_without_a_value_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("表")
        sheet.write_row(0, 0, ["企业名称", "备注"])
        sheet.write_formula("A2", '="甲"&"公司"', None, "甲公司")
        sheet.write_formula("B2", "=NA()", None, "#N/A")
    assert open_book(path).warnings == ("工作表“表”有 1 个单元格是公式错误（如 #N/A），按未填处理",)
    assert [r.cells for r in open_book(path).sheets[0].rows()][1] == ("甲公司", "")
    by_openpyxl(path, [["企业名称", "备注"], ["甲公司", '="a"&"b"']])
    (told,) = open_book(path).warnings
    assert "1 个公式没有算出的结果" in told


def test_errors_in_an_old_workbook_are_told() -> None:
    assert open_book(FOLDER / "errors.xls").warnings == ("有 2 个单元格是公式错误（如 #N/A），按未填处理",)
