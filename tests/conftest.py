"""Engines to test on. A second engine is one more name in ``fresh``'s parameters; every test that asks for it runs on all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

from graph.connect import connect
from graph.engine import GraphEngine

# CI tries the same cases every time, so that what it says depends on the change alone; at home they are new ones each time
settings.register_profile("ci", derandomize=True, database=None, deadline=None)
settings.register_profile("home", deadline=None)  # a machine with other work is slow, not wrong
settings.load_profile("ci" if os.environ.get("CI") else "home")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """With -n, the tests that share the one server keep to one worker. (xdist's own groups do nothing under pytest 9.)"""
    from xdist.scheduler import LoadScopeScheduling

    class OneServer(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            served = ("[neo4j", "/test_neo4j.py", "/test_neo4j_memory.py", "/test_neo4j_retried.py", "/test_neo4j_round_trips.py")
            return "neo4j" if any(name in nodeid for name in served) else nodeid

    return OneServer(config, log)


SERVER = "JINGLUO_TEST_NEO4J"  # bolt://host:port of a server whose data may be thrown away


@pytest.fixture(params=["sqlite", "neo4j"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], GraphEngine]]:
    """Gives an engine with nothing in force, as often as it is called; the one given before must not be used any more."""
    yield from served() if request.param == "neo4j" else embedded_in(tmp_path)


def served() -> Iterator[Callable[[], GraphEngine]]:
    if not os.environ.get(SERVER):
        pytest.skip(f"{SERVER} names no Neo4j server; start one with tools/neo4j-local")
    from neo4j import GraphDatabase

    opened = list[GraphEngine]()
    with GraphDatabase.driver(os.environ[SERVER], notifications_min_severity="OFF") as driver:

        def wiped() -> GraphEngine:
            for old in opened:
                old.close()
            driver.execute_query("MATCH (n) DETACH DELETE n")
            opened[:] = [connect(os.environ[SERVER])]
            return opened[0]

        yield wiped
        for engine in opened:
            engine.close()


def embedded_in(tmp_path: Path) -> Iterator[Callable[[], GraphEngine]]:
    opened = list[GraphEngine]()
    numbers = count()

    def embedded() -> GraphEngine:
        for old in opened:
            old.close()
            Path(old.url.removeprefix("sqlite:///")).unlink(missing_ok=True)
        opened[:] = [connect(f"sqlite:///{tmp_path / f'{next(numbers)}.db'}")]
        return opened[0]

    yield embedded
    for engine in opened:
        engine.close()


@pytest.fixture
def engine(fresh: Callable[[], GraphEngine]) -> GraphEngine:
    return fresh()
