"""Two loads at once on one store, in processes of their own: one waits or is told; a dead one's lock is taken over."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import pytest

from graph import lock
from graph.connect import connect
from graph.engine import GraphEngine
from graph.lock import RECORD, held, holder, under_way
from graph.questions.imports import imports
from ingest.load import load
from schemas.errors import StoreBusyError
from tests.engines.processes import said, started
from tests.ingest.support import names, register


@pytest.fixture
def files(tmp_path: Path) -> list[list[Path]]:
    return [[register(tmp_path, name, ["企业名称"], *([f"{name}{n}"] for n in range(9)))] for name in ("甲", "乙")]


@pytest.fixture
def url(fresh: Callable[[], GraphEngine]) -> str:
    """Of a store that nobody has open."""
    engine = fresh()
    with engine.write():
        pass
    engine.close()
    return engine.url


def test_one_is_refused_and_one_waits(url: str, files: list[list[Path]]) -> None:
    first, pipe = started(url, files[0], pause=True)
    assert pipe.recv() == "row"
    second, other = started(url, files[1], wait=0)
    assert [said(other), said(other)] == ["waiting", "store.busy"]
    third, third_pipe = started(url, files[1], wait=60)
    assert said(third_pipe) == "waiting"
    with closing(connect(url)) as engine, engine.read() as snapshot:
        assert under_way(snapshot)
        assert {i.state for i in snapshot.imports().values()} == {"running"}
    pipe.send("go on")
    assert (said(pipe), said(third_pipe)) == ("done", "done")
    for process in (first, second, third):
        process.join()
    with closing(connect(url)) as engine:
        assert len(names(engine)) == 18
        assert [i.state for i in imports(engine).imports] == ["done", "done"]
        with engine.read() as snapshot:
            assert holder(snapshot) is None


def test_the_lock_of_a_dead_one_is_taken_over(url: str, files: list[list[Path]]) -> None:
    first, pipe = started(url, files[0], pause=True)
    assert pipe.recv() == "row"
    second, other = started(url, files[1], wait=60)
    assert said(other) == "waiting"
    first.kill()
    first.join()
    assert said(other) == "done"
    second.join()
    with closing(connect(url)) as engine:
        assert [i.state for i in imports(engine).imports] == ["unfinished", "done"]
        with engine.read() as snapshot:
            assert not under_way(snapshot)
        load(engine, files[0])
        assert len(names(engine)) == 18


def elsewhere(engine: GraphEngine, seen: float) -> None:
    """Another machine's job holds the store, and gave its last sign then."""
    other = asdict(lock._holder("导入")) | {"token": "another", "host": "another/1", "seen": seen}
    with engine.write() as writer:
        writer.put_record(*RECORD, other)


def test_another_machine_is_dead_when_it_gives_no_sign(url: str, files: list[list[Path]], monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(connect(url)) as engine:
        elsewhere(engine, time.time())
        with pytest.raises(StoreBusyError) as caught:
            load(engine, files[0], wait=0)
        assert caught.value.code == "store.busy"
        assert "another 进程" in str(caught.value)
        elsewhere(engine, time.time() - 3600)
        load(engine, files[0], wait=0)
        monkeypatch.setattr(lock, "LEASE_SECONDS", 0.5)
        elsewhere(engine, time.time())
        load(engine, files[1], wait=60)


def test_who_was_taken_for_dead_writes_no_more(url: str, files: list[list[Path]]) -> None:
    with closing(connect(url)) as engine:
        def taken(done: int, total: int) -> None:
            if total:
                elsewhere_now = asdict(lock._holder("导入")) | {"token": "another"}
                with engine.write() as writer:
                    writer.put_record(*RECORD, elsewhere_now)

        with pytest.raises(StoreBusyError) as caught:
            load(engine, files[0], progress=taken)
        assert caught.value.code == "store.taken-over"
        with engine.read() as snapshot:
            assert snapshot.records(RECORD[0])[RECORD[1]]["token"] == "another"  # it was not freed in the other's place


def test_a_holder_gives_signs_while_it_writes_nothing(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "BEAT_SECONDS", 0.01)
    with closing(connect(url)) as engine, held(engine, "导入") as job:
        while job.holder.beat < 4:
            job.over.wait(0.01)
        with engine.read() as snapshot:
            assert (holder(snapshot) or job.holder).token == job.holder.token
