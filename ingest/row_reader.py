"""What every reader of rows does: cells by what their columns mean, basis, values and dates (semantics 2, 3, 8)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ingest.headers import Table
from ingest.mapping import Column
from ingest.readers.table import RawRow
from ingest.resolve import Bodies
from ingest.values import FLAGS, ValueProblem, date_of, reader
from schemas.dates import OPEN, UNKNOWN, Precision, after
from schemas.facts import Basis, Fact, RelationFact, Value
from schemas.identifiers import clean, normal, shown

BASES: dict[str, Basis] = {"": "stated", "原文明示": "stated", "明示": "stated", "推断": "inferred"}
FREE = ("reason", "name", "alias", "former", "brand")  # columns of free text that are no fields
SYNTHETIC = ("synthetic", Value("true"))


class Dates(NamedTuple):
    """``ended``: the row says so, without a date."""

    start: int = UNKNOWN
    start_precision: Precision = "day"
    end: int = OPEN
    end_precision: Precision = "day"
    ended: bool = False


UNDATED = Dates()


class Described(NamedTuple):
    """The body that a row describes; ``nicknames``: (scheme, name)."""

    kind: str
    name: str
    code: str
    nicknames: tuple[tuple[str, str], ...]


class RowReader(ABC):
    """Reads the rows of one table; the columns are looked up once."""

    def __init__(self, table: Table) -> None:
        self.table, self.kind = table, table.layout.kind
        columns = [(i, c) for i, c in enumerate(table.columns) if c]
        self.at: dict[str, tuple[int, str]] = {
            c.meaning: (i, c.header) for i, c in columns if c.meaning not in ("field", "relation", "basis_of", "detail")}
        self.fields = [(i, c, c.field.name, reader(c.field)) for i, c in columns if c.field and c.meaning == "field"]
        self.free_text = [i for i, c in columns if c.meaning in FREE or (c.field and c.field.type == "text" and not c.field.personal)]
        self.basis_of = {c.about: i for i, c in columns if c.meaning == "basis_of"}  # columns that have a basis of their own
        self.dated = any(m in self.at for m in ("start", "end", "over"))
        self.column = ""  # the column being read, for the reject

    def frames(self, row: RawRow) -> bool:
        """Whether the other rows of the table mean nothing without this one."""
        return False

    def described(self, row: RawRow) -> Described | None:
        """The body that the row describes, ``None`` for an unnamed one or a relationship. Raises ValueProblem."""
        return None

    def names(self, row: RawRow, described: Described | None) -> Iterator[tuple[Sequence[str], str]]:
        """(kinds, text) of what the cells may name, before they are read: a hint, so that the store is asked for many rows at once."""
        yield from ()

    @abstractmethod
    def facts(self, row: RawRow, described: Described | None, bodies: Bodies) -> tuple[Fact, ...]:
        """All that the row asserts; raises ValueProblem."""

    def fitted(self, row: RawRow) -> RawRow:
        """The row with one cell a column, without spaces around them."""
        width = len(self.table.columns)
        cells = tuple(map(str.strip, row.cells[:width]))
        return RawRow(row.sheet, row.number, cells + ("",) * (width - len(cells)))

    def cell(self, row: RawRow, meaning: str) -> str:
        """The cell of a column, "" where the register has no such column."""
        if (place := self.at.get(meaning)) is None or place[0] >= len(row.cells):
            return ""
        i, self.column = place
        return row.cells[i].strip()

    def _basis(self, row: RawRow) -> Basis:
        return _read_basis(self.cell(row, "basis"))

    def _basis_of(self, row: RawRow, column: Column, basis: Basis) -> Basis:
        """The basis of one column, the row's where it has none of its own."""
        i = self.basis_of.get(column.about, -1)
        if i < 0 or not (cell := row.cells[i]):
            return basis
        before, self.column = self.column, self.table.columns[i].header  # type: ignore[union-attr]  # it has that column
        own = _read_basis(cell)
        self.column = before
        return own

    def _values(self, row: RawRow, basis: Basis) -> list[tuple[str, Value]]:
        found, cells = [SYNTHETIC] if self.table.synthetic else [], row.cells
        for i, column, name, read in self.fields:
            if cell := cells[i]:
                self.column = column.header
                found.append((name, read(cell, self._basis_of(row, column, basis) if self.basis_of else basis)))
        return found

    def _dates(self, row: RawRow) -> Dates:
        if not self.dated:
            return UNDATED
        start, sp, end, ep = UNDATED[:4]
        if cell := self.cell(row, "start"):
            start, sp = date_of("开始日期", cell)
        if cell := self.cell(row, "end"):
            end, ep = date_of("结束日期", cell)
            end = after(end, ep)
        if end <= start:
            raise ValueProblem("row.end-before-start", "结束日期不晚于开始日期", "请核对两个日期")
        over = self.cell(row, "over")
        if over and normal(over) not in FLAGS:
            raise ValueProblem("row.value", f"“{self.column}”应填 是 或 否，实为“{clean(over)}”", "请填 是 或 否；不清楚的留空")
        ended = FLAGS[normal(over)] == "true" if over else False
        if ended and end == OPEN and start >= self.table.as_of:
            raise ValueProblem("row.end-before-start", "截至日期时尚未开始，却写明已经结束", "请核对开始日期，或写明结束日期")
        return Dates(start, sp, end, ep, ended)


def _read_basis(cell: str) -> Basis:
    if cell not in BASES:
        raise ValueProblem("row.basis", f"“依据”没有“{shown(cell)}”这个选项", "可填：原文明示、推断；留空视为原文明示")
    return BASES[cell]


def relation_fact(source: str, relation: str, target: str, role: str, dates: Dates, basis: Basis, reason: str) -> RelationFact:
    start, sp, end, ep, ended = dates
    return RelationFact(source, relation, target, role, start, sp, end, ep, basis, reason if basis == "inferred" else "", (), ended)


def with_field(fact: RelationFact, name: str, value: Value) -> RelationFact:
    """The relationship with one more field."""
    *ends, fields, ended, missing = fact
    return RelationFact._make((*ends, (*fields, (name, value)), ended, missing))


def not_itself(one: str, other: str, name: str) -> None:
    if one == other:
        raise ValueProblem("row.itself", f"“{name}”与自己有关系", "请核对，填写另一方的名称")
