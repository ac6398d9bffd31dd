"""A load that is killed at any statement of its last transaction, where bodies are joined, questions asked and relationships ended:
nothing of that is in force, and a load of the same files comes to what an undisturbed one comes to."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from graph.connect import connect
from graph.engine import GraphEngine, Writer
from ingest.load import LoadResult, load
from ingest.review import review
from ingest.settle import Settling
from tests.engines.processes import FORK
from tests.engines.test_cut_off import opened, state_of, whole
from tests.ingest.support import code, csv_text, register

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system starts no process fast enough to kill hundreds")
STEP = 1 if os.environ.get("JINGLUO_LONG") else 29  # statements from one kill to the next
UNITS, PARTIES = ("企业名称", "统一社会信用代码", "所在楼宇"), ("党组织名称", "建于")


@pytest.fixture
def before(tmp_path: Path) -> list[Path]:
    return [register(tmp_path, "楼宇", ("楼宇名称",), ("甲厦",)),
            register(tmp_path, "旧", UNITS, ("上海分众传媒有限公司", code(1), "甲厦"), ("嘉高福企业咨询公司", "", ""), ("离开的公司", "", "甲厦")),
            register(tmp_path, "旧党", ("党组织名称", "组建形式"), ("[建于：嘉高福企业咨询公司]", "单独"))]


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """They join 分众传媒 and the organisation without a name, ask about 嘉福, share a code, and end where 离开的公司 is."""
    full = tmp_path / "全量.csv"
    full.write_text("全量,甲厦\n" + csv_text(UNITS, [("上海分众传媒有限公司", code(1), "甲厦")], as_of="2024-05"), encoding="utf-8")
    return [full, register(tmp_path, "新党", PARTIES, ("嘉高福支部", "嘉高福企业咨询公司"), as_of="2024-04"),
            register(tmp_path, "新", UNITS, ("分众传媒", "", "甲厦"), ("嘉福企业咨询公司", "", ""), ("携程旅行网", code(1), ""), as_of="2024-04")]


def _dies(url: str, files: list[Path], at: int) -> None:
    """A load that kills itself before statement ``at`` of its last transaction; the commit is one."""
    passed = [-1]

    def count(*_: Any) -> None:
        if passed[0] == at:
            os.kill(os.getpid(), signal.SIGKILL)
        passed[0] += passed[0] >= 0

    with closing(connect(url)) as engine:
        _count_statements(engine, count)
        settle = Settling.settle

        def counted(settling: Settling, writer: Writer, reports: Any) -> Any:
            passed[0] = 0
            return settle(settling, writer, reports)

        Settling.settle = counted  # type: ignore[assignment, method-assign]  # in this process alone: from here on it counts
        load(engine, files)


def _count_statements(engine: GraphEngine, count: Callable[..., None]) -> None:
    if engine.url.startswith("sqlite"):
        with engine.write():
            engine.writer_db.set_trace_callback(count)  # type: ignore[attr-defined]
        return
    from neo4j import ManagedTransaction

    for name in ("run", "_commit"):
        setattr(ManagedTransaction, name, _counting(getattr(ManagedTransaction, name), count))


def _counting(do: Callable[..., Any], count: Callable[..., None]) -> Callable[..., Any]:
    def told(*given: Any, **named: Any) -> Any:
        count()
        return do(*given, **named)

    return told


def test_killed_at_each_statement_of_the_last_transaction(fresh: Callable[[], GraphEngine], before: list[Path], files: list[Path]) -> None:
    engine = fresh()
    load(engine, before)
    result: LoadResult = load(engine, files)
    assert (len(result.joined), len(result.questions)) == (1, 1)
    assert sum(r.full.ended for r in result.reports if r.full) == 1
    undisturbed, asked, url = state_of(engine.url), review(engine, decided=True).items, engine.url
    assert undisturbed[1] == {"done"}
    engine = fresh()
    load(engine, before)
    if url.startswith("sqlite"):
        url = engine.url
    engine.close()
    left, at, kills = set[str](), 0, 0
    while True:
        process = FORK.Process(target=_dies, args=(url, files, at), daemon=True)
        process.start()
        process.join(60)
        if process.exitcode == 0:
            break
        kills += 1
        assert process.exitcode == -signal.SIGKILL
        assert whole(url)
        content, states = state_of(url)
        if states == {"done"}:  # it was killed while it closed
            break
        assert states == {"done", "unfinished"}
        left.add(content)
        at += STEP
    print(f"killed at {kills} of {at} statements", flush=True)
    assert kills > 3, "it counts nothing"
    assert len(left) == 1, "something of the last transaction was left"
    assert state_of(url) == undisturbed
    with opened(url) as engine:
        assert [i.model_dump(exclude={"at"}) for i in review(engine, decided=True).items] == [i.model_dump(exclude={"at"}) for i in asked]
