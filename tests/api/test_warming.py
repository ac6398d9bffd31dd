"""What is asked ahead of the first question is asked of nobody, and says nothing."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest
from neo4j import GraphDatabase

from api.settings import Settings
from api.warming import warm
from api.wiring import Store
from graph.connect import connect
from ingest.bundled import files
from ingest.load import load


@pytest.mark.parametrize("store", ["bolt://127.0.0.1:9", "nowhere.db"])
def test_a_store_that_cannot_answer_is_no_matter(store: str, tmp_path: Path) -> None:
    warm(Store(store if "://" in store else str(tmp_path / store)), Settings())


def test_the_statement_of_coverage_is_planned(caplog: pytest.LogCaptureFixture) -> None:
    url = os.environ.get("JINGLUO_TEST_NEO4J")
    if not url:
        pytest.skip("JINGLUO_TEST_NEO4J names no Neo4j server; start one with tools/neo4j-local")
    with GraphDatabase.driver(url, notifications_min_severity="OFF") as driver:
        driver.execute_query("MATCH (n) DETACH DELETE n")
    engine = connect(url)
    load(engine, files())
    engine.close()
    with caplog.at_level(logging.DEBUG, "neo4j.io"):
        warm(Store(url), Settings())
    asked = [r.getMessage() for r in caplog.records if "C: RUN" in r.getMessage()]
    caplog.clear()
    assert sum("OPTIONAL CALL (n0)" in text for text in asked) == 2, "one for enterprises, one for social organisations"
