"""A store of an older schema version is backed up before it is changed, and holds afterwards what it held before."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from graph import backup, restore, verify
from graph.connect import connect
from graph.copying import digest
from graph.engine import GraphEngine
from graph.engines.sqlite_schema import MIGRATIONS
from ingest.bundled import files
from ingest.load import load
from schemas.errors import StoreError

# what was landed stays: a store made by one of these versions must be recognised for ever
LANDED = ("f1551b8ab0aae5a1", "4650740e4a949f08")


def test_a_version_that_was_landed_never_changes() -> None:
    assert tuple(hashlib.sha256(m.encode()).hexdigest()[:16] for m in MIGRATIONS) == LANDED


def older(path: Path, *, first: bool) -> str:
    """A store of version 1 with the bundled registers, as the first or the last program of that version made it; its digest."""
    with closing(connect(f"sqlite:///{path}")) as engine:
        load(engine, files())
        content = digest_of(engine)
    with closing(sqlite3.connect(path)) as db:
        if first:
            db.execute("DROP INDEX claim_to")
            db.execute("DELETE FROM sqlite_stat1")
        db.execute("PRAGMA user_version = 1")
        db.commit()
    return content


def digest_of(engine: GraphEngine) -> str:
    with engine.read() as snapshot:
        return digest(snapshot)


def tables(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as db:
        return [db.execute("PRAGMA user_version").fetchone(), *db.execute("SELECT name, sql FROM sqlite_schema ORDER BY name"),
                *db.execute("SELECT * FROM sqlite_stat1 ORDER BY tbl, idx")]


@pytest.mark.parametrize("first", [True, False])
def test_an_older_store_is_backed_up_and_brought_up_to_date(first: bool, tmp_path: Path) -> None:
    store = tmp_path / "s.db"
    content = older(store, first=first)
    with closing(connect(f"sqlite:///{store}")) as engine:
        assert digest_of(engine) == content
    connect(f"sqlite:///{tmp_path / 'new.db'}").close()
    assert tables(store) == tables(tmp_path / "new.db")
    (kept,) = tmp_path.glob("s-schema1-*.backup")
    assert verify(kept).header.schema_version == 1
    with closing(connect(f"sqlite:///{tmp_path / 'restored.db'}")) as restored:
        restore(kept, restored)
        assert digest_of(restored) == content
    assert tables(tmp_path / "restored.db") == tables(store)
    with closing(connect(f"sqlite:///{store}")):
        assert len(list(tmp_path.glob("*.backup"))) == 1


def test_a_store_that_cannot_be_backed_up_is_not_changed(tmp_path: Path) -> None:
    store = tmp_path / ("s" * 240 + ".db")  # with what the backup is named by, longer than a name may be
    older(store, first=True)
    before = tables(store)
    with pytest.raises(StoreError) as caught:
        connect(f"sqlite:///{store}")
    assert caught.value.code == "store.no-backup"
    assert tables(store) == before
    assert not list(tmp_path.glob("*.backup"))


def test_a_backup_of_an_older_store_made_by_hand(tmp_path: Path) -> None:
    """The engine brings the store up to date when it is opened; what it saves is of this version."""
    content = older(tmp_path / "s.db", first=True)
    with closing(connect(f"sqlite:///{tmp_path / 's.db'}")) as engine:
        made = backup(engine, tmp_path / "a.backup")
    assert (made.header.schema_version, made.header.digest) == (len(MIGRATIONS), content)
