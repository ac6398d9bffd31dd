"""The server engine: one Neo4j database (Community 5.26 is enough), reached by the driver, one writer beside many readers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from neo4j import READ_ACCESS, WRITE_ACCESS, GraphDatabase, ManagedTransaction, Session, Transaction, unit_of_work
from neo4j.exceptions import DriverError, Neo4jError

from graph.engine import Batch, BatchCounts, Check, Progress
from graph.engines.neo4j_address import Address, credentials, database
from graph.engines.neo4j_ahead import InTurn, Now
from graph.engines.neo4j_bulk import Bulk, Ready, at_once, stands_alone
from graph.engines.neo4j_errors import quiet, told
from graph.engines.neo4j_overlay import lay_over
from graph.engines.neo4j_read import Neo4jSnapshot
from graph.engines.neo4j_rows import READ_SECONDS, ask
from graph.engines.neo4j_schema import prepare
from graph.engines.neo4j_sessions import Sessions
from graph.engines.neo4j_write import Neo4jWriter
from schemas.view import NO_OVERLAY, Overlay

CONNECT_SECONDS, ACQUIRE_SECONDS, RETRY_SECONDS = 3.0, 5.0, 5.0  # a person waits
WRITE_SECONDS, BUSY_SECONDS, IDLE_SECONDS = 3600.0, 10.0, 30.0
LOCK = "MATCH (s:JingluoStore {key: 'store'}) SET s.locked = true RETURN s.version"
T = TypeVar("T")


class Neo4jEngine:
    """See ``graph.engine.GraphEngine``. Nothing is connected before the first question, so a server that is down is told then.

    Neo4j reads what is committed, a transaction or not, so a snapshot is read statement by statement, each of which tells the data
    version that it saw: StoreMovedError says that the data changed meanwhile (``questions.steady`` asks again). A writer holds a
    lock on the store's own node, so there is one at a time and no deadlock; a batch of a load writes before it has the lock what is
    new and stands by itself, which nobody else reads or waits for."""

    def __init__(self, url: str, *, create: bool = True) -> None:
        address = Address.of(url)
        self.url, self.create, self.database = address.url, create, database()
        quiet()
        self._driver = partial(
            GraphDatabase.driver, address.url, auth=credentials(), user_agent="jingluo", telemetry_disabled=True,
            notifications_min_severity="OFF", liveness_check_timeout=IDLE_SECONDS, connection_timeout=CONNECT_SECONDS,
            connection_acquisition_timeout=ACQUIRE_SECONDS, max_transaction_retry_time=RETRY_SECONDS)
        self.bookmarks = GraphDatabase.bookmark_manager()
        self._begin()
        self.cache = dict[str, Any]()
        self.preparing, self.prepared = threading.Lock(), False

    def _begin(self) -> None:
        self.driver = self._driver()
        opened = partial(self.driver.session, database=self.database, bookmark_manager=self.bookmarks)
        self.reading = Sessions(partial(opened, default_access_mode=READ_ACCESS))
        self.writing = partial(opened, default_access_mode=WRITE_ACCESS)

    @contextmanager
    def _session(self, opened: Callable[[], AbstractContextManager[Session]], *, create: bool) -> Iterator[Session]:
        with told(self.url), opened() as session, self._breaking_off():
            self._prepare(create)
            yield session

    @contextmanager
    def _transaction(self, session: Session, seconds: float) -> Iterator[Transaction]:
        with session.begin_transaction(timeout=seconds) as tx, self._breaking_off():
            yield tx

    @contextmanager
    def _breaking_off(self) -> Iterator[None]:
        """Ctrl-C while the driver waits for an answer: it has lost its place in what the server says, and to take the transaction back
        it would wait for ever. Without its connection the server does that; the next statement is on a new one."""
        try:
            yield
        except (Exception, GeneratorExit):
            raise
        except BaseException:
            broken, sessions = self.driver, self.reading
            self._begin()
            with suppress(Neo4jError, DriverError, OSError):
                sessions.close()
                broken.close()
            raise

    def _prepare(self, create: bool) -> None:
        with self.preparing:
            if not self.prepared:
                with self.writing() as session:
                    prepare(session, create=create, where=self.url)
                self.prepared = True

    @contextmanager
    def read(self, overlay: Overlay = NO_OVERLAY) -> Iterator[Neo4jSnapshot]:
        if overlay:
            with self._session(self.writing, create=self.create) as session, self._transaction(session, READ_SECONDS) as tx:
                tx.run(LOCK).consume()  # it is written and taken back; no load may come between
                lay_over(tx, overlay)
                yield Neo4jSnapshot(tx, self.cache)
                tx.rollback()
            return
        with self._session(self.reading.one, create=self.create) as session:
            snapshot = Neo4jSnapshot(session, self.cache)
            try:
                yield snapshot
            except (Neo4jError, DriverError):
                raise
            except Exception:
                snapshot.confirm()  # what was read of two states need not fit together: then that is the error
                raise
            snapshot.confirm()

    @contextmanager
    def write(self) -> Iterator[Neo4jWriter]:
        with self._writing() as (tx, writer):
            yield writer
            writer.finish()
            tx.commit()
        self.cache.pop("known", None)

    @contextmanager
    def rollback_after(self) -> Iterator[Neo4jWriter]:
        with self._writing() as (tx, writer):
            yield writer
            tx.rollback()

    @contextmanager
    def _writing(self) -> Iterator[tuple[Transaction, Neo4jWriter]]:
        with self._turn() as session, self._transaction(session, WRITE_SECONDS) as tx:
            yield tx, _writer(tx)

    @contextmanager
    def _turn(self) -> Iterator[Session]:
        """Waits for another writer, no longer than ``BUSY_SECONDS``."""
        with self._session(self.writing, create=True) as session:
            with told(self.url, busy=True), self._transaction(session, BUSY_SECONDS) as tx:
                tx.run(LOCK).consume()
                tx.rollback()
            yield session

    def transact(self, work: Callable[[Neo4jWriter], T]) -> T:
        with self._turn() as session:
            return self._managed(session, lambda tx: _finished(tx, work))

    def _managed(self, session: Session, work: Callable[[ManagedTransaction], T]) -> T:
        @unit_of_work(timeout=WRITE_SECONDS)
        def managed(tx: ManagedTransaction) -> T:
            with self._breaking_off():
                return work(tx)

        found = session.execute_write(managed)
        self.cache.pop("known", None)
        return found

    def apply_all(self, batches: Iterable[Batch], check: Check, done: Callable[[int, BatchCounts], None]) -> None:
        with self._turn() as session, InTurn[tuple[int, BatchCounts]](lambda told: done(*told)) as turn:
            bulk = Bulk(session)
            for number, rows in batches:
                if stands_alone(rows):
                    turn.drain()
                    done(number, self.transact(at_once(number, rows, check)))
                    bulk = Bulk(session)
                else:
                    turn.put(partial(self._after, bulk.ready(number, rows, check, len(turn.pending))))

    def _after(self, ready: Ready, wait: Callable[[], object]) -> tuple[int, BatchCounts]:
        """Write a batch, the rest of it when the one before is committed."""
        def work(tx: ManagedTransaction) -> BatchCounts:
            ready.begin(Now(tx))
            wait()
            return _finished(tx, ready.write)

        with self._session(self.writing, create=True) as session:
            return ready.number, self._managed(session, work)

    def save(self, file: Path, progress: Progress | None = None) -> None:
        from graph.engines import neo4j_backup  # it needs the other engine, too

        neo4j_backup.save(self, file, progress)

    def replace(self, file: Path, checksum: str, check: Check, progress: Progress | None = None) -> None:
        from graph.engines import neo4j_backup

        neo4j_backup.replace(self, file, checksum, check, progress)

    def close(self) -> None:
        self.reading.close()
        self.driver.close()


def _writer(tx: Transaction | ManagedTransaction) -> Neo4jWriter:
    [[version]] = ask(tx, LOCK)
    return Neo4jWriter(Now(tx), version)


def _finished(tx: ManagedTransaction, work: Callable[[Neo4jWriter], T]) -> T:
    writer = _writer(tx)
    found = work(writer)
    writer.finish()
    return found
