"""What is asked ahead of the first question is asked of nobody, and says nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from api.settings import Settings
from api.warming import warm
from api.wiring import Store
from graph.engine import GraphEngine
from ingest.bundled import files
from ingest.load import load


@pytest.mark.parametrize("store", ["bolt://127.0.0.1:9", "nowhere.db"])
def test_a_store_that_cannot_answer_is_no_matter(store: str, tmp_path: Path) -> None:
    warm(Store(store if "://" in store else str(tmp_path / store)), Settings())


@pytest.mark.parametrize("fresh", ["neo4j"], indirect=True)
def test_the_statement_of_coverage_is_planned(fresh: Callable[[], GraphEngine], caplog: pytest.LogCaptureFixture) -> None:
    engine = fresh()
    load(engine, files())
    with caplog.at_level(logging.DEBUG, "neo4j.io"):
        warm(Store(engine.url), Settings())
    asked = [r.getMessage() for r in caplog.records if "C: RUN" in r.getMessage()]
    caplog.clear()
    assert sum("COLLECT { CALL (n)" in text for text in asked) == 2, "one for enterprises, one for social organisations"
