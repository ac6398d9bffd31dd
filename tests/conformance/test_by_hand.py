"""Rules that random districts seldom meet, by hand: the engine, the reference and the semantics say the same."""

from __future__ import annotations

from datetime import date

import pytest

from graph.parts import FALSE, OPEN_HOPS, POSSIBLE, TRUE
from graph.questions.reconciliation import reconcile
from schemas.declarations import Completeness, Count
from schemas.facts import BodyFact, DeclarationFact, Fact, Import, RelationFact, Row, Value
from schemas.identifiers import public_id
from schemas.metapath import parse
from schemas.policy import Policy, Requirement
from tests.conformance import reference
from tests.conformance.checks import requirements_and_their_pages
from tests.conformance.reference import Loaded
from tests.conformance.support import Fresh, asking, seen

POLICY = Policy(name="p", label="p", version=1)
DAY = date(2021, 1, 1)
PARTY, UNIT, OTHER = (BodyFact(public_id(k, "name", n), n) for k, n in (("PartyOrganization", "支部"), ("Enterprise", "甲"), ("Enterprise", "乙")))
ALLIANCE = BodyFact(public_id("IndustryAlliance", "name", "联盟"), "联盟")


def rows(*facts: Fact, as_of: int = 20200901, number: int = 1) -> Loaded:
    return Import(number, str(number), f"{number}.csv", "源", as_of), tuple(Row(i, str(i), (f,)) for i, f in enumerate(facts, 2))


def declared(d: Completeness | Count) -> DeclarationFact:
    return DeclarationFact(d.model_dump())


def score(fresh: Fresh, path: str, subject: str, *loaded: Loaded) -> int:
    """The score that the reference gives, once the engine has been found to give the same."""
    engine, asked = seen(fresh, loaded, POLICY, DAY)
    expected = asked.score(parse(path), subject)
    alone = path.replace(")", f" {{id: '{subject}'}})", 1)
    with asking(engine, asked.view) as (snapshot, frame):
        assert snapshot.scores(parse(alone), frame)[expected] == 1
    return expected


@pytest.mark.parametrize(("basis", "expected"), [("stated", FALSE), ("inferred", OPEN_HOPS)])
def test_only_a_stated_value_closes_what_a_body_has_once(fresh: Fresh, basis: str, expected: int) -> None:
    unit = BodyFact(UNIT.id, UNIT.name, (), (("key", Value("false")),))
    formed = RelationFact(PARTY.id, "FORMED_IN", UNIT.id, basis=basis)  # type: ignore[arg-type]  # a parameter is plain text
    path = "(:PartyOrganization)-[:FORMED_IN]->(:Enterprise {key: true})"
    assert score(fresh, path, PARTY.id, rows(unit, PARTY, formed)) == expected


def test_a_hop_to_several_kinds_is_closed_if_it_is_for_each(fresh: Fresh) -> None:
    formed = RelationFact(PARTY.id, "FORMED_IN", UNIT.id)
    path = "(:PartyOrganization)-[:FORMED_IN]->(:Unit {key: true})"
    unit = BodyFact(UNIT.id, UNIT.name, (), (("key", Value("false")),))
    assert score(fresh, path, PARTY.id, rows(unit, PARTY, formed)) == OPEN_HOPS


@pytest.mark.parametrize(("asked", "expected"), [("", OPEN_HOPS), (" {role: leader}", FALSE), (" {role: [leader, member]}", OPEN_HOPS)])
def test_a_statement_closes_what_is_as_narrow(fresh: Fresh, asked: str, expected: int) -> None:
    stated = declared(Completeness(scope=("(:Enterprise)",), hop="(:Enterprise)-[:MEMBER_OF {role: leader}]->(:IndustryAlliance)"))
    path = f"(:Enterprise)-[:MEMBER_OF{asked}]->(:IndustryAlliance)"
    assert score(fresh, path, UNIT.id, rows(UNIT, ALLIANCE, stated)) == expected


@pytest.mark.parametrize("alone", [False, True])
@pytest.mark.parametrize(("start", "until", "expected"), [("2020-01", "2020-06", OPEN_HOPS), ("2020-01", "2022", FALSE), ("2021-02", "2022", FALSE)])
def test_a_newer_statement_of_the_same_takes_the_place_of_the_older(fresh: Fresh, alone: bool, start: str, until: str, expected: int) -> None:
    scope, hop = f"(:Enterprise {{id: '{UNIT.id}'}})" if alone else "(:Enterprise)", "(:Enterprise)-[:MEMBER_OF]->(:IndustryAlliance)"
    older, newer = (declared(Completeness(scope=(scope,), hop=hop, start=s, until=u)) for s, u in (("2020-01", "2022"), (start, until)))
    assert score(fresh, hop, UNIT.id, rows(UNIT, older), rows(newer, as_of=20201001, number=2)) == expected


def test_a_start_that_is_not_known_is_probable_before_its_as_of(fresh: Fresh) -> None:
    formed = RelationFact(PARTY.id, "FORMED_IN", UNIT.id)
    path = "(:Enterprise)<-[:FORMED_IN]-(:PartyOrganization)"
    assert score(fresh, path, UNIT.id, rows(UNIT, PARTY, formed)) == TRUE
    assert score(fresh, path, UNIT.id, rows(UNIT, PARTY, formed, as_of=20210601)) == POSSIBLE


def test_the_parts_of_a_count_are_ranges_where_the_class_is_not_recorded(fresh: Fresh) -> None:
    stations = [BodyFact(public_id("Station", "name", n), n, (), (("zone", Value("true")), *c)) for n, c in (
        ("一", (("zone_class", Value("A")),)), ("二", ()), ("三", (("zone_class", Value("B")),)))]
    whole = Count(id="w", label="w", pattern="(:Station {zone: true})", number=5)
    part = Count(id="a", label="a", pattern="(:Station {zone: true, zone_class: A})", number=4, part_of="w")
    engine, asked = seen(fresh, [rows(*stations, declared(whole), declared(part))], POLICY, DAY)
    told = {c.id: (c.registered_low, c.registered_high, c.possible, c.placeholder_low, c.placeholder_high)
            for c in reconcile(engine, asked.view).counts}
    assert told == reference.reconcile(asked) == {"w": (3, 3, 0, 2, 2), "a": (1, 2, 1, 2, 3)}


def test_coverage_is_asked_for_where_no_way_counts(fresh: Fresh) -> None:
    """Seed 10033 of the very many districts."""
    rule = Requirement.model_validate({"id": "r", "label": "r", "subject": "(:Unit)", "coverage": True})
    engine, asked = seen(fresh, [rows(UNIT)], POLICY.model_copy(update={"requirements": (rule,)}), DAY)
    answer = requirements_and_their_pages(engine, asked, None)
    assert answer and [(g.subject.id, g.state) for g in answer.gaps] == [(UNIT.id, "gap")]
