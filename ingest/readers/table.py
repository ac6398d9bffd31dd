"""What every reader gives: the sheets of a file, and their rows with row number as people see it, and cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, NamedTuple

from schemas.errors import RegisterError


class RawRow(NamedTuple):
    """``number`` is 1-based and counts every line of the file or sheet, header included; ``sheet`` is "" where a file has none."""

    sheet: str
    number: int
    cells: tuple[str, ...]


Rows = Iterator[RawRow]
CELL, COLUMNS = 32_767, 16_384  # characters of a cell, cells of a row, as in Excel
LINE = 4 << 20  # characters of a row; more is no register, and memory is bounded


@dataclass(frozen=True, slots=True)
class Merge:
    """Cells joined into one; places are 0-based, ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Sheet:
    """One sheet. ``rows()`` reads it from its first row, as often as it is asked. ``merges``: those that may be of the header."""

    name: str
    rows: Callable[[], Rows]
    merges: tuple[Merge, ...] = ()


@dataclass(frozen=True)
class Book:
    """A file as read: its sheets in order; ``warnings`` say what of it was left out; ``columns``: the mapping (TOML) that it holds."""

    sheets: tuple[Sheet, ...]
    warnings: tuple[str, ...] = ()
    columns: str = ""


class Lines:
    """The lines of a text, one by one. Those between two calls of ``row`` are of one row; RegisterError where that is too long."""

    def __init__(self, text: IO[str], file: str) -> None:
        self.text, self.file, self.number, self.left = text, file, 0, LINE

    def __iter__(self) -> Iterator[str]:
        while line := self.text.readline(self.left + 1):
            self.number += 1
            self.left -= len(line)
            if self.left < 0:
                raise RegisterError("register.too-large", f"一行超过 {LINE:,} 个字符，没有读取", where=f"{self.file} 第 {self.number} 行",
                                    hint="请检查换行是否丢失、引号是否成对，或文件是否不是登记表")
            yield line

    def row(self) -> None:
        self.left = LINE


def checked(row: RawRow, file: str) -> RawRow:
    """The row, if it has no more cells than a row can have, and none of them is larger than a cell can be."""
    if len(row.cells) > COLUMNS:
        raise RegisterError("register.too-large", f"一行超过 {COLUMNS:,} 格，没有读取", where=f"{file} 第 {row.number} 行",
                            hint="请检查换行是否丢失，或文件是否不是登记表；多余的空列请删除")
    if max(map(len, row.cells), default=0) > CELL:
        raise RegisterError("register.cell-too-long", f"单元格超过 {CELL} 个字符", where=f"{file} 第 {row.number} 行",
                            hint="请检查引号是否成对，或文件是否不是登记表")
    return row
