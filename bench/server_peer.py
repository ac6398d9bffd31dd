"""Cypher as one would write it by hand for the bundled policy: the peer of the Neo4j store's questions."""

from __future__ import annotations

from neo4j import Session

# a relationship in force, or that may be; stated and in force
AT = "{0}.until > $day AND ({0}.since <= $day OR {0}.start = 0)"
SURE = "{0}.stated AND {0}.since <= $day"
FULL = SURE + " AND {0}.until > $day"
EDGE = "[type({0}), {0}.role, {0}.start, {0}.until, {0}.stated, {0}.data, {0}.rows]"
NODE = "[{0}.id, {0}.name, {0}.rows]"


def _one(way: str, pattern: str, may: str = "", sure: str = "") -> str:
    """An arm of one hop, to ``o`` by ``r``."""
    also = f" AND ({may})" if may else ""
    certain = SURE.format("r") + (f" AND ({sure})" if sure else "")
    return (f"MATCH (n){pattern} WHERE {AT.format('r')}{also}"
            f" RETURN '{way}' AS way, {certain} AS certain, [{NODE.format('o')}] AS bodies, [{EDGE.format('r')}] AS edges")


def _two(way: str, pattern: str, may: str = "", sure: str = "") -> str:
    """An arm of two hops, to ``m`` by ``q`` and on to ``o`` by ``r``."""
    also = f" AND ({may})" if may else ""
    certain = f"{SURE.format('q')} AND {SURE.format('r')}" + (f" AND ({sure})" if sure else "")
    return (f"MATCH (n){pattern} WHERE {AT.format('q')} AND {AT.format('r')}{also} RETURN '{way}' AS way, {certain} AS certain,"
            f" [{NODE.format('m')}, {NODE.format('o')}] AS bodies, [{EDGE.format('q')}, {EDGE.format('r')}] AS edges")


def _is(field: str, *values: str) -> tuple[str, str]:
    """(a node ``o`` may have one of the values, it is stated to)."""
    listed = ", ".join(f"'{v}'" for v in values)
    return (f"NOT coalesce(o.c_{field}, false) OR any(v IN o.v_{field} WHERE v IN [{listed}])",
            f"any(v IN coalesce(o.s_{field}, []) WHERE v IN [{listed}])")


JOINT, POST, MASS, WORKER = _is("form", "joint"), _is("sort", "instructor", "liaison"), _is("sort", "trade_union", "youth_league"), _is(
    "sort", "full_time_worker")
LEVEL = ("NOT coalesce(r.s_level, false) OR r.v_level = 'district'", "coalesce(r.s_level AND r.v_level = 'district', false)")
# the sub-districts $inside are registered in full: whether a building or park, a unit is in one
INSIDE = f"EXISTS {{ MATCH (m)-[p:PART_OF]->(d:Subdistrict) WHERE {FULL.format('p')} AND d.name_normal IN $inside }}"
CLOSED = (f"EXISTS {{ MATCH (n)-[q:LOCATED_IN]->(m:Building|Park) WHERE {FULL.format('q')} AND {INSIDE} }}"
          f" OR EXISTS {{ MATCH (n)-[q:IN_SUBDISTRICT]->(d:Subdistrict) WHERE {FULL.format('q')} AND d.name_normal IN $inside }}")
PLACES = f"COLLECT {{ MATCH (n)-[q:LOCATED_IN]->(m:Building|Park) WHERE {AT.format('q')} RETURN [m:Park, {INSIDE}] }}"
WAYS = " UNION ALL ".join([
    _one("own", "<-[r:FORMED_IN]-(o:PartyOrganization)"),
    _one("joint", "<-[r:COVERS]-(o:PartyOrganization)", *JOINT),
    _two("joint-building", "-[q:LOCATED_IN]->(m:Building)<-[r:COVERS]-(o:PartyOrganization)", *JOINT),
    _two("joint-park", "-[q:LOCATED_IN]->(m:Park)<-[r:COVERS]-(o:PartyOrganization)", *JOINT),
    _one("instructor", "<-[r:LIAISES_WITH]-(o:LiaisonPost)", *POST),
    _one("own-liaison", "<-[r:FORMED_IN]-(o:LiaisonPost)", *POST),
    _one("own-mass", "<-[r:FORMED_IN]-(o:MassOrganization)", *MASS),
    _one("joint-mass", "<-[r:COVERS]-(o:MassOrganization)", *MASS),
    _two("district-contact-organisation", "<-[q:FORMED_IN]-(m:PartyOrganization)<-[r:LIAISES_WITH]-(o:LiaisonPost)", *LEVEL),
    _one("district-contact", "<-[r:LIAISES_WITH]-(o:LiaisonPost)", *LEVEL),
    _one("alliance", "-[r:MEMBER_OF]->(o:IndustryAlliance)"),
    _two("alliance-organisation", "<-[q:FORMED_IN]-(m:PartyOrganization)-[r:MEMBER_OF]->(o:IndustryAlliance)"),
    _one("service-team", "<-[r:LIAISES_WITH]-(o:LiaisonTeam)"),
    _two("building-worker", "-[q:LOCATED_IN]->(m:Building|Park)<-[r:STATIONED_AT]-(o:LiaisonPost)", *WORKER),
    _two("building-team", "-[q:LOCATED_IN]->(m:Building)<-[r:SERVES]-(o:LiaisonTeam)"),
    _two("station", "-[q:LOCATED_IN]->(m:Building|Park)<-[r:LOCATED_IN]-(o:Station)"),
])
COVERAGE = (f"MATCH (n:Body {{id: $id}}) RETURN [n.id, n.name, n.rows] AS subject, {CLOSED} AS closed, {PLACES} AS places,"
            f" COLLECT {{ CALL (n) {{ {WAYS} }} RETURN [way, certain, bodies, edges] }} AS matches")

# covered directly or through the building or park, as one set; the units that are not in it are the gaps
GAPS = """
CALL () {
    MATCH (x:Enterprise|SocialOrganization)<-[r:FORMED_IN]-(:PartyOrganization)
        WHERE r.stated AND r.since <= $day AND r.until > $day RETURN x
    UNION MATCH (o:PartyOrganization)-[r:COVERS]->(x:Enterprise|SocialOrganization)
        WHERE 'joint' IN o.s_form AND r.stated AND r.since <= $day AND r.until > $day RETURN x
    UNION MATCH (o:PartyOrganization)-[r:COVERS]->(m:Building|Park)<-[q:LOCATED_IN]-(x:Enterprise|SocialOrganization)
        WHERE 'joint' IN o.s_form AND r.stated AND r.since <= $day AND r.until > $day AND q.stated AND q.since <= $day AND q.until > $day
        RETURN x
    UNION MATCH (o:LiaisonPost)-[r:FORMED_IN|LIAISES_WITH]->(x:Enterprise|SocialOrganization)
        WHERE any(v IN o.s_sort WHERE v IN ['instructor', 'liaison']) AND r.stated AND r.since <= $day AND r.until > $day RETURN x
    UNION MATCH (o:MassOrganization)-[r:FORMED_IN|COVERS]->(x:Enterprise|SocialOrganization)
        WHERE any(v IN o.s_sort WHERE v IN ['trade_union', 'youth_league']) AND r.stated AND r.since <= $day AND r.until > $day RETURN x
}
WITH sum(CASE WHEN x.ended > $day THEN 1 ELSE 0 END) AS covered
MATCH (u:Enterprise|SocialOrganization) WHERE u.ended > $day
RETURN count(u) AS units, covered
"""


def _units(number: int, pattern: str, may: str = "", sure: str = "") -> str:
    """The units ``x`` that ``o`` covers by ``r``: surely (``yes``), or as far as is known (``maybe``)."""
    also = f" AND ({may})" if may else ""
    certain = SURE.format("r") + (f" AND ({sure})" if sure else "")
    return (f"CALL () {{ MATCH {pattern}(x:Enterprise|SocialOrganization) WHERE {AT.format('r')}{also} WITH x, {certain} AS sure"
            f" RETURN collect(CASE WHEN sure THEN x END) AS yes{number}, collect(CASE WHEN NOT sure THEN x END) AS maybe{number} }}")


# the same with three values: a unit is a gap only if all that could cover it is registered, so who is in a place that is registered in
# full, and who is in another one; each place is looked at once, and who is in it read once
THREE_VALUED = f"""
CALL () {{
    MATCH (m:Building|Park)
    WITH m, {INSIDE} AS inside, COLLECT {{
        MATCH (m)<-[r:COVERS]-(o:PartyOrganization) WHERE {AT.format('r')} AND ({JOINT[0]})
        RETURN {SURE.format('r')} AND {JOINT[1]} }} AS by
    WITH m, inside, true IN by AS covered, size(by) > 0 AS maybe
    MATCH (m)<-[q:LOCATED_IN]-(x:Enterprise|SocialOrganization) WHERE {AT.format('q')}
    WITH x, inside, covered, maybe, {SURE.format('q')} AS sure
    RETURN collect(CASE WHEN sure AND covered THEN x END) AS yes0, collect(CASE WHEN maybe AND NOT (sure AND covered) THEN x END) AS maybe0,
        collect(CASE WHEN sure AND inside THEN x END) AS closed0, collect(CASE WHEN NOT inside THEN x END) AS open
}}
CALL () {{
    MATCH (d:Subdistrict)<-[q:IN_SUBDISTRICT]-(x:Enterprise|SocialOrganization) WHERE d.name_normal IN $inside AND {FULL.format('q')}
    RETURN collect(x) AS closed1
}}
{_units(1, "(o:PartyOrganization)-[r:FORMED_IN]->")}
{_units(2, "(o:PartyOrganization)-[r:COVERS]->", *JOINT)}
{_units(3, "(o:LiaisonPost)-[r:FORMED_IN|LIAISES_WITH]->", *POST)}
{_units(4, "(o:MassOrganization)-[r:FORMED_IN|COVERS]->", *MASS)}
CALL () {{ MATCH (x:Body) WHERE x.id IN $exempt RETURN collect(x) AS exempt }}
WITH exempt, closed0 + closed1 AS closed, yes0 + yes1 + yes2 + yes3 + yes4 AS covered,
    maybe0 + maybe1 + maybe2 + maybe3 + maybe4 + open AS unsure
MATCH (x:Enterprise|SocialOrganization) WHERE x.ended > $day
RETURN CASE WHEN x IN covered THEN 'ok' WHEN x IN exempt THEN 'exempt' WHEN x IN closed AND NOT x IN unsure THEN 'gap' ELSE 'not_known' END
    AS state, count(*) AS number
"""
WITH_CONTACT = """
UNWIND $ids AS id MATCH (n:Body {id: id})
WHERE EXISTS { (n)<-[:FORMED_IN|COVERS|LIAISES_WITH]-() } OR EXISTS { (n)-[:LOCATED_IN|MEMBER_OF]->() } RETURN id
"""


def gaps(session: Session, day: int) -> tuple[int, int]:
    """(units, covered ones)."""
    units, covered = session.run(GAPS, day=day).single(strict=True).values()
    return units, covered


def states(session: Session, day: int, inside: list[str], exempt: list[str]) -> dict[str, int]:
    """State -> number of units."""
    return dict(session.run(THREE_VALUED, day=day, inside=inside, exempt=exempt).values())
