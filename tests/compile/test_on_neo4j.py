"""The Cypher compiler on a real server: on random districts it scores every metapath and every requirement as the SQL does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from neo4j import Driver, GraphDatabase

from graph.compile import cypher_requirement as cypher
from graph.engines.sqlite_read import SqliteSnapshot
from graph.frame import Frame
from schemas.metapath import Metapath
from schemas.policy import Policy
from schemas.scopes import scope_paths
from tests.compile.server import mirror
from tests.conformance.districts import districts
from tests.conformance.policies import asked_of, metapaths, policies, requirements
from tests.conformance.reference import Loaded
from tests.conformance.support import DAYS, Fresh, asking, districts_tried, seen

SERVER = "JINGLUO_TEST_NEO4J"


@pytest.fixture(scope="module")
def driver() -> Iterator[Driver]:
    if not os.environ.get(SERVER):
        pytest.skip(f"{SERVER} names no Neo4j server (bolt://host:port); start one with tools/neo4j-local")
    with GraphDatabase.driver(os.environ[SERVER], notifications_min_severity="OFF") as found:
        found.verify_connectivity()
        yield found


def rows(driver: Driver, statement: cypher.Statement, **more: object) -> list[tuple[object, ...]]:
    records, _, _ = driver.execute_query(statement.text, {**statement.params, **more})
    return [tuple(r.values()) for r in records]


@st.composite
def questions(draw: st.DrawFn) -> tuple[Policy, list[Metapath], list[Loaded]]:
    policy = draw(policies())
    own = tuple(draw(requirements(f"q{i}")) for i in range(2))
    policy = policy.model_copy(update={"requirements": own})
    paths = draw(st.lists(metapaths(), min_size=1, max_size=3))
    return policy, paths, draw(districts([*paths, *asked_of(policy)], [r.id for r in own]))


@districts_tried(25)
@given(question=questions(), day=DAYS)
def test_both_dialects_give_the_same_answers(driver: Driver, fresh: Fresh, day: date,
                                             question: tuple[Policy, list[Metapath], list[Loaded]]) -> None:
    policy, paths, loaded = question
    engine, asked = seen(fresh, loaded, policy, day)
    with asking(engine, asked.view) as (snapshot, frame):
        assert isinstance(snapshot, SqliteSnapshot)
        mirror(snapshot, driver)
        for path in paths:
            same_path(driver, snapshot, frame, path)
        for requirement in policy.requirements:
            same_scan(driver, snapshot, frame, policy, requirement.id)


def same_path(driver: Driver, snapshot: SqliteSnapshot, frame: Frame, path: Metapath) -> None:
    told = snapshot.scores(path, frame)
    assert dict(rows(driver, cypher.path_scores(path, frame))) == {s: n for s, n in told.items() if n}
    if path.hops:
        ids = [r[0] for r in snapshot.db.execute("SELECT public FROM node")]
        assert {r[0] for r in rows(driver, cypher.true_set(path, frame))} == snapshot.true_for(path, ids, frame)
        for id in ids[:4]:
            ours, _ = snapshot.matches([path], id, frame, 1000)
            theirs = rows(driver, cypher.matches([path], frame), subject=id)
            assert sorted((r[1], r[2]) for r in theirs) == sorted((c.certain, [b.id for b in c.bodies]) for c in ours)


def same_scan(driver: Driver, snapshot: SqliteSnapshot, frame: Frame, policy: Policy, rule: str) -> None:
    requirement, states = policy.requirement(rule), ("gap", "not_known", "exempt", "ok")
    places = [r[0] for r in snapshot.db.execute("SELECT public FROM node WHERE public LIKE 'sd-%' LIMIT 1")]
    for scope in ((), *(scope_paths("Subdistrict", p) for p in places)):
        page = snapshot.scan(requirement, frame, scope, states, None, 500)
        assert dict(rows(driver, cypher.scan_counts(requirement, frame, scope))) == {s: n for s, n in page.counts.items() if n}
        theirs = rows(driver, cypher.scan_page(requirement, frame, scope, states, None, 500))
        assert [(r[0], r[2], r[3]) for r in theirs] == [(s.id, s.state, s.sure) for s in page.rows]
