"""The embedded file: what is refused, one writer beside readers, whole after a kill, what-if leaves no trace."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from graph.connect import connect
from graph.engines.sqlite import SqliteEngine
from graph.engines.sqlite_schema import MIGRATIONS
from graph.questions.coverage import coverage
from schemas.errors import NewerStoreError, NotAStoreError, QuestionError, StoreBusyError, StoreError
from schemas.facts import BodyFact, Import, RelationFact, Row
from schemas.identifiers import public_id
from schemas.view import Overlay
from tests.engines.small import OTHER, PARTY, ROWS, UNIT, VIEW


def loaded(path: Path) -> SqliteEngine:
    engine = SqliteEngine(path)
    with engine.write() as writer:
        record = writer.begin_import(Import(0, "d", "f.csv", "s", 20200901))
        writer.apply(record.number, ROWS)
        writer.finish_import(record.number, "done", {})
    return engine


def test_a_text_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("这是一份普通文本，不是数据库。" * 100, encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(NotAStoreError) as caught:
        connect(f"sqlite:///{path}")
    assert caught.value.code == "store.not-a-store"
    assert path.read_bytes() == before


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE theirs(x)")
    before = path.read_bytes()
    with pytest.raises(NotAStoreError):
        connect(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    loaded(tmp_path / "s.db").close()
    with sqlite3.connect(tmp_path / "s.db") as db:
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(NewerStoreError, match="更新版本"):
        connect(f"sqlite:///{tmp_path / 's.db'}")


def test_a_missing_store_is_not_made_by_a_question(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        connect(f"sqlite:///{tmp_path / 'none.db'}", create=False)
    assert caught.value.code == "store.missing"
    assert not (tmp_path / "none.db").exists()


def test_a_store_of_no_version_is_brought_to_the_current_one(tmp_path: Path) -> None:
    (tmp_path / "s.db").touch()
    engine = connect(f"sqlite:///{tmp_path / 's.db'}")
    with engine.read() as snapshot:
        assert snapshot.version == 0


def test_readers_see_the_state_before_while_a_load_is_written(tmp_path: Path) -> None:
    engine = loaded(tmp_path / "s.db")
    with engine.write() as writer:
        record = writer.begin_import(Import(0, "e", "g.csv", "s", 20210101))
        writer.apply(record.number, [Row(2, "c", (BodyFact(public_id("Enterprise", "name", "丙"), "丙"),))])
        with SqliteEngine(tmp_path / "s.db").read() as snapshot:
            assert snapshot.counts()["Enterprise"] == 2
    with engine.read() as snapshot:
        assert snapshot.counts()["Enterprise"] == 3


def test_a_second_writer_is_told_to_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.engines.sqlite_schema.BUSY_MS", 10)
    engine = loaded(tmp_path / "s.db")
    with engine.write() as _, pytest.raises(StoreBusyError) as caught, SqliteEngine(tmp_path / "s.db").write():
        raise AssertionError("two writers at once")
    assert "s.db 正被另一程序写入" in caught.value.message
    assert "等它写完" in caught.value.hint
    assert "关掉还开着这个文件的其他程序" in caught.value.hint


def test_a_transaction_that_an_interrupt_left_without_its_end_stops_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C may come between a transaction's beginning and the block that ends it; whoever then notes that would wait for itself."""
    monkeypatch.setattr("graph.engines.sqlite_schema.BUSY_MS", 10)
    engine = loaded(tmp_path / "s.db")
    left = engine.write()
    left.__enter__()
    with ThreadPoolExecutor(1) as another, pytest.raises(StoreBusyError):
        another.submit(lambda: engine.write().__enter__()).result()
    with pytest.raises(StoreError), engine.write():
        raise AssertionError("two transactions at once")
    with engine.write() as writer:
        writer.put_record("c", "i", 1)
    del left
    with engine.read() as snapshot:
        assert snapshot.records("c") == {"i": 1}


def test_an_error_in_a_batch_takes_the_batch_back(tmp_path: Path) -> None:
    engine = loaded(tmp_path / "s.db")
    with engine.read() as snapshot:
        before = list(snapshot.export())
    with pytest.raises(ZeroDivisionError), engine.write() as writer:
        record = writer.begin_import(Import(0, "e", "g.csv", "s", 20210101))
        writer.apply(record.number, [Row(2, "c", (BodyFact(public_id("Enterprise", "name", "丙"), "丙"),))])
        raise ZeroDivisionError
    with engine.read() as snapshot:
        assert list(snapshot.export()) == before


KILLED = """
import sys
from pathlib import Path
from graph.engines.sqlite import SqliteEngine
from schemas.facts import BodyFact, Import, Row
from schemas.identifiers import public_id
with SqliteEngine(Path(sys.argv[1])).write() as writer:
    record = writer.begin_import(Import(0, "e", "g.csv", "s", 20210101))
    writer.apply(record.number, [Row(n, "c", (BodyFact(public_id("Enterprise", "name", str(n)), str(n)),)) for n in range(5000)])
    print("written", flush=True)
    sys.stdin.read()
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_a_killed_load_leaves_the_store_whole(tmp_path: Path) -> None:
    engine = loaded(tmp_path / "s.db")
    with engine.read() as snapshot:
        before = list(snapshot.export())
    engine.close()
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    child = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path / "s.db")], env=environment,
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdout
    assert child.stdout.readline().strip() == b"written"
    child.kill()
    child.wait()
    with SqliteEngine(tmp_path / "s.db").read() as snapshot:
        assert list(snapshot.export()) == before
        assert snapshot.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_undo_gives_back_the_content_before(tmp_path: Path) -> None:
    engine = loaded(tmp_path / "s.db")
    with engine.read() as snapshot:
        before = list(snapshot.export())
    with engine.write() as writer:
        record = writer.begin_import(Import(0, "e", "g.csv", "s2", 20210101))
        writer.apply(record.number, [Row(2, "c", (BodyFact(UNIT, "甲"), RelationFact(PARTY, "FORMED_IN", UNIT, end=20210601)))])
        writer.finish_import(record.number, "done", {})
    with engine.read() as snapshot:
        assert list(snapshot.export()) != before
    with engine.write() as writer:
        writer.withdraw(record.number)
    with engine.read() as snapshot:
        assert list(snapshot.export()) == before


def test_a_what_if_answers_and_leaves_no_trace(tmp_path: Path) -> None:
    engine = loaded(tmp_path / "s.db")
    overlay = Overlay(added=(RelationFact(PARTY, "FORMED_IN", OTHER),), removed=((PARTY, "FORMED_IN", UNIT),))
    assert [coverage(engine, w, VIEW).status for w in ("甲", "乙")] == ["covered", "not_known"]
    assert [coverage(engine, w, replace(VIEW, overlay=overlay)).status for w in ("甲", "乙")] == ["not_known", "covered"]
    assert [coverage(engine, w, VIEW).status for w in ("甲", "乙")] == ["covered", "not_known"]
    with pytest.raises(QuestionError, match="不存在"):
        coverage(engine, "甲", replace(VIEW, overlay=Overlay(removed=((PARTY, "FORMED_IN", "en-0000000000000"),))))


def test_a_question_is_answered_inside_the_snapshot_of_another(tmp_path: Path) -> None:
    engine = loaded(tmp_path / "s.db")
    overlay = Overlay(removed=((PARTY, "FORMED_IN", UNIT),))
    with engine.read() as outer, engine.read(overlay) as what_if:
        assert coverage(engine, "甲", VIEW).status == "covered"
        assert (outer.counts()["PartyOrganization"], outer.counts()["Enterprise"]) == (1, 2)
        assert what_if.counts()["FORMED_IN"] < outer.counts()["FORMED_IN"]
    opened = len(engine.connections)
    with engine.read(), engine.read():
        pass
    assert len(engine.connections) == opened
