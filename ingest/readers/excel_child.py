"""Parses a workbook in a process of its own, under limits of memory, time and output; run as a script, by its path.

    python -I excel_child.py FILE MEMORY SECONDS OUTPUT SHEET

Memory in bytes of address space, seconds of processor time, output in bytes; where the system knows no such limits (Windows)
they are not set. SHEET is read although it may be hidden; others that are hidden are not. It stands alone: nothing of ours is
imported. What it writes to standard output:

    marshal (sheet, [(row number, (cell, ...)), ...])   as often as needed; rows without any content are left out
    marshal index: [(sheet's name, visible, [(offset, size) of its chunks, ...], [(top, left, bottom, right), ...], partial), ...]
    8 bytes: where the index stands

``partial``, of the old format (.xls) only: {(row, column): "month" or "year"} of the cells that show no more of a date.
A cell is text as people see it; numbers of 16 digits and more are written with an exponent, since their last digits are lost.
Exit status: 0; 3 protected by a password; 4 cannot be read; 5 no room in memory or on disk.
"""

from __future__ import annotations

import datetime
import io
import marshal
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

ROWS = 500  # in a chunk
CELLS = 20_000_000  # of the rectangle from the first to the last cell with content
NEAR = 64  # rows in which a merge may be of the header
MERGES = 10_000  # told of a sheet
MONTHS = (17, 27, 36, 50, 52, 54, 57)  # built-in formats: mmm-yy, and yyyy"年"m"月" in Chinese programs
OLD = b"\xd0\xcf\x11\xe0"  # how a file of the old format begins
PASSWORD, UNREADABLE, NO_ROOM = 3, 4, 5
Row = tuple[str, ...]
Shown = dict[tuple[int, int], str]  # 1-based row and column -> how far a date is shown


def limit(memory: int, seconds: int, output: int) -> None:
    try:
        import resource
    except ImportError:
        return
    limits = ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_FSIZE, output), (resource.RLIMIT_CORE, 0))
    for what, most in limits:
        hard = resource.getrlimit(what)[1]
        if hard == resource.RLIM_INFINITY or most <= hard:
            resource.setrlimit(what, (most, hard))


def text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, int | float):
        return number(cell)
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(" ", "seconds")
    return str(cell)  # a date in ISO form; a time; a duration


def number(value: float) -> str:
    if not abs(value) < 1e15:
        return f"{value:.14E}"
    return str(int(value)) if value == int(value) else repr(value)


def rows_of(sheet: Any) -> Iterator[tuple[int, Row]]:
    """(1-based row number, cells from the first column); rows without content are left out; cells merged downwards are filled."""
    pad = ("",) * (sheet.start[1] if sheet.start else 0)
    down = fills(sheet)
    wanted = {top for each in down.values() for _, top in each}
    above = dict[int, Row]()
    for place, cells in enumerate(sheet.iter_rows()):
        row = (*pad, *[c if c.__class__ is str else text(c) for c in cells])
        if place in down:
            filled = list(row)
            for column, top in down[place]:
                if column < len(filled) and not filled[column]:
                    filled[column] = above[top][column] if top in above else ""
            row = tuple(filled)
        if place in wanted:
            above[place] = row
        if any(row):
            yield place + 1, row


def fills(sheet: Any) -> dict[int, list[tuple[int, int]]]:
    """Row -> (column, row that has the value) of the cells merged downwards; rows that have anything at all."""
    down: dict[int, list[tuple[int, int]]] = {}
    last = sheet.end[0] if sheet.end else -1
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        for row in range(top + 1, min(bottom, last) + 1):
            down.setdefault(row, []).append((left, top))
    return down


def shows(code: str) -> str:
    """What a number format shows of a date: "month", "year", or "" for more and for what is no date."""
    plain = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", code).lower().partition(";")[0]
    if "d" in plain or "h" in plain or "s" in plain or "y" not in plain or "general" in plain:
        return ""
    return "month" if "m" in plain else "year"


def partial(path: str) -> dict[str, Shown]:
    """By the sheet's name, of a file of the old format. The cells are read only where the file has such a number format."""
    with Path(path).open("rb") as file:
        if file.read(len(OLD)) != OLD:
            return {}
    import xlrd  # knows the formats, which the other reader does not tell

    try:
        with xlrd.open_workbook(path, logfile=io.StringIO(), on_demand=True, formatting_info=True, ragged_rows=True) as book:
            formats = {i: shows(f.format_str) if f.format_str else "month" if i in MONTHS else "" for i, f in book.format_map.items()}
            styles = {i: shown for i, xf in enumerate(book.xf_list) if (shown := formats.get(xf.format_key))}
            return {name: styled(book, name, styles) for name in book.sheet_names()} if styles else {}
    except Exception:  # whatever it meets in a file that the other reader may read: dates are to the day
        return {}


def styled(book: Any, name: str, styles: dict[int, str]) -> Shown:
    sheet = book.sheet_by_name(name)
    found = {(row + 1, column + 1): styles[style] for row in range(sheet.nrows) for column in range(sheet.row_len(row))
             if (style := sheet.cell_xf_index(row, column)) in styles}
    book.unload_sheet(name)
    return found


class Chunks:
    """What is written, and where each chunk stands."""

    def __init__(self, out: IO[bytes]) -> None:
        self.out, self.at = out, 0

    def write(self, item: Any) -> tuple[int, int]:
        """Where it stands, and how many bytes it has."""
        data, before = marshal.dumps(item), self.at
        self.out.write(data)
        self.at += len(data)
        return before, len(data)


def put(book: Any, shown: list[bool], also: str, dates: dict[str, Shown], out: IO[bytes]) -> None:
    chunks, index = Chunks(out), []
    for place, name in enumerate(book.sheet_names):
        places, merges = list[tuple[int, int]](), list[tuple[int, ...]]()
        if shown[place] or name == also:
            sheet, chunk = book.get_sheet_by_index(place), list[tuple[int, Row]]()
            if sheet.total_height * sheet.total_width > CELLS:
                raise MemoryError
            merges = [(*a, *b) for a, b in sheet.merged_cell_ranges or () if a[0] < NEAR][:MERGES]
            for row in rows_of(sheet):
                chunk.append(row)
                if len(chunk) == ROWS:
                    places.append(chunks.write((place, chunk)))
                    chunk = []
            if chunk:
                places.append(chunks.write((place, chunk)))
        index.append((name, shown[place], places, merges, dates.get(name, {})))
    out.write(chunks.write(index)[0].to_bytes(8, "little"))
    out.flush()


def main(path: str, memory: str, seconds: str, output: str, also: str) -> int:
    limit(int(memory), int(seconds), int(output))
    import python_calamine as calamine

    try:
        with calamine.load_workbook(path) as book:
            seen = (calamine.SheetVisibleEnum.Visible, calamine.SheetTypeEnum.WorkSheet)
            shown = [(s.visible, s.typ) == seen for s in book.sheets_metadata]
            put(book, shown, also, partial(path), sys.stdout.buffer)
    except calamine.PasswordError:
        return PASSWORD
    except (MemoryError, OSError):
        return NO_ROOM
    except BaseException:  # a parser that panics raises none of Exception
        return UNREADABLE
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
