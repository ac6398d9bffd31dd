"""A store moves to another engine and back whole: rows, undone imports, ids, records; a copy cut off is completed by another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from graph.connect import connect
from graph.copying import copy, digest
from graph.engine import GraphEngine, Snapshot
from graph.lock import RECORD, _holder
from schemas.errors import StoreBusyError, StoreError
from schemas.facts import Import
from tests.engines.small import GONE, fill


@pytest.fixture
def source(tmp_path: Path) -> GraphEngine:
    return fill(connect(f"sqlite:///{tmp_path / 'source.db'}"), "")


def all_of(snapshot: Snapshot) -> tuple[object, ...]:
    imports = snapshot.imports()
    return (imports, [list(snapshot.rows(n)) for n in imports], digest(snapshot), snapshot.counts(), snapshot.records("review"),
            snapshot.identify([("Enterprise", "name", "撤回公司")]))


def test_there_and_back(source: GraphEngine, fresh: Callable[[], GraphEngine], tmp_path: Path) -> None:
    between, back = fresh(), connect(f"sqlite:///{tmp_path / 'back.db'}")
    done = copy(source, between)
    assert copy(between, back).digest == done.digest
    with source.read() as one, between.read() as two, back.read() as three:
        assert all_of(one) == all_of(two) == all_of(three)
        assert all_of(one)[-1] == {("Enterprise", "name", "撤回公司"): [GONE]}
        version = two.version
    again = copy(source, between)
    assert (again.imports, again.rows, again.digest) == (0, 0, done.digest)
    with between.read() as two:
        assert two.version == version
    source.close()
    back.close()


def test_a_copy_cut_off_is_completed(source: GraphEngine, fresh: Callable[[], GraphEngine]) -> None:
    target = fresh()

    def cut(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy(source, target, cut)
    done = copy(source, target)
    with source.read() as one:
        assert done.digest == digest(one)
        assert 0 < done.imports < len(one.imports())
    source.close()


def test_who_was_taken_for_dead_copies_no_more(source: GraphEngine, fresh: Callable[[], GraphEngine]) -> None:
    """The machine slept, and somebody else has the target now."""
    target, steps = fresh(), list[int]()

    def taken(done: int, total: int) -> None:
        steps.append(done)
        if done == 3:
            with target.write() as writer:
                writer.put_record(*RECORD, asdict(_holder("导入")))

    with pytest.raises(StoreBusyError) as caught:
        copy(source, target, taken)
    assert (caught.value.code, steps[-1]) == ("store.taken-over", 3)
    with target.write() as writer:
        writer.delete_record(*RECORD)
    source.close()


def test_a_target_with_other_data_is_left_alone(source: GraphEngine, fresh: Callable[[], GraphEngine]) -> None:
    target = fresh()
    with target.write() as writer:
        writer.begin_import(Import(1, "别的", "f.csv", "s", 20210101))
    with pytest.raises(StoreError) as caught:
        copy(source, target)
    assert caught.value.code == "store.not-empty"
    with target.read() as there:
        assert not any(there.counts().values())
    source.close()
