"""Metapaths and the SQL they become, side by side. Statements run against an empty store, so that none is only text."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from graph.compile.sql import Sql, chain, closed
from graph.compile.sql_requirement import scan_counts
from graph.compile.sql_subject import leaving
from graph.engines.sqlite_schema import open_store
from graph.frame import Frame, Statement
from graph.walk import Plan
from schemas.metapath import parse
from schemas.policy import Policy, Requirement
from schemas.view import View

EMPTY = Frame(View(Policy(name="t", label="t", version=1), date(2024, 3, 1)))


def squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


SIDE_BY_SIDE = [
    (  # one hop, by stated relationships: the set is read from the far side's index, no join at all
        "(:Unit)<-[:FORMED_IN]-(:PartyOrganization)",
        """SELECT e1.dst FROM edge e1 WHERE e1.type = 5 AND e1.since <= :p0 AND e1.until > :p0 AND e1.stated
           AND e1.src BETWEEN 3298534883328 AND 4398046511103""",
    ),
    (  # a predicate at the end: the few bodies that have the value come first
        "(:Building)<-[:COVERS]-(:PartyOrganization {form: joint})",
        """SELECT e1.dst FROM (SELECT DISTINCT v.id FROM value v WHERE v.field = :p1 AND v.value IN (:p2) AND v.stated
             AND v.id BETWEEN 3298534883328 AND 4398046511103) z CROSS JOIN edge e1
           WHERE e1.type = 6 AND e1.src = z.id AND e1.since <= :p0 AND e1.until > :p0 AND e1.stated
             AND e1.dst BETWEEN 13194139533312 AND 14293651161087 AND e1.src BETWEEN 3298534883328 AND 4398046511103""",
    ),
    (  # no body twice: positions of the same kind differ
        "(:PartyOrganization)-[:SUBORDINATE_TO]->(:PartyOrganization)",
        """SELECT e1.src FROM edge e1 WHERE e1.type = 8 AND e1.since <= :p0 AND e1.until > :p0 AND e1.stated
             AND e1.src BETWEEN 3298534883328 AND 4398046511103 AND e1.dst BETWEEN 3298534883328 AND 4398046511103
             AND e1.src <> e1.dst""",
    ),
    (  # a relationship predicate
        "(:PartyOrganization)<-[:LIAISES_WITH {level: district}]-(:LiaisonPost)",
        """SELECT e1.dst FROM edge e1 WHERE e1.type = 14 AND e1.since <= :p0 AND e1.until > :p0 AND e1.stated
             AND (json_extract(e1.data, '$.v.level[0]') IN (:p1) AND json_extract(e1.data, '$.v.level[1]'))
             AND e1.dst BETWEEN 3298534883328 AND 4398046511103 AND e1.src BETWEEN 8796093022208 AND 9895604649983""",
    ),
]


@pytest.mark.parametrize(("metapath", "sql"), SIDE_BY_SIDE)
def test_a_metapath_and_the_set_of_subjects_for_which_it_is_true(metapath: str, sql: str, tmp_path: Path) -> None:
    builder = Sql(EMPTY)
    arm = chain(builder, parse(metapath), certain=True)
    assert squeeze(arm.select(arm.nodes[0])) == squeeze(sql)
    db = open_store(tmp_path / "s.db", create=True)
    assert db.execute(arm.select(arm.nodes[0]), builder.params).fetchall() == []


def test_a_hop_is_closed_by_a_statement_whose_scope_holds_the_body() -> None:
    scope = parse("(:Enterprise)-[:IN_SUBDISTRICT]->(:Subdistrict {name: 天山路街道})")
    stated = Statement((scope,), parse("(:Enterprise)<-[:FORMED_IN]-(:PartyOrganization)"))
    frame = Frame(EMPTY.view, (stated,))
    path = parse("(:Enterprise)<-[:FORMED_IN]-(:PartyOrganization)")
    test = closed(Sql(frame), "n.id", path.hops[0], path.positions[0], path.positions[1])
    assert squeeze(test) == squeeze("""((n.id IN (SELECT c1.src FROM (SELECT id FROM name WHERE value IN (:p1) AND scheme = 'name') z
        CROSS JOIN edge c1 WHERE c1.type = 3 AND c1.dst = z.id AND c1.since <= :p0 AND c1.until > :p0 AND c1.stated
        AND c1.src BETWEEN 1099511627776 AND 2199023255551)))""")


def test_a_wider_question_is_not_closed_by_a_narrower_statement() -> None:
    narrow = Statement((parse("(:Building)"),), parse("(:Building)<-[:COVERS]-(:PartyOrganization {form: joint})"))
    frame = Frame(EMPTY.view, (narrow,))
    wide, same = (parse(f"(:Building)<-[:COVERS]-(:PartyOrganization{w})") for w in ("", " {form: joint}"))
    assert closed(Sql(frame), "x", wide.hops[0], wide.positions[0], wide.positions[1]) == "0"
    assert closed(Sql(frame), "x", same.hops[0], same.positions[0], same.positions[1]) != "0"


REQUIREMENTS = [
    Requirement(id="a", label="a", subject="(:Unit {full_member_band: '3+'})", metapath="(:Unit)<-[:FORMED_IN]-(:PartyOrganization)"),
    Requirement(id="b", label="b", subject="(:PartyOrganization {form: joint})", metapath="(:PartyOrganization)-[:COVERS]->(:Unit)",
                at_most=5),
    Requirement(id="c", label="c", subject="(:Station {zone: true})",
                all=("(:Station {functions: terminals})", "(:Station {functions: policy_advice})")),
    Requirement(id="d", label="d", subject="(:Unit)", coverage=True),
    Requirement(id="e", label="e", subject="(:Building)", metapath="(:Building)<-[:STATIONED_AT]-(:LiaisonPost)", exactly=2),
]


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=lambda r: r.id)
def test_every_form_of_requirement_is_one_statement_that_runs(requirement: Requirement, tmp_path: Path) -> None:
    statement = scan_counts(requirement, EMPTY, [parse("(:Unit)-[:LOCATED_IN]->(:Building {name: 东银中心})")])
    assert open_store(tmp_path / "s.db", create=True).execute(statement.text, statement.params).fetchall() == [(0, 0, 0, 0)]


def test_what_users_write_is_never_part_of_the_statement() -> None:
    hostile = "x'; DROP TABLE node; --"
    path = parse(f'(:Enterprise)-[:LOCATED_IN]->(:Building {{name: "{hostile}"}})')
    statement = leaving((Plan([path], EMPTY), "Enterprise"), EMPTY)
    assert "DROP" not in statement.text
    assert any("drop" in str(v) for v in statement.params.values())


def test_two_positions_never_rest_on_each_other() -> None:
    """MEMBER_OF leads from posts to teams and from units to alliances: asked for posts and teams, it must not find the others."""
    arm = chain(Sql(EMPTY), parse("(:LiaisonPost)-[:MEMBER_OF]->(:LiaisonTeam)"), certain=True)
    assert "e1.src BETWEEN" in arm.select("1") or "e1.dst BETWEEN" in arm.select("1")
