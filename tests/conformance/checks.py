"""What is asked of an engine that holds a district, and has to be what the reference says: one function a question.

The tests ask one of them of each random district; ``long`` asks all of one district, on every engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from graph.engine import GraphEngine, Snapshot
from graph.frame import Frame
from graph.parts import FALSE, OPEN_HOPS, POSSIBLE, TRUE
from graph.questions.coverage import coverage
from graph.questions.gaps import gap_id, gaps
from graph.questions.liaison import paths
from graph.questions.search import search
from graph.questions.statistics import STATUSES, statistics
from graph.questions.trace import trace
from schemas.answers import Coverage, Gaps, Paths, SearchResult, Statistics
from schemas.metapath import Metapath, parse
from schemas.policy import Requirement
from schemas.relations import RELATIONS
from schemas.scopes import group_paths, scope_paths
from tests.conformance import reference
from tests.conformance.districts import BODIES, KIND_OF
from tests.conformance.reference import Asked, Judged, World
from tests.conformance.support import asking

UNITS = parse("(:Unit)")
STATES = ("gap", "not_known", "exempt", "ok")
PLACES = [b.id for b in BODIES if KIND_OF[b.id] in ("Subdistrict", "Building", "BusinessDistrict")]
VALUE = {TRUE: "true", FALSE: "false"}

# -- coverage, statistics ------------------------------------------------------------------------------------------------------


def coverage_of_every_unit(engine: GraphEngine, asked: Asked) -> list[Coverage]:
    answers = []
    for unit, thing in asked.world.things.items():
        if thing.kind not in UNITS.subject.kinds or thing.ended <= asked.day:
            continue
        answer = coverage(engine, unit, asked.view)
        answers.append(answer)
        assert (answer.status, answer.statistical_class) == reference.coverage(asked, unit)
        ways = asked.view.policy.ways
        scores = {w.name: asked.score(w.path, unit) for w in ways if thing.kind in w.path.subject.kinds}
        assert {w.name: w.state for w in answer.ways} == {n: VALUE.get(s, "not_known") for n, s in scores.items()}
        counting = [scores[w.name] for w in asked.view.policy.counting_ways if w.name in scores]
        assert answer.probable == (answer.status == "not_known" and POSSIBLE in counting)
        for way in answer.ways:
            path = next(w.path for w in ways if w.name == way.name)
            walks = asked.walks(path, unit) if path.hops else []
            assert way.total == len({w.bodies for w in walks})
            assert bool(way.why_not or way.open) or way.state == "true" or not path.hops or bool(walks)
            if way.as_of:
                shown = [w for w in walks if w.sure or way.state != "true"]
                assert (way.as_of.oldest, way.as_of.newest) == reference.as_of(asked, reference.evidence(asked, path, shown))
    return answers


def statistics_by_group(engine: GraphEngine, asked: Asked, by: str, place: str | None) -> Statistics | None:
    """``None``: there is no such place."""
    groups: tuple[Metapath, ...] | str = "type" if by == "type" else group_paths(by, "Unit")
    scope = scope_paths(KIND_OF[place], place) if place else ()
    units = reference.subjects(asked, UNITS, scope)
    with asking(engine, asked.view) as (snapshot, frame):
        tallied = snapshot.tally(frame, UNITS, scope, groups)
    ours = {(t.group, t.way, t.own, t.organisation, t.work): t.number for t in tallied}
    assert len(ours) == len(tallied) and coarse(ours) == coarse(reference.tally(asked, units, groups))
    if place and place not in asked.world.things:
        return None
    answer = statistics(engine, asked.view, by=by, scope=place)
    expected = reference.rates(asked, units)
    assert {s: answer.overall.counts[s] for s in STATUSES} == {s: expected.counts[s] for s in STATUSES}
    rate = (answer.overall.rate_low, answer.overall.rate_high) if answer.overall.rate_low is not None else None
    assert (rate, answer.overall.class_rates) == (expected.rate, expected.classes)
    assert sum(c.total or 0 for c in answer.groups) == answer.overall.total == len(units)
    return answer


Tally = dict[tuple[str, str, int, int, int], int]


def coarse(tally: Tally) -> Counter[tuple[object, ...]]:
    """Whether a class is TRUE, FALSE or not known is asked; how it is not known is not."""
    found = Counter[tuple[object, ...]]()
    for (group, way, *scores), number in tally.items():
        found[group, way, *(VALUE.get(s, "not_known") for s in scores)] += number
    return found


# -- metapaths, requirements ---------------------------------------------------------------------------------------------------


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


def requirements_and_their_pages(engine: GraphEngine, asked: Asked, place: str | None) -> Gaps | None:
    """``None``: there is no such place."""
    scope = scope_paths(KIND_OF[place], place) if place else ()
    rules = asked.view.policy.requirements
    judged = {r.id: reference.scan(asked, r, scope) for r in rules}
    with asking(engine, asked.view) as (snapshot, frame):
        for r in rules:
            paged(snapshot, frame, r, scope, judged[r.id])
            if not scope:
                assert list(snapshot.states(r, frame)) == sorted((j.id, j.state) for j in judged[r.id])
    if place is not None and place not in asked.world.things:
        return None
    answer = gaps(engine, asked.view, rules=[r.id for r in rules], scope=place, states=STATES, limit=200)
    expected = [(r.id, j.id, j.state) for r in rules for j in judged[r.id]]
    assert [(g.rule, g.subject.id, g.state) for g in answer.gaps] == expected
    assert [g.id for g in answer.gaps] == [gap_id(rule, body) for rule, body, _ in expected]
    assert (answer.page.total, answer.page.truncated) == (len(expected), False)
    for gap in answer.gaps:
        rule = asked.view.policy.requirement(gap.rule)
        parts = [w.path for w in asked.view.policy.counting_ways] if rule.coverage else rule.parts
        rows = {row for p in parts if gap.subject.kind in p.subject.kinds
                for row in reference.evidence(asked, p, asked.walks(p, gap.subject.id))}
        rows |= reference.asserted(asked, gap.subject.id, rule.position.subject)
        assert gap.as_of and (gap.as_of.oldest, gap.as_of.newest) == reference.as_of(asked, rows)
    assert all(g.open or g.matches for g in answer.gaps if g.state == "not_known"), "not known must tell a reason"
    return answer


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


# -- paths, search -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Way:
    """A liaison path as asked for."""

    start: str
    end: str
    via: Sequence[str]
    avoid: Sequence[str]
    k: int
    hops: int
    stated: bool


def best_liaison_paths(engine: GraphEngine, asked: Asked, way: Way) -> Paths:
    answer = paths(engine, way.start, way.end, asked.view, k=way.k, via=way.via, avoid=way.avoid, max_hops=way.hops, stated_only=way.stated)
    expected = reference.routes(asked, way.start, way.end, way.k, way.hops, way.via, way.avoid, way.stated)
    found = [(p.cost, (way.start, *(s.target.id for s in p.steps)), tuple(s.basis == "stated" for s in p.steps)) for p in answer.paths]
    assert found == [(r.cost, r.bodies, r.stated) for r in expected]
    assert answer.exact and answer.outcome == ("paths" if expected else "none")
    assert all(p.stated == all(s.basis == "stated" for s in p.steps) for p in answer.paths)
    assert all(s.relation in RELATIONS for p in answer.paths for s in p.steps)
    return answer


def search_ranks(engine: GraphEngine, world: World, text: str, kinds: tuple[str, ...]) -> SearchResult:
    """The whole list, and the same list page by page."""
    expected = reference.search(world, text, kinds)
    whole = search(engine, text, kinds=kinds, limit=100)
    assert [(h.body.id, h.how) for h in whole.hits] == expected
    assert (whole.page.total, whole.page.truncated) == (len(expected), False)
    found, cursor = list[str](), None
    for _ in range(len(expected) + 1):
        page = search(engine, text, kinds=kinds, limit=3, cursor=cursor)
        found += [h.body.id for h in page.hits]
        cursor = page.page.cursor
        if not cursor:
            break
    assert found == [id for id, _ in expected]
    return whole
