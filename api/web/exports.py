"""A table as a CSV file that office programs open rightly: utf-8 with a byte-order mark, no cell that runs as a formula."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from io import StringIO
from typing import TypeVar
from urllib.parse import quote

from fastapi import Response

from api.output.spreadsheet import kept
from api.web.tables import Cell, Table, Value
from graph.deadline import within
from schemas.errors import StoreTimeoutError
from schemas.parts import Page

MOST = 10_000  # rows of one file; what is left out is told in its last line
EACH = 1_000  # rows asked for at a time
SECONDS = 120.0  # for a file; what is not there by then is left out, and told
Answer = TypeVar("Answer")


def whole(ask: Callable[[int, str | None], Answer], page: Callable[[Answer], Page]) -> Iterator[Answer]:
    """The pages of a list, one after the other, up to ``MOST`` rows or ``SECONDS``. ``ask(limit, cursor)`` gives a page."""
    until, cursor = time.monotonic() + SECONDS, None
    for _ in range(0, MOST, EACH):
        try:
            with within(max(1.0, until - time.monotonic())):
                answer = ask(EACH, cursor)
        except StoreTimeoutError:
            if cursor is None:
                raise
            return
        yield answer
        cursor = page(answer).cursor
        if cursor is None or time.monotonic() > until:
            return


def export(name: str, day: date, tables: Sequence[Table], total: int | None = None) -> Response:
    """The rows of ``tables``, pages of one list of ``total`` entries, under the header of the first."""
    file = StringIO(newline="")
    writer = csv.writer(file)
    first = tables[0]
    shown = first.shown("file")
    writer.writerow([first.columns[i].title for i in shown])
    rows = [row for table in tables for row in table.rows]
    writer.writerows([_text(row[i]) for i in shown] for row in rows)
    total, written = first.total if total is None else total, sum(t.entries for t in tables)
    if written < total:
        writer.writerow([f"（已截断：共 {total} 行，这里只有前 {written} 行；请缩小查询范围后分次导出）"])
    title = quote(f"{name}_{day:%Y%m%d}.csv", safe="")
    return Response("\ufeff" + file.getvalue(), media_type="text/csv; charset=utf-8",
                    headers={"Content-Disposition": f"attachment; filename=\"export.csv\"; filename*=UTF-8''{title}"})


def _text(value: Value) -> str:
    if isinstance(value, int):
        return str(value)
    cell = value if isinstance(value, Cell) else Cell(value)
    rows = (f"{e.file} 第{e.row}行（{e.source}，截至{e.as_of}）" for e in cell.evidence)
    return kept("；".join(filter(None, (cell.text, *cell.lines, *rows))))
