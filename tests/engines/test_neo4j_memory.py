"""What a statement holds on a server at once grows with the district, but not with the district times the page: what wants more
than ``dbms.memory.transaction.total.max`` is refused."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from neo4j import Driver

from graph.compile import cypher_requirement
from graph.connect import connect
from graph.engines import neo4j_search
from graph.frame import frame
from graph.policy_files import policy
from schemas.facts import BodyFact, Import, Row
from schemas.identifiers import public_id
from schemas.policy import Requirement
from schemas.view import View

UNITS, PAGE, EACH = 2_000, 50, 500  # bytes of memory that a unit may cost
FRAME = frame(View(policy(), date(2026, 11, 30)), [], [])


@pytest.fixture(scope="module")
def names() -> list[str]:
    return [f"虚构{n}号科技有限公司" for n in range(UNITS)]


@pytest.fixture
def profiled(driver: Driver, names: list[str]) -> Iterator[Any]:
    """Runs a statement; its column ``row``, and the memory it took."""
    engine = connect(os.environ["JINGLUO_TEST_NEO4J"])
    with engine.write() as writer:
        record = writer.begin_import(Import(0, "d", "f.csv", "s", 20200901))
        writer.apply(record.number, [Row(i, name, (BodyFact(public_id("Enterprise", "name", name), name),))
                                     for i, name in enumerate(names, 2)])
        writer.finish_import(record.number, "done", {})
    engine.close()

    def run(text: str, **parameters: Any) -> tuple[list[Any], int]:
        rows, told, _ = driver.execute_query(f"PROFILE {text}", parameters)
        assert told.profile
        return [r["row"] for r in rows], told.profile["args"]["GlobalMemory"]

    yield run


def test_a_character_of_every_name(profiled: Any) -> None:
    taken = list[int]()

    def ask(text: str, **parameters: Any) -> list[Any]:
        rows, memory = profiled(text, **parameters)
        taken.append(memory)
        return list(rows)

    rows, total, _ = neo4j_search.search(ask, "公", (), None, PAGE)
    assert (len(rows), total) == (PAGE, UNITS)
    assert taken[0] < UNITS * EACH


def test_a_page_of_everybody(profiled: Any) -> None:
    everybody = Requirement(id="r", label="r", subject="(:Enterprise)", metapath="(:Enterprise)", at_least=1)
    statement = cypher_requirement.scan(everybody, FRAME, (), ("ok",), None, PAGE)
    (_, _, counts, _), *rows = profiled(statement.text, **statement.params)[0]
    assert (counts, len(rows)) == ([["ok", UNITS]], PAGE + 1)
    assert profiled(statement.text, **statement.params)[1] < UNITS * EACH
