"""A load that is cut off at any moment, by SIGKILL, Ctrl-C or a full disk: the store is whole, says so, and the next load completes it."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from graph.connect import connect
from graph.copying import digest
from graph.engine import GraphEngine
from graph.questions.imports import imports
from graph.questions.steady import steady
from ingest import prepare
from ingest.bundled import files as bundled
from ingest.load import load
from schemas.errors import StoreError
from tests.engines.processes import started
from tests.ingest.support import register

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system starts no process fast enough to kill hundreds")
KILLS = 24 * int(os.environ.get("JINGLUO_LONG", "1"))  # JINGLUO_LONG=42 pytest -s tests/engines/test_cut_off.py -k killed: a thousand
A_STORE = 4  # kills, until the load of a store is let through


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Three that speak of one another's bodies, named and unnamed, with rows that are refused, and some of the bundled ones."""
    return [
        *(f for f in bundled() if f.stem in ("departments", "declarations")),
        register(tmp_path, "企业", ["企业名称", "统一社会信用代码"], *([f"第{n}号公司", ""] for n in range(18)), ["第3号公司", "123"]),
        register(tmp_path, "党组织", ["党组织名称", "组建形式", "所在单位"],
                 *([f"第{n}号支部", "单独", f"第{n}号公司"] for n in range(12)), ["无主支部", "单独", "没有的公司"]),
        register(tmp_path, "关系", ["起点类别", "起点", "关系", "终点类别", "终点"],
                 *(["企业党群联系人", f"[联系人：第{n}号公司]", "建于", "企业", f"第{n}号公司"] for n in range(3)),
                 *(["党组织", f"[党组织：第{n}号公司]", "隶属于", "党组织", f"第{n + 1}号支部"] for n in range(11))),
    ]


@contextmanager
def opened(url: str) -> Iterator[GraphEngine]:
    with closing(connect(url)) as engine:
        yield engine


def content_of(engine: GraphEngine) -> str:
    with engine.read() as snapshot:
        return digest(snapshot)


def state_of(url: str) -> tuple[str, set[str]]:
    """The content digest, and the states of the imports as people are told them."""
    with opened(url) as engine:
        content = steady(content_of)(engine)  # a server may commit what it was last asked after who asked is dead
        return content, {i.state for i in imports(engine, limit=1000).imports}


def whole(url: str) -> bool:
    if not url.startswith("sqlite"):
        return True  # the server sees to it
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as db:
        return db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_killed_at_random_moments(fresh: Callable[[], GraphEngine], files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "BATCH", 3)
    engine, told = fresh(), list[int]()
    load(engine, files, progress=lambda done, total: told.append(total))
    url, transactions = engine.url, sum(map(bool, told))
    engine.close()
    undisturbed, _ = state_of(url)
    chance, kills = random.Random(2026), 0  # noqa: S311 - no secret
    while kills < KILLS:
        engine = fresh()
        engine.close()
        if url.startswith("sqlite"):
            url = engine.url
        for _ in range(A_STORE):
            process, pipe = started(url, files)
            for _ in range(chance.randrange(transactions)):
                try:
                    pipe.recv()
                except EOFError:
                    break
            process.join(chance.random() * 0.02)  # somewhere within a transaction
            if process.is_alive():
                os.kill(process.pid or 0, chance.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGINT]))
                process.join(60)
                assert not process.is_alive(), "it hangs where Ctrl-C met it"
                kills += 1
            assert whole(url)
            _, states = state_of(url)
            assert states <= {"done", "unfinished"}
        with opened(url) as engine:
            load(engine, files)
        assert state_of(url) == (undisturbed, {"done"})
        print(f"{kills} kills, the store completed", flush=True)


@pytest.mark.parametrize("pages", range(0, 120, 8))
def test_a_full_disk(pages: int, files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "BATCH", 3)
    urls = [f"sqlite:///{tmp_path / name}" for name in ("whole.db", "full.db")]
    with opened(urls[0]) as engine:
        load(engine, files)
    with opened(urls[1]) as engine:
        with engine.write():
            pass
        db = engine.writer_db  # type: ignore[attr-defined]
        db.execute(f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0] + pages}")
        try:
            load(engine, files)
        except StoreError as error:
            assert error.code == "store.full"
            assert {i.state for i in imports(engine).imports} <= {"done", "unfinished"}
    assert whole(urls[1])
    with opened(urls[1]) as engine:
        load(engine, files)
    assert state_of(urls[1]) == state_of(urls[0])
