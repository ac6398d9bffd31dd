"""Members against published counts: each member in one group, placeholders for what is still to come."""

from __future__ import annotations

from datetime import date

import pytest

import graph
from schemas.errors import QuestionError
from schemas.facts import BodyFact, DeclarationFact, RelationFact, Value
from schemas.identifiers import public_id
from schemas.view import View
from tests.questions.districts import named, stored

VIEW = View(graph.policy("changning"), date(2021, 1, 1))
COMMITTEE, STREET = named("BusinessDistrictCommittee", "甲商圈党委"), named("Subdistrict", "甲街道")
JOINT, OTHER = (BodyFact(public_id("PartyOrganization", "name", n), n, fields=(("form", Value(f)),))
                for n, f in (("甲", "joint"), ("乙", "own")))
NO_FORM = named("PartyOrganization", "丙")
COUNT = DeclarationFact({"type": "count", "id": "joint", "label": "联合党组织", "number": 5, "comparator": ">",
                         "pattern": "(:PartyOrganization {form: joint})-[:MEMBER_OF]->(:BusinessDistrictCommittee {name: 甲商圈党委})"})
ELSEWHERE = DeclarationFact({"type": "count", "id": "all", "label": "党组织", "number": 50, "pattern": "(:PartyOrganization)"})
MEMBERS = [RelationFact(b.id, "MEMBER_OF", COMMITTEE.id) for b in (JOINT, OTHER, NO_FORM)]
FACTS = [COMMITTEE, STREET, JOINT, OTHER, NO_FORM, COUNT, ELSEWHERE, *MEMBERS, RelationFact(STREET.id, "ESTABLISHED", COMMITTEE.id)]


def test_members_stand_by_published_count_then_by_form() -> None:
    with stored(FACTS) as engine:
        answer = graph.committee(engine, "甲商圈党委", VIEW)
    groups = [(g.label, [s.target.name for s in g.members]) for g in answer.groups]
    assert groups == [("联合党组织", ["甲"]), ("党组织：单独", ["乙"]), ("党组织：组建形式未登记", ["丙"])]
    count = answer.groups[0].count
    assert count and (count.placeholder_low, count.placeholder_text) == (4, "多于 4")
    assert [(s.label, s.target.name) for s in answer.around] == [("组建者", "甲街道")]
    assert answer.page.total == 3 and not answer.page.truncated


def test_pages_make_the_whole() -> None:
    with stored(FACTS) as engine:
        first = graph.committee(engine, "甲商圈党委", VIEW, limit=2)
        second = graph.committee(engine, "甲商圈党委", VIEW, limit=2, cursor=first.page.cursor)
    assert (first.page.truncated, first.page.total, second.page.cursor) == (True, 3, None)
    assert [(g.total, len(g.members)) for g in first.groups] == [(1, 1), (1, 1), (1, 0)]
    assert [(g.total, len(g.members)) for g in second.groups] == [(1, 0), (1, 0), (1, 1)]


def test_members_that_have_left_are_none() -> None:
    left = RelationFact(JOINT.id, "MEMBER_OF", COMMITTEE.id, end=20200101)
    with stored([COMMITTEE, JOINT, COUNT, left]) as engine:
        answer = graph.committee(engine, COMMITTEE.id, VIEW)
    assert [(g.total, g.count.placeholder_low) for g in answer.groups if g.count] == [(0, 5)]


def test_what_has_no_members_is_refused() -> None:
    with stored(FACTS) as engine, pytest.raises(QuestionError, match="没有成员"):
        graph.committee(engine, STREET.id, VIEW)
