"""Load registers and declarations: all files of one call together, with row accounting; good rows load although bad ones do not."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from graph.engine import BatchCounts, GraphEngine, Snapshot, Writer
from graph.lock import WAIT_SECONDS, Job, Waiting, held
from graph.policy_files import policy
from graph.questions.missing import full_registers
from ingest.accounting import add_effects, refused_report, report_of
from ingest.clock import now
from ingest.declared import Declarations
from ingest.guidance import NONE, REMEMBERED, Guidance
from ingest.headers import Register
from ingest.names import Names
from ingest.opening import Opened, digest_of, label_of, opened_files, remembering
from ingest.prepare import Prepared, prepare
from ingest.preview import preview
from ingest.rejects import write_rejects
from ingest.settle import Reports, Settling
from ingest.unfinished import LOADS, cut_off, note_begun, note_done, settle
from schemas.difference import Difference
from schemas.errors import InputError, StoreError
from schemas.facts import Import, Reject
from schemas.reports import LoadReport, RejectFile, ReviewItem
from schemas.view import View

T = TypeVar("T")
Progress = Callable[[int, int], None]  # (rows done, rows in all; 0: not known yet)
COUNTED = {"read", "created", "updated", "unchanged", "confirmed", "rejected"}  # noted with the import
SHOWN = 1_000  # rejects listed; all are counted
TOLD_ROWS, TOLD_STORE = 5_000, 500_000  # rows, bodies and relationships up to which a load tells what it changes


class LoadResult(BaseModel):
    """``reports``: one a file, in the order given. ``rejects``: the refused rows, by file and row, at most 1,000 a file;
    ``reject_files``: workbooks of all of them, to be corrected and loaded; ``joined``: who was joined for the core of their names;
    ``questions``: who may be one and waits for a decision; at most 1,000 a file."""

    model_config = ConfigDict(frozen=True)
    reports: tuple[LoadReport, ...]
    rejects: tuple[Reject, ...]
    reject_files: tuple[RejectFile, ...] = ()
    joined: tuple[ReviewItem, ...] = ()
    questions: tuple[ReviewItem, ...] = ()
    difference: Difference | None = None  # in a view: what a dry run would change, and a load of not too many rows has changed


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Millions of small objects that form no cycles: looking for cycles among them again and again takes a quarter of the time."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


@_no_collecting()
def load(engine: GraphEngine, files: Sequence[Path], *, dry_run: bool = False, view: View | None = None, limit: int | None = 20,
         rejects: Path | None = None, who: str = "", progress: Progress | None = None, guidance: Guidance = NONE,
         wait: float = WAIT_SECONDS, waiting: Waiting | None = None) -> LoadResult:
    """Read all files, then put their good rows into force, file by file in the order of (source as-of, digest).

    A file that cannot be read as a whole is reported as refused and the others load; where it is the only one, its error is
    raised (RegisterError, DeclarationError). Loading a file again changes nothing, but rows of it that were refused are tried again,
    and what a load that was cut off left undone is completed. ``dry_run``: the same reports, nothing stored;
    with a ``view`` also what would change in bodies, relationships, coverage and gaps, at most ``limit`` of each list (``None``:
    all). A load in a ``view`` tells what it has changed, if it has at most 5,000 rows and the store at most 500,000 bodies and
    relationships: it is one transaction then, where others have one a batch. What is confirmed of a header that is a guess
    (``guidance``) is remembered in the store. The policy of the view (without one: the bundled one) says which regions tell no
    names apart. ``rejects``: where the refused rows go as workbooks (see ``ingest.rejects``; raises
    InputError before anything is stored).

    One load at a time: StoreBusyError if another holds the store for longer than ``wait`` seconds; ``waiting`` is told who."""
    opened = opened_files(files, remembering(engine, guidance))
    with held(engine, "预检" if dry_run else "导入", wait=wait, waiting=waiting) as job:
        return _Load(engine, job, opened, who, progress, dry_run, view, limit).run(rejects)


@dataclass
class _Writing:
    """A file that is written: its import, and what its rows did so far."""

    p: Prepared
    record: Import
    effects: Counter[str] = field(default_factory=Counter)
    bodies: Counter[str] = field(default_factory=Counter)
    relationships: Counter[str] = field(default_factory=Counter)


class _Load:
    """One load, while it holds the store."""

    def __init__(self, engine: GraphEngine, job: Job, opened: Mapping[Path, Opened], who: str, progress: Progress | None,
                 dry_run: bool, view: View | None, limit: int | None) -> None:
        self.engine, self.job, self.opened, self.who, self.told = engine, job, opened, who, _Told(progress)
        self.dry_run, self.view, self.limit = dry_run, view, limit
        self.writer: Writer | None = None  # of what is one transaction
        self.digests = {f: digest_of(f) for f, o in opened.items() if not isinstance(o, InputError)}
        self.reports = dict[Path, LoadReport]()
        self.known = dict[str, Import]()
        self.names = Names((view.policy if view else policy()).regions)
        self.settling = Settling((), self.names)

    def run(self, rejects: Path | None) -> LoadResult:
        with self.engine.read() as snapshot:
            self.known = {i.digest: i for i in snapshot.imports().values() if i.state != "undone"}
            prepared = self._prepared(snapshot)
            fresh = [p for p in prepared if self._has_fresh(p, snapshot)]
            loads, self.settling = snapshot.records(LOADS), Settling(full_registers(snapshot), self.names)
            whole = self.dry_run or self._is_small(fresh, snapshot)
        workbooks = write_rejects(prepared, rejects) if rejects else ()
        self.told.expect(sum(p.accepted for p in fresh))
        changed = self._write(fresh, loads, whole=whole)
        order = list(self.opened)
        listed = [r for p in sorted(prepared, key=lambda p: order.index(p.register.path)) for _, r in sorted(p.rejects.items())[:SHOWN]]
        return LoadResult(reports=tuple(self.reports[f] for f in self.opened), rejects=tuple(listed), reject_files=workbooks,
                          joined=tuple(self.settling.joined), questions=tuple(self.settling.questions), difference=changed)

    # -- before anything is written ----------------------------------------------------------------------------------------

    def _prepared(self, snapshot: Snapshot) -> list[Prepared]:
        """What is to be looked at, in the order in which it is written; the other files are reported."""
        cut = cut_off(snapshot, (self.known[d] for d in self.digests.values() if d in self.known))
        for f, o in self.opened.items():
            if report := self._settled(f, o):
                self.reports[f] = report
        looked = {f: o for f, o in self.opened.items()
                  if f not in self.reports or (self.reports[f].import_number or 0) in cut.numbers}  # what a load said is of one piece
        found = prepare([o for o in looked.values() if isinstance(o, Register)],
                        [o for o in looked.values() if isinstance(o, Declarations)], cut.before(snapshot), self.names, self.told.looked)
        for p in found:
            if p.refused and len(self.opened) == 1:
                raise p.refused
            if p.refused:
                self.reports[p.register.path] = refused_report(p.register.path, p.refused)
        found = [p for p in found if p.register.path not in self.reports]
        return sorted(found, key=lambda p: (p.register.as_of, self.digests[p.register.path]))

    def _settled(self, f: Path, o: Opened) -> LoadReport | None:
        """The report of a file of which there is nothing to load."""
        if isinstance(o, InputError):
            return refused_report(f, o)
        before = self.known.get(self.digests[f])
        first = next(other for other, d in self.digests.items() if d == self.digests[f])
        if first != f:
            return LoadReport(file=f.name, import_number=None, state="already_loaded", layout=label_of(o),
                              message=f"与同时导入的 {first.name} 内容相同")
        if before and before.state == "done" and not before.counts.get("rejected"):
            return LoadReport(file=f.name, import_number=before.number, state="already_loaded", layout=label_of(o),
                              message=f"已作为第 {before.number} 次导入载入")
        return None

    def _has_fresh(self, p: Prepared, snapshot: Snapshot) -> bool:
        """Whether there is anything to write of a file; else it is reported."""
        before = self.known.get(self.digests[p.register.path])
        if before is None or settle(p, before, snapshot) or before.state != "done":
            return True
        number = before.number
        self.reports[p.register.path] = report_of(p, number, Counter(unchanged=p.accepted)).model_copy(update={
            "state": "already_loaded", "message": f"已作为第 {number} 次导入载入，其中 {len(p.rejects)} 行仍有问题"})
        return False

    # -- writing -----------------------------------------------------------------------------------------------------------

    def _transact(self, work: Callable[[Writer], T]) -> T:
        """What was written stays if the load is interrupted, and its imports say so. What tells its changes has one transaction."""
        return work(self.writer) if self.writer else self.job.transact(self.engine, work)

    def _is_small(self, fresh: Sequence[Prepared], snapshot: Snapshot) -> bool:
        """Whether what a load changes is told: of so few rows that this takes no longer than they do."""
        rows = sum(p.accepted for p in fresh)
        return self.view is not None and rows <= TOLD_ROWS and sum(snapshot.counts().values()) <= TOLD_STORE

    def _write(self, fresh: Sequence[Prepared], loads: dict[str, list[int]], *, whole: bool) -> Difference | None:
        if not fresh and not self.dry_run:
            return None
        if self.dry_run:
            with self.engine.rollback_after() as writer:
                return self._written(fresh, loads, writer)
        work = partial(self._written, fresh, loads)
        return self.job.transact(self.engine, work) if whole else work(None)

    def _written(self, fresh: Sequence[Prepared], loads: dict[str, list[int]], writer: Writer | None) -> Difference | None:
        """In a transaction, and then it may be done again from the beginning; else in many."""
        self.writer, self.told.done = writer, 0
        self.settling.begin()
        writing = self._transact(partial(self._begun, fresh, loads))
        try:
            self._put(writing)
            self.reports |= {w.p.register.path: self._reported(w) for w in writing}
            self.reports |= self._transact(partial(self._settled_with, loads))
        except BaseException:
            if not writer:
                self._cut_off(writing)
            raise
        if writer and self.view:
            return preview(self.engine, writer, fresh, self.view, self.limit, self.settling.ended, self.settling.made_one)
        return None

    def _settled_with(self, loads: dict[str, list[int]], writer: Writer) -> Reports:
        found = self.settling.settle(writer, self.reports)
        note_done(writer, loads)
        return found

    def _begun(self, fresh: Sequence[Prepared], loads: dict[str, list[int]], writer: Writer) -> list[_Writing]:
        """All numbers at once: what is loaded between a cut-off and its completion comes after it."""
        writing = [_Writing(p, writer.begin_import(self._record(p))) for p in fresh]
        loads |= note_begun(writer, [w.record for w in writing], [i.number for i in self.known.values()])
        for p in fresh:
            for fingerprint, told in (p.register.learned if isinstance(p.register, Register) else {}).items():
                writer.put_record(REMEMBERED, fingerprint, told)
        return writing

    def _cut_off(self, undone: Sequence[_Writing]) -> None:
        """Note it; where that fails, too, it is known by nobody's holding the store."""
        def note(writer: Writer) -> None:
            for w in undone:
                writer.finish_import(w.record.number, "unfinished", {"read": w.p.accepted + len(w.p.rejects), **w.effects})

        with suppress(StoreError):
            self._transact(note)

    def _record(self, p: Prepared) -> Import:
        """A new import, or the one of the same file, which is then completed."""
        r, digest = p.register, self.digests[p.register.path]
        record = Import(0, digest, r.path.name, r.source, r.as_of, r.as_of_precision, self.who, now(), synthetic=r.synthetic)
        return replace(record, number=self.known[digest].number) if digest in self.known else record

    def _put(self, writing: Sequence[_Writing]) -> None:
        """Write the rows of all files."""
        by_number = {w.record.number: w for w in writing}

        def done(number: int, counts: BatchCounts) -> None:
            w = by_number[number]
            w.effects.update(counts.rows)
            add_effects(w.bodies, counts.bodies)
            add_effects(w.relationships, counts.relationships)
            self.told.wrote(len(counts.rows))

        batches = ((number, rows) for number, w in by_number.items() for rows in w.p.batches())
        if self.writer:
            for number, rows in batches:
                done(number, self.writer.apply(number, rows))
        else:
            self.engine.apply_all(batches, self.job.check, done)

    def _reported(self, w: _Writing) -> LoadReport:
        report = report_of(w.p, None if self.dry_run else w.record.number, w.effects, w.bodies, w.relationships)
        self.settling.wait_for(w.p, w.record.number, report.model_dump(include=COUNTED))
        return report


class _Told:
    """Tells first the rows looked at, of a number not known (0), then the rows written, of all."""

    def __init__(self, progress: Progress | None) -> None:
        self.progress, self.read, self.done, self.total = progress, 0, 0, 0

    def looked(self, rows: int) -> None:
        self.read += rows
        if self.progress:
            self.progress(self.read, 0)

    def expect(self, total: int) -> None:
        self.total = total

    def wrote(self, rows: int) -> None:
        self.done += rows
        if self.progress:
            self.progress(self.done, self.total)
