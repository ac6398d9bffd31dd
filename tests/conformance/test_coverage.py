"""Coverage, statistics and reconciliation against the reference (semantics 15-17, 19)."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from graph.questions.reconciliation import reconcile
from schemas.metapath import parse
from schemas.policy import Policy
from tests.conformance import reference
from tests.conformance.checks import PLACES, coverage_of_every_unit, statistics_by_group
from tests.conformance.districts import districts
from tests.conformance.policies import asked_of, metapaths, policies
from tests.conformance.reference import Loaded
from tests.conformance.support import DAYS, Fresh, districts_tried, seen

BY = st.sampled_from(("subdistrict", "business-district", "building", "industry", "type"))


@st.composite
def covered(draw: st.DrawFn) -> tuple[Policy, list[Loaded]]:
    policy = draw(policies())
    places = [parse("(:Unit)-[:LOCATED_IN]->(:Building)-[:PART_OF]->(:Subdistrict)"), parse("(:Enterprise {type: private})")]
    return policy, draw(districts([*asked_of(policy), *places], ["coverage"]))


@districts_tried(80)
@given(case=covered(), day=DAYS)
def test_coverage_of_every_unit(fresh: Fresh, case: tuple[Policy, list[Loaded]], day: date) -> None:
    policy, loaded = case
    coverage_of_every_unit(*seen(fresh, loaded, policy, day))


@districts_tried(50)
@given(case=covered(), day=DAYS, by=BY, place=st.sampled_from([None, None, *PLACES]))
def test_statistics_by_group(fresh: Fresh, case: tuple[Policy, list[Loaded]], day: date, by: str, place: str | None) -> None:
    policy, loaded = case
    statistics_by_group(*seen(fresh, loaded, policy, day), by, place)


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
