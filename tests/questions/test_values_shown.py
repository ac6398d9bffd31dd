"""What a register tells of a relationship itself is shown with it: on which floor, in which room, at which level."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.connect import connect
from graph.policy_files import policy
from graph.questions.profile import profile
from ingest.load import load
from schemas.view import View
from tests.cli.runner import run
from tests.ingest.support import register
from viz.evidence import step_text


@pytest.fixture
def store(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 's.db'}"
    engine = connect(url)
    assert not load(engine, [register(tmp_path, "企业", ("企业名称", "所在楼宇", "楼层", "房号"), ("甲公司", "东楼", "5", "501"), ("乙公司", "东楼", "", "")),
                             register(tmp_path, "楼宇", ("楼宇名称",), ("东楼",))]).rejects
    engine.close()
    return url


def test_floor_and_room(store: str) -> None:
    engine = connect(store)
    told = {name: profile(engine, name, View(policy("changning"))).relationships[0] for name in ("甲公司", "乙公司")}
    engine.close()
    assert told["甲公司"].values == {"楼层": "5", "房号": "501"}
    assert "楼层：5\n房号：501" in step_text(told["甲公司"])
    assert not told["乙公司"].values


def test_on_the_terminal(store: str) -> None:
    assert "楼层5，房号501" in run("show", "甲公司", "--store", store).flat
