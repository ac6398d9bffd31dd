"""Refused rows as workbooks: each with its original sheet name, preamble, header and cells, and why it was refused beside them.

Corrected there and loaded again, a row asserts what it would have asserted in its own file; the added column is not read.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Sequence
from itertools import islice, zip_longest
from pathlib import Path

from xlsxwriter.worksheet import Worksheet

from ingest.headers import Register, Table, preamble
from ingest.prepare import Prepared
from ingest.readers.table import RawRow
from ingest.reading import rows_of
from ingest.sheets import REASON
from ingest.told_columns import mapping_of, tell
from ingest.walk import reader_of
from ingest.workbook import LAST_ROW, Workbook, height, page, width
from schemas.dates import written
from schemas.errors import InputError
from schemas.facts import Reject, Wrong
from schemas.reports import RejectFile

SUFFIX = "_问题行"
REASON_WIDTH = 44
LOOKED_INTO = 1 << 20  # bytes of a part in which the header stands
LOOKED_AT = 50  # rows by which columns get their widths


def default_name(file: str) -> str:
    """企业.csv -> 企业_问题行.xlsx -> 企业_问题行2.xlsx, where rows of that are refused again."""
    stem = Path(file).stem
    again = re.fullmatch(f"(.*{SUFFIX})([0-9]*)", stem)
    return f"{again[1]}{int(again[2] or 1) + 1}.xlsx" if again else f"{stem}{SUFFIX}.xlsx"


def write_rejects(prepared: Sequence[Prepared], path: Path) -> tuple[RejectFile, ...]:
    """The refused rows of registers, a workbook a file: a file is one load, with one source and as-of. None where none is refused.

    ``path``: where the only one goes; with several the name of each file is added; in a folder each has its default name.
    Raises InputError: no .xlsx, cannot be written, it is one of the files that are being loaded, or another file is there."""
    if not path.is_dir() and path.suffix.lower() != ".xlsx":
        raise InputError("load.rejects", f"问题行文件 {path} 应以 .xlsx 结尾，或是已有的文件夹", hint="如：--rejects 问题行.xlsx")
    refused = [(p, p.register) for p in prepared if p.rejects and isinstance(p.register, Register)]
    places = [_place(path, register.path, several=len(refused) > 1) for _, register in refused]
    if taken := [own for own in places if own.resolve() in [p.register.path.resolve() for p in prepared]]:
        raise InputError("load.rejects", f"问题行不能写到正在导入的文件 {taken[0]}", hint="请换一个文件名")
    if others := [own for own in places if own.exists() and not _is_of_rejects(own)]:
        raise InputError("file.exists", f"文件 {others[0]} 已经存在，且不是问题行的表格，没有覆盖", hint="请换一个文件名，或先把它移走")
    return tuple(_write(p, register, own) for (p, register), own in zip(refused, places, strict=True))


def _is_of_rejects(path: Path) -> bool:
    """Whether a file is a workbook of refused rows, as a preview leaves it for the load to write again."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = [n for n in archive.namelist() if n.startswith("xl/worksheets/") or n == "xl/sharedStrings.xml"]
            return any(REASON.encode() in part.read(LOOKED_INTO) for n in parts for part in [archive.open(n)])
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError, ValueError):  # cut off; encrypted, or packed in an unknown way
        return False


def _place(path: Path, file: Path, *, several: bool) -> Path:
    if path.is_dir():
        return path / default_name(file.name)
    return path.with_name(f"{path.stem}_{file.stem}.xlsx") if several else path


def _write(p: Prepared, register: Register, path: Path) -> RejectFile:
    rows, left_out, told = 0, 0, list[str]()
    with Workbook(path, streamed=True) as book:
        for n, table in enumerate(register.tables):
            why = {row: reject for (t, row), reject in p.rejects.items() if t == n}
            if why:
                sheet = book.sheet(table.sheet or register.path.stem)
                kept = _table(book, sheet, register, table, why)
                rows, left_out = rows + kept, left_out + len(why) - kept
                told += mapping_of(table.layout, zip(table.headers, table.columns, strict=True), sheet.name)
        tell(book, told)
    return RejectFile(file=register.path.name, path=str(path), rows=rows, left_out=left_out)


def _table(book: Workbook, sheet: Worksheet, register: Register, table: Table, why: dict[int, Reject]) -> int:
    """Write one table; how many refused rows found place."""
    above = list(islice(table.read(), table.skipped - len(table.header_cells)))
    needed = reader_of(table).frames
    refused = (row for row in rows_of(table) if row.number in why or needed(row))
    first = list(islice(refused, LOOKED_AT))
    widths = _columns(sheet, table, first)
    at = _above(book, sheet, register, table, above)
    _header(book, sheet, at, table)
    page(sheet, at, widths, rows=len(table.header_cells))
    at += len(table.header_cells)
    sheet.freeze_panes(at, 2)
    kept = 0
    for place, row in enumerate((*first, *islice(refused, LAST_ROW + 1 - at - len(first))), at):
        kept += row.number in why
        _row(book, sheet, place, table, row, why.get(row.number))
    return kept


def _above(book: Workbook, sheet: Worksheet, register: Register, table: Table, above: Sequence[RawRow]) -> int:
    """Write what stands above the header, an empty row where some were; where the header goes."""
    at, before = 0, 0
    for cells in _missing(register, preamble(above)):
        book.row(sheet, at, cells, "label", first=1)
        at += 1
    for row in above:
        at += 0 < before < row.number - 1
        book.row(sheet, at, row.cells, "label", first=1)
        _merge(book, sheet, at, table, row.number, row.cells, "label")
        at, before = at + 1, row.number
    return at + (0 < before < table.header_row - len(table.header_cells))


def _header(book: Workbook, sheet: Worksheet, at: int, table: Table) -> None:
    """The rows of the header as they were, merged where they were; the reason is a column of its own before them."""
    above, *below = table.header_cells
    book.row(sheet, at, (REASON, *above), "header", empty=True)
    _merge(book, sheet, at, table, table.header_row - len(below), above, "header")
    for cells in below:  # what is merged downwards stands in both rows
        shown = ("" if cell == over else cell for cell, over in zip_longest(cells, above[:len(cells)], fillvalue=""))
        book.row(sheet, at + 1, ("", *shown), "header", empty=True)


def _missing(register: Register, told: dict[str, str]) -> list[tuple[str, ...]]:
    """What the load has taken from elsewhere must stand in the file, so that the rows assert the same from here."""
    known = {"来源": register.source, "截至": written(register.as_of, register.as_of_precision) or ""}
    if register.full:
        known["全量"] = register.full
    if register.synthetic:
        known["虚构数据"] = "是"
    return [(word, text) for word, text in known.items() if not told.get(word)]


def _columns(sheet: Worksheet, table: Table, first: Sequence[RawRow]) -> list[int]:
    cells = [[h, *(row.cells[i] for row in first if i < len(row.cells))] for i, h in enumerate(table.headers)]
    widths = [REASON_WIDTH, *(width(column) for column in cells)]
    for i, wide in enumerate(widths):
        sheet.set_column(i, i, wide)
    return widths


def _merge(book: Workbook, sheet: Worksheet, at: int, table: Table, row: int, cells: Sequence[str], style: str) -> None:
    """What is merged within a row of the file is merged here."""
    for m in (m for m in table.merges if m.top == row - 1 and m.left < len(cells) and cells[m.left]):
        sheet.merge_range(at, m.left + 1, at, m.right + 1, cells[m.left], book.style(style))


def _row(book: Workbook, sheet: Worksheet, at: int, table: Table, row: RawRow, reject: Reject | None) -> None:
    if reject is None:  # which the others need
        book.row(sheet, at, row.cells, "grid", first=1, empty=True)
        return
    told = "\n".join(_reason(w) for w in (Wrong(reject.column, reject.message, reject.hint), *reject.further))
    sheet.set_row(at, min(height([told], [REASON_WIDTH]), 120))
    book.row(sheet, at, [told], "reason")
    columns = {reject.column, *(w.column for w in reject.further)}
    for i, cell in enumerate(row.cells):
        wrong = i < len(table.headers) and table.headers[i] in columns
        book.row(sheet, at, [cell], "wrong" if wrong else "grid", first=i + 1, empty=True)


def _reason(wrong: Wrong) -> str:
    where = f"{wrong.column}：" if wrong.column not in wrong.message else ""
    return f"{where}{wrong.message}{f' → {wrong.hint}' if wrong.hint else ''}"
