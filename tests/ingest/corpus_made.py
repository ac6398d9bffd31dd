"""Makes the corpus: workbooks and look-alikes as offices send them, small, by real programs and by hand. What each must give
stands in ``CASES``; ``tests/ingest/test_corpus.py`` holds it. Needs LibreOffice:

    python -m tests.ingest.corpus_made
"""

from __future__ import annotations

import io
import re
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import openpyxl
import xlsxwriter
import xlwt

FOLDER = Path(__file__).parent / "corpus"
ROWS = [["某街道企业台账（截至2024年3月）"], ["序号", "企业名称", "重点单位", "最近核实日期", "所属行业"],
        ["1", "甲公司", "√", "2024.3.1", "无"], ["2", "乙　公司", "否", "2023年5月", ""], ["合计", "2"], ["填表人：某某"]]
GOOD = {"甲公司": {"key": "true", "confirmed": "2024-03-01"}, "乙 公司": {"key": "false", "confirmed": "2023-05"}}

# as a street office keeps it: who filled it in and when beside each other, a header of two rows with notes, other words for choices
STREET_ROWS = [
    ["虹桥街道辖区重点企业党建工作台账"], ["填报单位（盖章）：虹桥街道党建办", "", "", "", "填报时间：2024年3月31日"],
    ["序号", "基本情况", "", "", "", "", "经营情况", "", "党建情况", "", "备注"],
    ["", "企业名称（全称）", "统一社会信用代码（18位）", "企业类别", "员工总数（人）", "注册资金（万元）", "经营情况", "走访时间", "是否建立党组织", "党组织名称", ""],
    [1, "甲科技有限公司", "91310105000000001C", "民营企业", 35, 500, "正常经营", "2024.3", "否", "暂无", ""],
    [2, "乙文化传播有限公司", "", "外商独资", "8人", "1,000", "已搬离", "2024年3月5日", "否", "", "已联系"],
    ["合计", "2家"], ["填表人：某某", "", "", "审核人：某某"], ["注：本表每季度更新一次。"]]
STREET_MERGES = ("A1:K1", "A3:A4", "B3:F3", "G3:H3", "I3:J3", "K3:K4")
STREET = {"甲科技有限公司": {"type": "private", "staff_band": "10-49", "status": "operating", "confirmed": "2024-03"},
          "乙文化传播有限公司": {"type": "foreign", "staff_band": "0-9", "status": "moved_away", "confirmed": "2024-03-05", "remark": "已联系"}}

# name -> the values of the bodies that it must give, or the code with which the whole file is refused
CASES: dict[str, dict[str, dict[str, str]] | str] = {
    "xlsxwriter.xlsx": GOOD, "openpyxl.xlsx": GOOD, "xlwt.xls": GOOD, "libreoffice.xlsx": GOOD, "libreoffice.xls": GOOD,
    "wps.et": GOOD, "wps-habits.xlsx": GOOD, "utf8-bom.csv": GOOD, "gb18030.csv": GOOD, "utf16.csv": GOOD, "typed.xlsx": GOOD, "wrong-dimension.xlsx": GOOD,
    "csv.xls": "register.extension", "html.xls": "register.extension", "xml-2003.xls": "register.extension", "xlsx.xls": "register.extension",
    "xls.xlsx": "register.extension", "word.xlsx": "register.extension", "xlsx.csv": "register.extension",
    "truncated.xlsx": "register.damaged", "truncated.xls": "register.damaged", "noise.xlsx": "register.damaged",
    "empty.xlsx": "register.empty", "no-rows.xlsx": "register.empty", "far-cell.xlsx": "register.too-large", "bomb.xlsx": "register.too-large",
    "errors.xls": {"甲公司": {}, "乙公司": {"status": "operating"}}, "street.xlsx": STREET, "street.xls": STREET,
    "password.xlsx": "register.password", "password.xls": "register.password", "identity.xlsx": "register.personal", "hidden-column.xlsx": "register.personal",
}


def by_xlsxwriter(path: Path, rows: list[list[str]] = ROWS, hidden: int | None = None) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("台账")
        for i, row in enumerate(rows):
            sheet.write_row(i, 0, row)
        if hidden is not None:
            sheet.set_column(hidden, hidden, None, None, {"hidden": True})


def by_openpyxl(path: Path, rows: Sequence[Sequence[object]] = ROWS) -> None:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)


def street(path: Path) -> None:
    by_openpyxl(path, STREET_ROWS)
    book = openpyxl.load_workbook(path)
    for merge in STREET_MERGES:
        book.active.merge_cells(merge)
    book.save(path)


def by_xlwt(path: Path, rows: list[list[str]] = ROWS) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("台账")
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            sheet.write(i, j, cell)
    book.save(str(path))


def errors(path: Path) -> None:
    """Formulas that found nothing, as VLOOKUP in people's ledgers does."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("台账")
        for i, row in enumerate((["来源", "测试"], ["截至", "2024-03"], ["企业名称", "经营状态", "备注"], ["甲公司"], ["乙公司", "在营"])):
            sheet.write_row(i, 0, row)
        sheet.write_formula("B4", '=VLOOKUP("x",A1:B2,2,FALSE)', None, "#N/A")
        sheet.write_formula("C5", "=1/0", None, "#DIV/0!")


def typed_by_xlwt(path: Path) -> None:
    """Dates shown to the month, the year and the day; the sheet before has none."""
    book = xlwt.Workbook(encoding="utf-8")
    book.add_sheet("说明").write(0, 0, "请如实填写")
    sheet = book.add_sheet("台账")
    for row, cells in enumerate((["来源", "测试"], ["截至", "2024-03"], ["企业名称", "最近核实日期"])):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    for row, code in enumerate(('yyyy"年"m"月"', "yyyy-mm", "yyyy", "yyyy-mm-dd"), 3):
        sheet.write(row, 0, f"{'甲乙丙丁'[row - 3]}公司")
        sheet.write(row, 1, date(2023, 5, 1), xlwt.easyxf(num_format_str=code))
    book.save(str(path))


def by_office(source: Path, target: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", target.suffix[1:], "--outdir", folder,
                        str(source)], check=True, capture_output=True)
        target.write_bytes((Path(folder) / f"{source.stem}{target.suffix}").read_bytes())


def typed(path: Path) -> None:
    """Flags and dates as cells of their types, one shown to the month."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("台账")
        for i, row in enumerate(ROWS):
            sheet.write_row(i, 0, row)
        sheet.write(2, 2, True)
        sheet.write(3, 2, False)
        sheet.write_datetime(2, 3, date(2024, 3, 1), book.add_format({"num_format": "yyyy/m/d"}))
        sheet.write_datetime(3, 3, date(2023, 5, 1), book.add_format({"num_format": 'yyyy"年"m"月";@'}))


def changed(source: Path, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook with one part of it changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            new.writestr(entry.filename, change(data) if entry.filename == part else data)
    return out.getvalue()


def by_wps_habits(source: Path, target: Path) -> None:
    """Made by hand after what is publicly known of WPS's habits, for want of a file made by it: a dimension of one cell (langgenius/dify
    issue 1039), styles of number formats that there are not (ktr/sxl pull request 8), its own elements among the properties
    (alibaba/easyexcel issue 1471), absolute targets of parts, its own extensions."""
    target.write_bytes(changed(source, "xl/worksheets/sheet1.xml", lambda d: re.sub(rb'<dimension ref="[^"]*"/>', b'<dimension ref="A1"/>', d).replace(
        b"</worksheet>", b'<extLst><ext uri="{etc}" xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData"><etc:x/></ext></extLst></worksheet>')))
    target.write_bytes(changed(target, "xl/styles.xml", lambda d: re.sub(
        rb"<fonts ", rb'<numFmts count="2"><numFmt numFmtId="41" formatCode="_ * #,##0_ ;_ * \\-#,##0_ ;_ * &quot;-&quot;_ ;_ @_ "/>'
        rb'<numFmt numFmtId="176" formatCode=""/></numFmts><fonts ', d, count=1).replace(b'<cellXfs count="1"><xf numFmtId="0"', b'<cellXfs count="1"><xf numFmtId="59"')))
    target.write_bytes(changed(target, "docProps/core.xml", lambda d: d.replace(b"</dcterms:created>", b"</dcterms:created><dcterms:issued>2024</dcterms:issued>")))
    target.write_bytes(changed(target, "xl/_rels/workbook.xml.rels", lambda d: d.replace(b'Target="worksheets/', b'Target="/xl/worksheets/')))
    target.write_bytes(changed(target, "docProps/app.xml", lambda d: d.replace(b"Microsoft Excel", "WPS 表格".encode())))


def locked_xls() -> bytes:
    """An .xls whose stream begins with BOF and FILEPASS, as an encrypted one does."""
    stream = bytes.fromhex("0908100000060500bb0dcc07c100000006030000") + bytes.fromhex("2f003600010001000100") + b"\x5a" * 48 + b"\x0a\x00\x00\x00"
    out = io.BytesIO()
    xlwt.CompoundDoc.XlsDoc().save(out, stream.ljust(5_000, b"\0"))
    return out.getvalue()


def make(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    at = folder.joinpath
    by_xlsxwriter(at("xlsxwriter.xlsx"))
    by_openpyxl(at("openpyxl.xlsx"))
    by_xlwt(at("xlwt.xls"))
    by_office(at("openpyxl.xlsx"), at("libreoffice.xls"))
    by_office(at("xlwt.xls"), at("libreoffice.xlsx"))
    at("wps.et").write_bytes(at("libreoffice.xls").read_bytes())
    street(at("street.xlsx"))
    by_office(at("street.xlsx"), at("street.xls"))
    errors(at("errors.xlsx"))
    by_office(at("errors.xlsx"), at("errors.xls"))
    at("errors.xlsx").unlink()
    typed(at("typed.xlsx"))
    by_wps_habits(at("xlsxwriter.xlsx"), at("wps-habits.xlsx"))
    text = "".join(",".join(r) + "\r\n" for r in ROWS)
    for name, encoding in (("utf8-bom.csv", "utf-8-sig"), ("gb18030.csv", "gb18030"), ("utf16.csv", "utf-16")):
        at(name).write_bytes(text.encode(encoding))
    plain, sheet = at("xlsxwriter.xlsx"), "xl/worksheets/sheet1.xml"
    at("wrong-dimension.xlsx").write_bytes(changed(plain, sheet, lambda d: d.replace(b'ref="A1:E6"', b'ref="A1"')))
    at("csv.xls").write_bytes(text.encode("gb18030"))
    at("html.xls").write_text("<html><body><table><tr><td>企业名称</td></tr></table></body></html>", encoding="utf-8")
    at("xml-2003.xls").write_text('<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', encoding="utf-8")
    at("xlsx.xls").write_bytes(plain.read_bytes())
    at("xlsx.csv").write_bytes(plain.read_bytes())
    at("xls.xlsx").write_bytes(at("xlwt.xls").read_bytes())
    with zipfile.ZipFile(at("word.xlsx"), "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    at("truncated.xlsx").write_bytes(plain.read_bytes()[:3_000])
    at("truncated.xls").write_bytes(at("xlwt.xls").read_bytes()[:2_560])
    at("noise.xlsx").write_bytes(bytes(range(256)) * 4)
    at("empty.xlsx").write_bytes(b"")
    by_xlsxwriter(at("no-rows.xlsx"), [])
    with xlsxwriter.Workbook(at("far-cell.xlsx")) as book:
        book.add_worksheet().write("XFD1048576", "甲")
    with xlsxwriter.Workbook(at("bomb-seed.xlsx")) as book:
        book.add_worksheet()
    at("bomb.xlsx").write_bytes(changed(at("bomb-seed.xlsx"), sheet, lambda d: d + b" " * (70 << 20)))
    at("bomb-seed.xlsx").unlink()
    out = io.BytesIO()
    xlwt.CompoundDoc.XlsDoc().save(out, b"\0" * 5_000)
    at("password.xlsx").write_bytes(out.getvalue() + "EncryptedPackage".encode("utf-16-le"))
    at("password.xls").write_bytes(locked_xls())
    personal = [[*r, *([""] * (5 - len(r))), "身份证号" if r[0] == "序号" else ""] for r in ROWS]
    by_xlsxwriter(at("identity.xlsx"), personal)
    by_xlsxwriter(at("hidden-column.xlsx"), personal, hidden=5)


if __name__ == "__main__":
    make(FOLDER)
