"""The first passes of a load: who is described, what each row asserts, what is refused. Nothing is stored here.

References are resolved only when all rows that describe a body are known, so the order of files and rows does not matter.
Where a row that describes a body is refused, rows that name this body are looked at again.
"""

from __future__ import annotations

import hashlib
import pickle
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO

from graph.engine import Snapshot
from ingest.assertion import rejected
from ingest.declared import Declarations, with_body
from ingest.full import Claim, claimed
from ingest.headers import Register, Table
from ingest.privacy import mentions_person
from ingest.readers.table import RawRow
from ingest.resolve import Bodies
from ingest.values import ValueProblem
from ingest.walk import reader_of
from schemas.errors import InputError
from schemas.facts import BodyFact, DeclarationFact, Reject, Row
from schemas.identifiers import clean
from schemas.kinds import KINDS, STUB

BATCH = 5_000  # rows written at once
NOT_DATA = re.compile(r"(合计|小计|总计)\s*([:：（(\d]|$)|填表人|审核人|填报单位|制表(人|单位|日期|时间|[:：\s]|$)|(备?注|说明|示例)[:：]")
Place = tuple[int, int]  # (number of the table in its file, row number)


@dataclass
class Prepared:
    """The accepted rows of a register, spooled to a temporary file (they may be a million), and the refused ones."""

    register: Register | Declarations
    spool: IO[bytes] = field(default_factory=tempfile.TemporaryFile)
    accepted: int = 0
    rejects: dict[Place, Reject] = field(default_factory=dict)
    describing: set[Place] = field(default_factory=set)  # refused rows that describe a body
    refused: InputError | None = None  # why the file as a whole cannot be read
    standing: int = 0  # rows that were accepted by an earlier load of the file and would be refused now: they stay
    personal: int = 0  # rows whose free text holds something like a personal number
    stubs: set[str] = field(default_factory=set)  # bodies that it refers to and that nobody has registered
    claim: Claim | None = None  # of what it is the full register
    stated: set[tuple[int, int]] = field(default_factory=set)  # (table, place) of the relationship columns that say anything

    def batches(self) -> Iterator[list[Row]]:
        self.spool.seek(0)
        for _ in range(-(-self.accepted // BATCH)):
            yield pickle.load(self.spool)  # noqa: S301 - written by this process a moment ago

    def write(self, rows: list[Row]) -> None:
        if rows:
            pickle.dump(rows, self.spool, pickle.HIGHEST_PROTOCOL)
            self.accepted += len(rows)


def prepare(registers: Sequence[Register], declared: Sequence[Declarations], snapshot: Snapshot,
            progress: Callable[[int], None]) -> list[Prepared]:
    """What each file asserts; ``progress`` is told every row that was looked at. A file that turns out to be unreadable further
    down is ``refused``, and nothing of it counts."""
    found, broken = [Prepared(r) for r in registers], list[Prepared]()
    refused = -1
    while True:
        bodies = Bodies(snapshot, stubs=any(r.stubs for r in registers))
        for p in found:
            try:
                _describe(p, bodies)
            except InputError as error:
                p.refused = error
        for p in found:
            try:
                p.claim = claimed(p.register, bodies) if isinstance(p.register, Register) and not p.refused else None
            except InputError as error:
                p.refused = error
        if failed := [p for p in found if p.refused]:
            broken, found = broken + failed, [p for p in found if not p.refused]
            continue
        for p in found:
            _assert(p, bodies, progress)
        if (now := sum(len(p.describing) for p in found)) in (0, refused):
            break
        refused = now
    return [*found, *broken, *(_declarations(d, bodies) for d in declared)]


def rows_of(table: Table) -> Iterator[RawRow]:
    """The data rows, from the first; empty rows, totals, notes and repeated headers are none."""
    for row in table.rows():
        first = next((c for c in map(clean, row.cells) if c), "")
        if first and not NOT_DATA.match(first) and not _is_header(row, table):
            yield row


def _is_header(row: RawRow, table: Table) -> bool:
    """The header once more, as at the top of a printed page."""
    return any(all(c is None or clean(cell) == h for cell, c, h in zip(row.cells, table.columns, header, strict=False))
               for header in table.header_cells)


def _tables(p: Prepared) -> Sequence[Table]:
    return p.register.tables if isinstance(p.register, Register) else ()


def _describe(p: Prepared, bodies: Bodies) -> None:
    """Tell ``bodies`` who is described by rows that are not refused; refuse rows that stand twice in a table."""
    for n, table in enumerate(_tables(p)):
        reader, seen = reader_of(table), dict[bytes, int]()
        for row in rows_of(table):
            if (n, row.number) in p.rejects:
                continue
            reader.column = ""
            try:
                if any(c.strip() for c in row.cells[len(table.columns):]):
                    raise ValueProblem("row.cells", "这一行比表头多出了单元格", "请检查单元格里的分隔符是否加了引号，或给该列加上表头")
                first = seen.setdefault(_digest(row), row.number)
                if first != row.number:
                    raise ValueProblem("row.duplicate", f"与第 {first} 行完全相同", "请删除重复的行")
                if described := reader.described(row):
                    bodies.add(reader.kind, *described)
            except ValueProblem as problem:
                p.rejects[n, row.number] = rejected(table, row, reader.column, problem)


def _assert(p: Prepared, bodies: Bodies, progress: Callable[[int], None]) -> None:
    """Spool what the rows assert; refuse those that cannot be read or name what does not exist."""
    p.spool.seek(0)
    p.spool.truncate()
    p.accepted, p.personal, looked, batch = 0, 0, 0, list[Row]()
    for n, table in enumerate(_tables(p)):
        reader = reader_of(table)
        for row in rows_of(table):
            looked += 1
            if looked % 1000 == 0:
                progress(1000)
            if (n, row.number) in p.rejects:
                continue
            try:
                facts = reader.facts(row, bodies)
            except ValueProblem as problem:
                p.rejects[n, row.number] = rejected(table, row, reader.column, problem)
                if table.layout.kind:
                    p.describing.add((n, row.number))
                continue
            p.stated |= {(n, i) for i, _ in reader.relations if i < len(row.cells) and row.cells[i].strip()} if p.claim else set()
            p.stubs |= {f.id for f in facts if isinstance(f, BodyFact) and STUB in dict(f.fields)}
            p.personal += any(mentions_person(row.cells[i]) for i in reader.free_text if i < len(row.cells))
            batch.append(Row(row.number, _digest(row).hex(), facts, row.sheet))
            if len(batch) == BATCH:
                p.write(batch)
                batch = []
    p.write(batch)


def _digest(row: RawRow) -> bytes:
    return hashlib.blake2b("\x1f".join(row.cells).encode("utf-8", "surrogatepass"), digest_size=8).digest()


def _declarations(declared: Declarations, bodies: Bodies) -> Prepared:
    found, rows = Prepared(declared), list[Row]()

    def find(name: str) -> str:
        return bodies.reference(tuple(KINDS), name, "stated", "", [])

    for number, entry in declared.entries:
        try:
            data = with_body(entry, find).model_dump(mode="json")
            text = repr(sorted(data.items()))
            rows.append(Row(number, hashlib.blake2b(text.encode(), digest_size=8).hexdigest(), (DeclarationFact(data),)))
        except ValueProblem as problem:
            found.rejects[0, number] = Reject(declared.path.name, "", number, entry.type, problem.code, problem.message, problem.hint)
    for i in range(0, len(rows), BATCH):
        found.write(rows[i:i + BATCH])
    return found
