"""Metapaths in three values, matches, requirements and pages against the reference (semantics 4, 11-14, 18, 22)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from schemas.metapath import Metapath
from schemas.policy import Policy
from schemas.view import Overlay
from tests.conformance.checks import PLACES, requirements_and_their_pages, same_scores
from tests.conformance.districts import completeness, districts, hops_of, overlays
from tests.conformance.policies import asked_of, metapaths, policies, requirements
from tests.conformance.reference import Asked, Loaded, overlaid
from tests.conformance.support import DAYS, Fresh, asking, districts_tried, seen


@st.composite
def questions(draw: st.DrawFn) -> tuple[list[Metapath], list[Loaded], Policy]:
    paths = draw(st.lists(metapaths(), min_size=1, max_size=3))
    policy = Policy(name="p", label="p", version=1, count_inferred=draw(st.integers(0, 3)) == 0)
    return paths, draw(districts(paths)), policy


@districts_tried(100)
@given(question=questions(), day=DAYS)
def test_three_values(fresh: Fresh, question: tuple[list[Metapath], list[Loaded], Policy], day: date) -> None:
    paths, loaded, policy = question
    engine, asked = seen(fresh, loaded, policy, day)
    with asking(engine, asked.view) as (snapshot, frame):
        for path in paths:
            same_scores(snapshot, frame, asked, path)


@districts_tried(50)
@given(question=questions(), day=DAYS, data=st.data())
def test_what_if_and_what_is_assumed(fresh: Fresh, question: tuple[list[Metapath], list[Loaded], Policy], day: date,
                                     data: st.DataObject) -> None:
    """An overlay adds and takes away relationships; assumed declarations hold at the day; neither leaves a trace."""
    paths, loaded, policy = question
    engine, plain = seen(fresh, loaded, policy, day)
    assumed = tuple(data.draw(st.lists(completeness(hops_of(paths)), max_size=2))) if hops_of(paths) else ()
    drawn, known = data.draw(overlays(paths)), plain.world.things
    overlay = Overlay(tuple(f for f in drawn.added if f.source in known and f.target in known),
                      tuple(r for r in drawn.removed if r[0] in known and r[2] in known))
    view = replace(plain.view, assume=assumed, overlay=overlay)
    asked = Asked(overlaid(plain.world, overlay), view, policy.count_inferred)
    for a in (asked, plain):
        with asking(engine, a.view) as (snapshot, frame):
            for path in paths:
                same_scores(snapshot, frame, a, path)


@st.composite
def demands(draw: st.DrawFn) -> tuple[Policy, list[Loaded]]:
    policy = draw(policies())
    own = tuple(draw(requirements(f"q{i}")) for i in range(draw(st.integers(1, 2))))
    policy = policy.model_copy(update={"requirements": own})
    return policy, draw(districts(asked_of(policy), [r.id for r in own]))


@districts_tried(80)
@given(demand=demands(), day=DAYS, place=st.sampled_from([None, None, *PLACES]))
def test_requirements_and_their_pages(fresh: Fresh, demand: tuple[Policy, list[Loaded]], day: date, place: str | None) -> None:
    policy, loaded = demand
    requirements_and_their_pages(*seen(fresh, loaded, policy, day), place)
