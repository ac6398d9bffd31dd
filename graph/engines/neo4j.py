"""The server engine: one Neo4j database (Community 5.26 is enough), reached by the driver, one writer beside many readers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from neo4j import READ_ACCESS, WRITE_ACCESS, GraphDatabase, Session, Transaction
from neo4j.exceptions import DriverError, Neo4jError

from graph.engine import Progress
from graph.engines.neo4j_address import Address, credentials, database
from graph.engines.neo4j_errors import told
from graph.engines.neo4j_overlay import lay_over
from graph.engines.neo4j_read import Neo4jSnapshot
from graph.engines.neo4j_rows import READ_SECONDS
from graph.engines.neo4j_schema import prepare
from graph.engines.neo4j_write import Neo4jWriter
from schemas.view import NO_OVERLAY, Overlay

CONNECT_SECONDS, ACQUIRE_SECONDS, RETRY_SECONDS = 3.0, 5.0, 5.0  # a person waits
WRITE_SECONDS, BUSY_SECONDS, IDLE_SECONDS = 3600.0, 10.0, 30.0
LOCK = "MATCH (s:JingluoStore {key: 'store'}) SET s.locked = true RETURN s.version"
FREE = "MATCH (s:JingluoStore {key: 'store'}) SET s.locked = false"


class Neo4jEngine:
    """See ``graph.engine.GraphEngine``. Nothing is connected before the first question, so a server that is down is told then.

    Neo4j reads what is committed, a transaction or not, so a snapshot is read statement by statement, each of which tells the data
    version that it saw: StoreMovedError says that the data changed meanwhile (``questions.steady`` asks again). A writer holds a
    lock on the store's own node, so there is one at a time and no deadlock."""

    def __init__(self, url: str, *, create: bool = True) -> None:
        address = Address.of(url)
        self.url, self.create, self.database = address.url, create, database()
        self.driver = GraphDatabase.driver(
            address.url, auth=credentials(), user_agent="jingluo", telemetry_disabled=True, notifications_min_severity="OFF",
            liveness_check_timeout=IDLE_SECONDS,
            connection_timeout=CONNECT_SECONDS, connection_acquisition_timeout=ACQUIRE_SECONDS, max_transaction_retry_time=RETRY_SECONDS)
        self.bookmarks = GraphDatabase.bookmark_manager()
        self.cache = dict[str, Any]()
        self.preparing, self.prepared = threading.Lock(), False

    @contextmanager
    def _session(self, access: str, *, create: bool) -> Iterator[Session]:
        with told(self.url), self.driver.session(
                database=self.database, default_access_mode=access, bookmark_manager=self.bookmarks) as session:
            self._prepare(create)
            yield session

    def _prepare(self, create: bool) -> None:
        with self.preparing:
            if not self.prepared:
                with self.driver.session(database=self.database, bookmark_manager=self.bookmarks) as session:
                    prepare(session, create=create, where=self.url)
                self.prepared = True

    @contextmanager
    def read(self, overlay: Overlay = NO_OVERLAY) -> Iterator[Neo4jSnapshot]:
        if overlay:
            with self._session(WRITE_ACCESS, create=self.create) as session, session.begin_transaction(timeout=READ_SECONDS) as tx:
                tx.run(LOCK).consume()  # it is written and taken back; no load may come between
                lay_over(tx, overlay)
                yield Neo4jSnapshot(tx, self.cache)
                tx.rollback()
            return
        with self._session(READ_ACCESS, create=self.create) as session:
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
        with self._session(WRITE_ACCESS, create=True) as session:
            with told(self.url, busy=True), session.begin_transaction(timeout=BUSY_SECONDS) as tx:
                tx.run(FREE).consume()  # waits for another writer, no longer than that
                tx.commit()
            with session.begin_transaction(timeout=WRITE_SECONDS) as tx:
                tx.run(LOCK).consume()
                yield tx, Neo4jWriter(tx)

    def save(self, file: Path, progress: Progress | None = None) -> None:
        from graph.engines import neo4j_backup  # it needs the other engine, too

        neo4j_backup.save(self, file, progress)

    def replace(self, file: Path, checksum: str, progress: Progress | None = None) -> None:
        from graph.engines import neo4j_backup

        neo4j_backup.replace(self, file, checksum, progress)

    def session(self) -> AbstractContextManager[Session]:
        """For statements that are no batch of a writer."""
        return self._session(WRITE_ACCESS, create=True)

    def close(self) -> None:
        self.driver.close()
