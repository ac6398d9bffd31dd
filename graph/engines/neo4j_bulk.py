"""The rows of imports in batches: each is made ready from what is committed and what is under way, while others are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from neo4j import Session

from graph.engine import BatchCounts, Check
from graph.engines.neo4j_ahead import Ahead, Now, Saying
from graph.engines.neo4j_rows import ask
from graph.engines.neo4j_write import Neo4jWriter
from graph.merging import is_merge
from schemas.errors import StoreMovedError
from schemas.facts import Row

VERSION = "MATCH (s:JingluoStore {key: 'store'}) RETURN s.version"


def stands_alone(rows: Sequence[Row]) -> bool:
    """Whether it moves what other rows say, so that nothing may be under way beside it."""
    return any(is_merge(f) for row in rows for f in row.facts)


def at_once(number: int, rows: Sequence[Row], check: Check) -> Callable[[Neo4jWriter], BatchCounts]:
    """A batch that is made ready in its own transaction."""
    def write(writer: Neo4jWriter) -> BatchCounts:
        check(writer)
        return writer.apply(number, rows)

    return write


@dataclass(frozen=True)
class Ready:
    """A batch for a transaction, as often as need be: first ``begin``, and when the batches before are committed, ``write``."""

    number: int  # of the import
    saying: Saying
    counts: BatchCounts
    check: Check
    before: int  # data version
    changed: bool

    def begin(self, at: Now) -> None:
        for text, said in self.saying.new:
            at.put(text, said)

    def write(self, writer: Neo4jWriter) -> BatchCounts:
        self.check(writer)
        if writer.version != self.before:
            raise StoreMovedError("store.moved", "写入期间数据被另一程序改动，这一批没有写入", hint="请重新运行同一命令，已写入的数据完好")
        for text, said in self.saying.rest:
            writer.at.put(text, said)
        writer.changed = self.changed
        return self.counts


class Bulk:
    def __init__(self, session: Session) -> None:
        self.ahead = Ahead(session)
        [[self.version]] = ask(session, VERSION)
        self.writer = Neo4jWriter(self.ahead, self.version)

    def ready(self, number: int, rows: Sequence[Row], check: Check, under_way: int) -> Ready:
        """``under_way``: so many of the batches before it may not be committed yet."""
        saying, before = self.ahead.begin(under_way), self.version
        self.writer.changed = False
        counts = self.writer.apply(number, rows)
        self.version += self.writer.changed
        return Ready(number, saying, counts, check, before, self.writer.changed)
