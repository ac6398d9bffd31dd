"""The first pass over a register: its data rows, who they describe, and which of them cannot be read at all.

A file is read once; what it says is spooled for the passes that follow.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from ingest.further import rejected
from ingest.headers import Table
from ingest.notes import is_data
from ingest.privacy import refuse_headers_below
from ingest.readers.table import RawRow
from ingest.row_reader import Described
from ingest.spool import Plain, Spool
from ingest.values import ValueProblem
from ingest.walk import reader_of
from schemas.facts import Reject
from schemas.identifiers import clean

AT_ONCE = 1_000  # rows spooled in one piece


class Read(NamedTuple):
    """A row that can be read, its cells ``fitted`` to the columns, with the hash of its cells as they were."""

    row: RawRow
    hash: str
    described: Described | None


def rows_of(table: Table) -> Iterator[RawRow]:
    """The data rows, from the first; empty rows, totals, notes and repeated headers are none."""
    headers = [[(i, h) for i, (c, h) in enumerate(zip(table.columns, header, strict=False)) if c] for header in table.header_cells]
    for row in table.rows():
        if is_data(row.cells, table.columns) and not any(_repeats(row.cells, header) for header in headers):
            yield row


def _repeats(cells: tuple[str, ...], header: list[tuple[int, str]]) -> bool:
    """The header once more, as at the top of a printed page."""
    return all(i >= len(cells) or clean(cells[i]) == h for i, h in header)


class ReadRows:
    """The rows of one table, spooled. ``rejects``: those that were refused, by number. Raises InputError where the file ends badly."""

    def __init__(self, table: Table) -> None:
        self.reader, self.spool, self.rejects = reader_of(table), Spool(), dict[int, Reject]()
        self.width, batch, seen = len(table.columns), list[Plain](), dict[bytes, int]()
        for row in rows_of(table):
            refuse_headers_below(row, table.file)
            try:
                batch.append(self._read(row, seen))
            except ValueProblem as problem:
                self.rejects[row.number] = rejected(self.reader, row, problem)
            if len(batch) == AT_ONCE:
                self.spool.add(batch)
                batch = []
        self.spool.add(batch)

    def _read(self, row: RawRow, seen: dict[bytes, int]) -> Plain:
        self.reader.column = ""
        if len(row.cells) > self.width and any(map(str.strip, row.cells[self.width:])):
            raise ValueProblem("row.cells", "这一行比表头多出了单元格", "请检查单元格里的分隔符是否加了引号，或给该列加上表头")
        digest = hashlib.blake2b("\x1f".join(row.cells).encode("utf-8", "surrogatepass"), digest_size=8).digest()
        first = seen.setdefault(digest, row.number)
        if first != row.number:
            raise ValueProblem("row.duplicate", f"与第 {first} 行完全相同", "请删除重复的行")
        row = self.reader.fitted(row)
        described = self.reader.described(row)
        return row.number, digest.hex(), row.cells, described and tuple(described)

    def described(self) -> Iterator[tuple[int, tuple[Any, ...] | None]]:
        """The numbers of the rows, in order, each with the body that it describes."""
        for batch in self.spool.batches():
            for number, _, _, described in batch:
                yield number, described

    def __iter__(self) -> Iterator[Read]:
        """The rows that were not refused, in order."""
        sheet = self.reader.table.sheet
        for batch in self.spool.batches():
            for number, digest, cells, described in batch:
                yield Read(RawRow(sheet, number, cells), digest, Described(*described) if described else None)
