"""A server that asks for another try, as after a deadlock: the driver tries again, and what is in the store afterwards is the same."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from neo4j import Driver

from graph import lock
from graph.connect import connect
from graph.digest import digest
from graph.engine import GraphEngine, Writer
from graph.engines.neo4j import Neo4jEngine
from graph.lock import Job
from ingest import prepare
from ingest.load import load
from ingest.undo import undo
from tests.ingest.support import register

SERVER = "JINGLUO_TEST_NEO4J"
HOLD = "MERGE (r:Record {collection: 'held', id: 'by another'}) SET r.value = '0'"
STORE = "MATCH (s:JingluoStore {key: 'store'}) SET s.locked = true"


@pytest.fixture
def engine(driver: Driver) -> Iterator[Neo4jEngine]:
    found = Neo4jEngine(os.environ[SERVER])
    found.transact(lambda writer: writer.put_record("held", "by another", 0))
    yield found
    found.close()


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return [register(tmp_path, "企业", ["企业名称"], *([f"第{n}号公司"] for n in range(9))),
            register(tmp_path, "党组织", ["党组织名称", "组建形式", "所在单位"],
                     *([f"第{n}号支部", "单独", f"第{n}号公司"] for n in range(9)))]


def content(engine: GraphEngine) -> str:
    with engine.read() as snapshot:
        return digest(snapshot)


class Other:
    """The other program. Its transaction holds more locks than any of ours and is older, so it is not the one that the server ends."""

    def __init__(self, driver: Driver) -> None:
        self.session = driver.session()
        self.tx = self.session.begin_transaction()
        self.tx.run(HOLD).consume()
        self.tx.run("UNWIND range(1, 1000) AS n MERGE (:Record {collection: 'other', id: toString(n)})").consume()
        self.thread = ThreadPoolExecutor(1)

    def wants_the_store(self) -> None:
        self.thread.submit(self._want)

    def _want(self) -> None:
        self.tx.run(STORE).consume()  # waits for us
        self.tx.rollback()

    def gone(self) -> None:
        self.thread.shutdown()
        self.session.close()


@pytest.fixture
def deadlock_in(driver: Driver, engine: Neo4jEngine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], list[int]]]:
    """Makes the transaction of this place, of all of a job, one that cannot end well; gives a list with an entry for every try."""
    others, check = list[Other](), Job.check

    def planned(place: int) -> list[int]:
        tries = list[int]()

        def checked(job: Job, writer: Writer) -> None:
            check(job, writer)
            tries.append(len(tries))
            if tries[-1] == place:
                others[0].wants_the_store()
                writer.put_record("held", "by another", 1)

        monkeypatch.setattr(lock, "BEAT_SECONDS", 3600.0)  # signs of life are transactions of their own
        others.append(Other(driver))
        monkeypatch.setattr(Job, "check", checked)
        return tries

    yield planned
    for other in others:
        other.gone()


@pytest.mark.parametrize("place", [0, 2, 4, -1])
def test_a_load(place: int, engine: Neo4jEngine, files: list[Path], deadlock_in: Callable[[int], list[int]], tmp_path: Path,
                monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "BATCH", 3)
    embedded = connect(f"sqlite:///{tmp_path / 's.db'}")
    load(embedded, files)
    transactions = 1 + 3 + 3 + 1  # numbers, batches, the settling
    tries = deadlock_in(place % transactions)
    load(engine, files)
    assert len(tries) == transactions + 1
    assert content(engine) == content(embedded)
    embedded.close()


def test_an_undo(engine: Neo4jEngine, files: list[Path], deadlock_in: Callable[[int], list[int]]) -> None:
    load(engine, files[:1])
    before = content(engine)
    load(engine, files[1:])
    tries = deadlock_in(0)
    assert undo(engine, 2).changed
    assert len(tries) == 2
    assert content(engine) == before
