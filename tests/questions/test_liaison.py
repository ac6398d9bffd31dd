"""Liaison paths from a real store, against networkx's list of all simple paths (semantics 20, 21)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from unittest.mock import patch

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.engines.sqlite import SqliteEngine
from graph.questions import contacts, reach
from graph.questions.liaison import paths
from schemas.answers import Paths
from schemas.dates import OPEN
from schemas.errors import QuestionError, UnknownBodyError
from schemas.facts import Basis, BodyFact, Fact, RelationFact
from schemas.identifiers import kind_of
from schemas.policy import Policy
from schemas.relations import NO_PASSAGE, RELATIONS
from schemas.view import View
from tests.questions.districts import named, stored

POLICY = Policy(name="t", label="t", version=1)
DAY = 20210101
VIEW = View(POLICY, date(2021, 1, 1))
KINDS = ("Enterprise", "PartyOrganization", "LiaisonPost", "LiaisonTeam", "Department", "Building", "IndustryAlliance", "Industry",
         "Subdistrict")
Answered = list[tuple[int, int, tuple[str, ...]]]


@st.composite
def districts(draw: st.DrawFn) -> list[Fact]:
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=2, max_size=9))
    bodies = [named(k, f"{k}{i}") for i, k in enumerate(kinds)]
    allowed = [(a, r.name, b) for a in bodies for b in bodies if a is not b
               for r in RELATIONS.values() if (kind_of(b.id) or "") in r.targets(kind_of(a.id) or "")]
    if not allowed:
        return [*bodies]
    chosen = draw(st.lists(st.sampled_from(allowed), max_size=20))
    spells = st.sampled_from([(20190101, OPEN), (0, OPEN), (20190101, 20200101), (20220101, OPEN)])
    facts = []
    for a, relation, b in chosen:
        start, end = draw(spells)
        basis: Basis = draw(st.sampled_from(("stated", "stated", "inferred")))
        facts.append(RelationFact(a.id, relation, b.id, start=start, end=end, basis=basis))
    return [*bodies, *{(f.source, f.type, f.target): f for f in facts}.values()]


def oracle(facts: Sequence[Fact], stops: Sequence[str], k: int, max_hops: int, *, barred: Sequence[str] = (), stated_only: bool = False,
           policy: Policy = POLICY) -> Answered:
    network: nx.Graph[str] = nx.Graph()
    network.add_nodes_from(f.id for f in facts if isinstance(f, BodyFact))
    for f in facts:
        if not isinstance(f, RelationFact):
            continue
        distance = policy.distance(f.type, kind_of(f.source) or "")
        since = f.start or 20200901
        shut = {b for b in (f.source, f.target) if b not in (stops[0], stops[-1]) and {b, kind_of(b)} & {*barred, *NO_PASSAGE}}
        if distance and since <= DAY < f.end and not shut and not (stated_only and f.basis != "stated"):
            known = network.get_edge_data(f.source, f.target, {"weight": 99})["weight"]
            network.add_edge(f.source, f.target, weight=min(known, distance))
    simple = (p for p in nx.all_simple_paths(network, stops[0], stops[-1], max_hops) if [x for x in p if x in stops] == list(stops))
    return sorted((nx.path_weight(network, p, "weight"), len(p) - 1, tuple(p)) for p in simple)[:k]


def answered(answer: Paths) -> Answered:
    return [(p.cost, p.hops, (p.steps[0].source.id, *(s.target.id for s in p.steps))) for p in answer.paths]


@settings(max_examples=120, deadline=None)
@given(districts(), st.integers(1, 4), st.integers(1, 6), st.booleans(), st.data())
def test_the_best_of_all_simple_paths(facts: list[Fact], k: int, max_hops: int, stated_only: bool, data: st.DataObject) -> None:
    bodies = [f.id for f in facts if isinstance(f, BodyFact)]
    stops = data.draw(st.lists(st.sampled_from(bodies), min_size=2, max_size=4, unique=True))
    others = [b for b in bodies if b not in stops]
    avoid = data.draw(st.lists(st.sampled_from([*others, "Building"]), max_size=2))
    if "Building" in avoid and any(kind_of(s) == "Building" for s in stops[1:-1]):
        avoid.remove("Building")
    with stored(facts) as engine:
        answer = paths(engine, stops[0], stops[-1], VIEW, k=k, via=stops[1:-1], avoid=avoid, max_hops=max_hops, stated_only=stated_only)
    expected = oracle(facts, stops, k, max_hops, barred=avoid, stated_only=stated_only)
    if any(kind_of(s) in NO_PASSAGE for s in stops[1:-1]):
        expected = []
    assert answered(answer) == expected
    assert answer.outcome == ("paths" if expected else "none") and answer.exact


WIDE = Policy(name="w", label="w", version=1, contact={"SUCCEEDED_BY": 3})
BY_DISTANCE = {1: "SUBORDINATE_TO", 2: "GREW_OUT_OF", 3: "SUCCEEDED_BY"}


@st.composite
def webs(draw: st.DrawFn) -> list[Fact]:
    """Party organisations, sparsely related, so that much need not be read."""
    random, size = draw(st.randoms(use_true_random=False)), draw(st.integers(8, 40))
    bodies = [named("PartyOrganization", f"第{i}党支部") for i in range(size)]
    pairs = {tuple(sorted(random.sample(range(size), 2))) for _ in range(draw(st.integers(size, 2 * size)))}
    return [*bodies, *(RelationFact(bodies[a].id, BY_DISTANCE[random.choice((1, 1, 2, 3))], bodies[b].id) for a, b in sorted(pairs))]


@settings(max_examples=300, deadline=None)
@given(webs(), st.integers(1, 4), st.integers(3, 7), st.sampled_from((2, 2, 3)), st.sampled_from((1, 2, 4, 50)), st.sampled_from((0, 5, 100)),
       st.data())
def test_wider_webs(facts: list[Fact], k: int, max_hops: int, passed: int, few: int, at_once: int, data: st.DataObject) -> None:
    """Whatever counts as a hub, and however much is read at once."""
    bodies = [f.id for f in facts if isinstance(f, BodyFact)]
    stops = data.draw(st.lists(st.sampled_from(bodies), min_size=passed, max_size=passed, unique=True))
    with stored(facts) as engine, patch.object(contacts, "FEW", few), patch.object(reach, "AT_ONCE", at_once):
        answer = paths(engine, stops[0], stops[-1], View(WIDE, date(2021, 1, 1)), k=k, via=stops[1:-1], max_hops=max_hops)
    assert answered(answer) == oracle(facts, stops, k, max_hops, policy=WIDE)


# -- one by one ----------------------------------------------------------------------------------------------------------------

DEPARTMENT, TEAM, ALLIANCE = named("Department", "税务局"), named("LiaisonTeam", "服务团队"), named("IndustryAlliance", "联盟")
UNIT, PARTY, FAR = named("Enterprise", "传媒公司"), named("PartyOrganization", "传媒党支部"), named("Enterprise", "银行")
INDUSTRY, LONELY = named("Industry", "广告业"), named("Enterprise", "孤岛公司")
DISTRICT: list[Fact] = [
    DEPARTMENT, TEAM, ALLIANCE, UNIT, PARTY, FAR, INDUSTRY, LONELY,
    RelationFact(DEPARTMENT.id, "STAFFS", TEAM.id), RelationFact(TEAM.id, "SERVES", ALLIANCE.id),
    RelationFact(UNIT.id, "MEMBER_OF", ALLIANCE.id, basis="inferred", reason="据报道推断"),
    RelationFact(PARTY.id, "FORMED_IN", UNIT.id), RelationFact(ALLIANCE.id, "GREW_OUT_OF", PARTY.id),
    RelationFact(UNIT.id, "IN_INDUSTRY", INDUSTRY.id), RelationFact(FAR.id, "IN_INDUSTRY", INDUSTRY.id),
]


def ask(start: str, end: str, **options: Any) -> Paths:
    with stored(DISTRICT) as engine:
        return paths(engine, start, end, VIEW, **options)


def names(answer: Paths) -> list[list[str]]:
    return [[s.target.name for s in p.steps] for p in answer.paths]


def test_inferred_hops_are_marked_and_can_be_excluded() -> None:
    answer = ask("税务局", "传媒公司")
    assert names(answer) == [["服务团队", "联盟", "传媒公司"], ["服务团队", "联盟", "传媒党支部", "传媒公司"]]
    assert [(p.cost, p.stated) for p in answer.paths] == [(3, False), (5, True)]
    last = answer.paths[0].steps[-1]
    assert (last.basis, last.reason, last.forward, last.label) == ("inferred", "据报道推断", False, "成员")
    assert last.evidence[0].file == "district.csv" and answer.paths[0].as_of
    assert names(ask("税务局", "传媒公司", stated_only=True)) == names(answer)[1:]


def test_an_industry_is_an_end_only() -> None:
    assert names(ask("传媒公司", "广告业")) == [["广告业"]]
    answer = ask("传媒公司", "银行")
    assert (answer.outcome, answer.paths) == ("none", ())
    assert [s.target.name for s in answer.start_contacts] == ["传媒党支部", "广告业", "联盟"]
    assert ([s.target.name for s in answer.end_contacts], answer.end_contacts_total) == (["广告业"], 1)


def test_a_path_passes_what_it_must_and_nothing_it_must_not() -> None:
    assert names(ask("税务局", "传媒公司", via=["传媒党支部"])) == [["服务团队", "联盟", "传媒党支部", "传媒公司"]]
    assert names(ask("税务局", "传媒公司", via=["联盟", "服务团队"])) == []
    assert names(ask("税务局", "传媒公司", via=["税务局", "联盟", "传媒公司"])) == names(ask("税务局", "传媒公司"))
    assert names(ask("税务局", "传媒公司", avoid=["党组织"])) == [["服务团队", "联盟", "传媒公司"]]
    assert names(ask("税务局", "传媒公司", avoid=["联盟"])) == []
    assert names(ask("税务局", "传媒公司", avoid=["单位"])) == names(ask("税务局", "传媒公司"))  # the ends are spared
    assert names(ask("税务局", "联盟", via=["广告业"])) == []


def test_what_holds_at_another_day() -> None:
    with stored(DISTRICT) as engine:
        before = paths(engine, "税务局", "传媒公司", View(POLICY, date(2019, 1, 1)))
    assert before.outcome == "none" and before.start_contacts == ()


def test_outcomes_and_errors_are_told_apart() -> None:
    assert ask("税务局", "孤岛公司").end_contacts_total == 0
    assert ask("税务局", "传媒公司", max_hops=2).outcome == "none"
    short = ask("税务局", "传媒公司", budget=2)
    assert (short.outcome, short.exact, short.truncated) == ("budget", False, True) and short.relationships_read <= 2
    with pytest.raises(UnknownBodyError) as unknown:
        ask("税务局", "传媒公司司")
    assert ("传媒公司" in [n for _, n in unknown.value.nearest]) and unknown.value.code == "body.unknown"
    for wrong in ({"k": 0}, {"max_hops": 13}):
        with pytest.raises(QuestionError):
            ask("税务局", "传媒公司", **wrong)
    with pytest.raises(QuestionError):
        ask("税务局", "税务局")


def test_parallel_relationships_are_one_hop_by_the_nearest_stated_one() -> None:
    above = named("PartyOrganization", "党委")
    facts: list[Fact] = [PARTY, above, RelationFact(PARTY.id, "GREW_OUT_OF", above.id),
                         RelationFact(PARTY.id, "SUBORDINATE_TO", above.id, basis="inferred")]
    with stored(facts) as engine:
        found, = paths(engine, "传媒党支部", "党委", VIEW).paths
        stated, = paths(engine, "传媒党支部", "党委", VIEW, stated_only=True).paths
    assert (found.cost, found.steps[0].relation, found.stated) == (1, "SUBORDINATE_TO", False)
    assert (stated.cost, stated.steps[0].relation, stated.stated) == (2, "GREW_OUT_OF", True)


# -- hubs ----------------------------------------------------------------------------------------------------------------------

def crowded(members: int) -> list[Fact]:
    """A committee above thousands of branches; one of them, and the committee, lead to the enterprises asked about."""
    top = named("PartyOrganization", "综合党委")
    branches = [named("PartyOrganization", f"第{i}党支部") for i in range(members)]
    units = [named("Enterprise", f"甲{i}公司") for i in range(3)]
    return [top, *branches, *units, *(RelationFact(b.id, "SUBORDINATE_TO", top.id) for b in branches),
            *(RelationFact(b.id, "FORMED_IN", u.id) for b, u in zip(branches, units, strict=False))]


def test_a_hub_is_not_read_where_it_can_be_helped() -> None:
    with stored(crowded(3_000)) as engine:
        answer = paths(engine, "甲0公司", "甲1公司", VIEW, k=1)
        assert [p.cost for p in answer.paths] == [4] and answer.relationships_read < 20
        several = paths(engine, "甲0公司", "甲1公司", VIEW, k=3)
        assert [p.cost for p in several.paths] == [4] and several.exact and several.relationships_read < 20
        assert paths(engine, "甲0公司", "综合党委", VIEW).relationships_read < 20
        assert _unreachable(engine).relationships_read < 10


def _unreachable(engine: SqliteEngine) -> Paths:
    with pytest.raises(UnknownBodyError):
        paths(engine, "甲0公司", "无此公司", VIEW)
    answer = paths(engine, "综合党委", "甲2公司", VIEW, max_hops=1)
    assert answer.outcome == "none" and answer.start_contacts_total == 3_000 and len(answer.start_contacts) == 20
    return answer
