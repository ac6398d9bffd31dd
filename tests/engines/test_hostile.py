"""Stores that are broken or full: told as errors of the store, and what was there stays."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from graph.connect import connect
from ingest.load import load
from schemas.errors import StoreError


def register(folder: Path, rows: int) -> Path:
    path = folder / f"企业{rows}.csv"
    path.write_text("来源,测试\n截至,2024-06\n企业名称\n" + "".join(f"第{i}号公司\n" for i in range(rows)), encoding="utf-8")
    return path


def test_a_full_disk_takes_nothing_back_that_was_there(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'a.db'}")
    load(engine, [register(tmp_path, 3)])
    with engine.write():
        pass
    pages = engine.writer_db.execute("PRAGMA page_count").fetchone()[0]  # type: ignore[attr-defined]  # this engine has one
    engine.writer_db.execute(f"PRAGMA max_page_count = {pages}")  # type: ignore[attr-defined]  # this engine has one
    with pytest.raises(StoreError) as caught:
        load(engine, [register(tmp_path, 3_000)])
    assert caught.value.code == "store.full"
    engine.close()
    again = connect(f"sqlite:///{tmp_path / 'a.db'}")
    with again.read() as snapshot:
        assert snapshot.counts()["Enterprise"] == 3
    assert load(again, [register(tmp_path, 3_000)]).reports[0].read == 3_000
    again.close()


@pytest.mark.parametrize("version", [-3, 1])
def test_a_store_of_ours_without_tables(tmp_path: Path, version: int) -> None:
    with sqlite3.connect(tmp_path / "a.db") as db:
        db.execute(f"PRAGMA application_id = {0x4A4C0001}")
        db.execute(f"PRAGMA user_version = {version}")
    with pytest.raises(StoreError) as caught, connect(f"sqlite:///{tmp_path / 'a.db'}").read() as snapshot:
        snapshot.bodies(["en-0000000000000"])
        assert snapshot.version == 0
    assert caught.value.code == "store.damaged"
