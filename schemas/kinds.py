"""Body kinds: what exists, with fields, Chinese labels and which fields are personal.

The ontology is data: a kind is one entry of ``KINDS`` here, and engines, ingest, API, pages and templates follow.
Kind numbers are stored in engines and must never change or be used again.
"""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict

FieldType = Literal["text", "choice", "choices", "flag", "date", "number"]


class Field(BaseModel):
    """One field of a kind. ``choices`` maps stored values to Chinese labels; a ``choices`` field holds a set."""

    model_config = ConfigDict(frozen=True)
    name: str
    label: str
    type: FieldType = "text"
    choices: dict[str, str] = {}
    personal: bool = False  # shown by role only, never in logs, pictures or exports without it (semantics 26)
    per_source: bool = False  # each source says it of itself: that two say different things is no conflict

    def __hash__(self) -> int:
        return hash((self.name, self.label))

    @property
    def testable(self) -> bool:
        """Whether a metapath may ask for it: values that come from a closed vocabulary, flags, dates, numbers."""
        return self.type != "text" and not self.personal


class Kind(BaseModel):
    """A kind of body. ``prefix`` starts its public ids, ``number`` is its number in engines."""

    model_config = ConfigDict(frozen=True)
    name: str
    label: str
    prefix: str
    number: int
    fields: tuple[Field, ...] = ()

    @cached_property
    def named(self) -> dict[str, Field]:
        """All fields that a body of the kind may have, by name."""
        return {f.name: f for f in (*COMMON, *self.fields)}

    def field(self, name: str) -> Field | None:
        return self.named.get(name)


def choice(name: str, label: str, **labels: str) -> Field:
    return Field(name=name, label=label, type="choice", choices=labels)


def choices(name: str, label: str, **labels: str) -> Field:
    return Field(name=name, label=label, type="choices", choices=labels)


def flag(name: str, label: str) -> Field:
    return Field(name=name, label=label, type="flag")


def date(name: str, label: str) -> Field:
    return Field(name=name, label=label, type="date")


def text(name: str, label: str, *, personal: bool = False) -> Field:
    return Field(name=name, label=label, personal=personal)


# every kind has these beside its own; name, aliases, former names and the credit code are keys (schemas.identifiers)
COMMON = (date("ended", "终止日期"), text("remark", "备注"), flag("synthetic", "虚构数据"), flag("stub", "待补录"))
STUB = "stub"  # a body that is only referred to, until a row of a register describes it; no column

UNIT_FIELDS = (
    choice("status", "经营状态", operating="在营", moved_away="迁出", closed="注销", unreachable="失联"),
    choice("legal_form", "法人或分支", legal_body="法人", branch="分支机构"),
    Field(name="staff_band", label="从业人员规模", type="choice",
          choices={"0-9": "10人以下", "10-49": "10-49人", "50-99": "50-99人", "100-299": "100-299人", "300+": "300人及以上"}),
    Field(name="full_member_band", label="正式党员数档", type="choice", choices={"0": "0", "1-2": "1-2", "3+": "3及以上"}),
    text("affiliation", "党组织归口"),
    flag("key", "重点单位"),
    flag("leading", "龙头单位"),
    Field(name="confirmed", label="最近核实日期", type="date", per_source=True),
)
FORM = {"own": "单独", "joint": "联合", "regional": "区域性", "industry": "行业性", "functional": "功能型"}
MODULES = {
    "communication": "沟通交流", "finance": "发展融资", "lunch": "白领午餐",
    "legal": "法律维权", "learning": "学习培训", "health": "卫生保健",
}
FUNCTIONS = {
    "terminals": "自助服务终端", "online_handling": "网上办理", "policy_advice": "政策宣传咨询",
    "needs_collection": "诉求收集", "training_exchange": "培训交流",
}
POST_SORTS = {
    "full_time_worker": "专职党群工作者", "instructor": "党建指导员", "liaison": "党建联络员",
    "business_officer": "营商服务专员", "chamber_officer": "商会专员", "talent_officer": "人才专员",
    "enterprise_contact": "企业党群联系人", "committee_member": "区社工委委员", "social_worker": "社工",
}

KINDS: dict[str, Kind] = {k.name: k for k in (
    Kind(name="Enterprise", label="企业", prefix="en", number=1, fields=(
        choice("type", "企业类型", private="民营", foreign="外资", mixed="混合所有制", state="国有"), *UNIT_FIELDS)),
    Kind(name="SocialOrganization", label="社会组织", prefix="so", number=2, fields=(
        choice("type", "社会组织类型", association="社会团体", foundation="基金会",
               private_non_enterprise="民办非企业单位", firm="律所会所等"), *UNIT_FIELDS)),
    Kind(name="PartyOrganization", label="党组织", prefix="po", number=3, fields=(
        choice("form", "组建形式", **FORM),
        choice("level", "组织层级", branch="党支部", general_branch="党总支", committee="党委", working_committee="党工委"),
        date("founded", "成立日期"), date("term_ends", "届满日期"))),
    Kind(name="BusinessDistrictCommittee", label="商圈党委", prefix="bc", number=4, fields=(
        choice("form", "组建形式", **FORM), flag("working_body", "实体化运作"), date("founded", "成立日期"))),
    Kind(name="IndustryAlliance", label="行业党建载体", prefix="ia", number=5, fields=(
        choice("form", "载体形式", alliance="联盟", alliance_committee="联盟党委", special_committee="专委会"),
        choices("four_ones", "四个一", service_list="定制服务清单", service_team="服务团队",
                decision_report="决策报告", cross_industry="跨界项目"), date("founded", "成立日期"))),
    Kind(name="MassOrganization", label="群团组织", prefix="mo", number=6, fields=(
        choice("sort", "群团类别", trade_union="工会", youth_league="团组织", womens_federation="妇联"), date("founded", "成立日期"))),
    Kind(name="LiaisonTeam", label="服务团队", prefix="lt", number=7, fields=(
        choice("sort", "团队类别", building="楼宇全科团队", alliance="行业载体服务团队", key_enterprise="重点企业服务团队"),
        Field(name="headcount", label="人数", type="number"))),
    Kind(name="LiaisonPost", label="联络岗位", prefix="lp", number=8, fields=(
        choice("sort", "岗位类别", **POST_SORTS),
        choices("training", "培训模块", basic_party_affairs="基础党务", talent_service="人才服务", business_services="营商业务"),
        text("holder", "任职人", personal=True), text("duty_phone", "值班电话", personal=True))),
    Kind(name="Department", label="职能部门", prefix="de", number=9),
    Kind(name="Subdistrict", label="街镇", prefix="sd", number=10),
    Kind(name="BusinessDistrict", label="商圈", prefix="bd", number=11),
    Kind(name="Building", label="楼宇", prefix="bu", number=12, fields=(
        flag("key", "重点楼宇"), flag("landmark", "标志性楼宇"), flag("service_list", "有服务清单"))),
    Kind(name="Park", label="园区", prefix="pa", number=13, fields=(flag("key", "重点园区"), flag("service_list", "有服务清单"))),
    Kind(name="PropertyManager", label="物业", prefix="pm", number=14),
    Kind(name="Industry", label="行业", prefix="in", number=15, fields=(flag("key", "重点行业"),)),
    Kind(name="Station", label="党群阵地", prefix="st", number=16, fields=(
        flag("zone", "设有营商服务专区"), choice("zone_class", "专区等级", A="A类", B="B类", C="C类"),
        choices("functions", "专区功能", **FUNCTIONS), text("self_service", "自助设备"))),
    Kind(name="Service", label="服务项目", prefix="se", number=17, fields=(
        choice("module", "六个便利模块", **MODULES), date("since", "开始日期"), text("provider", "提供方（文字）"))),
    Kind(name="Document", label="文件", prefix="do", number=18, fields=(date("issued", "发布日期"),)),
    Kind(name="Need", label="诉求", prefix="ne", number=19, fields=(
        text("topic", "诉求主题"), choice("status", "办理状态", open="待办", handling="办理中", answered="已答复", closed="已办结"),
        date("raised", "提出日期"), date("answered", "答复日期"))),
)}

PER_SOURCE = frozenset(f.name for k in KINDS.values() for f in k.fields if f.per_source)

# named groups stand for unions in metapaths (semantics 11)
GROUPS: dict[str, tuple[str, ...]] = {
    "Unit": ("Enterprise", "SocialOrganization"),
    "Organisation": ("PartyOrganization", "BusinessDistrictCommittee", "IndustryAlliance"),
}
GROUP_LABELS = {"Unit": "单位", "Organisation": "组织"}
BY_GROUP_LABEL = {label: name for name, label in GROUP_LABELS.items()}
BY_PREFIX = {k.prefix: k for k in KINDS.values()}
BY_NUMBER = {k.number: k for k in KINDS.values()}
BY_LABEL = {k.label: k for k in KINDS.values()}


def expand(name: str) -> tuple[str, ...]:
    """The kinds a kind's or group's name stands for; empty for an unknown name."""
    return GROUPS.get(name) or ((name,) if name in KINDS else ())


def kinds_named(text: str) -> tuple[str, ...]:
    """The kinds that a name or label of a kind or group means; empty for anything else."""
    return expand(BY_LABEL[text].name if text in BY_LABEL else BY_GROUP_LABEL.get(text, text))
