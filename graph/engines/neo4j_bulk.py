"""The rows of an import in batches: each is made ready from what is committed and what is under way, while others are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from neo4j import Session

from graph.engine import BatchCounts
from graph.engines.neo4j_ahead import Ahead
from graph.engines.neo4j_rows import ask
from graph.engines.neo4j_write import Neo4jWriter
from graph.merging import is_merge
from schemas.errors import StoreMovedError
from schemas.facts import Row

VERSION = "MATCH (s:JingluoStore {key: 'store'}) RETURN s.version"
Check = Callable[[Any], None]
Writes = Callable[[Neo4jWriter], BatchCounts]  # of one batch, in a transaction: as often as need be


def stands_alone(rows: Sequence[Row]) -> bool:
    """Whether it moves what other rows say, so that nothing may be under way beside it."""
    return any(is_merge(f) for row in rows for f in row.facts)


def at_once(number: int, rows: Sequence[Row], check: Check) -> Writes:
    """A batch that is made ready in its own transaction."""
    def write(writer: Neo4jWriter) -> BatchCounts:
        check(writer)
        return writer.apply(number, rows)

    return write


class Bulk:
    def __init__(self, session: Session, number: int) -> None:
        self.ahead, self.number = Ahead(session), number
        [[self.version]] = ask(session, VERSION)
        self.writer = Neo4jWriter(self.ahead, self.version)

    def ready(self, rows: Sequence[Row], check: Check, under_way: int) -> Writes:
        """``under_way``: so many of the batches before it may not be committed yet."""
        self.ahead.begin(under_way)
        self.writer.changed = False
        counts = self.writer.apply(self.number, rows)
        statements, before, changed = self.ahead.statements, self.version, self.writer.changed
        self.version += changed

        def write(writer: Neo4jWriter) -> BatchCounts:
            check(writer)
            if writer.version != before:
                raise StoreMovedError("store.moved", "写入期间数据被另一程序改动，这一批没有写入",
                                      hint="请重新运行同一命令，已写入的数据完好")
            for text, said in statements:
                writer.at.put(text, said)
            writer.changed = changed
            return counts

        return write
