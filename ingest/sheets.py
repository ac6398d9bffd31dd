"""What our own workbooks hold beside registers, so that they load as they are: sheets and a column that assert nothing."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from ingest.readers.table import RawRow, Sheet
from schemas.identifiers import clean

GUIDE = "填写说明"  # a sheet that explains a template
LISTS = "选项"  # the hidden sheet of drop-downs
COLUMNS = "列的含义"  # the hidden sheet that says what the columns of the others mean, as a mapping file does
REASON = "错误原因"  # the column of a workbook of refused rows that says why


def without_reason(sheet: Sheet, searched: int) -> Sheet:
    """The sheet as it was before the column 错误原因 was added, wherever that stands now among the header."""
    at = next((i for row in islice(sheet.rows(), searched) for i, cell in enumerate(row.cells) if clean(cell) == REASON), None)
    if at is None:
        return sheet
    merges = tuple(replace(m, left=m.left - (m.left > at), right=m.right - (m.right > at)) for m in sheet.merges
                   if (m.left, m.right) != (at, at))
    return replace(sheet, rows=lambda: (_without(row, at) for row in sheet.rows()), merges=merges)


def _without(row: RawRow, at: int) -> RawRow:
    cells = row.cells[:at] + row.cells[at + 1:]
    if at < len(row.cells) and clean(row.cells[at]) == REASON:  # cells that were too many for their header are so again
        while cells and not clean(cells[-1]):
            cells = cells[:-1]
    return row._replace(cells=cells)
