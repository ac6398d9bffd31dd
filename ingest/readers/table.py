"""What every reader gives: the sheets of a file, and their rows with row number as people see it, and cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from schemas.errors import RegisterError


class RawRow(NamedTuple):
    """``number`` is 1-based and counts every line of the file or sheet, header included; ``sheet`` is "" where a file has none."""

    sheet: str
    number: int
    cells: tuple[str, ...]


Rows = Iterator[RawRow]
CELL = 32_767  # characters, as in Excel


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


def checked(row: RawRow, file: str) -> RawRow:
    """The row, if none of its cells is larger than a cell can be."""
    if max(map(len, row.cells), default=0) > CELL:
        raise RegisterError("register.cell-too-long", f"单元格超过 {CELL} 个字符", where=f"{file} 第 {row.number} 行",
                            hint="请检查引号是否成对，或文件是否不是登记表")
    return row
