"""What a change of the data does to answers that were given before; and what a store that does not answer does to nobody else."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.answers import Answers
from api.app import create_app
from api.settings import Settings
from graph.engines.sqlite import SqliteEngine
from tests.cli.runner import run
from tests.web import stores


def client_of(store: str, **settings: float) -> TestClient:
    return TestClient(create_app(Settings(store=store, rate=None, **settings)), base_url="http://localhost",  # type: ignore[arg-type]
                      raise_server_exceptions=False)


def register(folder: Path, name: str) -> Path:
    file = folder / f"{name}.csv"
    file.write_text(f"来源,试\n截至,2026-01\n企业名称,企业类型\n{name},民营\n", encoding="utf-8")
    return file


def test_an_answer_and_a_page_mark_last_until_the_data_change(own: str, tmp_path: Path) -> None:
    with client_of(own) as client:
        before = client.get("/api/v1/stats")
        page = client.get("/api/v1/gaps?state=not_known&limit=2").json()["page"]
        assert run("load", register(tmp_path, "新来的公司"), "--store", own).code == 0
        after = client.get("/api/v1/stats", headers={"if-none-match": before.headers["etag"]})
        assert (after.status_code, after.json()["data_version"]) == (200, before.json()["data_version"] + 1)
        stale = client.get(f"/api/v1/gaps?state=not_known&limit=2&cursor={page['cursor']}")
        assert (stale.status_code, stale.json()["code"]) == (410, "question.cursor-stale")
        assert client.get("/api/v1/entities/新来的公司").status_code == 200


def test_the_same_file_again_changes_no_answer(own: str, tmp_path: Path) -> None:
    file = register(tmp_path, "甲公司")
    assert run("load", file, "--store", own).code == 0
    with client_of(own) as client:
        etag = client.get("/api/v1/reconciliation").headers["etag"]
        assert run("load", file, "--store", own).code == 0
        assert client.get("/api/v1/reconciliation", headers={"if-none-match": etag}).status_code == 304


def test_another_store_with_the_same_data_version_is_not_taken_for_this_one(tmp_path: Path) -> None:
    tags = list[str]()
    for name in ("甲公司", "乙公司"):
        store = f"sqlite:///{tmp_path / name}.db"
        assert run("load", register(tmp_path, name), "--store", store).code == 0
        with client_of(store) as client:
            assert client.get("/api/v1/stats").json()["data_version"] == 1
            tags.append(client.get("/api/v1/gaps").headers["etag"])
    assert len(set(tags)) == 2


def test_questions_write_nothing(own: str) -> None:
    file = Path(own.removeprefix("sqlite:///"))
    before = file.read_bytes()
    with client_of(own) as client:
        for address in ("search?q=分", "entities/分众传媒/coverage", "gaps", "statistics?by=type", "paths?from=区税务局&to=分众传媒"):
            assert client.get(f"/api/v1/{address}").status_code == 200
    assert file.read_bytes() == before


def counted(client: TestClient) -> tuple[int, str, bool, bool]:
    told = client.get("/ready")
    said = told.json()
    return told.status_code, said["status"], said["bodies"] > 0, said["relationships"] > 0


def test_a_store_that_comes_later_is_found(tmp_path: Path) -> None:
    """What is empty can be used: it waits for its first load, and questions say so."""
    with client_of(f"sqlite:///{tmp_path / 'store.db'}") as client:
        assert client.get("/health").json() == {"status": "alive"}
        assert counted(client) == (200, "empty", False, False)
        told = client.get("/api/v1/stats")
        assert (told.status_code, told.json()["code"]) == (503, "store.missing")
        stores.changning(tmp_path)
        assert counted(client) == (200, "ready", True, True)


def test_a_store_with_nothing_in_force_is_empty_and_ready(tmp_path: Path) -> None:
    with client_of(SqliteEngine(tmp_path / "store.db").url) as client:
        assert counted(client) == (200, "empty", False, False)


@pytest.mark.parametrize(("store", "code"), [("none/store.db", "store.open"), ("notes.db", "store.not-a-store"), ("newer.db", "store.newer")])
def test_a_store_that_cannot_be_used_is_not_ready(store: str, code: str, tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("这是一份普通文本，不是数据库。" * 100, encoding="utf-8")
    SqliteEngine(tmp_path / "newer.db").close()
    with closing(sqlite3.connect(tmp_path / "newer.db")) as db:
        db.execute("PRAGMA user_version = 99")
    with client_of(f"sqlite:///{tmp_path / store}") as client:
        told = client.get("/ready")
        assert (told.status_code, told.json()["code"]) == (503, code)


def test_an_answer_that_takes_too_long_is_given_up(own: str) -> None:
    with client_of(own, seconds=1e-9) as client:
        told = client.get("/api/v1/paths?from=区税务局&to=分众传媒")
        assert (told.status_code, told.json()["code"]) == (504, "store.timeout")
        assert client.get("/health").status_code == 200


def test_a_statement_that_takes_too_long_is_interrupted(own: str) -> None:
    from graph.connect import connect
    from graph.deadline import within
    from schemas.errors import StoreTimeoutError

    engine = connect(own, create=False)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    with pytest.raises(StoreTimeoutError), within(0.1), engine.read() as snapshot:
        snapshot.db.execute(endless)  # type: ignore[attr-defined]  # the embedded engine's own
    with engine.read() as snapshot:
        assert snapshot.version
    engine.close()


def test_a_damaged_store_is_told_without_its_path(own: str) -> None:
    file = Path(own.removeprefix("sqlite:///"))
    with sqlite3.connect(file) as db:
        db.execute("DROP TABLE node")
    with client_of(own) as client:
        told = client.get("/api/v1/entities/分众传媒")
    assert (told.status_code, told.headers["content-type"]) == (503, "application/problem+json")
    assert str(file.parent) not in told.text


def test_answers_are_kept_within_their_room() -> None:
    kept = Answers(100)
    for i in range(50):
        kept.keep(f"{i}", b"x" * 30)
    kept.keep("large", b"x" * 101)
    assert [kept.get(f"{i}") is not None for i in range(46, 50)] == [False, True, True, True]
    assert kept.get("large") is None
    kept.keep("49", b"y")
    assert (kept.get("49"), kept.left) == (b"y", 100 - 61)
