"""Backups: whole, checked, restored into either engine; made while others write; refused when a single byte is wrong."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph import View, backup, coverage, gaps, policy, restore, statistics, verify
from graph.connect import connect
from graph.copying import digest
from graph.engine import GraphEngine
from graph.lock import RECORD, _holder
from schemas.errors import BackupError, NewerBackupError, StoreBusyError, StoreError
from schemas.facts import BodyFact, Import, Row
from schemas.identifiers import public_id
from tests.conftest import served
from tests.engines.small import fill

VIEW = View(policy("changning"), date(2026, 1, 1))


def all_of(engine: GraphEngine) -> tuple[object, ...]:
    with engine.read() as snapshot:
        imports = snapshot.imports()
        return (imports, [list(snapshot.rows(n)) for n in imports], digest(snapshot), snapshot.counts(),
                {c: snapshot.records(c) for c in snapshot.collections()}, sorted(key[:3] for key in snapshot.registry()))


def answers(engine: GraphEngine) -> list[str]:
    """But for the data version, which every store counts for itself."""
    found = coverage(engine, "分众传媒", VIEW), statistics(engine, VIEW), gaps(engine, VIEW, limit=100)
    return [re.sub(r'"data_version":\d+', "", answer.model_dump_json()) for answer in found]


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A backup of a small store."""
    with closing(fill(connect(f"sqlite:///{tmp_path / 'kept.db'}"), "旧名")) as engine:
        return backup(engine, tmp_path / "kept.backup").path


def test_there_and_back(fresh: Callable[[], GraphEngine], tmp_path: Path) -> None:
    engine = fill(fresh(), "旧名")
    before, said = all_of(engine), answers(engine)
    made = backup(engine, tmp_path / "a.backup")
    assert (made.state, verify(made.path).counts) == ("made", made.counts)
    assert made.counts | {"imports": 18, "records": 1} == made.counts
    with closing(connect(f"sqlite:///{tmp_path / 'elsewhere.db'}")) as elsewhere:
        restore(made.path, elsewhere)
        assert all_of(elsewhere) == before
        assert answers(elsewhere) == said
    again = fresh()
    restore(made.path, again)
    assert all_of(again) == before
    with pytest.raises(StoreError) as caught:
        restore(made.path, again)
    assert caught.value.code == "store.not-empty"


def test_a_restore_in_the_place_of_other_data(kept: Path, fresh: Callable[[], GraphEngine], tmp_path: Path) -> None:
    engine = fresh()
    with engine.write() as writer:
        writer.begin_import(Import(1, "别的", "f.csv", "s", 20210101))
        writer.apply(1, [Row(2, "c", (BodyFact(public_id("Enterprise", "name", "别的公司"), "别的公司"),))])
        writer.put_record("review", "二", 1)
    with engine.read() as snapshot:
        version = snapshot.version
    restore(kept, engine, force=True)
    with closing(connect(f"sqlite:///{tmp_path / 'kept.db'}")) as source:
        assert all_of(engine) == all_of(source)
    with engine.read() as snapshot:
        assert snapshot.version > version  # nobody takes an old answer for a new one


def test_a_reader_goes_on_reading_the_old_store_while_it_is_replaced(kept: Path, tmp_path: Path) -> None:
    with closing(connect(f"sqlite:///{tmp_path / 'a.db'}")) as engine, closing(connect(f"sqlite:///{tmp_path / 'a.db'}")) as reader:
        with engine.write() as writer:
            writer.begin_import(Import(1, "别的", "f.csv", "s", 20210101))
        with reader.read() as snapshot:
            restore(kept, engine, force=True)
            assert len(snapshot.imports()) == 1
        with reader.read() as snapshot:
            assert len(snapshot.imports()) == 18


def test_a_restore_cut_off_is_completed(kept: Path, fresh: Callable[[], GraphEngine], tmp_path: Path) -> None:
    engine = fresh()

    def cut(done: int, total: int) -> None:
        if 3 < done < total < 100:  # while imports are copied
            raise KeyboardInterrupt

    if engine.url.startswith("bolt"):
        with pytest.raises(KeyboardInterrupt):
            restore(kept, engine, progress=cut)
    restore(kept, engine)
    with closing(connect(f"sqlite:///{tmp_path / 'kept.db'}")) as source:
        assert all_of(engine) == all_of(source)


@pytest.mark.parametrize("fresh", ["neo4j"], indirect=True)  # an embedded store is replaced at once
def test_who_was_taken_for_dead_restores_no_more(kept: Path, fresh: Callable[[], GraphEngine]) -> None:
    engine, steps = fresh(), list[int]()

    def taken(done: int, total: int) -> None:
        with engine.write() as writer:
            if total < 100 and done == 3 and writer.record(*RECORD):  # while imports are copied
                writer.put_record(*RECORD, asdict(_holder("导入")))
                steps.append(done)
            elif steps:
                steps.append(done)

    with pytest.raises(StoreBusyError) as caught:
        restore(kept, engine, force=True, progress=taken)
    assert (caught.value.code, steps) == ("store.taken-over", [3])
    with engine.write() as writer:
        writer.delete_record(*RECORD)


WRITER = """
import sys
from itertools import count
from threading import Thread
from graph.connect import connect
from schemas.errors import StoreBusyError
from schemas.facts import BodyFact, Import, Row
from schemas.identifiers import public_id
done = []
Thread(target=lambda: done.append(sys.stdin.read()), daemon=True).start()
engine = connect(sys.argv[1])
for n in count(1):
    try:
        with engine.write() as writer:
            record = writer.begin_import(Import(0, f"writer {n}", "w.csv", "s", 20210101))
            rows = [Row(r, "h", (BodyFact(public_id("Document", "name", f"{n}-{r}"), f"{n}-{r}"),)) for r in (1, 2, 3)]
            writer.apply(record.number, rows)
            writer.put_record("review", f"{n}", n)
            writer.finish_import(record.number, "done", {})
    except StoreBusyError:
        continue
    print(n, flush=True)
    if done:
        break
"""


@contextmanager
def written_to(url: str) -> Iterator[None]:
    """Another process writes imports of three rows and a record, one after the other."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen([sys.executable, "-c", WRITER, url], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout
        assert child.stdout.readline()
        yield
        assert child.poll() is None, "it was to write all the time"
        child.communicate(b"")


@pytest.fixture(params=["sqlite", "neo4j-to-sqlite", "neo4j-from-sqlite"])
def pair(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[GraphEngine, GraphEngine]]:
    """(the store in use, the one restored to)"""
    with ExitStack() as opened:
        one, two = (opened.enter_context(closing(connect(f"sqlite:///{tmp_path / name}"))) for name in ("in-use.db", "restored.db"))
        server = opened.enter_context(contextmanager(served)())() if request.param != "sqlite" else one
        yield {"sqlite": (one, two), "neo4j-to-sqlite": (server, two), "neo4j-from-sqlite": (one, server)}[request.param]


def test_the_drill(pair: tuple[GraphEngine, GraphEngine], tmp_path: Path) -> None:
    """A store in use is backed up, the backup checked, and restored to another engine: the same content, the same answers."""
    engine, other = pair
    fill(engine, "旧名")
    with written_to(engine.url):
        made = backup(engine, tmp_path / "drill.backup")
        assert verify(made.path).header == made.header
    said = answers(engine)
    assert restore(made.path, other).counts == made.counts
    assert answers(other) == said  # what was written meanwhile is no part of these answers
    with other.read() as snapshot:
        written = [n for n, i in snapshot.imports().items() if i.file == "w.csv"]
        assert written
        assert all(len(list(snapshot.rows(n))) == 3 for n in written)  # of one moment
        assert len(snapshot.records("review")) == len(written) + 1
        assert digest(snapshot) == made.header.digest
    with engine.read() as snapshot:
        assert len(snapshot.imports()) > len(written) + 18


# -- what is refused -------------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_one_byte_damaged_or_missing_is_refused(damaged: tuple[bytes, Path], data: st.DataObject) -> None:
    whole, path = damaged
    place = data.draw(st.integers(0, len(whole) - 1) | st.sampled_from([0, len(whole) - 1]))
    change = data.draw(st.integers(1, 255) | st.sampled_from(["cut", "longer"]))
    if change == "cut":
        broken = whole[:place]
    elif change == "longer":
        broken = whole[:place] + b"0" + whole[place:]
    else:
        broken = whole[:place] + bytes([whole[place] ^ int(change)]) + whole[place + 1:]
    path.write_bytes(broken)
    with pytest.raises(BackupError):
        verify(path)


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Path]:
    folder = tmp_path_factory.mktemp("damaged")
    with closing(connect(f"sqlite:///{folder / 's.db'}")) as engine:
        with engine.write() as writer:
            writer.begin_import(Import(1, "d", "f.csv", "s", 20210101))
        return backup(engine, folder / "a.backup").path.read_bytes(), folder / "b.backup"


def refused(act: Callable[[], object]) -> BackupError:
    with pytest.raises(BackupError) as caught:
        act()
    return caught.value


def test_nothing_that_is_there_is_overwritten(kept: Path, tmp_path: Path) -> None:
    store = tmp_path / "kept.db"
    with closing(connect(f"sqlite:///{store}")) as engine:
        assert refused(lambda: backup(engine, kept)).code == "backup.exists"
        before = store.read_bytes()
        assert refused(lambda: backup(engine, store, force=True)).code == "backup.exists"
        assert store.read_bytes() == before
        assert backup(engine, kept, force=True).counts == verify(kept).counts
        assert refused(lambda: backup(engine, tmp_path / "none" / "a.backup")).code == "backup.write"


def test_a_backup_cut_off_leaves_nothing(tmp_path: Path) -> None:
    def cut(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with closing(fill(connect(f"sqlite:///{tmp_path / 's.db'}"), "旧名")) as engine:
        before = sorted(p.name for p in tmp_path.iterdir())
        with pytest.raises(KeyboardInterrupt):
            backup(engine, tmp_path / "a.backup", progress=cut)
        assert sorted(p.name for p in tmp_path.iterdir()) == before


def rewritten(path: Path, change: Callable[[bytes], bytes]) -> Path:
    """A backup that was changed and given a checksum that fits."""
    from hashlib import sha256

    from graph.archive import SUM, TAIL

    changed = change(path.read_bytes()[:-TAIL])
    path.write_bytes(changed + SUM + sha256(changed).hexdigest().encode() + b"\n")
    return path


def test_a_backup_of_a_newer_version_is_refused(kept: Path, tmp_path: Path) -> None:
    newer = rewritten(kept, lambda b: b.replace(b'"schema_version":2', b'"schema_version":9'))
    assert isinstance(refused(lambda: verify(newer)), NewerBackupError)
    kept.write_bytes(b"JINGLUO BACKUP 2\n" + b"whatever is in it")
    assert isinstance(refused(lambda: verify(kept)), NewerBackupError)
    with closing(connect(f"sqlite:///{tmp_path / 'new.db'}")) as engine:
        assert isinstance(refused(lambda: restore(kept, engine)), NewerBackupError)


@pytest.mark.parametrize("change", [
    lambda b: b.replace(b'"row":', b'"rowe":'),
    lambda b: b.replace(b'"size":', b'"size":1'),
    lambda b: b.replace(b'"digest":"', b'"digest":"0'),
    lambda b: b[:-9],
    lambda b: b.replace(b"{", b"[", 1),
])
def test_a_backup_that_is_not_what_it_says_is_refused(kept: Path, change: Callable[[bytes], bytes]) -> None:
    assert refused(lambda: verify(rewritten(kept, change))).code == "backup.damaged"


def test_what_is_no_backup_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(json.dumps({"no": "backup"}), encoding="utf-8")
    assert refused(lambda: verify(tmp_path / "a.txt")).code == "backup.not-a-backup"
    assert refused(lambda: verify(tmp_path / "none")).code == "backup.missing"
    assert refused(lambda: verify(tmp_path)).code == "backup.unreadable"
