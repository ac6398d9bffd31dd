"""How bodies belong to a sub-district, business district, building, park or industry: metapaths from the body to the place.

Scopes of questions and the groups of statistics are the same paths; a body belongs where one of them is TRUE.
"""

from __future__ import annotations

from functools import lru_cache

from schemas.metapath import Metapath, parse

DIMENSIONS = {"subdistrict": "Subdistrict", "business-district": "BusinessDistrict", "building": "Building", "industry": "Industry"}
DIMENSION_LABELS = {"subdistrict": "街镇", "business-district": "商圈", "building": "楼宇", "industry": "行业", "type": "类型"}
PLACES = "Building|Park"

PATHS: dict[str, tuple[str, ...]] = {
    "Subdistrict": (
        "(:Unit|Station)-[:IN_SUBDISTRICT]->(:Subdistrict)",
        f"(:Unit|Station)-[:LOCATED_IN]->(:{PLACES})-[:PART_OF]->(:Subdistrict)",
        "(:Unit|Station)-[:LOCATED_IN]->(:Building)-[:PART_OF]->(:Park|BusinessDistrict)-[:PART_OF]->(:Subdistrict)",
        f"(:{PLACES}|BusinessDistrict)-[:PART_OF]->(:Subdistrict)",
        "(:Building)-[:PART_OF]->(:Park|BusinessDistrict)-[:PART_OF]->(:Subdistrict)",
        "(:PartyOrganization|MassOrganization|LiaisonPost)-[:FORMED_IN]->(:Unit)-[:IN_SUBDISTRICT]->(:Subdistrict)",
        f"(:PartyOrganization|MassOrganization|LiaisonPost)-[:FORMED_IN]->(:Unit)-[:LOCATED_IN]->(:{PLACES})-[:PART_OF]->(:Subdistrict)",
        f"(:Organisation|MassOrganization)-[:COVERS]->(:{PLACES})-[:PART_OF]->(:Subdistrict)",
        f"(:LiaisonPost)-[:STATIONED_AT]->(:{PLACES})-[:PART_OF]->(:Subdistrict)",
        "(:LiaisonPost)<-[:EMPLOYS]-(:Subdistrict)",
        "(:LiaisonTeam)<-[:STAFFS]-(:Subdistrict)",
        "(:Organisation|MassOrganization)<-[:ESTABLISHED]-(:Subdistrict)",
        "(:Subdistrict)",
    ),
    "BusinessDistrict": (
        "(:Unit|Station)-[:LOCATED_IN]->(:Building)-[:PART_OF]->(:BusinessDistrict)",
        "(:Building)-[:PART_OF]->(:BusinessDistrict)",
        "(:PartyOrganization|MassOrganization|LiaisonPost)-[:FORMED_IN]->(:Unit)-[:LOCATED_IN]->(:Building)-[:PART_OF]->(:BusinessDistrict)",
        "(:Organisation|MassOrganization)-[:COVERS]->(:Building)-[:PART_OF]->(:BusinessDistrict)",
        "(:LiaisonPost)-[:STATIONED_AT]->(:Building)-[:PART_OF]->(:BusinessDistrict)",
        "(:BusinessDistrictCommittee)-[:CENTRED_ON]->(:BusinessDistrict)",
        "(:BusinessDistrict)",
    ),
    "Building": (
        "(:Unit|Station)-[:LOCATED_IN]->(:Building)",
        "(:PartyOrganization|MassOrganization|LiaisonPost)-[:FORMED_IN]->(:Unit)-[:LOCATED_IN]->(:Building)",
        "(:Organisation|MassOrganization)-[:COVERS]->(:Building)",
        "(:LiaisonPost)-[:STATIONED_AT]->(:Building)",
        "(:Building)",
    ),
    "Park": (
        "(:Unit|Station)-[:LOCATED_IN]->(:Park)",
        "(:Unit|Station)-[:LOCATED_IN]->(:Building)-[:PART_OF]->(:Park)",
        "(:Building)-[:PART_OF]->(:Park)",
        "(:PartyOrganization|MassOrganization|LiaisonPost)-[:FORMED_IN]->(:Unit)-[:LOCATED_IN]->(:Park)",
        "(:Organisation|MassOrganization)-[:COVERS]->(:Park)",
        "(:LiaisonPost)-[:STATIONED_AT]->(:Park)",
        "(:Park)",
    ),
    "Industry": (
        "(:Unit)-[:IN_INDUSTRY]->(:Industry)",
        "(:PartyOrganization|MassOrganization|LiaisonPost)-[:FORMED_IN]->(:Unit)-[:IN_INDUSTRY]->(:Industry)",
        "(:IndustryAlliance)-[:SERVES]->(:Industry)",
        "(:Industry)",
    ),
}


@lru_cache(maxsize=1024)
def scope_paths(kind: str, id: str) -> tuple[Metapath, ...]:
    """The metapaths that lead to the body ``id`` of ``kind``; empty where that kind is no scope."""
    return tuple(parse(text.removesuffix(f"(:{kind})") + f"(:{kind} {{id: '{id}'}})") for text in PATHS.get(kind, ()))


@lru_cache(maxsize=64)
def group_paths(dimension: str, subject: str) -> tuple[Metapath, ...]:
    """The metapaths from bodies of the kind or group ``subject`` to their groups."""
    wanted = set(parse(f"(:{subject})").subject.kinds)
    paths = (parse(text) for text in PATHS[DIMENSIONS[dimension]])
    return tuple(p for p in paths if p.hops and wanted & set(p.subject.kinds))
