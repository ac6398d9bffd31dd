"""What a dry run tells of a random district is what then happens, on both engines; and nothing is stored by telling it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from graph.engine import GraphEngine
from graph.questions.difference import Touched, difference
from schemas.difference import GONE, NEW, Difference
from schemas.policy import Policy
from schemas.view import View
from tests.conformance.districts import districts
from tests.conformance.policies import asked_of, policies, requirements
from tests.conformance.reference import Loaded
from tests.conformance.support import DAYS, Fresh, asking, districts_tried, numbered, write


@st.composite
def demands(draw: st.DrawFn) -> tuple[Policy, list[Loaded]]:
    policy = draw(policies())
    policy = policy.model_copy(update={"requirements": (draw(requirements("q0")), draw(requirements("q1")))})
    return policy, draw(districts(asked_of(policy), ["q0", "q1"]))


def told(engine: GraphEngine, loaded: list[Loaded], view: View) -> Difference:
    touched = Touched()
    with engine.rollback_after() as writer:
        for record, rows in numbered(engine, loaded):
            writer.begin_import(record)
            writer.apply(record.number, rows)
            for row in rows:
                touched.add(row.facts)
        with engine.read() as before:
            return difference(before, writer.snapshot(), touched, view, limit=None)


def state(engine: GraphEngine, view: View) -> tuple[dict[str, Any], dict[tuple[Any, ...], list[Any]], list[dict[str, str]]]:
    """Bodies and relationships without their rows, and the states of each rule."""
    bodies, edges = dict[str, Any](), dict[tuple[Any, ...], list[Any]]()
    with asking(engine, view) as (snapshot, frame):
        for what, item in snapshot.export():
            if what == "body":
                bodies[item[0]] = item[1:3], {k: v for k, v in item[3].items() if k != "c"}
            elif what == "edge":
                edges.setdefault(tuple(item[:3]), []).append(item[3:-1])
        return bodies, edges, [dict(snapshot.states(r, frame)) for r in view.policy.requirements if r.on]


@districts_tried(25)
@given(demand=demands(), day=DAYS, data=st.data())
def test_what_is_told_is_what_happens(fresh: Fresh, demand: tuple[Policy, list[Loaded]], day: date, data: st.DataObject) -> None:
    policy, loaded = demand
    cut, view = data.draw(st.integers(0, len(loaded))), View(policy, day)
    engine = fresh()
    write(engine, loaded[:cut])
    before = state(engine, view)
    found = told(engine, loaded[cut:], view)
    assert state(engine, view) == before
    write(engine, loaded[cut:])
    after = state(engine, view)
    assert {b.id for b in found.created} == after[0].keys() - before[0].keys()
    changed = {i for i in before[0].keys() & after[0].keys() if before[0][i] != after[0][i]}
    assert {b.body.id for b in found.updated} == changed
    assert found.bodies.get("updated", 0) == len(changed)
    moved = {p for p in before[1].keys() | after[1].keys() if before[1].get(p) != after[1].get(p)}
    assert sum(n for e, n in found.relationships.items() if e != "confirmed") == len(moved)
    assert found.relationships.get("created", 0) == len(after[1].keys() - before[1].keys())
    expected = Counter((old.get(i, NEW), new.get(i, GONE)) for old, new in zip(before[2], after[2], strict=True)
                       for i in old.keys() | new.keys() if old.get(i) != new.get(i))
    rules = {r.id for r in policy.requirements if r.on}
    assert Counter({(t.old, t.new): 0 for t in found.transitions}) + sum(
        (Counter({(t.old, t.new): t.total}) for t in found.transitions if t.rule in rules), Counter()) == expected
