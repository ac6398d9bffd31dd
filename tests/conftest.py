"""Engines to test on: an embedded store, and a server's where ``JINGLUO_TEST_NEO4J`` names one (bolt://user:password@host:7687)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from graph.connect import connect
from graph.engine import GraphEngine

SERVER = "JINGLUO_TEST_NEO4J"


def emptied(engine: GraphEngine) -> GraphEngine:
    """The engine with all imports undone; ids and numbers of imports are not used again."""
    with engine.read() as snapshot:
        left = [i.number for i in snapshot.imports().values() if i.state != "undone"]
    with engine.write() as writer:
        for number in left:
            writer.withdraw(number)
    return engine


@pytest.fixture(params=["sqlite", "neo4j"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], GraphEngine]]:
    """Gives an engine with nothing in force, as often as it is called; the one given before must not be used any more."""
    opened = list[GraphEngine]()
    numbers = count()

    def embedded() -> GraphEngine:
        for old in opened:
            old.close()
            Path(old.url.removeprefix("sqlite:///")).unlink(missing_ok=True)
        opened[:] = [connect(f"sqlite:///{tmp_path / f'{next(numbers)}.db'}")]
        return opened[0]

    def server() -> GraphEngine:
        if not opened:
            opened.append(connect(os.environ[SERVER]))
        return emptied(opened[0])

    if request.param == "neo4j" and not os.environ.get(SERVER):
        pytest.skip(f"{SERVER} names no server (bolt://user:password@host:7687)")
    yield server if request.param == "neo4j" else embedded
    for engine in opened:
        engine.close()


@pytest.fixture
def engine(fresh: Callable[[], GraphEngine]) -> GraphEngine:
    return fresh()
