"""Load registers and declarations: all files of one call together, with row accounting; good rows load although bad ones do not."""

from __future__ import annotations

import gc
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from graph.engine import GraphEngine, Writer
from graph.questions.missing import full_registers
from ingest.clock import now
from ingest.declared import Declarations, open_declarations
from ingest.guidance import NONE, REMEMBERED, Guidance
from ingest.headers import Register, open_register
from ingest.prepare import Prepared, prepare
from ingest.preview import preview
from ingest.rejects import write_rejects
from ingest.settle import Settling
from schemas.answers import LoadReport, RejectFile
from schemas.difference import Difference
from schemas.errors import InputError, RegisterError
from schemas.facts import Import, Reject
from schemas.view import View

Progress = Callable[[int, int], None]  # (rows done, rows in all; 0: not known yet)
COUNTED = {"read", "created", "updated", "unchanged", "confirmed", "rejected"}  # noted with the import
SHOWN = 1_000  # rejects listed; all are counted


class LoadResult(BaseModel):
    """``reports``: one a file, in the order given. ``rejects``: the refused rows, by file and row, at most 1,000 a file;
    ``reject_files``: workbooks of all of them, to be corrected and loaded."""

    model_config = ConfigDict(frozen=True)
    reports: tuple[LoadReport, ...]
    rejects: tuple[Reject, ...]
    reject_files: tuple[RejectFile, ...] = ()
    difference: Difference | None = None  # of a dry run in a view


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
         rejects: Path | None = None, who: str = "", progress: Progress | None = None, guidance: Guidance = NONE) -> LoadResult:
    """Read all files, then put their good rows into force, file by file in the order of (source as-of, digest).

    A file that cannot be read as a whole is reported as refused and the others load; where it is the only one, its error is
    raised (RegisterError, DeclarationError). Loading a file again changes nothing. ``dry_run``: the same reports, nothing stored;
    with a ``view`` also what would change in bodies, relationships, coverage and gaps, at most ``limit`` of each list (``None``:
    all). What is confirmed of a header that is a guess (``guidance``) is remembered in the store. ``rejects``: where the refused
    rows go as workbooks (see ``ingest.rejects``; raises InputError before anything is stored)."""
    opened, reports = _opened(files, _remembering(engine, guidance)), dict[Path, LoadReport]()
    digests = {f: _digest(f) for f, o in opened.items() if not isinstance(o, InputError)}
    with engine.read() as snapshot:
        known = {i.digest: i for i in snapshot.imports().values() if i.state != "undone"}
        first = {d: f for f, d in reversed(digests.items())}
        for f, o in opened.items():
            if isinstance(o, InputError):
                reports[f] = LoadReport(file=f.name, import_number=None, state="refused", layout="", message=str(o))
            elif (before := known.get(digests[f])) and before.state == "done" and not before.counts.get("rejected"):
                reports[f] = LoadReport(file=f.name, import_number=before.number, state="already_loaded", layout=_label(o),
                                        message=f"已作为第 {before.number} 次导入载入")
            elif first[digests[f]] != f:
                reports[f] = LoadReport(file=f.name, import_number=None, state="already_loaded", layout=_label(o),
                                        message=f"与同时导入的 {first[digests[f]].name} 内容相同")
        rest = {f: o for f, o in opened.items() if f not in reports and not isinstance(o, InputError)}
        done, fulls = _Told(progress), full_registers(snapshot)
        prepared = prepare([o for o in rest.values() if isinstance(o, Register)],
                           [o for o in rest.values() if isinstance(o, Declarations)], snapshot, done.looked)
    for p in prepared:
        if p.refused and len(files) == 1:
            raise p.refused
        if p.refused:
            reports[p.register.path] = LoadReport(file=p.register.path.name, import_number=None, state="refused", layout="",
                                                  message=str(p.refused))
    prepared = [p for p in prepared if not p.refused]
    prepared.sort(key=lambda p: (p.register.as_of, digests[p.register.path]))
    written = write_rejects(prepared, rejects) if rejects else ()
    listed = [r for p in sorted(prepared, key=lambda p: list(files).index(p.register.path)) for _, r in sorted(p.rejects.items())[:SHOWN]]
    for p in prepared:
        if (before := known.get(digests[p.register.path])) and _nothing_new(p, before):
            reports[p.register.path] = _again(p, before)
    prepared = [p for p in prepared if p.register.path not in reports]
    done.expect(sum(p.accepted for p in prepared))
    with engine.rollback_after() if dry_run else nullcontext() as writer:
        settling = Settling(fulls)
        try:
            for p in prepared:
                record = _record(p, digests[p.register.path], who, known)
                reports[p.register.path] = _put(engine, writer, p, record, done, settling)
            with nullcontext(writer) if writer else engine.write() if settling.due else nullcontext() as last:
                reports |= settling.settle(last, reports) if last else {}
        except BaseException:
            with nullcontext(writer) if writer else engine.write() if settling.due else nullcontext() as last:
                settling.leave(last)
            raise
        changed = preview(engine, writer, prepared, view, limit, settling.ended) if writer and view else None
    return LoadResult(reports=tuple(reports[f] for f in dict.fromkeys(files)), rejects=tuple(listed), reject_files=written,
                      difference=changed)


def _nothing_new(p: Prepared, before: Import) -> bool:
    """Whether the same file was loaded, and no row that was refused then is good now that what it names is there."""
    return before.state == "done" and p.accepted == before.counts["read"] - before.counts["rejected"]


def _again(p: Prepared, before: Import) -> LoadReport:
    return LoadReport(file=p.register.path.name, import_number=before.number, state="already_loaded", layout=_label(p.register),
                      message=f"已作为第 {before.number} 次导入载入，其中 {len(p.rejects)} 行仍有问题", read=p.accepted + len(p.rejects),
                      unchanged=p.accepted, rejected=len(p.rejects))


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


def _remembering(engine: GraphEngine, guidance: Guidance) -> Guidance:
    with engine.read() as snapshot:
        return replace(guidance, remembered={**snapshot.records(REMEMBERED), **guidance.remembered})


def _opened(files: Sequence[Path], guidance: Guidance) -> dict[Path, Register | Declarations | InputError]:
    opened = dict[Path, Register | Declarations | InputError]()
    for f in dict.fromkeys(files):
        try:
            if not f.is_file():
                raise RegisterError("register.missing", "没有这个文件", where=f.name, hint="请检查路径和文件名")
            opened[f] = open_declarations(f) if f.suffix.lower() == ".toml" else open_register(f, guidance)
        except (InputError, OSError) as error:
            if isinstance(error, OSError):
                error = RegisterError("register.unreadable", f"无法读取（{error.strerror}）", where=f.name, hint="请检查是否有读取权限")
            if len(files) == 1:
                raise error from None
            opened[f] = error
    return opened


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _label(opened: Register | Declarations | InputError) -> str:
    return opened.label if isinstance(opened, Register) else "声明"


def _record(p: Prepared, digest: str, who: str, known: dict[str, Import]) -> Import:
    """A new import, or the unfinished one of the same file, which is then completed."""
    r = p.register
    record = Import(0, digest, r.path.name, r.source, r.as_of, r.as_of_precision, who, now(), synthetic=r.synthetic)
    return replace(record, number=known[digest].number) if digest in known else record


def _put(engine: GraphEngine, dry: Writer | None, p: Prepared, record: Import, done: _Told, settling: Settling) -> LoadReport:
    """Write one file: one transaction a batch; what was written stays if the load is interrupted, and the import says so."""

    def transaction() -> AbstractContextManager[Writer]:
        return nullcontext(dry) if dry else engine.write()

    with transaction() as writer:
        record = writer.begin_import(record)
        for fingerprint, told in (p.register.learned if isinstance(p.register, Register) else {}).items():
            writer.put_record(REMEMBERED, fingerprint, told)
    effects, bodies, relationships = Counter[str](), Counter[str](), Counter[str]()
    try:
        for batch in p.batches():
            with transaction() as writer:
                counts = writer.apply(record.number, batch)
            effects.update(counts.rows)
            _add(bodies, counts.bodies)
            _add(relationships, counts.relationships)
            done.wrote(len(batch))
    except BaseException:
        with transaction() as writer:
            writer.finish_import(record.number, "unfinished", {"read": p.accepted + len(p.rejects), **effects})
        raise
    report = _report(p, None if dry else record.number, effects, bodies, relationships)
    counted = report.model_dump(include=COUNTED)
    if not settling.wait_for(p, record.number, counted):
        with transaction() as writer:
            writer.finish_import(record.number, "done", counted)
    return report


def _add(total: Counter[str], counts: dict[str, int]) -> None:
    """``Kind.effect`` -> effect."""
    for key, number in counts.items():
        total[key.rpartition(".")[2]] += number


def _report(p: Prepared, number: int | None, effects: Counter[str], bodies: Counter[str], relationships: Counter[str]) -> LoadReport:
    warnings = list(p.register.warnings) if isinstance(p.register, Register) else []
    if not p.accepted and not p.rejects:
        warnings.append("没有数据行，什么也没有导入")
    if p.personal:
        warnings.append(f"有 {p.personal} 行的文字像是含有身份证号或手机号，请核对；本系统不登记个人信息")
    return LoadReport(
        file=p.register.path.name, import_number=number, state="loaded" if number else "dry_run", layout=_label(p.register),
        read=p.accepted + len(p.rejects), created=effects["created"], updated=effects["updated"],
        unchanged=effects["unchanged"] + effects["confirmed"], confirmed=effects["confirmed"], rejected=len(p.rejects),
        bodies=dict(bodies), relationships=dict(relationships), warnings=tuple(warnings))


