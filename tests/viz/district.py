"""A small made district for pictures: hostile names, shared members, a committee with published counts, a large building."""

from __future__ import annotations

from pathlib import Path

from graph.connect import connect
from graph.engine import GraphEngine
from schemas.facts import BodyFact, DeclarationFact, Fact, Import, RelationFact, Row, Value
from schemas.identifiers import public_id

HOSTILE = (
    "</script><script>window.hacked=1</script>", "<img src=x onerror=window.hacked=1>", "\"'`&{{7*7}}{% x %}",
    "\u202e倒写公司\u2066", "很" * 200, "😀公司👨‍👩‍👧‍👦", "=cmd|' /C calc'!A0",
    "<!--<b>href=javascript:window.hacked=1</b>]]>", "\u2028换行\u2029公司", "Long" * 30,
)
SUBJECT = HOSTILE[0]
COMMITTEE, HUBS = "甲商圈党委", ("甲联盟", "乙联盟", "丙联盟")


def body(kind: str, name: str, **fields: str) -> BodyFact:
    return BodyFact(public_id(kind, "name", name), name, fields=tuple((f, Value(v)) for f, v in fields.items()))


def small() -> list[Fact]:
    """Ten units with hostile names in one building; the first is covered, several are in two or three alliances."""
    units = [body("Enterprise", n) for n in HOSTILE]
    building, street = body("Building", "</style>大厦"), body("Subdistrict", "甲街道")
    party, committee = body("PartyOrganization", "<b>党支部</b>", form="joint"), body("BusinessDistrictCommittee", COMMITTEE)
    hubs = [body("IndustryAlliance", n) for n in HUBS]
    team, office = body("LiaisonTeam", "服务\u202e团队"), body("Department", "区<i>局</i>")
    facts: list[Fact] = [*units, building, street, party, committee, *hubs, team, office]
    facts += [RelationFact(u.id, "LOCATED_IN", building.id, "operating") for u in units]
    facts += [RelationFact(party.id, "FORMED_IN", units[0].id), RelationFact(party.id, "MEMBER_OF", committee.id),
              RelationFact(building.id, "PART_OF", street.id), RelationFact(street.id, "ESTABLISHED", committee.id),
              RelationFact(office.id, "STAFFS", team.id), *(RelationFact(team.id, "SERVES", h.id) for h in hubs)]
    facts += [RelationFact(u.id, "MEMBER_OF", h.id, basis="stated" if i % 4 else "inferred", reason="" if i % 4 else "<u>推断</u>")
              for i, u in enumerate(units) for j, h in enumerate(hubs) if (i + j) % 3 == 0 or i % 3 == 1]
    hop = "-[:MEMBER_OF]->(:BusinessDistrictCommittee {name: 甲商圈党委})"
    facts += [DeclarationFact({"type": "count", "id": f"c-{form}", "label": f"{COMMITTEE}：{label}", "number": number, "unit": "个",
                               "pattern": f"(:PartyOrganization {{form: {form}}}){hop}"})
              for form, label, number in (("joint", "楼宇联合党组织", 18), ("own", "独立两新党组织", 57))]
    return facts


def large(buildings: int, units: int) -> list[Fact]:
    """Many units in many buildings of two sub-districts; in the first everything is registered, so that there are gaps."""
    streets = [body("Subdistrict", f"第{i}街道") for i in range(2)]
    facts: list[Fact] = [*streets]
    for b in range(buildings):
        place = body("Building", f"第{b}大厦{HOSTILE[b % len(HOSTILE)] if b < 10 else ''}")
        facts += [place, RelationFact(place.id, "PART_OF", streets[b % 2].id)]
        for u in range(b, units, buildings):
            unit = body("Enterprise", f"第{u}公司")
            facts += [unit, RelationFact(unit.id, "LOCATED_IN", place.id, "operating")]
            if u % 3 == 0:
                party = body("PartyOrganization", f"第{u}支部")
                facts += [party, RelationFact(party.id, "FORMED_IN", unit.id)]
    scope = ["(:Unit)-[:LOCATED_IN]->(:Building)-[:PART_OF]->(:Subdistrict {name: 第0街道})"]
    hops = ("(:Unit)<-[:FORMED_IN]-(:PartyOrganization|MassOrganization|LiaisonPost)",
            "(:Unit)<-[:COVERS]-(:Organisation|MassOrganization)",
            "(:Unit)<-[:LIAISES_WITH]-(:LiaisonTeam|LiaisonPost)", "(:Unit)-[:LOCATED_IN]->(:Building|Park)")
    facts += [DeclarationFact({"type": "completeness", "scope": scope, "hop": h, "until": "2040"}) for h in hops]
    scope = ["(:Building)-[:PART_OF]->(:Subdistrict {name: 第0街道})"]
    facts += [DeclarationFact({"type": "completeness", "scope": scope, "hop": h, "until": "2040"})
              for h in ("(:Building)<-[:COVERS]-(:Organisation|MassOrganization)", "(:Building)-[:PART_OF]->(:Park|BusinessDistrict)")]
    return facts


def stored(folder: Path, facts: list[Fact]) -> GraphEngine:
    engine = connect(f"sqlite:///{folder / 'district.db'}")
    order = {BodyFact: 0, RelationFact: 1, DeclarationFact: 2}
    with engine.write() as writer:
        record = writer.begin_import(Import(0, "d", "<script>.csv", "来源<script>window.hacked=1</script>", 20200901))
        writer.apply(record.number, [Row(i, str(i), (f,)) for i, f in enumerate(sorted(facts, key=lambda f: order[type(f)]), 2)])
        writer.finish_import(record.number, "done", {})
    return engine
