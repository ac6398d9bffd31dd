"""Names that must, and names that must not, be taken for one or asked about (semantics 6)."""

from __future__ import annotations

import pytest

from ingest.names import Names, likeness, parts, usual
from schemas.identifiers import normal

HERE = Names([["上海市", "上海"], ["长宁区"]])

ONE = [  # kind, two names of one body
    ("Enterprise", "上海分众传媒有限公司", "分众传媒"),
    ("Enterprise", "上海市分众传媒有限责任公司", "分众传媒 有限公司"),
    ("Enterprise", "分众传媒（集团）有限公司", "上海分众传媒集团"),
    ("Enterprise", "上海分众传媒公司", "分众传媒股份有限公司"),
    ("Enterprise", "长宁区小世界托育公司", "小世界托育"),
    ("Enterprise", "上海某投资中心（有限合伙）", "某投资中心"),
    ("Building", "上海金虹桥国际中心", "金虹桥国际中心"),
    ("Department", "长宁区商务委员会", "商务委员会"),
    ("Subdistrict", "上海市长宁区天山路街道", "天山路街道"),
    ("PartyOrganization", "中共天山路街道第一支部委员会", "天山路街道第一党支部"),
]
TWO = [  # kind, two names that a program must not take for one
    ("Enterprise", "分众传媒有限公司", "分众传媒分公司"),
    ("Enterprise", "分众传媒", "分众传媒分公司"),
    ("Enterprise", "分众传媒有限公司", "分众传媒集团有限公司"),
    ("Enterprise", "分众传媒有限责任公司", "分众传媒股份有限公司"),
    ("Enterprise", "上海甲乙商贸有限公司", "长宁区甲乙商贸有限公司"),
    ("Enterprise", "上海甲乙商贸有限公司", "北京甲乙商贸有限公司"),
    ("Enterprise", "甲乙商贸有限公司", "北京甲乙商贸有限公司"),
    ("Enterprise", "分众传媒（上海）有限公司", "分众传媒（北京）有限公司"),
    ("Enterprise", "天工智能科技公司", "天公智能科技公司"),
    ("PartyOrganization", "第一党支部", "第二党支部"),
    ("PartyOrganization", "分众传媒第一党支部", "分众传媒第二党支部"),
    ("PartyOrganization", "分众传媒党总支", "分众传媒党支部"),
    ("PartyOrganization", "分众传媒党委", "分众传媒党支部"),
    ("PartyOrganization", "分众传媒", "分众传媒党支部"),
    ("PartyOrganization", "上海市委老干部党支部", "市委老干部党支部"),
    ("Department", "上海市商务委员会", "商务委员会"),
    ("Department", "上海市商务委员会", "长宁区商务委员会"),
    ("MassOrganization", "分众传媒公司", "分众传媒公司工会"),
]
ASKED = [
    ("上海天工智能科技有限公司", "天公智能科技有限公司"), ("分众传媒信息技术", "分众传媒资讯技术"), ("携程旅行网", "携程旅行"),
    ("嘉高福企业咨询有限公司", "上海嘉福企业咨询有限公司"), ("分众传媒有限公司", "分众传媒分公司"), ("虹桥国际展汇", "虹桥国际会展汇")]
NOT_ASKED = [
    ("第一党支部", "第二党支部"), ("甲幢商务楼", "乙幢商务楼"), ("东虹桥中心", "西虹桥中心"), ("2号楼物业", "3号楼物业"),
    ("分众传媒有限公司", "携程旅行网有限公司"), ("分众", "分众传媒"), ("阳光文化传媒", "阳光建筑设计")]


@pytest.mark.parametrize(("kind", "one", "other"), ONE)
def test_one(kind: str, one: str, other: str) -> None:
    assert HERE.agree(kind, normal(one), normal(other))
    assert HERE.agree(kind, normal(other), normal(one))


@pytest.mark.parametrize(("kind", "one", "other"), TWO)
def test_two(kind: str, one: str, other: str) -> None:
    assert not HERE.agree(kind, normal(one), normal(other))
    assert not HERE.agree(kind, normal(other), normal(one))


@pytest.mark.parametrize(("kind", "one", "other", "same"), [
    ("Enterprise", "浙江省杭州市西湖区甲乙商贸公司", "甲乙商贸", True), ("Enterprise", "西湖甲乙商贸公司", "甲乙商贸公司", False),
    ("Enterprise", "杭州甲乙商贸公司", "浙江甲乙商贸公司", False), ("Enterprise", "浙江甲乙商贸公司", "甲乙商贸公司", True),
    ("Enterprise", "浙江省杭州市甲乙商贸公司", "杭州甲乙商贸公司", True), ("Enterprise", "上海甲乙商贸公司", "甲乙商贸公司", False),
    ("Department", "杭州市西湖区商务委员会", "商务委员会", True), ("Department", "杭州市商务委员会", "商务委员会", False)])
def test_another_district(kind: str, one: str, other: str, same: bool) -> None:
    """Its regions are data; a smaller one may be left out, and the district's own tells no rank."""
    there = Names([["浙江省", "浙江"], ["杭州市", "杭州"], ["西湖区"]])
    assert there.agree(kind, normal(one), normal(other)) == same
    assert not Names([]).agree(kind, normal(one), normal(other))

def near(one: str, other: str) -> bool:
    a, b = HERE.core(normal(one)), HERE.core(normal(other))
    return bool(likeness(a, b)) and bool(set(parts(a)) & set(parts(b)))


@pytest.mark.parametrize(("one", "other"), ASKED)
def test_asked(one: str, other: str) -> None:
    assert near(one, other)
    assert near(other, one)


@pytest.mark.parametrize(("one", "other"), NOT_ASKED)
def test_not_asked(one: str, other: str) -> None:
    assert not near(one, other)


def test_what_very_many_have_in_common_does_not_make_names_near() -> None:
    common = {"智能", "能科", "科技"}
    assert usual("欣力智能科技", common) == (0, 4)
    assert likeness("欣力智能科技", "高力智能科技")
    assert not likeness("欣力智能科技", "高力智能科技", usual("欣力智能科技", common))
    assert likeness("嘉高福智能科技", "嘉福智能科技", usual("嘉高福智能科技", common))
    assert usual("智能科技", common) == (4, 4)
    assert likeness("智能科技", "智能科技", (4, 4)) == 100
