"""Alliances and committees: members, what several share, what holds the network together."""

from __future__ import annotations

from datetime import date

import pytest

from graph.questions.network import alliances, shared_members
from schemas.dates import OPEN
from schemas.errors import QuestionError
from schemas.facts import Basis, BodyFact, Fact, RelationFact
from schemas.overviews import AllianceNetwork
from schemas.policy import Policy
from schemas.view import View
from tests.questions.districts import named, stored

VIEW = View(Policy(name="t", label="t", version=1), date(2021, 1, 1))
A, B, C, D = (named("IndustryAlliance", f"{x}联盟") for x in ("甲", "乙", "丙", "丁"))
COMMITTEE = named("BusinessDistrictCommittee", "商圈党委")
UNITS = [named("Enterprise", f"第{i}公司") for i in range(4)]
PARTY = named("PartyOrganization", "第一党支部")


def asked(*facts: Fact) -> AllianceNetwork:
    with stored([A, B, C, D, COMMITTEE, *UNITS, PARTY, *facts]) as engine:
        return alliances(engine, VIEW)


def member(body: int, alliance: BodyFact, basis: Basis = "stated", end: int = OPEN) -> RelationFact:
    return RelationFact(UNITS[body].id, "MEMBER_OF", alliance.id, "member", basis=basis, end=end)


def test_members_shared_members_and_pairs() -> None:
    found = asked(member(0, A), member(0, B), member(1, A), member(1, B, "inferred"), member(2, A), member(2, C, end=20200101),
                  RelationFact(PARTY.id, "MEMBER_OF", COMMITTEE.id, "member"))
    assert {b.name: n for b, n in found.alliances} == {"甲联盟": 3, "乙联盟": 2, "丙联盟": 0, "丁联盟": 0, "商圈党委": 1}
    assert [(m.body.name, [a.name for a in m.alliances], m.basis) for m in found.shared] == [
        ("第0公司", ["甲联盟", "乙联盟"], "stated"), ("第1公司", ["甲联盟", "乙联盟"], "inferred")]
    assert [(a.name, b.name, n) for a, b, n in found.pairs] == [("甲联盟", "乙联盟", 2)]
    assert (found.shared_total, found.bridges) == (2, ())


def test_bridges_are_what_the_network_would_fall_apart_without() -> None:
    found = asked(member(0, A), member(0, B), member(1, B), member(1, C), member(2, A))
    assert {b.name for b in found.bridges} == {"第0公司", "乙联盟", "第1公司"}
    ring = asked(member(0, A), member(0, B), member(1, B), member(1, C), member(2, C), member(2, A))
    assert ring.bridges == ()


def test_an_empty_district() -> None:
    with stored([]) as engine:
        assert alliances(engine, VIEW).alliances == ()


def test_pages_of_alliances_and_of_shared_members_make_the_whole() -> None:
    facts = [A, B, C, D, COMMITTEE, *UNITS, *(member(u, a) for u in range(4) for a in (A, B))]
    with stored(facts) as engine:
        whole, shared = alliances(engine, VIEW, limit=10), shared_members(engine, VIEW, limit=10)
        first = alliances(engine, VIEW, limit=2, members=1)
        assert first.page.cursor and (first.page.total, len(first.shared), first.pairs_total, first.bridges_total) == (5, 4, 1, 0)
        rest = [alliances(engine, VIEW, limit=2, cursor=first.page.cursor)]
        while rest[-1].page.cursor:
            rest.append(alliances(engine, VIEW, limit=2, cursor=rest[-1].page.cursor))
        assert [a for page in (first, *rest) for a in page.alliances] == [*whole.alliances]
        half = shared_members(engine, VIEW, limit=3)
        assert half.page.total == 4
        assert half.members + shared_members(engine, VIEW, limit=3, cursor=half.page.cursor).members == shared.members == whole.shared
        with pytest.raises(QuestionError, match="翻页标记"):
            alliances(engine, VIEW, cursor=half.page.cursor)
