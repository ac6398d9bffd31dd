"""Refused rows as workbooks: corrected there and loaded again, they assert what they would have asserted in their own file."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from graph.connect import connect
from graph.engine import GraphEngine
from ingest.load import LoadResult, load
from ingest.rejects import default_name
from ingest.sheets import REASON
from schemas.errors import InputError
from tests.ingest.support import code, facts, names, register
from tests.office import filled, needs_office, row_of, saved_by_office

HEADER = ("企业名称", "统一社会信用代码", "企业类型", "所在楼宇", "自己的列", "备注")
ROWS = (("好公司", "", "民营", "", "", ""), ("坏码公司", code(1)[:-1] + "0", "民营", "", "随便", "=1+1"), ("个体公司", "", "个体户", "", "", "0012"),
        ("没楼公司", "", "外资", "东楼", "", ""))
RIGHT = (ROWS[0], ("坏码公司", code(1), "民营", "", "随便", "=1+1"), ("个体公司", "", "民营", "", "", "0012"), ("没楼公司", "", "外资", "", "", ""))


def as_csv(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    return register(path.parent, path.stem, HEADER, *rows, source="街道报送")


def as_xlsx(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    with xlsxwriter.Workbook(path.with_suffix(".xlsx"), {"strings_to_formulas": False}) as book:
        book.add_worksheet("目录").write_string(0, 0, "本册共一张表")
        sheet = book.add_worksheet("一季度 企业")
        for i, row in enumerate([("企业情况汇总表",), ("来源：街道报送",), ("截至", "2024-03"), HEADER, *rows]):
            for j, cell in enumerate(row):
                sheet.write_string(i, j, cell)
    return path.with_suffix(".xlsx")


def as_json(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    said = [{"来源": "街道报送", "截至": "2024-03"}, *({h: c or None for h, c in zip(HEADER, row, strict=True)} for row in rows)]
    path.with_suffix(".json").write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    return path.with_suffix(".json")


def rejected(engine: GraphEngine, file: Path, to: Path) -> LoadResult:
    result = load(engine, [file], rejects=to)
    assert [f.path for f in result.reject_files] == [str(to)]
    return result


def correct(sheet: Worksheet) -> None:
    """What the reasons say is to be done."""
    at = row_of(sheet, "企业名称")
    column = {c.value: c.column for c in sheet[at]}
    for row in range(at + 1, sheet.max_row + 1):
        name = sheet.cell(row, column["企业名称"]).value
        assert sheet.cell(row, column[REASON]).value
        for right in RIGHT:
            if right[0] == name:
                for header, text in zip(HEADER, right, strict=True):
                    if (sheet.cell(row, column[header]).value or "") != text:
                        sheet.cell(row, column[header]).value = text or None


@needs_office
@pytest.mark.parametrize("written", [as_csv, as_xlsx, as_json])
def test_corrected_there_and_loaded_again(fresh_store: Path, tmp_path: Path, written: object) -> None:
    file, to = written(tmp_path / "企业", ROWS), tmp_path / "问题行.xlsx"  # type: ignore[operator]
    engine, other = connect(f"sqlite:///{fresh_store}"), connect(f"sqlite:///{tmp_path / '对照.db'}")
    rejected(engine, file, to)
    sheet = openpyxl.load_workbook(to).worksheets[0]
    assert sheet.title == ("一季度 企业" if file.suffix == ".xlsx" else "企业")
    assert sheet.max_row - row_of(sheet, "企业名称") == 3
    (again,) = saved_by_office([filled(to, correct)], tmp_path / "存过")
    result = load(engine, [again])
    assert (result.rejects, result.reports[0].created) == ((), 3)
    load(other, [written(tmp_path / "改好", RIGHT)])  # type: ignore[operator]
    assert facts(engine) == facts(other)
    for e in (engine, other):
        e.close()


@pytest.fixture
def fresh_store(tmp_path: Path) -> Path:
    return tmp_path / "自己.db"


def test_cells_and_headers_are_as_they_were(engine: GraphEngine, tmp_path: Path) -> None:
    to = tmp_path / "问题行.xlsx"
    rejected(engine, as_xlsx(tmp_path / "企业", ROWS), to)
    sheet = openpyxl.load_workbook(to).worksheets[0]
    rows = [[c.value for c in row] for row in sheet.iter_rows()]
    assert rows[0][1:2] + rows[1][1:2] + rows[2][1:3] == ["企业情况汇总表", "来源：街道报送", "截至", "2024-03"]
    assert rows[3] == [REASON, *HEADER]
    assert [[c or "" for c in r[1:]] for r in rows[4:]] == [list(r) for r in ROWS[1:]]
    assert "校验位" in rows[4][0] and "民营" in rows[5][0] and "东楼" in rows[6][0]
    assert sheet.cell(5, 7).data_type == "s"  # =1+1 is text


def test_uncorrected_rows_are_refused_for_the_same_reasons(engine: GraphEngine, tmp_path: Path) -> None:
    """Too many cells as well, wherever the added column stands."""
    file = register(tmp_path, "企业", ("企业名称", "企业类型"), ("多格公司", "民营", "", "多"), ("个体公司", "个体户"))
    to = tmp_path / default_name(file.name)
    first = [(r.code, r.column) for r in rejected(engine, file, to).rejects]
    assert [(r.code, r.column) for r in load(engine, [to]).rejects] == first == [("row.cells", ""), ("row.value", "企业类型")]
    moved = openpyxl.load_workbook(to)
    sheet = moved.worksheets[0]
    at = row_of(sheet, REASON)
    for row in range(at, sheet.max_row + 1):
        sheet.cell(row, 9, sheet.cell(row, 1).value)
    sheet.delete_cols(1)
    moved.save(to)
    assert [(r.code, r.column) for r in load(engine, [to]).rejects] == first


def test_source_and_date_are_kept_where_the_file_had_none_of_its_own(engine: GraphEngine, tmp_path: Path) -> None:
    """The source was the file's name; the second sheet took both from the first."""
    path = tmp_path / "春季普查.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, top, kind in (("楼", ("截至", "2024-03"), "楼宇名称"), ("企业", ("二楼起",), "企业名称")):
            sheet = book.add_worksheet(name)
            for i, row in enumerate((top, ("虚构数据", "是") if name == "楼" else (), (kind, "所在楼宇" if name == "企业" else "重点楼宇"), ("甲", "丙楼" if name == "企业" else ""))):
                sheet.write_row(i, 0, row)
    to = tmp_path / "a.xlsx"
    rejected(engine, path, to)
    rows = [[c for c in row if c] for row in openpyxl.load_workbook(to)["企业"].iter_rows(values_only=True)]
    assert rows[:4] == [["来源", "春季普查"], ["截至", "2024-03"], ["虚构数据", "是"], ["二楼起"]]


def test_several_files_give_several_workbooks(engine: GraphEngine, tmp_path: Path) -> None:
    files = [register(tmp_path, "一", ("企业名称", "企业类型"), ("甲", "个体户")), register(tmp_path, "二", ("企业名称", "企业类型"), ("乙", "个体户"), as_of="2024-04"),
             register(tmp_path, "三", ("企业名称",), ("丙",))]
    found = load(engine, files, rejects=tmp_path / "错.xlsx", dry_run=True).reject_files
    assert [(f.file, Path(f.path).name, f.rows) for f in found] == [("一.csv", "错_一.xlsx", 1), ("二.csv", "错_二.xlsx", 1)]
    found = load(engine, files, rejects=tmp_path).reject_files
    assert [Path(f.path).name for f in found] == ["一_问题行.xlsx", "二_问题行.xlsx"]
    assert default_name("一_问题行.xlsx") == "一_问题行2.xlsx"
    assert not load(engine, [tmp_path / "一_问题行.xlsx"], rejects=tmp_path).reject_files[0].path.endswith("一_问题行.xlsx")


def test_what_cannot_be_written_stops_the_load(engine: GraphEngine, tmp_path: Path) -> None:
    file = as_xlsx(tmp_path / "企业", ROWS)
    for to in (tmp_path / "没有" / "a.xlsx", tmp_path / "a.csv", file):
        with pytest.raises(InputError):
            load(engine, [file], rejects=to)
    assert names(engine) == set()
    assert openpyxl.load_workbook(file).sheetnames == ["目录", "一季度 企业"]


def as_locked(path: Path) -> None:
    """A workbook whose parts are encrypted, as zip archives may be."""
    content = bytearray(as_xlsx(path.with_suffix(""), ROWS).read_bytes())
    for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        for found in re.finditer(re.escape(mark), content):
            content[found.start() + at] |= 1
    path.write_bytes(content)


@pytest.mark.parametrize("write", [lambda p: as_xlsx(p.with_suffix(""), ROWS), lambda p: p.write_bytes(b"SQLite format 3\0"), lambda p: p.write_bytes(b""),
                                   as_locked])
def test_other_files_are_not_written_over(engine: GraphEngine, tmp_path: Path, write: Callable[[Path], object]) -> None:
    file, other = as_xlsx(tmp_path / "企业", ROWS), tmp_path / "别的.xlsx"
    write(other)
    before = other.read_bytes()
    with pytest.raises(InputError) as error:
        load(engine, [file], rejects=other)
    assert (error.value.code, other.read_bytes(), names(engine)) == ("file.exists", before, set())
    for dry_run in (True, False):  # what a preview has written is written again
        assert load(engine, [file], rejects=tmp_path / "问题行.xlsx", dry_run=dry_run).reject_files


def test_rows_that_are_good_now_load_from_the_same_file(engine: GraphEngine, tmp_path: Path) -> None:
    """What they name has been registered meanwhile; nothing of the file is loaded twice."""
    file = as_csv(tmp_path / "企业", ROWS)
    load(engine, [file])
    again = load(engine, [file])
    assert again.reports[0].state == "already_loaded" and "3 行" in again.reports[0].message and len(again.rejects) == 3
    load(engine, [register(tmp_path, "楼宇", ("楼宇名称",), ("东楼",))])
    (report,) = load(engine, [file]).reports
    assert (report.state, report.import_number, report.created, report.unchanged, report.rejected) == ("loaded", 1, 1, 1, 2)
    assert "没楼公司" in names(engine)
    assert load(engine, [file]).reports[0].state == "already_loaded"


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.text(st.characters(exclude_categories=("Cs",)), max_size=30), st.text(max_size=10)), min_size=1, max_size=4))
def test_any_text_survives(tmp_path: Path, texts: list[tuple[str, str]]) -> None:
    """What a JSON register had in its cells is read from the workbook again, but for what no cell of Excel holds."""
    from ingest.headers import open_register
    from ingest.reading import rows_of

    path, to = tmp_path / "a.json", tmp_path / "b.xlsx"
    said = [{"截至": "2024-03"}, *({"企业名称": f"公司{i}", "企业类型": "个体户", "备注": a, "别的": b} for i, (a, b) in enumerate(texts))]
    path.write_text(json.dumps(said), encoding="utf-8")
    engine = connect(f"sqlite:///{tmp_path / 'any.db'}")
    load(engine, [path], dry_run=True, rejects=to)
    engine.close()
    (table,) = open_register(to).tables
    read = [row.cells for row in rows_of(table)]
    (original,) = open_register(path).tables
    assert [[plain(c) for c in row] for row in read] == [[plain(c) for c in row.cells] for row in rows_of(original)]


def plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def test_all_that_is_wrong_in_a_row_is_told_at_once(engine: GraphEngine, tmp_path: Path) -> None:
    header = ("企业名称", "统一社会信用代码", "企业类型", "重点单位", "所在楼宇", "备注")
    file, to = register(tmp_path, "企业", header, ("甲", code(1)[:-1], "个体户", "是", "东楼", ""), ("乙", "", "外资", "大概", "东楼", "")), tmp_path / "错.xlsx"
    one, other = load(engine, [file], rejects=to).rejects
    assert (one.code, one.column, [w.column for w in one.further]) == ("row.credit-code", "统一社会信用代码", ["企业类型"])
    assert (other.column, [(w.column, w.message) for w in other.further]) == ("重点单位", [("所在楼宇", "没有名为“东楼”的楼宇")])
    sheet = openpyxl.load_workbook(to).worksheets[0]
    cells = sheet[row_of(sheet, "乙")]
    assert [line.partition(" → ")[0] for line in cells[0].value.splitlines()] == [
        "“重点单位”应填 是 或 否，实为“大概”", "所在楼宇：没有名为“东楼”的楼宇"]
    marked = {c.value for c in cells[1:] if c.fill.fgColor.rgb != cells[1].fill.fgColor.rgb}
    assert marked == {"大概", "东楼"}
