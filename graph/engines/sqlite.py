"""The embedded engine: one SQLite file, one writer beside many readers, whole after a crash."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeVar

from graph.deadline import over, remaining, too_long
from graph.engine import Batch, BatchCounts, Check, Progress
from graph.engines import sqlite_schema
from graph.engines.sqlite_backup import copy_in, copy_out
from graph.engines.sqlite_overlay import lay_over
from graph.engines.sqlite_read import SqliteSnapshot
from graph.engines.sqlite_schema import busy, damaged, open_store
from graph.engines.sqlite_write import SqliteWriter
from schemas.errors import StoreError
from schemas.view import NO_OVERLAY, Overlay

T = TypeVar("T")
INSTRUCTIONS = 50_000  # of SQLite's machine, between one look at the deadline and the next: well under a tenth of a second
LOGGED, USUALLY = 16_384, 1_000  # pages in the log from which on it is copied into the file: 64 MB in a load, else 4
TOGETHER = 4  # batches of a load in one transaction: each transaction writes most pages of the indexes, which are in the order of texts


class SqliteEngine:
    """See ``graph.engine.GraphEngine``. ``create``: make the file if it is missing."""

    def __init__(self, path: Path, *, create: bool = True) -> None:
        self.path, self.url = path, f"sqlite:///{path}"
        self.cache = dict[str, Any]()
        self.connections, self.idle = list[sqlite3.Connection](), list[sqlite3.Connection]()
        self.writing = threading.RLock()  # Ctrl-C can leave a transaction without its end: who then takes note of it must not wait
        self.writer_db: sqlite3.Connection | None = None
        self.idle.append(self._reader(create=create))

    def _reader(self, *, create: bool = False) -> sqlite3.Connection:
        """A connection that no snapshot is using. Threads come and go under a server, connections stay."""
        try:
            return self.idle.pop()
        except IndexError:
            pass
        db = open_store(self.path, create=create, read_only=True)
        self.connections.append(db)
        return db

    @contextmanager
    def read(self, overlay: Overlay = NO_OVERLAY) -> Iterator[SqliteSnapshot]:
        db, limited = self._reader(), remaining() is not None
        try:
            if limited:
                db.set_progress_handler(over, INSTRUCTIONS)
            if overlay:
                db.execute("PRAGMA query_only = OFF")
            db.execute("BEGIN")
            if overlay:
                lay_over(db, overlay)
            yield SqliteSnapshot(db, self.cache, changed=bool(overlay))
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise _unreadable(error, self.path) from error
        finally:
            if db.in_transaction:
                db.execute("ROLLBACK")  # takes the overlay with it
            if overlay:
                db.execute("PRAGMA query_only = ON")
            if limited:
                db.set_progress_handler(None, 0)
            self.idle.append(db)

    @contextmanager
    def write(self) -> Iterator[SqliteWriter]:
        with self._transaction() as (db, writer):
            yield writer
            if writer.changed:
                db.execute("UPDATE meta SET value = value + 1 WHERE key = 'version'")
            db.execute("COMMIT")

    def transact(self, work: Callable[[SqliteWriter], T]) -> T:
        with self.write() as writer:
            return work(writer)

    def apply_all(self, batches: Iterable[Batch], check: Check, done: Callable[[int, BatchCounts], None]) -> None:
        left = iter(batches)
        with self._long_log():
            for first in left:
                with self.write() as writer:
                    check(writer)
                    counts = [(number, writer.apply(number, rows)) for number, rows in chain((first,), islice(left, TOGETHER - 1))]
                for each in counts:
                    done(*each)

    @contextmanager
    def _long_log(self) -> Iterator[None]:
        """Transactions that write the same pages one after another copy them into the file once; the next one after them copies the
        rest, since readers are slower beside a long log."""
        self._log(LOGGED)
        try:
            yield
        finally:
            with suppress(StoreError):  # what went wrong before it is told
                self._log(USUALLY)

    def _log(self, pages: int) -> None:
        with self._alone() as db:
            db.execute(f"PRAGMA wal_autocheckpoint = {pages:d}")

    @contextmanager
    def rollback_after(self) -> Iterator[SqliteWriter]:
        with self._transaction() as (db, writer):
            yield writer
            db.execute("ROLLBACK")

    @contextmanager
    def _transaction(self) -> Iterator[tuple[sqlite3.Connection, SqliteWriter]]:
        with self._alone() as db:
            try:
                db.execute("BEGIN IMMEDIATE")
                yield db, SqliteWriter(db)
            except sqlite3.DatabaseError as error:
                raise _told(error, self.path) from error
            finally:
                if db.in_transaction:
                    with suppress(sqlite3.Error):
                        db.execute("ROLLBACK")

    @contextmanager
    def _alone(self) -> Iterator[sqlite3.Connection]:
        """No other thread writes; it is waited for no longer than another program is."""
        if not self.writing.acquire(timeout=sqlite_schema.BUSY_MS / 1000):
            raise busy(self.path)
        try:
            if self.writer_db is None:
                self.writer_db = open_store(self.path, create=True)
            yield self.writer_db
        finally:
            self.writing.release()

    def save(self, file: Path, progress: Progress | None = None) -> None:
        try:
            copy_out(self.path, file, progress)
        except sqlite3.DatabaseError as error:
            raise _told(error, self.path) from error

    def replace(self, file: Path, checksum: str, check: Check, progress: Progress | None = None) -> None:
        self.transact(check)
        with self.read() as snapshot:
            before = snapshot.version
        with closing(SqliteEngine(file, create=False)) as kept, kept.write() as writer:
            writer.go_on_from(before)
        with self._alone() as db:
            try:
                copy_in(file, db)
            except sqlite3.DatabaseError as error:
                raise _told(error, self.path) from error

    def close(self) -> None:
        for db in [*self.connections, *([self.writer_db] if self.writer_db else [])]:
            db.close()
        self.connections.clear()
        self.idle.clear()
        self.writer_db = None


def _unreadable(error: Exception, path: Path) -> StoreError:
    """What is wrong where a store is ours and yet cannot be read."""
    text = str(error)
    if isinstance(error, UnicodeDecodeError) or any(w in text for w in ("malformed", "no such", "Could not decode", "not a database")):
        return damaged(path)
    if text == "interrupted":
        return too_long()
    if "locked" in text or "busy" in text:
        return busy(path)
    return StoreError("store.failed", f"读取数据库 {path.name} 失败：{text}", hint="数据没有被改动")


def _told(error: sqlite3.DatabaseError, path: Path) -> StoreError:
    text = str(error)
    if "locked" in text or "busy" in text:
        return busy(path)
    if "malformed" in text:
        return damaged(path)
    if "full" in text:
        return StoreError("store.full", "磁盘空间不足，本次写入已撤回", hint="请清理磁盘后重新运行，已导入的数据完好")
    if "disk I/O" in text:
        return StoreError("store.failed", "写入磁盘失败，可能是空间不足", hint="请检查磁盘后重新运行，已导入的数据完好")
    if "readonly" in text:
        return StoreError("store.read-only", f"数据库 {path.name} 不可写", hint="请检查文件和文件夹的写权限")
    return StoreError("store.failed", f"写入数据库失败：{text}", hint="本次写入已撤回，已导入的数据完好")
