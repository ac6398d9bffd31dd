"""A real Neo4j server: what is refused, one writer beside readers, what-if leaves no trace, and the same content as the embedded file."""

from __future__ import annotations

import gc
import os
import signal
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from neo4j import Driver

from graph.connect import connect
from graph.engine import Batch, BatchCounts, GraphEngine, Writer
from graph.engines.neo4j import Neo4jEngine
from graph.engines.neo4j_schema import SCHEMA
from graph.engines.neo4j_write import Neo4jWriter
from graph.questions.coverage import coverage
from graph.questions.steady import steady
from ingest.bundled import files
from ingest.load import load
from schemas.errors import NewerStoreError, NotAStoreError, QuestionError, StoreAddressError, StoreBusyError, StoreError, StoreMovedError
from schemas.facts import BodyFact, Import, RelationFact, Row
from schemas.identifiers import public_id
from schemas.view import Overlay
from tests.engines.small import OTHER, PARTY, ROWS, UNIT, VIEW

SERVER = "JINGLUO_TEST_NEO4J"


@pytest.fixture
def another(driver: Driver) -> Iterator[Callable[[], Neo4jEngine]]:
    """Gives engines of the one server, as different programs have them."""
    made = list[Neo4jEngine]()

    def engine() -> Neo4jEngine:
        made.append(Neo4jEngine(os.environ[SERVER]))
        return made[-1]

    yield engine
    for e in made:
        e.close()


def write(engine: GraphEngine, rows: list[Row], digest: str = "d") -> int:
    with engine.write() as writer:
        record = writer.begin_import(Import(0, digest, "f.csv", "s", 20200901))
        writer.apply(record.number, rows)
        writer.finish_import(record.number, "done", {})
    return record.number


def content(engine: GraphEngine) -> list[object]:
    with engine.read() as snapshot:
        return list(snapshot.export())


def test_the_bundled_registers_give_the_content_of_the_embedded_store(another: Callable[[], Neo4jEngine], tmp_path: Path) -> None:
    embedded, served = connect(f"sqlite:///{tmp_path / 's.db'}"), another()
    for engine in (embedded, served):
        load(engine, files())
    assert content(served) == content(embedded)
    with served.read() as ours, embedded.read() as theirs:
        assert ours.counts() == theirs.counts()
        for text in ("fzcm", "分", "长宁", "hong", "爱奇艺", "党建"):
            assert [(f.body.id, f.how) for f in ours.search(text, (), None, 50)[0]] == [
                (f.body.id, f.how) for f in theirs.search(text, (), None, 50)[0]]
    embedded.close()


def test_a_database_of_others_is_refused_and_left_alone(driver: Driver, another: Callable[[], Neo4jEngine]) -> None:
    driver.execute_query("CREATE (:Theirs {x: 1})")
    engine = another()
    with pytest.raises(NotAStoreError) as caught, engine.write():
        raise AssertionError("not to be written")
    assert caught.value.code == "store.not-a-store"
    found, _, _ = driver.execute_query("MATCH (n) RETURN labels(n), properties(n)")
    assert [r.values() for r in found] == [[["Theirs"], {"x": 1}]]


def test_a_store_of_a_newer_version_is_refused(driver: Driver, another: Callable[[], Neo4jEngine]) -> None:
    write(another(), ROWS)
    driver.execute_query("MATCH (s:JingluoStore) SET s.schema = $schema", schema=SCHEMA + 1)
    with pytest.raises(NewerStoreError, match="更新版本"), another().read():
        raise AssertionError("not to be read")


def test_a_store_of_an_older_version_is_refused_with_the_way_round(driver: Driver, another: Callable[[], Neo4jEngine]) -> None:
    write(another(), ROWS)
    driver.execute_query("MATCH (s:JingluoStore) SET s.schema = $schema", schema=SCHEMA - 1)
    with pytest.raises(StoreError) as caught, another().write():
        raise AssertionError("not to be written")
    assert caught.value.code == "store.older" and "backup" in caught.value.hint and "restore" in caught.value.hint


def test_an_empty_database_is_not_made_a_store_by_a_question(driver: Driver) -> None:
    engine = connect(os.environ[SERVER], create=False)
    with pytest.raises(StoreError) as caught, engine.read():
        raise AssertionError("not to be read")
    engine.close()
    assert caught.value.code == "store.missing"
    assert driver.execute_query("MATCH (n) RETURN count(n) AS n")[0][0]["n"] == 0


@pytest.mark.parametrize("url", [
    "neo4j://neo4j:hunter2@127.0.0.1:7687", "bolt://someone@127.0.0.1", "neo4j://a:hunter2@[::1", "http://neo4j:hunter2@127.0.0.1",
    "neo4j://127.0.0.1:7687?password=hunter2", "bolt://127.0.0.1/?password=hunter2", "http://127.0.0.1/?password=hunter2",
    "neo4j://", "bolt://127.0.0.1/other", "bolt://127.0.0.1#other", "bolt://127.0.0.1:bolt", "bolt://127.0.0.1:99999", "bolt://[::1",
])
def test_an_address_is_a_host_and_nothing_else(url: str) -> None:
    with pytest.raises(StoreAddressError) as caught:
        connect(url)
    assert "hunter2" not in str(caught.value)


def test_a_second_writer_is_told_to_wait(another: Callable[[], Neo4jEngine], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.engines.neo4j.BUSY_SECONDS", 0.1)
    engine, second = another(), another()
    write(engine, ROWS)
    with engine.write() as _, pytest.raises(StoreBusyError) as caught, second.write():
        raise AssertionError("two writers at once")
    assert caught.value.code == "store.busy"


def test_readers_see_the_state_before_while_a_load_is_written(another: Callable[[], Neo4jEngine]) -> None:
    engine, reader = another(), another()
    write(engine, ROWS)
    with engine.write() as writer:
        record = writer.begin_import(Import(0, "e", "g.csv", "s", 20210101))
        writer.apply(record.number, [Row(2, "c", (BodyFact(public_id("Enterprise", "name", "丙"), "丙"),))])
        with reader.read() as snapshot:
            assert snapshot.counts()["Enterprise"] == 2
    with reader.read() as snapshot:
        assert snapshot.counts()["Enterprise"] == 3


def test_an_error_in_a_batch_takes_the_batch_back(another: Callable[[], Neo4jEngine]) -> None:
    engine = another()
    write(engine, ROWS)
    before = content(engine)
    with pytest.raises(ZeroDivisionError), engine.write() as writer:
        record = writer.begin_import(Import(0, "e", "g.csv", "s", 20210101))
        writer.apply(record.number, [Row(2, "c", (BodyFact(public_id("Enterprise", "name", "丙"), "丙"),))])
        raise ZeroDivisionError
    assert content(engine) == before


def test_a_batch_that_fails_takes_back_what_the_next_has_begun(another: Callable[[], Neo4jEngine]) -> None:
    """The next one writes what is new already; whatever it has written goes, and what comes before stays."""
    def checked(writer: Writer) -> None:
        checks.append(writer)
        if len(checks) == 2:
            given.wait(60)
            raise ZeroDivisionError

    def batches() -> Iterator[Batch]:
        for n in range(9):
            if n == 3:
                given.set()  # the third one is under way
            yield number, [Row(n, str(n), (BodyFact(public_id("Enterprise", "name", f"第{n}号"), f"第{n}号"),))]

    engine, checks, given, told = another(), list[Writer](), Event(), list[BatchCounts]()
    number = write(engine, ROWS)
    with pytest.raises(ZeroDivisionError):
        engine.apply_all(batches(), checked, lambda _, counts: told.append(counts))
    assert len(told) == 1 and len(checks) == 2
    with engine.read() as snapshot:
        assert [r.number for r in snapshot.rows(number)] == [0, 2, 3]
        assert snapshot.counts()["Enterprise"] == 3


class Sent(dict[str, int]):
    """A row that tells when it is gone."""


def test_what_was_sent_is_not_kept(another: Callable[[], Neo4jEngine]) -> None:
    """A load looks for no cycles, and those of the driver would hold all that was written."""
    sent = Sent(n=1)
    with another().write() as writer:
        gc.disable()
        writer.at.put("UNWIND $rows AS x RETURN x.n", [sent])
        kept = weakref.ref(sent)
        del sent
        assert kept() is None
        gc.enable()


def managed(engine: Neo4jEngine, work: Callable[[Neo4jWriter], None]) -> None:
    engine.transact(work)


def within(engine: Neo4jEngine, work: Callable[[Neo4jWriter], None]) -> None:
    with engine.write() as writer:
        work(writer)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no timer that interrupts")
@pytest.mark.parametrize("written", [managed, within])
def test_ctrl_c_in_the_middle_of_a_statement_ends_the_transaction_at_once(
        written: Callable[[Neo4jEngine, Callable[[Neo4jWriter], None]], None], another: Callable[[], Neo4jEngine]) -> None:
    """The driver would wait for the statement, or for what it has lost of the answer; the server takes it back by itself."""
    def long(writer: Neo4jWriter) -> None:
        record = writer.begin_import(Import(0, "e", "g.csv", "s", 20210101))
        writer.apply(record.number, more)
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        writer.at.ask("UNWIND range(1, 100000000000) AS x RETURN sum(x)")

    engine, more = another(), [Row(2, "c", (BodyFact(public_id("Enterprise", "name", "丙"), "丙"),))]
    write(engine, ROWS)
    before = content(engine)
    usual = signal.signal(signal.SIGALRM, signal.default_int_handler)
    with pytest.raises(KeyboardInterrupt):
        written(engine, long)
    signal.signal(signal.SIGALRM, usual)
    assert content(engine) == before
    write(engine, more, "f")
    assert content(engine) != before


def test_data_that_moves_under_an_answer_is_asked_again(another: Callable[[], Neo4jEngine]) -> None:
    engine, other = another(), another()
    write(engine, ROWS)
    tried = list[int]()

    def units(asked: GraphEngine) -> int:
        with asked.read() as snapshot:
            tried.append(snapshot.version)
            if len(tried) in (1, 3, 4, 5):
                write(other, [Row(2, "c", (BodyFact(public_id("Enterprise", "name", str(len(tried))), "丙"),))], str(len(tried)))
            return snapshot.counts()["Enterprise"]

    assert steady(units)(engine) == 3
    assert len(tried) == 2
    with pytest.raises(StoreMovedError) as caught:
        steady(units)(engine)
    assert caught.value.code == "store.moved"


def test_a_question_that_takes_too_long_is_ended(another: Callable[[], Neo4jEngine], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.engines.neo4j_rows.READ_SECONDS", 0.1)
    engine = another()
    write(engine, ROWS)
    with pytest.raises(StoreError) as caught, engine.read() as snapshot:
        snapshot._ask("UNWIND range(1, 2000000000) AS i WITH i WHERE i % 7 = 8 RETURN count(i) AS row")
    assert caught.value.code == "store.timeout"


def test_questions_at_once_have_a_session_each_and_a_connection_that_was_cut_is_replaced(
        driver: Driver, another: Callable[[], Neo4jEngine]) -> None:
    engine = another()
    write(engine, ROWS)
    before = content(engine)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(content, [engine] * 40)) == [before] * 40
    connections = driver.execute_query("CALL dbms.listConnections() YIELD connectionId, userAgent WHERE userAgent = 'jingluo'"
                                       " RETURN collect(connectionId) AS ids").records[0]["ids"]
    driver.execute_query("CALL dbms.killConnections($ids)", ids=connections)
    with suppress(StoreError):  # the server may cut it when the statement has been sent
        content(engine)
    assert content(engine) == before


@pytest.mark.parametrize("error", [KeyboardInterrupt, GeneratorExit, ZeroDivisionError])
def test_a_question_that_was_broken_off_leaves_nothing_to_the_next(error: type[BaseException], another: Callable[[], Neo4jEngine]) -> None:
    engine = another()
    write(engine, ROWS)
    before = content(engine)
    with pytest.raises(error), engine.read() as snapshot:
        next(iter(snapshot.export()))
        raise error
    assert content(engine) == before


def test_a_what_if_answers_and_leaves_no_trace(another: Callable[[], Neo4jEngine]) -> None:
    engine = another()
    write(engine, ROWS)
    before = content(engine)
    overlay = Overlay(added=(RelationFact(PARTY, "FORMED_IN", OTHER),), removed=((PARTY, "FORMED_IN", UNIT),))
    assert [coverage(engine, w, replace(VIEW, overlay=overlay)).status for w in ("甲", "乙")] == ["not_known", "covered"]
    assert [coverage(engine, w, VIEW).status for w in ("甲", "乙")] == ["covered", "not_known"]
    with pytest.raises(QuestionError, match="不存在"):
        coverage(engine, "甲", replace(VIEW, overlay=Overlay(removed=((PARTY, "FORMED_IN", "en-0000000000000"),))))
    assert content(engine) == before
