"""Small districts of facts, kept in a real embedded store, for tests of the questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from graph.engines.sqlite import SqliteEngine
from schemas.facts import BodyFact, Fact, Import, RelationFact, Row
from schemas.identifiers import public_id

AS_OF = 20200901


def named(kind: str, name: str) -> BodyFact:
    return BodyFact(public_id(kind, "name", name), name)


@contextmanager
def stored(facts: Sequence[Fact], as_of: int = AS_OF) -> Iterator[SqliteEngine]:
    """An engine over a new store that holds these facts, one a row."""
    with TemporaryDirectory() as folder:
        engine = SqliteEngine(Path(folder) / "district.db")
        put(engine, facts, as_of)
        try:
            yield engine
        finally:
            engine.close()


def put(engine: SqliteEngine, facts: Sequence[Fact], as_of: int = AS_OF) -> None:
    ordered = sorted(facts, key=lambda f: isinstance(f, RelationFact))
    with engine.write() as writer:
        record = writer.begin_import(Import(0, f"d{as_of}", "district.csv", "测试", as_of))
        writer.apply(record.number, [Row(i, str(i), (f,)) for i, f in enumerate(ordered, 2)])
        writer.finish_import(record.number, "done", {})
