"""Coverage, statistics and reconciliation against the reference (semantics 15-17, 19)."""

from __future__ import annotations

from collections import Counter
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from graph.engine import POSSIBLE, TRUE
from graph.questions.coverage import coverage
from graph.questions.reconciliation import reconcile
from graph.questions.statistics import STATUSES, statistics
from schemas.metapath import Metapath, parse
from schemas.policy import Policy
from schemas.scopes import group_paths, scope_paths
from tests.conformance import reference
from tests.conformance.districts import BODIES, KIND_OF, districts
from tests.conformance.policies import asked_of, metapaths, policies
from tests.conformance.reference import Loaded
from tests.conformance.support import DAYS, Fresh, asking, districts_tried, seen

UNITS = parse("(:Unit)")
PLACES = [b.id for b in BODIES if KIND_OF[b.id] in ("Subdistrict", "Building", "BusinessDistrict")]
BY = st.sampled_from(("subdistrict", "business-district", "building", "industry", "type"))
VALUE = {TRUE: "true", 0: "false"}


@st.composite
def covered(draw: st.DrawFn) -> tuple[Policy, list[Loaded]]:
    policy = draw(policies())
    places = [parse("(:Unit)-[:LOCATED_IN]->(:Building)-[:PART_OF]->(:Subdistrict)"), parse("(:Enterprise {type: private})")]
    return policy, draw(districts([*asked_of(policy), *places], ["coverage"]))


@districts_tried(80)
@given(case=covered(), day=DAYS)
def test_coverage_of_every_unit(fresh: Fresh, case: tuple[Policy, list[Loaded]], day: date) -> None:
    policy, loaded = case
    engine, asked = seen(fresh, loaded, policy, day)
    for unit, thing in asked.world.things.items():
        if thing.kind not in UNITS.subject.kinds or thing.ended <= asked.day:
            continue
        answer = coverage(engine, unit, asked.view)
        assert (answer.status, answer.statistical_class) == reference.coverage(asked, unit)
        scores = {w.name: asked.score(w.path, unit) for w in policy.ways if thing.kind in w.path.subject.kinds}
        assert {w.name: w.state for w in answer.ways} == {n: VALUE.get(s, "not_known") for n, s in scores.items()}
        counting = [scores[w.name] for w in policy.counting_ways if w.name in scores]
        assert answer.probable == (answer.status == "not_known" and POSSIBLE in counting)
        for way in answer.ways:
            path = next(w.path for w in policy.ways if w.name == way.name)
            walks = asked.walks(path, unit) if path.hops else []
            assert way.total == len({w.bodies for w in walks})
            assert bool(way.why_not or way.open) or way.state == "true" or not path.hops or bool(walks)
            if way.as_of:
                shown = [w for w in walks if w.sure or way.state != "true"]
                assert (way.as_of.oldest, way.as_of.newest) == reference.as_of(asked, reference.evidence(asked, path, shown))


@districts_tried(50)
@given(case=covered(), day=DAYS, by=BY, place=st.sampled_from([None, None, *PLACES]))
def test_statistics_by_group(fresh: Fresh, case: tuple[Policy, list[Loaded]], day: date, by: str, place: str | None) -> None:
    policy, loaded = case
    engine, asked = seen(fresh, loaded, policy, day)
    groups: tuple[Metapath, ...] | str = "type" if by == "type" else group_paths(by, "Unit")
    scope = scope_paths(KIND_OF[place], place) if place else ()
    units = reference.subjects(asked, UNITS, scope)
    with asking(engine, asked.view) as (snapshot, frame):
        tallied = snapshot.tally(frame, UNITS, scope, groups)
    ours = {(t.group, t.way, t.own, t.organisation, t.work): t.number for t in tallied}
    assert len(ours) == len(tallied) and coarse(ours) == coarse(reference.tally(asked, units, groups))
    if place and place not in asked.world.things:
        return
    answer = statistics(engine, asked.view, by=by, scope=place)
    expected = reference.rates(asked, units)
    assert {s: answer.overall.counts[s] for s in STATUSES} == {s: expected.counts[s] for s in STATUSES}
    rate = None if answer.overall.rate_low is None else (answer.overall.rate_low, answer.overall.rate_high)
    assert (rate, answer.overall.class_rates) == (expected.rate, expected.classes)
    assert sum(c.total or 0 for c in answer.groups) == answer.overall.total == len(units)


Tally = dict[tuple[str, str, int, int, int], int]


def coarse(tally: Tally) -> Counter[tuple[object, ...]]:
    """Whether a class is TRUE, FALSE or not known is asked; how it is not known is not."""
    found = Counter[tuple[object, ...]]()
    for (group, way, *scores), number in tally.items():
        found[group, way, *(VALUE.get(s, "not_known") for s in scores)] += number
    return found


@st.composite
def published(draw: st.DrawFn) -> list[Loaded]:
    """The first pattern is the whole, of which others may be parts; random ones beside it."""
    zones = [parse("(:Station {zone: true})"), parse("(:Station {zone_class: A})")]
    paths = [*zones, *zones, *draw(st.lists(metapaths(max_hops=2), max_size=2))]
    return draw(districts(paths, patterns=[str(p) for p in paths]))


@districts_tried(50)
@given(loaded=published(), day=DAYS)
def test_reconciliation(fresh: Fresh, loaded: list[Loaded], day: date) -> None:
    engine, asked = seen(fresh, loaded, Policy(name="p", label="p", version=1), day)
    answer = reconcile(engine, asked.view)
    found = {c.id: (c.registered_low, c.registered_high, c.possible, c.placeholder_low, c.placeholder_high) if c.compared else None
             for c in answer.counts}
    assert found == reference.reconcile(asked)
