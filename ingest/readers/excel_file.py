"""Excel and WPS workbooks: scanned, then parsed in a process of its own under limits; its rows come back through a temporary file."""

from __future__ import annotations

import marshal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO

from ingest.readers import excel_child, excel_scan, sniff
from ingest.readers.table import Book, Merge, RawRow, Rows, Sheet, checked
from ingest.sheets import COLUMNS, LISTS
from schemas.errors import RegisterError

MEMORY = 2 << 30  # bytes of address space of the process that parses
SECONDS = 120  # of processor time
WAIT = 600  # seconds
OUTPUT = 4 << 30  # bytes of the temporary file
Places = dict[tuple[int, int], str]


def read(path: Path) -> Book:
    """The visible sheets of a workbook, in order; raise RegisterError for what cannot or must not be read.

    A temporary file holds the cells as long as a sheet is kept."""
    new = path.suffix.lower() in (".xlsx", ".xlsm")
    scanned = excel_scan.scan(path) if new else excel_scan.Scanned()
    spool = tempfile.TemporaryFile()  # noqa: SIM115 - the sheets read it as long as they live
    _parse(path, spool)
    spool.seek(-8, 2)
    spool.seek(int.from_bytes(spool.read(8), "little"))
    sheets, hidden, warnings, columns = list[Sheet](), list[str](), list[str](), ""
    for number, (name, visible, places, merges, dates) in enumerate(marshal.load(spool)):  # noqa: S302 - written by our own process
        if name == COLUMNS:
            columns = "\n".join(cells[0] for _, cells in _stored(spool, places))
            continue
        if not visible:
            hidden += [name] if name != LISTS else []
            continue
        rows = partial(_rows, spool, name, places, scanned.partial.get(number) or dates, path.name)
        sheets.append(Sheet(name, rows, tuple(Merge(*m) for m in merges)))
        if count := scanned.wrong[number]:
            warnings.append(f"工作表“{name}”有 {count} 个单元格是公式错误（如 #N/A），按未填处理")
        if count := scanned.uncounted[number]:
            warnings.append(f"工作表“{name}”有 {count} 个公式没有算出的结果，按未填处理（请用 Excel 或 WPS 打开，保存后再导入）")
    if not new and (count := excel_scan.wrong_in_old(path)):
        warnings.append(f"有 {count} 个单元格是公式错误（如 #N/A），按未填处理")
    if hidden:
        warnings.append(f"隐藏的工作表没有读取：{'、'.join(hidden)}（需要导入的，请取消隐藏）")
    return Book(tuple(sheets), tuple(warnings), columns)


def _parse(path: Path, spool: IO[bytes]) -> None:
    command = [sys.executable, "-I", excel_child.__file__, str(path.resolve()), str(MEMORY), str(SECONDS), str(OUTPUT), COLUMNS]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=spool, stderr=subprocess.DEVNULL, timeout=WAIT, check=False)  # noqa: S603 - our own script
    except subprocess.TimeoutExpired:
        excel_scan.too_large(path, f"{WAIT} 秒内没有读完")
    if done.returncode == excel_child.PASSWORD:
        raise RegisterError("register.password", "文件设有打开密码，无法读取", where=path.name, hint=sniff.PASSWORD)
    if done.returncode == excel_child.UNREADABLE:
        excel_scan.damaged(path)
    if done.returncode:  # a limit was reached: the process is gone, and nothing else is harmed
        excel_scan.too_large(path, f"读取所需的内存、时间或临时空间超过限度（{MEMORY >> 30} GB，{SECONDS} 秒）")


def _rows(spool: IO[bytes], name: str, places: list[tuple[int, int]], partial: Places, file: str) -> Rows:
    for number, cells in _stored(spool, places):
        if partial:
            cells = tuple(_as_shown(c, partial.get((number, i), "")) for i, c in enumerate(cells, 1))
        yield checked(RawRow(name, number, cells), file)


def _stored(spool: IO[bytes], places: list[tuple[int, int]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    for offset, size in places:
        spool.seek(offset)  # several sheets may be read in turn
        yield from marshal.loads(spool.read(size))[1]  # noqa: S302 - as above; ten times as fast as from the file


def _as_shown(cell: str, shown: str) -> str:
    """A date to the month or the year, as the sheet shows it; 2024-03-01 in a cell that shows 2024年3月 is 2024-03."""
    return cell[: {"month": 7, "year": 4}[shown]] if shown and len(cell) == 10 and cell[4] == cell[7] == "-" else cell
