"""The same metapath as SQL and as Cypher, side by side; user text is never part of a statement."""

from __future__ import annotations

import re
from datetime import date

import pytest

from graph.compile import cypher_subject, sql
from graph.compile.cypher import Cypher, chain
from graph.frame import Frame
from graph.walk import Plan
from schemas.metapath import parse
from schemas.policy import Policy
from schemas.view import View

FRAME = Frame(View(Policy(name="t", label="t", version=1), date(2024, 3, 1)))
PARTY = "BETWEEN 3298534883328 AND 4398046511103"

SIDE_BY_SIDE = [
    (
        "(:Unit)<-[:FORMED_IN]-(:PartyOrganization)",
        f"SELECT e1.dst FROM edge e1 WHERE e1.type = 5 AND e1.since <= :p0 AND e1.until > :p0 AND e1.stated AND e1.src {PARTY}",
        """MATCH (n0:Enterprise|SocialOrganization)<-[r1:FORMED_IN]-(n1:PartyOrganization)
           WHERE r1.since <= $p0 AND r1.until > $p0 AND r1.stated""",
    ),
    (
        "(:PartyOrganization)-[:SUBORDINATE_TO]->(:PartyOrganization)",
        f"""SELECT e1.src FROM edge e1 WHERE e1.type = 8 AND e1.since <= :p0 AND e1.until > :p0 AND e1.stated AND e1.src {PARTY}
            AND e1.dst {PARTY} AND e1.src <> e1.dst""",
        """MATCH (n0:PartyOrganization)-[r1:SUBORDINATE_TO]->(n1:PartyOrganization)
           WHERE r1.since <= $p0 AND r1.until > $p0 AND r1.stated AND n0 <> n1""",
    ),
    (
        "(:PartyOrganization)<-[:LIAISES_WITH {level: district}]-(:LiaisonPost)",
        f"""SELECT e1.dst FROM edge e1 WHERE e1.type = 14 AND e1.since <= :p0 AND e1.until > :p0 AND e1.stated
            AND (json_extract(e1.data, '$.v.level[0]') IN (:p1) AND json_extract(e1.data, '$.v.level[1]'))
            AND e1.dst {PARTY} AND e1.src BETWEEN 8796093022208 AND 9895604649983""",
        """MATCH (n0:PartyOrganization)<-[r1:LIAISES_WITH]-(n1:LiaisonPost) WHERE r1.since <= $p0 AND r1.until > $p0 AND r1.stated
           AND coalesce(r1.v_level IN $p1 AND r1.s_level, false)""",
    ),
    (
        "(:Building)<-[:STATIONED_AT]-(:LiaisonPost {sort: [instructor, liaison]})",
        """SELECT e1.dst FROM (SELECT DISTINCT v.id FROM value v WHERE v.field = :p1 AND v.value IN (:p2, :p3) AND v.stated
             AND v.id BETWEEN 8796093022208 AND 9895604649983) z CROSS JOIN edge e1
           WHERE e1.type = 15 AND e1.src = z.id AND e1.since <= :p0 AND e1.until > :p0 AND e1.stated
             AND e1.dst BETWEEN 13194139533312 AND 14293651161087""",
        """MATCH (n0:Building)<-[r1:STATIONED_AT]-(n1:LiaisonPost) WHERE r1.since <= $p0 AND r1.until > $p0 AND r1.stated
           AND any(v IN coalesce(n1.s_sort, []) WHERE v IN $p1)""",
    ),
]


def squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


@pytest.mark.parametrize(("metapath", "as_sql", "as_cypher"), SIDE_BY_SIDE)
def test_a_metapath_in_both_dialects(metapath: str, as_sql: str, as_cypher: str) -> None:
    arm = sql.chain(sql.Sql(FRAME), parse(metapath), certain=True)
    assert squeeze(arm.select(arm.nodes[0])) == squeeze(as_sql)
    assert squeeze(chain(Cypher(FRAME), parse(metapath), certain=True).text) == squeeze(as_cypher)


def test_what_users_write_is_never_part_of_the_statement() -> None:
    hostile = "x'}) DETACH DELETE n //"
    path = parse(f'(:Enterprise)-[:LOCATED_IN]->(:Building {{name: "{hostile}"}})')
    statement = cypher_subject.around((Plan([path], FRAME), "Enterprise"), FRAME)
    assert "DELETE" not in statement.text.upper()
    assert any("delete" in str(v) for v in statement.params.values())


def test_what_leaves_a_body_and_its_neighbours_is_one_statement() -> None:
    """Ways that share a hop share an arm; a neighbour from which no way goes on is not followed."""
    paths = [parse(f"(:Enterprise)-[:LOCATED_IN]->(:Building)<-[:{r}]-(:{k})") for r, k in (("SERVES", "LiaisonTeam"), ("COVERS", "PartyOrganization"))]
    paths.append(parse("(:Enterprise)<-[:FORMED_IN]-(:PartyOrganization)"))
    text = squeeze(cypher_subject.around((Plan(paths, FRAME), "Enterprise"), FRAME).text)
    assert text.count("[e:LOCATED_IN]") == 1
    assert text.count("WHEN m:Building THEN") == 1
    assert re.findall(r"MATCH (\(m\)\S+\(o\))", text) == ["(m)<-[f:SERVES]-(o)", "(m)<-[f:COVERS]-(o)"]
