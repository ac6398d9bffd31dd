"""A made district of any size: register files and declarations like a real district's, every one of them marked 虚构数据.

The same number of enterprises and the same seed give the same bytes. Sub-districts one to five declare the registers on which
coverage rests complete, so they have true gaps; in the others much is not known.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from random import Random

from ingest.synthetic_files import AS_OF, SOURCE, Registers
from ingest.synthetic_names import Draw, date_text
from ingest.synthetic_places import ALLIANCES, DEPARTMENTS, DISTRICTS, INDUSTRIES, PARKS, SUBDISTRICTS, places, write_places
from ingest.synthetic_units import CARRIERS, COVERS, PARTY, TEAM, Units, alliance_of, committee_of

COMPLETE = SUBDISTRICTS[:5]
UNTIL = "2040-01-01"  # a made register stays valid, so that a demonstration looks the same in later years
FOUR_ONES = ("定制服务清单", "服务团队", "决策报告", "跨界项目")
HOPS_OF_UNITS = (
    "(:Unit)<-[:FORMED_IN]-(:PartyOrganization|MassOrganization|LiaisonPost)",
    "(:Unit)<-[:COVERS]-(:PartyOrganization|BusinessDistrictCommittee|IndustryAlliance|MassOrganization)",
    "(:Unit)<-[:LIAISES_WITH]-(:LiaisonTeam|LiaisonPost)",
    "(:Unit)-[:LOCATED_IN]->(:Building|Park)",
    "(:Unit)-[:MEMBER_OF]->(:IndustryAlliance)",
)
HOPS_OF_PLACES = (
    "(:Building|Park)<-[:COVERS]-(:PartyOrganization|BusinessDistrictCommittee|IndustryAlliance|MassOrganization)",
    "(:Building|Park)<-[:STATIONED_AT]-(:LiaisonPost)",
    "(:Building|Park)<-[:LOCATED_IN]-(:Station)",
    "(:Building)-[:PART_OF]->(:Park|BusinessDistrict)",
)


def synthesize(directory: Path, enterprises: int, seed: int = 1) -> list[Path]:
    """Write the registers and declarations of a made district of ``enterprises`` enterprises; the paths written, in order.

    Rows are streamed: what is kept is one entry a building, so a million enterprises take little memory."""
    draw = Random(seed).random  # noqa: S311  # made data from a seed, no secret
    with Registers(directory) as out:
        found = places(enterprises, draw)
        write_places(out, found, draw)
        _write_carriers(out, draw)
        units = Units(out, draw)
        for place in found:
            units.write(place)
        paths = list(out.paths.values())
    declarations = directory / "声明.toml"
    declarations.write_text(_declarations(units), encoding="utf-8", newline="\n")
    return [*paths, declarations]


def _write_carriers(out: Registers, draw: Draw) -> None:
    """Committees, alliances and what stands above the organisations."""
    for i, subdistrict in enumerate(SUBDISTRICTS):
        top = f"{subdistrict}党工委"
        out.rows[PARTY]((top, "", "党工委", "", "", "", ""))
        for number in range(2):
            out.rows[PARTY]((committee_of(i, number), "区域性", "党委", date_text(draw, 2008, 2016), "", "", top))
        union = f"{subdistrict}工会联合会"
        out.rows["群团组织"]((union, "工会", "2012", ""))
        out.relate(CARRIERS, ("街镇", subdistrict), "组建了", ("群团组织", union))
        out.relate(COVERS, ("群团组织", union), "覆盖", ("园区", PARKS[i]))
    for i, district in enumerate(DISTRICTS):
        out.rows["商圈党委"]((district + "党委", "区域性", "是" if i < 4 else "", district, SUBDISTRICTS[i]))
    for trade in range(ALLIANCES):
        _write_alliance(out, trade, draw)


def _write_alliance(out: Registers, trade: int, draw: Draw) -> None:
    name, team = alliance_of(trade), f"{alliance_of(trade)}服务团队"
    ones = [o for o in FOUR_ONES if draw() < 0.7]
    out.rows["行业党建载体"]((name, ("联盟", "联盟党委", "专委会")[trade % 3], ("仅：" if trade % 2 and ones else "") + "、".join(ones),
                          date_text(draw, 2016, 2022), INDUSTRIES[trade]))
    out.rows[TEAM]((team, "行业载体服务团队", str(5 + int(draw() * 20)), name))
    for department in DEPARTMENTS:
        if draw() < 0.4:
            out.relate(CARRIERS, ("职能部门", department), "派员参加", (TEAM, team))


# -- declarations --------------------------------------------------------------------------------------------------------------

def _declarations(units: Units) -> str:
    parts = [f"source = {_quoted(SOURCE)}\nas_of = {_quoted(AS_OF)}\nsynthetic = true\n"]
    parts += [_entry("completeness", scope=_scope_of_units(), hop=h, until=UNTIL) for h in HOPS_OF_UNITS]
    parts += [_entry("completeness", scope=_scope_of_places(), hop=h, until=UNTIL) for h in HOPS_OF_PLACES]
    parts += _counts(units)
    if units.exempted:
        parts.append(_entry("exemption", body=units.exempted, rule="coverage", reason="虚构示例：已由上级单位统一管理"))
    return "\n".join(parts)


def _scope_of_units() -> list[str]:
    names = ", ".join(COMPLETE)
    return [f"(:Unit)-[:LOCATED_IN]->(:Building|Park)-[:PART_OF]->(:Subdistrict {{name: [{names}]}})",
            f"(:Unit)-[:IN_SUBDISTRICT]->(:Subdistrict {{name: [{names}]}})"]


def _scope_of_places() -> list[str]:
    return [f"(:Building|Park)-[:PART_OF]->(:Subdistrict {{name: [{', '.join(COMPLETE)}]}})"]


def _counts(units: Units) -> list[str]:
    """What the made district has "published": about what is registered, and some more."""
    counts = [_entry("count", id="enterprises", label="企业总数", pattern="(:Enterprise)", comparator="≈", number=units.number, unit="家"),
              _entry("count", id="organisations", label="党组织总数", pattern="(:PartyOrganization)", comparator=">=",
                     number=units.organisations, unit="个")]
    for i, district in enumerate(DISTRICTS):
        pattern = f"(:PartyOrganization)-[:MEMBER_OF]->(:BusinessDistrictCommittee {{name: {district}党委}})"
        counts.append(_entry("count", id=f"members-{i + 1}", label=f"{district}党委成员党组织", pattern=pattern,
                             number=units.members[district] * 6 // 5 + 1, unit="个"))
    return counts


def _entry(section: str, **values: str | int | Sequence[str]) -> str:
    lines = (f"{k} = {v if isinstance(v, int) else _quoted(v)}" for k, v in values.items())
    return f"[[{section}]]\n" + "\n".join(lines) + "\n"


def _quoted(value: str | Sequence[str]) -> str:
    return json.dumps(value, ensure_ascii=False)


