"""How many statements, each a round trip, a question takes on a server: the driver's own log tells. It holds no time."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator

import pytest
from neo4j import GraphDatabase

from graph.connect import connect
from graph.engine import GraphEngine
from graph.policy_files import policy
from graph.questions.check import check
from graph.questions.coverage import coverage
from graph.questions.gaps import gaps
from graph.questions.liaison import paths
from graph.questions.network import alliances
from graph.questions.profile import profile
from graph.questions.reconciliation import reconcile
from graph.questions.search import search
from graph.questions.statistics import statistics
from graph.questions.worklist import worklist
from ingest.bundled import files
from ingest.load import load
from schemas.view import View

VIEW = View(policy())
SERVER = "JINGLUO_TEST_NEO4J"
Ask = Callable[[GraphEngine, str], object]

QUESTIONS: dict[str, tuple[Ask, int]] = {
    "coverage of an id": (lambda e, id: coverage(e, id, VIEW, why_not=False), 1),
    "coverage of a name": (lambda e, id: coverage(e, "分众传媒", VIEW, why_not=False), 2),
    "search": (lambda e, id: search(e, "党建"), 1),
    "gap counts of a rule": (lambda e, id: gaps(e, VIEW, rules=("no-coverage",), limit=0), 1),
    "statistics": (lambda e, id: statistics(e, VIEW), 1),
    "statistics by building": (lambda e, id: statistics(e, VIEW, by="building"), 2),
    "coverage and why not": (lambda e, id: coverage(e, id, VIEW), 12),
    "a page of gaps with evidence": (lambda e, id: gaps(e, VIEW, rules=("no-coverage",), states=("gap", "not_known"), limit=50), 14),
    "a worklist": (lambda e, id: worklist(e, "龙之梦雅仕大厦", VIEW), 15),
    "check": (lambda e, id: check(e, VIEW), 32),
    "all that is registered of a body": (lambda e, id: profile(e, "分众传媒", VIEW), 3),
    "alliances": (lambda e, id: alliances(e, VIEW), 4),
    "three liaison paths": (lambda e, id: paths(e, "区税务局", "分众传媒", VIEW), 13),
    "published and registered": (lambda e, id: reconcile(e, VIEW), 11),
}


@pytest.fixture(scope="module")
def engine() -> Iterator[GraphEngine]:
    if not os.environ.get(SERVER):
        pytest.skip(f"{SERVER} names no Neo4j server; start one with tools/neo4j-local")
    with GraphDatabase.driver(os.environ[SERVER], notifications_min_severity="OFF") as driver:
        driver.execute_query("MATCH (n) DETACH DELETE n")
        found = connect(os.environ[SERVER])
        load(found, files())
        yield found
        found.close()
        driver.execute_query("MATCH (n) DETACH DELETE n")


@pytest.mark.parametrize("name", QUESTIONS)
def test_what_a_question_costs(engine: GraphEngine, name: str, caplog: pytest.LogCaptureFixture) -> None:
    ask, most = QUESTIONS[name]
    id = search(engine, "分众传媒").hits[0].body.id
    reconcile(engine, VIEW)  # what is read once a data version is read
    with caplog.at_level(logging.DEBUG, "neo4j.io"):
        ask(engine, id)
    asked = sum("C: RUN" in r.getMessage() for r in caplog.records)
    caplog.clear()
    assert asked <= most
