"""What else is wrong in a row that is refused, so that all of it can be corrected at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from ingest.assertion import BodyReader
from ingest.readers.table import RawRow
from ingest.resolve import Bodies
from ingest.row_reader import UNDATED, RowReader
from ingest.values import ValueProblem
from schemas.facts import Reject, Wrong

WHOLE = ("row.cells", "row.duplicate")  # what is wrong with a row as such
SUBJECT = ""  # in place of the id of the body that the row is about


def rejected(reader: RowReader, row: RawRow, problem: ValueProblem, bodies: Bodies | None = None) -> Reject:
    """Why a row is refused, and what is wrong in its other columns; in those that name bodies, once all ``bodies`` are known."""
    first, further = reader.column, tuple[Wrong, ...]()
    if type(reader) is BodyReader and problem.code not in WHOLE:
        further = tuple(w for w in _wrong(reader, reader.fitted(row), bodies) if w.column != first)
    return Reject(reader.table.file, row.sheet, row.number, first, problem.code, problem.message, problem.hint, further)


def _wrong(reader: BodyReader, row: RawRow, bodies: Bodies | None) -> Iterator[Wrong]:
    for column, read in _columns(reader, row, bodies):
        reader.column = column
        try:
            read()
        except ValueProblem as problem:
            yield Wrong(column, problem.message, problem.hint)


def _columns(reader: BodyReader, row: RawRow, bodies: Bodies | None) -> Iterator[tuple[str, Callable[[], object]]]:
    """The columns in which the row says something, and how that is read."""
    for i, column, _, read in reader.fields:
        if row.cells[i]:
            yield column.header, partial(read, row.cells[i], "stated")
    for i, column, _ in reader.relations if bodies else ():
        if bodies and row.cells[i]:
            yield column.header, partial(reader.related, SUBJECT, column, row.cells[i], UNDATED, "stated", "", bodies, [], {})
