"""What every reader gives: the rows of a file with sheet, row number as people see it, and cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from schemas.errors import RegisterError


@dataclass(frozen=True, slots=True)
class RawRow:
    """``number`` is 1-based and counts every line of the file, header included."""

    sheet: str
    number: int
    cells: tuple[str, ...]


Rows = Iterator[RawRow]
CELL = 32_767  # characters, as in Excel


def checked(row: RawRow, file: str) -> RawRow:
    """The row, if none of its cells is larger than a cell can be."""
    if any(len(c) > CELL for c in row.cells):
        raise RegisterError("register.cell-too-long", f"单元格超过 {CELL} 个字符", where=f"{file} 第 {row.number} 行",
                            hint="请检查引号是否成对，或文件是否不是登记表")
    return row
