"""A whole store out of a Neo4j server and back into it. Community has no online backup: what rows assert is read, and told anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from graph.copying import PASSING, catch_up, copy_into
from graph.engine import Check, Progress
from graph.engines.sqlite import SqliteEngine
from graph.lock import transact_checked
from schemas.errors import StoreMovedError

if TYPE_CHECKING:
    from graph.engines.neo4j import Neo4jEngine
    from graph.engines.neo4j_write import Neo4jWriter

TRIES = 2  # without holding anybody up
AT_ONCE = 10_000  # nodes deleted in a transaction
RESTORING = "restore", "under-way"  # the record that says from which backup


def save(engine: Neo4jEngine, to: Path, progress: Progress | None = None) -> None:
    """Write a consistent copy to a new embedded store: copied again, which is short, where the data moved meanwhile; if it does
    so again and again, what is new is copied while writers wait."""
    copied = SqliteEngine(to)
    try:
        for _ in range(TRIES):
            try:
                copy_into(engine, copied, progress)
                return
            except StoreMovedError:
                continue
        engine.transact(lambda _: catch_up(engine, copied))
    finally:
        copied.close()


def replace(engine: Neo4jEngine, file: Path, checksum: str, check: Check, progress: Progress | None = None) -> None:
    """Put the store of a file in the place of what is there. Cut off, it is completed by being done again."""
    with engine.read() as snapshot:
        begun = snapshot.records(RESTORING[0]).get(RESTORING[1]) == checksum
    if not begun:
        _clear(engine, check)
        transact_checked(engine, check, lambda writer: writer.put_record(*RESTORING, checksum))
    kept = SqliteEngine(file, create=False)
    try:
        copy_into(kept, engine, progress, check)
    finally:
        kept.close()
    transact_checked(engine, check, lambda writer: writer.delete_record(*RESTORING))


def _clear(engine: Neo4jEngine, check: Check) -> None:
    """Delete all but the store's own node, whose data version goes on (readers must not take old answers for new ones), and the lock."""
    rest = f"MATCH (n) WHERE NOT n:JingluoStore AND NOT (n:Record AND n.collection = $kept) WITH n LIMIT {AT_ONCE}"

    def some(writer: Neo4jWriter) -> bool:
        check(writer)
        [[number]] = writer.at.ask(f"{rest} DETACH DELETE n RETURN count(n)", kept=PASSING[0])
        writer.changed = True
        return bool(number)

    while engine.transact(some):
        pass
