"""The one server of the tests, empty before and after."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from neo4j import Driver, GraphDatabase

from tests.conftest import SERVER


@pytest.fixture
def driver() -> Iterator[Driver]:
    if not os.environ.get(SERVER):
        pytest.skip(f"{SERVER} names no Neo4j server; start one with tools/neo4j-local")
    with GraphDatabase.driver(os.environ[SERVER], notifications_min_severity="OFF") as found:
        found.execute_query("MATCH (n) DETACH DELETE n")
        yield found
        found.execute_query("MATCH (n) DETACH DELETE n")
