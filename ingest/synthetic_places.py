"""The places of the made district: sub-districts, business districts, parks, buildings of very unequal sizes, and what serves them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from ingest.synthetic_files import Registers
from ingest.synthetic_names import MADE, STEMS, TRADES, Draw, brand, one_of, weighted

SUBDISTRICTS = tuple(f"{MADE}{s}街道" for s in STEMS)
DISTRICTS = tuple(f"{MADE}{s}商圈" for s in STEMS[:8])
PARKS = tuple(f"{MADE}{s}园区" for s in STEMS)
INDUSTRIES = tuple(f"{MADE}{i}行业" for i, _ in TRADES)
DEPARTMENTS = tuple(MADE + d for d in (
    "区委组织部", "区税务局", "区医保局", "区民政局", "区市场监管局", "区金融办", "区工商联", "区商务委"))
ALLIANCES = 14  # of the industries, the first so many have an alliance
LARGEST, IN_BUILDINGS, IN_PARKS, SECTION, BLOCK = 600, 0.65, 0.15, 200, 40
MODULES = ("沟通交流", "发展融资", "白领午餐", "法律维权", "学习培训", "卫生保健")
FUNCTIONS = ("自助服务终端", "网上办理", "政策宣传咨询", "诉求收集", "培训交流")
YES_NO_EMPTY = ((0.12, "是"), (0.58, "否"), (0.3, ""))


@dataclass(frozen=True)
class Place:
    """Where units are made together: a building, a section of a park, or a street block. ``site`` is the name of the building
    or park, whichever ``kind`` (a kind's label) says, or empty; ``district`` is empty or a business district."""

    number: int
    label: str
    kind: str
    site: str
    subdistrict: int
    size: int
    district: str = ""
    key: str = ""
    landmark: str = ""


def places(enterprises: int, draw: Draw) -> list[Place]:
    """Buildings for two thirds of the enterprises, few of them large (up to 600 units); park sections and street blocks for the others."""
    found, left = list[Place](), int(enterprises * IN_BUILDINGS)
    for number in count():
        if left <= 0:
            break
        size = min(LARGEST, int(12 / max(draw(), 1e-6) ** 0.7), left)
        left -= size
        found.append(_building(number, size, draw))
    for share, section, kind in ((int(enterprises * IN_PARKS), SECTION, "园区"), (enterprises, BLOCK, "")):
        left = share if kind else enterprises - sum(p.size for p in found)
        for number in range(-(-left // section)):
            found.append(_section(number, kind, min(section, left), draw))
            left -= section
    return found


def _building(number: int, size: int, draw: Draw) -> Place:
    subdistrict = int(draw() * len(SUBDISTRICTS))
    district = DISTRICTS[subdistrict] if subdistrict < len(DISTRICTS) and draw() < 0.4 else ""
    name = f"{MADE}{brand(number)}{('大厦', '广场', '中心', '大楼')[number % 4]}"
    return Place(number, name, "楼宇", name, subdistrict, size, district, weighted(draw, YES_NO_EMPTY), weighted(draw, YES_NO_EMPTY))


def _section(number: int, kind: str, size: int, draw: Draw) -> Place:
    subdistrict = int(draw() ** 1.5 * len(SUBDISTRICTS))
    site = PARKS[subdistrict] if kind else ""
    return Place(number, f"{site or SUBDISTRICTS[subdistrict]}第{number + 1}{'片区' if kind else '街坊'}", kind, site, subdistrict, size)


def write_places(out: Registers, found: list[Place], draw: Draw) -> None:
    write_fixed(out, draw)
    manager = ""
    for place in (p for p in found if p.kind == "楼宇"):
        park = PARKS[place.subdistrict] if draw() < 0.2 else ""
        out.rows["楼宇"]((place.site, SUBDISTRICTS[place.subdistrict], place.district, park, place.key, place.landmark,
                        weighted(draw, YES_NO_EMPTY)))
        if place.number % 5 == 0:
            manager = f"{MADE}{brand(place.number)}物业服务有限公司"
        if draw() < 0.8:
            out.rows["物业"]((manager, place.site))
        if draw() < (0.5 if place.key == "是" else 0.03):
            _station(out, place, draw)
        if place.key == "是":
            _posts(out, place, draw)


def write_fixed(out: Registers, draw: Draw) -> None:
    """What does not grow with the number of enterprises."""
    for i, name in enumerate(SUBDISTRICTS):
        out.rows["街镇"]((name,))
        out.rows["园区"]((PARKS[i], name, weighted(draw, YES_NO_EMPTY), ""))
    for i, name in enumerate(DISTRICTS):
        out.rows["商圈"]((name, SUBDISTRICTS[i]))
    for i, name in enumerate(INDUSTRIES):
        out.rows["行业"]((name, "是" if i < 5 else "否" if i < 14 else ""))
    for name in DEPARTMENTS:
        out.rows["职能部门"]((name,))


def _station(out: Registers, place: Place, draw: Draw) -> None:
    name, zone = f"{place.site}党群服务站", draw() < 0.5
    some = [f for f in FUNCTIONS if draw() < 0.7]
    functions = ("仅：" if draw() < 0.4 else "") + "、".join(some) if zone and some else ""
    out.rows["党群阵地"]((name, place.site, SUBDISTRICTS[place.subdistrict], "是" if zone else "否",
                      one_of(draw, ("A类", "B类", "C类", "")) if zone else "", functions))
    for module in MODULES:
        if draw() < 0.4:
            out.rows["服务项目"]((f"{name}·{module}", module, one_of(draw, ("2019", "2021-03", "")), name, one_of(draw, DEPARTMENTS)))


def _posts(out: Registers, place: Place, draw: Draw) -> None:
    """A key building's full-time liaison worker, and the team of a landmark, either of which may be wanting."""
    stationed, members = draw() < 0.75, list[str]()
    for sort in ("专职党群工作者", "营商服务专员", "商会专员", "人才专员"):
        if stationed if sort == "专职党群工作者" else place.landmark == "是" and draw() < 0.8:
            members.append(f"{place.site}{sort}岗")
            training = one_of(draw, ("仅：基础党务、人才服务、营商业务", "基础党务、人才服务", "仅：基础党务", ""))
            out.rows["联络岗位"]((members[-1], sort, training, place.site, SUBDISTRICTS[place.subdistrict]))
    if place.landmark == "是" and members:
        team = f"{place.site}全科团队"
        out.rows["服务团队"]((team, "楼宇全科团队", str(len(members)), place.site))
        for post in members:
            out.relate("关系登记表-载体与团队", ("联络岗位", post), "成员属于", ("服务团队", team))
