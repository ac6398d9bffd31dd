"""Metapaths in three values, matches, requirements and pages against the reference (semantics 4, 11-14, 18, 22)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from graph.engine import FALSE, OPEN_HOPS, POSSIBLE, TRUE, Snapshot
from graph.frame import Frame
from graph.questions.gaps import gap_id, gaps
from graph.questions.trace import trace
from schemas.metapath import Metapath
from schemas.policy import Policy, Requirement
from schemas.scopes import scope_paths
from schemas.view import Overlay
from tests.conformance.districts import BODIES, KIND_OF, completeness, districts, hops_of, overlays
from tests.conformance.policies import asked_of, metapaths, policies, requirements
from tests.conformance.reference import Asked, Judged, Loaded, as_of, evidence, overlaid, scan, tested
from tests.conformance.support import DAYS, Fresh, asking, districts_tried, seen

STATES = ("gap", "not_known", "exempt", "ok")
PLACES = [b.id for b in BODIES if KIND_OF[b.id] in ("Subdistrict", "Building", "BusinessDistrict")]


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


def same_scores(snapshot: Snapshot, frame: Frame, asked: Asked, path: Metapath) -> None:
    """Set-wise, for the few asked for, and hop by hop as reasons are told."""
    things = [t for t in asked.world.things.values() if t.kind in path.subject.kinds]
    scores = {t.id: asked.score(path, t.id) for t in things}
    assert snapshot.true_for(path, list(scores), frame) == {b for b, s in scores.items() if s == TRUE}
    could = [t.id for t in things if asked.is_at(t, path.subject)]
    told = Counter(scores[b] for b in could)
    assert snapshot.scores(path, frame) == {s: told[s] for s in (TRUE, POSSIBLE, OPEN_HOPS, FALSE)}
    bodies = snapshot.bodies(could)
    traces = trace(snapshot, frame, path, list(bodies.values()))
    assert {b: t.score for b, t in traces.items()} == {b: scores[b] for b in could}
    opened = {b: {(o.id, hop) for o, hop, _ in t.open if hop >= 0} for b, t in traces.items() if scores[b] == OPEN_HOPS}
    assert opened == {b: set(asked.open_hops(path, b)) for b in could if scores[b] == OPEN_HOPS}
    for b in could:
        same_matches(snapshot, frame, asked, path, b)


def same_matches(snapshot: Snapshot, frame: Frame, asked: Asked, path: Metapath, subject: str) -> None:
    """Every chain with its edges, certain ones first, then by ids; totals count chains of bodies."""
    if not path.hops:
        return
    chains, totals = snapshot.matches([path], subject, frame, 1000)
    walks = asked.walks(path, subject)
    ours = sorted((w.bodies, [(s.role, s.start, s.since, s.until) for s in w.spells], w.sure) for w in walks)
    theirs = sorted((tuple(b.id for b in c.bodies), [(e.role, e.start, e.since, e.until) for e in c.edges], c.certain) for c in chains)
    assert theirs == ours
    assert totals.get(0, 0) == len({w.bodies for w in walks})
    order = [(not c.certain, [b.id for b in c.bodies]) for c in chains]
    assert order == sorted(order)


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
    engine, asked = seen(fresh, loaded, policy, day)
    scope = scope_paths(KIND_OF[place], place) if place else ()
    judged = {r.id: scan(asked, r, scope) for r in policy.requirements}
    with asking(engine, asked.view) as (snapshot, frame):
        for r in policy.requirements:
            paged(snapshot, frame, r, scope, judged[r.id])
    if place is None or place in asked.world.things:
        answer = gaps(engine, asked.view, rules=[r.id for r in policy.requirements], scope=place, states=STATES, limit=200)
        expected = [(r.id, j.id, j.state) for r in policy.requirements for j in judged[r.id]]
        assert [(g.rule, g.subject.id, g.state) for g in answer.gaps] == expected
        assert [g.id for g in answer.gaps] == [gap_id(rule, body) for rule, body, _ in expected]
        assert (answer.page.total, answer.page.truncated) == (len(expected), False)
        for gap in answer.gaps:
            rule = policy.requirement(gap.rule)
            parts = [w.path for w in policy.counting_ways] if rule.coverage else rule.parts
            rows = {row for p in parts if gap.subject.kind in p.subject.kinds
                    for row in evidence(asked, p, asked.walks(p, gap.subject.id))} | tested(asked, gap.subject.id, rule.position.subject)
            assert gap.as_of and (gap.as_of.oldest, gap.as_of.newest) == as_of(asked, rows)
        assert all(g.open or g.matches for g in answer.gaps if g.state == "not_known"), "not known must tell a reason"


def paged(snapshot: Snapshot, frame: Frame, r: Requirement, scope: tuple[Metapath, ...], judged: list[Judged]) -> None:
    """Exact counts, and pages of two that together are the list; counts of ends exact up to the bound + 1."""
    page = snapshot.scan(r, frame, scope, STATES, None, 2)
    rows = list(page.rows)
    while page.last:
        page = snapshot.scan(r, frame, scope, STATES, page.last, 2)
        rows += page.rows
    assert {s: n for s, n in page.counts.items() if n} == dict(Counter(j.state for j in judged))
    assert [(s.id, s.state) for s in rows] == [(j.id, j.state) for j in judged]
    if r.metapath:
        most = max(b for b in r.bounds if b is not None) + 1
        assert [(min(s.low, most), None if s.high is None else min(s.high, most)) for s in rows] == [
            (min(j.low, most), None if j.high is None else min(j.high, most)) for j in judged]
    only = [j.id for j in judged if j.state == "gap"]
    assert [s.id for s in snapshot.scan(r, frame, scope, ("gap",), None, 100).rows] == only
