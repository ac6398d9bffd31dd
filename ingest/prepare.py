"""The passes of a load before anything is stored: who is described, what each row asserts, what is refused.

References are resolved only when all rows that describe a body are known, so the order of files and rows does not matter.
Where a row that describes a body is refused, rows that name this body are looked at again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from graph.engine import Snapshot
from ingest.declared import Declarations, with_body
from ingest.full import Claim, claimed
from ingest.further import rejected
from ingest.headers import Register
from ingest.names import Names
from ingest.privacy import mentions_person
from ingest.reading import AT_ONCE, Read, ReadRows
from ingest.resolve import Bodies
from ingest.row_reader import RowReader
from ingest.spool import Plain, Spool, mentioned, packed, unpacked
from ingest.values import ValueProblem
from ingest.walk import reader_of
from schemas.errors import InputError
from schemas.facts import BodyFact, DeclarationFact, Fact, Reject, Row
from schemas.kinds import KINDS, STUB

BATCH = 5_000  # rows written at once
Place = tuple[int, int]  # (number of the table in its file, row number)


@dataclass
class Prepared:
    """The accepted rows of a register, spooled to a temporary file (they may be a million), and the refused ones."""

    register: Register | Declarations
    tables: tuple[ReadRows, ...] = ()
    spool: Spool = field(default_factory=Spool)
    rejects: dict[Place, Reject] = field(default_factory=dict)
    describing: set[Place] = field(default_factory=set)  # refused rows that describe a body
    refused: InputError | None = None  # why the file as a whole cannot be read
    standing: int = 0  # rows that were accepted by an earlier load of the file and would be refused now: they stay
    personal: int = 0  # rows whose free text holds something like a personal number
    stubs: set[str] = field(default_factory=set)  # bodies that it refers to and that nobody has registered
    renamed: set[str] = field(default_factory=set)  # bodies by whose credit code rows, here or elsewhere, give another name
    taken: dict[str, str] = field(default_factory=dict)  # names that nobody has -> whom they mean for their core
    claim: Claim | None = None  # of what it is the full register
    stated: set[tuple[int, int]] = field(default_factory=set)  # (table, place) of the relationship columns that say anything

    @property
    def accepted(self) -> int:
        return self.spool.number

    def batches(self) -> Iterator[list[Row]]:
        for batch in self.spool.batches():
            yield [unpacked(item) for item in batch]

    def mentioned(self) -> tuple[set[str], set[str]]:
        """The bodies that the accepted rows name, and all that they speak of."""
        named, touched = set[str](), set[str]()
        for batch in self.spool.batches():
            mentioned(batch, named, touched)
        return named, touched


def prepare(registers: Sequence[Register], declared: Sequence[Declarations], snapshot: Snapshot, names: Names,
            progress: Callable[[int], None]) -> list[Prepared]:
    """What each file asserts; ``progress`` is told every row that was looked at. A file that turns out to be unreadable further
    down is ``refused``, and nothing of it counts."""
    found, broken = _sound([_read(r) for r in registers])
    refused = -1
    while True:
        bodies = Bodies(snapshot, names, stubs=any(r.stubs for r in registers))
        for p in found:
            _describe(p, bodies)
        bodies.foresee_described()
        for p in found:
            _claim(p, bodies)
        still, failed = _sound(found)
        if failed:
            found, broken = still, broken + failed
            continue
        for p in found:
            _assert(p, bodies, progress)
        if (now := sum(len(p.describing) for p in found)) in (0, refused):
            break
        refused = now
    return [*found, *broken, *(_declarations(d, bodies) for d in declared)]


def _sound(prepared: Sequence[Prepared]) -> tuple[list[Prepared], list[Prepared]]:
    """Those that can be read, and those that are refused."""
    return [p for p in prepared if not p.refused], [p for p in prepared if p.refused]


def _read(register: Register) -> Prepared:
    try:
        tables = tuple(ReadRows(t) for t in register.tables)
    except InputError as error:
        return Prepared(register, refused=error)
    return Prepared(register, tables, rejects={(n, row): reject for n, t in enumerate(tables) for row, reject in t.rejects.items()})


def _describe(p: Prepared, bodies: Bodies) -> None:
    """Tell ``bodies`` who is described by rows that are not refused."""
    for n, table in enumerate(p.tables):
        for number, described in table.described():
            if described and (n, number) not in p.rejects:
                kind, name, code, nicknames = described
                bodies.add(kind, name, code, [nickname for _, nickname in nicknames])


def _claim(p: Prepared, bodies: Bodies) -> None:
    bodies.taken = p.taken = {}
    try:
        p.claim = claimed(p.register, bodies) if isinstance(p.register, Register) else None
    except InputError as error:
        p.refused = error


def _assert(p: Prepared, bodies: Bodies, progress: Callable[[int], None]) -> None:
    """Spool what the rows assert; refuse those that cannot be read or name what does not exist."""
    p.spool.clear()
    p.renamed.clear()
    bodies.taken = p.taken
    p.personal, looked, batch = 0, 0, list[Plain]()
    for n, table in enumerate(p.tables):
        reader = reader_of(table.reader.table)
        for row, hash, described in _foreseen(table, reader, bodies):
            looked += 1
            if looked % 1000 == 0:
                progress(1000)
            if (n, row.number) in p.rejects:
                continue
            try:
                facts = reader.facts(row, described, bodies)
            except ValueProblem as problem:
                p.rejects[n, row.number] = rejected(reader, row, problem, bodies)
                if reader.kind:
                    p.describing.add((n, row.number))
                continue
            if described and described.code and bodies.renamed(described.kind, described.name, described.code):
                p.renamed.add(bodies.id_of(described.kind, described.name, described.code))
            p.personal += any(mentions_person(c) for i in reader.free_text if (c := row.cells[i]))
            if p.claim:
                p.stated |= {(n, i) for i, c in enumerate(table.reader.table.columns) if c and c.meaning == "relation" and row.cells[i]}
            if bodies.stubs:
                p.stubs |= _stubs(facts)
            batch.append(packed(Row(row.number, hash, facts, row.sheet)))
            if len(batch) == BATCH:
                p.spool.add(batch)
                batch = []
    p.spool.add(batch)


def _foreseen(table: ReadRows, reader: RowReader, bodies: Bodies) -> Iterator[Read]:
    """The rows of a table; whom they name is looked up for many at once."""
    rows = iter(table)
    while some := list(islice(rows, AT_ONCE)):
        bodies.foresee(named for row, _, described in some for named in reader.names(row, described))
        yield from some


def _stubs(facts: Sequence[Fact]) -> set[str]:
    return {f.id for f in facts if isinstance(f, BodyFact) and STUB in dict(f.fields)}


def _declarations(declared: Declarations, bodies: Bodies) -> Prepared:
    found, rows = Prepared(declared), list[Row]()
    bodies.taken = found.taken

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
        found.spool.add([packed(row) for row in rows[i:i + BATCH]])
    return found
