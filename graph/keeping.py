"""Backups of a store: made while others read and write, checked before anything of them is believed, restored into either engine."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from graph.archive import pack, refuse_other, unpack
from graph.connect import SERVERS, connect
from graph.copying import PASSING, digest
from graph.engine import GraphEngine, Progress, Snapshot
from graph.engines.sqlite_backup import described, sound
from graph.engines.sqlite_schema import MIGRATIONS
from graph.lock import held
from schemas.backups import BackupHeader, Kept
from schemas.errors import BackupError, NewerBackupError, StoreError, why


def backup(engine: GraphEngine, file: Path, *, force: bool = False, progress: Progress | None = None) -> Kept:
    """Write the whole store as it is at one moment to one file: imports, rows in force or undone, records, the id registry.

    ``force``: over an older backup. Raises BackupError (the file is there, or cannot be written) and StoreError.

    >>> made = backup(engine, Path(folder) / "2026-11.backup")
    >>> made.state, made.counts["imports"]
    ('made', 17)
    """
    refuse_other(file, force=force)
    with _beside(file) as folder:
        copied = folder / "store.db"
        engine.save(copied, progress)
        with closing(connect(f"sqlite:///{copied}", create=False)) as store, store.read() as snapshot:
            content = digest(snapshot)
        header = described(copied, "neo4j" if engine.url.startswith(SERVERS) else "sqlite", content)
        checksum = pack(copied, header, file, force=force, progress=progress)
    return _kept("made", file, header, checksum, engine.url)


def verify(file: Path, *, progress: Progress | None = None) -> Kept:
    """Check all of a backup: the file's checksum, the store inside, its counts and its content digest.

    Raises BackupError (missing, no backup, damaged), NewerBackupError.

    >>> verify(backup(engine, Path(folder) / "checked.backup").path).state
    'verified'
    """
    with _unpacked(file, progress) as (_, header, checksum, _):
        return _kept("verified", file, header, checksum)


def restore(file: Path, engine: GraphEngine, *, force: bool = False, progress: Progress | None = None) -> Kept:
    """Check a backup, put it into the store and compare counts and content digest at the end. ``force``: in the place of what is there.

    An embedded store changes at once and others go on reading the old one until then; on a server a restore that was cut off is
    completed by doing it again. Raises BackupError, NewerBackupError, StoreError (not empty; differs at the end).

    >>> made = backup(engine, Path(folder) / "moved.backup")
    >>> restore(made.path, graph.connect(f"sqlite:///{folder}/elsewhere.db")).counts == made.counts
    True
    """
    with _unpacked(file, progress) as (store, header, checksum, content), held(engine, "恢复备份") as job:
        with engine.read() as snapshot:
            if not (force or _empty(snapshot) or checksum in snapshot.records("restore").values()):
                raise StoreError("store.not-empty", "数据库里已有数据，未作改动",
                                 hint="请恢复到一个空数据库；确要用备份替换其中全部数据，请加 --force")
        engine.replace(store, checksum, job.check, progress)
        with closing(connect(f"sqlite:///{store}", create=False)) as kept, kept.read() as ours, engine.read() as theirs:
            if ours.imports() != theirs.imports() or ours.counts() != theirs.counts() or digest(theirs) != content:
                raise StoreError("store.restore-differs", "恢复后的内容与备份不一致", hint="请再运行一次；如仍不一致，请保留备份并反馈")
    return _kept("restored", file, header, checksum, engine.url)


def _empty(snapshot: Snapshot) -> bool:
    return not snapshot.imports() and not set(snapshot.collections()) - {*PASSING}


def _kept(state: str, file: Path, header: BackupHeader, checksum: str, store: str = "") -> Kept:
    return Kept.model_validate({"state": state, "file": str(file), "store": store, "bytes": file.stat().st_size, "checksum": checksum,
                                "header": header, "counts": header.counts})


@contextmanager
def _unpacked(file: Path, progress: Progress | None) -> Iterator[tuple[Path, BackupHeader, str, str]]:
    """The store inside, checked and brought to this program's schema version, in a folder of its own: (store, header, checksum,
    content digest)."""
    with tempfile.TemporaryDirectory(prefix="jingluo-") as folder:
        store = Path(folder) / "store.db"
        header, checksum = unpack(file, store, progress)
        if header.schema_version > len(MIGRATIONS):
            raise NewerBackupError("backup.newer", f"{file} 由更新版本的经络写成（结构第 {header.schema_version} 版，"
                                   f"本程序支持到第 {len(MIGRATIONS)} 版）", hint="请升级经络后再用")
        sound(store, header)
        with closing(connect(f"sqlite:///{store}", create=False)) as kept, kept.read() as snapshot:
            content = digest(snapshot)
        if header.digest and header.schema_version == len(MIGRATIONS) and content != header.digest:
            raise BackupError("backup.damaged", f"备份 {file} 的内容与其摘要不符", hint="请换一份备份")
        yield store, header, checksum, content


@contextmanager
def _beside(file: Path) -> Iterator[Path]:
    """A folder for what is made before the backup: on the same disk, which must hold it anyway."""
    try:
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=f".{file.name}.") as folder:
            yield Path(folder)
    except OSError as error:
        raise BackupError("backup.write", f"无法写入备份 {file}（{why(error)}）",
                          hint="请检查文件夹是否存在、是否有写权限、磁盘空间是否足够") from error
