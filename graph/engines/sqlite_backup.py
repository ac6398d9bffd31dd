"""A whole store out of a SQLite file and back into one, while others read and write."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from graph.archive import pack
from graph.copying import PASSING
from graph.engine import Progress
from schemas.backups import BackupHeader
from schemas.errors import BackupError, StoreError
from schemas.program import version

PAGES = 4096  # copied between two reports of progress


def copy_out(store: Path, to: Path, progress: Progress | None = None) -> None:
    """Copy a store as it is at this moment to a new file, whatever is written meanwhile and whatever its schema version."""
    with closing(_connected(store)) as db, closing(_connected(to)) as copy:
        db.execute("BEGIN")
        db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()  # from here on this connection sees one state
        db.backup(copy, pages=PAGES, progress=lambda _, left, total: progress(total - left, total) if progress else None, sleep=0)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file
        copy.executemany("DELETE FROM record WHERE collection = ?", [(name,) for name in PASSING])


def copy_in(file: Path, db: sqlite3.Connection) -> None:
    """Put the store of a file in the place of the one that is open: in one transaction, while others go on reading the old one."""
    with closing(_connected(file)) as source:
        source.backup(db, pages=-1)


def _connected(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path.absolute(), isolation_level=None, timeout=10)


def sound(file: Path, header: BackupHeader) -> None:
    """Raise BackupError if the store in the file is not whole, or not what the header says of it."""
    try:
        with closing(_connected(file)) as db:
            if db.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",) or tables(db) != header.tables:
                raise sqlite3.DatabaseError
    except sqlite3.DatabaseError:
        raise BackupError("backup.damaged", "备份里的数据库不完整，或与备份的说明不符", hint="请换一份备份") from None


def tables(db: sqlite3.Connection) -> dict[str, int]:
    """The number of rows of every table, whatever the schema version."""
    names = [n for n, in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name")]
    return {name: db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}


def described(file: Path, engine: Literal["sqlite", "neo4j"], digest: str = "") -> BackupHeader:
    """The header of a backup that holds the store of this file."""
    with closing(_connected(file)) as db:
        return BackupHeader(
            schema_version=db.execute("PRAGMA user_version").fetchone()[0], program=version(), engine=engine, digest=digest,
            made=datetime.now(ZoneInfo("Asia/Shanghai")).isoformat(timespec="seconds"), size=file.stat().st_size, tables=tables(db))


def before_migration(store: Path, schema: int) -> Path:
    """Back a store up as it is before its tables are changed: beside it, named with the schema version and the time.

    Raises StoreError, and sqlite3's errors as they are."""
    at = datetime.now(ZoneInfo("Asia/Shanghai")).strftime("%Y%m%d-%H%M%S")
    to = store.with_name(f"{store.stem}-schema{schema}-{at}.backup")
    try:
        with tempfile.TemporaryDirectory(dir=store.parent, prefix=f".{store.stem}-") as folder:
            copy_out(store, Path(folder) / "store.db")
            pack(Path(folder) / "store.db", described(Path(folder) / "store.db", "sqlite"), to)
    except (BackupError, OSError) as error:
        raise StoreError("store.no-backup", f"升级 {store.name} 前无法先备份（{error}）",
                         hint="请检查文件夹是否有写权限、磁盘空间是否足够；该数据库未被改动") from error
    return to
