"""The map adds up, units stand where their cell counts them, and who stands behind a body is found in two steps."""

from __future__ import annotations

from collections import Counter
from datetime import date

import graph
from schemas.facts import RelationFact
from schemas.view import View
from tests.questions.districts import named, stored
from tests.viz.district import large

VIEW = View(graph.policy("changning"), date(2026, 1, 1))


def test_cells_areas_and_units_add_up() -> None:
    with stored(large(5, 23)) as engine:
        answer = graph.gap_map(engine, VIEW)
        summary = graph.statistics(engine, VIEW).overall
    assert answer.overall == summary
    assert sum(p.cell.total or 0 for p in answer.places) == 23 == sum(a.total or 0 for a in answer.areas)
    states = {"covered": "ok", "uncovered": "gap", "not_known": "not_known"}
    for place in answer.places:
        mine = Counter(u.gap.state for u in answer.units if u.place == place.cell.group_id)
        assert all(place.cell.counts[s] == mine[g] for s, g in states.items())


def test_many_units_are_counted_and_not_listed() -> None:
    with stored(large(5, 23)) as engine:
        answer = graph.gap_map(engine, VIEW, limit=22)
    assert not answer.units_listed and answer.units == () and answer.overall.total == 23


def test_a_scope_narrows_the_map() -> None:
    with stored(large(5, 23)) as engine:
        answer = graph.gap_map(engine, VIEW, scope="第1街道")
    assert [a.group for a in answer.areas] == ["第1街道"] and len(answer.places) == 2


def test_a_unit_in_two_buildings_stands_in_several_and_one_in_none_is_not_known() -> None:
    unit, lost, one, two = named("Enterprise", "甲"), named("Enterprise", "乙"), named("Building", "一"), named("Building", "二")
    facts = [unit, lost, one, two, *(RelationFact(unit.id, "LOCATED_IN", b.id, "operating") for b in (one, two))]
    with stored(facts) as engine:
        answer = graph.gap_map(engine, VIEW)
    assert [(p.cell.group, p.cell.total) for p in answer.places] == [("多个", 1), ("情况不明", 1)]
    assert {u.gap.subject.name: u.place for u in answer.units} == {"甲": "several", "乙": ""}


def test_who_stands_behind_an_alliance() -> None:
    hub, team = named("IndustryAlliance", "甲联盟"), named("LiaisonTeam", "团队")
    offices = [named("Department", f"{i}局") for i in range(8)]
    facts = [hub, team, *offices, RelationFact(team.id, "SERVES", hub.id), *(RelationFact(o.id, "STAFFS", team.id) for o in offices)]
    with stored(facts) as engine:
        answer = graph.behind(engine, [hub.id], VIEW)
    assert Counter((s.relation, s.source.name) for s in answer.steps) == {("SERVES", "甲联盟"): 1, ("STAFFS", "团队"): 6}
    assert answer.truncated
