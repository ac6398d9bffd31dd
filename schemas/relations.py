"""Relationship types: who may be related to whom, how it is called, and how far it carries contact.

Type numbers are stored in engines and must never change or be used again.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from schemas.kinds import Field, choice, expand, text

Ends = tuple[tuple[str, ...], tuple[str, ...]]  # (source kinds, target kinds)


class Relation(BaseModel):
    """A relationship type. ``contact`` is its contact distance, ``None`` where it is no contact;
    ``contact_from`` gives another distance for one source kind. ``single`` lists the roles of which one source body
    has at most one at a time per target kind ("" = whatever the role; see semantics 4, ``max = 1``),
    limited to the target kinds ``single_to`` where given."""

    model_config = ConfigDict(frozen=True)
    name: str
    number: int
    label: str
    reverse: str
    ends: tuple[Ends, ...]
    contact: int | None = None
    contact_from: dict[str, int] = {}
    roles: dict[str, str] = {}
    single: tuple[str, ...] = ()
    single_to: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()

    def targets(self, source: str) -> tuple[str, ...]:
        """Kinds this type may lead to from a body of kind ``source``; empty where it is not allowed."""
        return tuple(t for sources, ts in self.ends if source in sources for t in ts)

    def sources(self, target: str) -> tuple[str, ...]:
        return tuple(s for ss, targets in self.ends if target in targets for s in ss)

    def others(self, kind: str, forward: bool) -> tuple[str, ...]:
        """Kinds at the other end of a hop that leaves a body of ``kind`` in this direction."""
        return self.targets(kind) if forward else self.sources(kind)

    def field(self, name: str) -> Field | None:
        return next((f for f in self.fields if f.name == name), None)

    def distance(self, source: str) -> int | None:
        return self.contact_from.get(source, self.contact)


def kinds(*names: str) -> tuple[str, ...]:
    return tuple(k for name in names for k in expand(name))


LEVEL = choice("level", "联系层级", district="区级", subdistrict="街镇级")
PARTY = ("PartyOrganization",)
GIVERS = ("Department", "Subdistrict")

RELATIONS: dict[str, Relation] = {r.name: r for r in (
    Relation(name="LOCATED_IN", number=1, label="位于", reverse="入驻单位或阵地", contact=2,
             ends=((kinds("Unit", "Station"), ("Building", "Park")),),
             roles={"registered": "注册地", "operating": "经营地"}, single=("registered",),
             fields=(text("floor", "楼层"), text("room", "房号"))),
    Relation(name="PART_OF", number=2, label="属于", reverse="包含", contact=3,
             ends=((("Building",), ("Park", "BusinessDistrict", "Subdistrict")), (("Park", "BusinessDistrict"), ("Subdistrict",))),
             single=("",), single_to=("Subdistrict",)),
    Relation(name="IN_SUBDISTRICT", number=3, label="所在街镇", reverse="辖区单位或阵地", contact=3,
             ends=((kinds("Unit", "Station"), ("Subdistrict",)),), single=("",)),
    Relation(name="MANAGES", number=4, label="管理物业", reverse="物业管理方", contact=1,
             ends=((("PropertyManager",), ("Building", "Park")),)),
    Relation(name="FORMED_IN", number=5, label="建于", reverse="建有", contact=1,
             ends=((("PartyOrganization", "MassOrganization", "LiaisonPost"), kinds("Unit")),), single=("",)),
    Relation(name="COVERS", number=6, label="覆盖", reverse="被覆盖于", contact=1,
             ends=((kinds("Organisation", "MassOrganization"), kinds("Unit", "Building", "Park")),)),
    Relation(name="MEMBER_OF", number=7, label="成员属于", reverse="成员", contact=1,
             ends=((PARTY, ("BusinessDistrictCommittee",)), (kinds("Unit", "PartyOrganization"), ("IndustryAlliance",)),
                   (("LiaisonPost",), ("LiaisonTeam",))),
             roles={"leader": "牵头", "member": "成员"}),
    Relation(name="SUBORDINATE_TO", number=8, label="隶属", reverse="下辖", contact=1, single=("",),
             ends=((kinds("Organisation"), kinds("PartyOrganization", "BusinessDistrictCommittee")),)),
    Relation(name="ESTABLISHED", number=9, label="组建了", reverse="组建者", contact=2,
             ends=((GIVERS, kinds("Organisation", "MassOrganization")),)),
    Relation(name="CENTRED_ON", number=10, label="依托商圈", reverse="商圈党委", contact=2,
             ends=((("BusinessDistrictCommittee",), ("BusinessDistrict",)),)),
    Relation(name="GREW_OUT_OF", number=11, label="发端于", reverse="延伸出", contact=2,
             ends=((kinds("Organisation"), kinds("Organisation")),)),
    Relation(name="SERVES", number=12, label="服务", reverse="服务方", contact=3, contact_from={"LiaisonTeam": 1},
             ends=((("IndustryAlliance",), ("Industry",)), (("LiaisonTeam",), ("Building", "IndustryAlliance")))),
    Relation(name="IN_INDUSTRY", number=13, label="所属行业", reverse="行业内单位", contact=3,
             ends=((kinds("Unit"), ("Industry",)),)),
    Relation(name="LIAISES_WITH", number=14, label="联系", reverse="联系方", contact=1,
             ends=((("LiaisonTeam", "LiaisonPost"), kinds("Unit", "PartyOrganization")),), fields=(LEVEL,)),
    Relation(name="STATIONED_AT", number=15, label="派驻于", reverse="派驻岗位", contact=1,
             ends=((("LiaisonPost",), ("Building", "Park", "Station")),)),
    Relation(name="STAFFS", number=16, label="派员参加", reverse="派员单位", contact=1, ends=((GIVERS, ("LiaisonTeam",)),)),
    Relation(name="EMPLOYS", number=17, label="设置岗位", reverse="设岗单位", contact=1, ends=((GIVERS, ("LiaisonPost",)),)),
    Relation(name="OFFERS", number=18, label="提供服务", reverse="服务地点",
             ends=((("Station", "Building", "Park", "IndustryAlliance", "Department"), ("Service",)),)),
    Relation(name="PROVIDES", number=19, label="承办服务", reverse="承办方", contact=2,
             ends=((kinds("Unit", "Department"), ("Service",)),)),
    Relation(name="RAISED", number=20, label="提出诉求", reverse="提出单位", ends=((kinds("Unit"), ("Need",)),)),
    Relation(name="GATHERED_BY", number=21, label="诉求收集于", reverse="收集的诉求", ends=((("Need",), kinds("Organisation")),)),
    Relation(name="HANDLED_BY", number=22, label="诉求办理于", reverse="办理的诉求", ends=((("Need",), ("Department",)),)),
    Relation(name="SUCCEEDED_BY", number=23, label="由其接续", reverse="接续自",
             ends=((("Department",), ("Department",)), (kinds("Organisation"), kinds("Organisation")))),
)}
BY_NUMBER = {r.number: r for r in RELATIONS.values()}
BY_LABEL = {r.label: r for r in RELATIONS.values()}
NO_PASSAGE = ("Industry", "Subdistrict", "Document")  # on a liaison path these may only be ends (semantics 20)
