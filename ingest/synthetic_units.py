"""The units of the made district, place by place, and the organisations, posts and teams that reach them or don't."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ingest.synthetic_files import INFERRED, STATED, Registers
from ingest.synthetic_names import CIVIC_CODE, MADE, ORDINALS, SOCIETIES, TRADES, Draw, brand, credit_code, date_text, one_of, weighted
from ingest.synthetic_places import ALLIANCES, DEPARTMENTS, INDUSTRIES, SUBDISTRICTS, Place

COVERS, LIAISON, CARRIERS, CHANGES = "关系登记表-覆盖", "关系登记表-联系", "关系登记表-载体与团队", "关系登记表-变动"
PARTY, ENTERPRISE, POST, TEAM = "党组织", "企业", "联络岗位", "服务团队"
STATUS = ((0.93, "在营"), (0.03, "迁出"), (0.02, "注销"), (0.02, "失联"))
STAFF = ((0.5, "10人以下"), (0.22, "10-49人"), (0.08, "50-99人"), (0.04, "100-299人"), (0.01, "300人及以上"), (0.15, ""))
MEMBERS = ((0.6, "0"), (0.14, "1-2"), (0.07, "3及以上"), (0.19, ""))
TYPES = ((0.78, "民营"), (0.1, "外资"), (0.04, "混合所有制"), (0.03, "国有"), (0.05, ""))
FORMS = ("有限公司", "股份有限公司", "（虚构区）有限公司", "有限责任公司")
WITH_INDUSTRY, SOCIAL, MOVED, IN_ALLIANCE, WITH_UNION = 0.6, 0.02, 0.02, 0.01, 0.03


@dataclass
class Units:
    """Writes units; ``number`` of those written. The only state kept is of the place in hand and counters."""

    out: Registers
    draw: Draw
    number: int = 0
    organisations: int = 0
    key_teams: int = 0
    members: Counter[str] = field(default_factory=Counter)  # business district -> party organisations in its committee
    led: int = 0  # enterprises of the latest key team
    before: str = ""  # the building of the place before
    exempted: str = ""  # an enterprise that a declaration exempts
    free: list[str] = field(default_factory=list)  # enterprises of the place in hand without an organisation of their own

    def write(self, place: Place) -> None:
        self.free.clear()
        for _ in range(place.size):
            self._enterprise(place)
            if self.draw() < SOCIAL:
                self._society(place)
        self._joint(place)
        self._instructors(place)
        if place.kind == "楼宇":
            self.before = place.site

    def _enterprise(self, place: Place) -> None:
        draw, number = self.draw, self.number
        self.number += 1
        trade = int(draw() ** 2 * len(TRADES))
        name = f"{MADE}{brand(number + 137)}{TRADES[trade][1]}{FORMS[number % 4 if draw() < 0.3 else 0]}"
        status, members, key = weighted(draw, STATUS), weighted(draw, MEMBERS), draw() < 0.003
        alias = f"{MADE}{brand(number + 137)}" if draw() < 0.03 else ""
        ended = date_text(draw, 2021, 2024) if status == "注销" else ""
        self.out.rows[ENTERPRISE]((
            name, credit_code("91", number) if draw() < 0.97 else "", alias, weighted(draw, TYPES),
            *self._common(place, status, members, key, INDUSTRIES[trade] if draw() < WITH_INDUSTRY else "", ended),
            *(INFERRED if draw() < 0.01 else STATED)))
        if ended:
            return
        if draw() < {"3及以上": 0.5, "1-2": 0.03, "": 0.03}.get(members, 0):
            self._own(name, place)
        else:
            self.free.append(name)
            self.exempted = self.exempted or name
        self._ties(name, place, trade, key)

    def _common(self, place: Place, status: str, members: str, key: bool, industry: str, ended: str) -> tuple[str, ...]:
        draw = self.draw
        return (one_of(draw, ("法人", "法人", "分支机构", "")), status, weighted(draw, STAFF), members,
                SUBDISTRICTS[place.subdistrict] if draw() < 0.5 else "", "是" if key else "否" if draw() < 0.7 else "",
                "是" if draw() < 0.001 else "", *(place.site if place.kind == k else "" for k in ("楼宇", "园区")),
                "" if place.kind == "楼宇" else SUBDISTRICTS[place.subdistrict], industry, ended)

    def _society(self, place: Place) -> None:
        draw, sort = self.draw, int(self.draw() * len(SOCIETIES))
        self.out.rows["社会组织"]((
            f"{MADE}{brand(self.number + 137)}{SOCIETIES[sort]}", credit_code(CIVIC_CODE[sort], self.number),
            ("社会团体", "基金会", "民办非企业单位", "律所会所等")[sort],
            *self._common(place, weighted(draw, STATUS[:1]), weighted(draw, MEMBERS), False, "", "")))

    # -- organisations -----------------------------------------------------------------------------------------------------

    def _organisation(self, name: str, form: str, level: str, place: Place, formed_in: str = "", above: str = "") -> None:
        draw, year = self.draw, 2005 + int(self.draw() * 18)
        if not above and draw() < 0.95:
            above = committee_of(place.subdistrict, int(draw() * 2))
        founded = date_text(draw, year, year) if draw() < 0.9 else ""
        term = f"{year + 3}-{1 + int(draw() * 12):02d}" if draw() < 0.7 else ""
        self.out.rows[PARTY]((name, form, level, founded, term, formed_in, above))
        self.organisations += 1
        if place.district and draw() < 0.3:
            self.members[place.district] += 1
            self.out.relate(CARRIERS, (PARTY, name), "成员属于", ("商圈党委", place.district + "党委"))

    def _own(self, unit: str, place: Place) -> None:
        name = f"{unit}党支部" if self.draw() < 0.97 else f"[建于：{unit}]"
        self._organisation(name, "单独", "党支部", place, unit)
        if self.draw() < 0.05:
            self.out.relate(LIAISON, (POST, f"[联系：{name}]"), "联系", (PARTY, name), level="区级")

    def _joint(self, place: Place) -> None:
        """Most joint organisations cover units by name, some the building as a whole; both leave units over."""
        draw, above = self.draw, ""
        if place.size > 150:
            above = f"{place.label}党总支"
            self._organisation(above, "区域性", "党总支", place)
        if place.site and draw() < (0.12 if place.kind == "楼宇" else 0.03):
            name = f"{place.label}联合党支部"
            self._organisation(name, "联合", "党支部", place, above=above)
            self.out.relate(COVERS, (PARTY, name), "覆盖", (place.kind, place.site), start=date_text(draw, 2015, 2024))
        for at in range(0, len(self.free), 25):
            if draw() < 0.5:
                name = f"{place.label}第{at // 25 + 1}联合党支部"
                self._organisation(name, "联合" if draw() < 0.95 else "", "党支部", place, above=above)
                for unit in self.free[at:at + 2 + int(draw() * 6)]:
                    self._cover(name, unit)

    def _cover(self, name: str, unit: str) -> None:
        basis = INFERRED if self.draw() < 0.04 else STATED
        self.out.relate(COVERS, (PARTY, name), "覆盖", (ENTERPRISE, unit), start=date_text(self.draw, 2015, 2024), basis=basis)

    def _instructors(self, place: Place) -> None:
        draw = self.draw
        for at in range(0, len(self.free), 30):
            if draw() < 0.35:
                name = f"{place.label}{'党建指导员' if draw() < 0.6 else '党建联络员'}岗{at // 30 + 1:02d}"
                sort = ("党建指导员" if "指导员" in name else "党建联络员") if draw() < 0.97 else ""
                self.out.rows[POST]((name, sort, "", "", SUBDISTRICTS[place.subdistrict]))
                for unit in self.free[at + 8:at + 8 + int(draw() * 16)]:
                    basis = INFERRED if draw() < 0.03 else STATED
                    self.out.relate(LIAISON, (POST, name), "联系", (ENTERPRISE, unit), level="街镇级", start=date_text(draw, 2022, 2024),
                                    basis=basis)

    # -- other ties of one enterprise ----------------------------------------------------------------------------------------

    def _ties(self, name: str, place: Place, trade: int, key: bool) -> None:
        draw, out = self.draw, self.out
        if draw() < MOVED and self.before:
            out.relate(CHANGES, (ENTERPRISE, name), "位于", ("楼宇", self.before), "经营地", start=date_text(draw, 2012, 2016),
                       end=date_text(draw, 2018, 2024))
        if trade < ALLIANCES and draw() < IN_ALLIANCE:
            out.relate(CARRIERS, (ENTERPRISE, name), "成员属于", ("行业党建载体", alliance_of(trade)), "牵头" if draw() < 0.05 else "成员",
                       start=date_text(draw, 2018, 2024), basis=INFERRED if draw() < 0.1 else STATED)
        if draw() < WITH_UNION:
            sort, title = weighted(draw, ((0.8, "工会 工会委员会"), (0.2, "团组织 团支部"))).split()
            out.rows["群团组织"]((name + title, sort, date_text(draw, 2008, 2024), name))
        if draw() < 0.01:
            out.rows[POST]((f"{name}党群联系人岗", "企业党群联系人", "", "", ""))
            out.relate(LIAISON, (POST, f"{name}党群联系人岗"), "建于", (ENTERPRISE, name))
        if draw() < 0.002:
            self._need(name)
        if key and draw() < 0.75:
            self._key_team(name)

    def _need(self, unit: str) -> None:
        draw = self.draw
        status = one_of(draw, ("待办", "办理中", "已答复", "已办结"))
        answered = "2025-05" if status in ("已答复", "已办结") else ""
        self.out.rows["诉求"]((f"{unit}诉求{self.number:08d}", one_of(draw, ("人才公寓", "办税辅导", "融资对接", "停车")), status,
                             "2025-03", answered, unit, one_of(draw, DEPARTMENTS)))

    def _key_team(self, unit: str) -> None:
        """A member of the social-work committee leads a team for about two key enterprises, now and then for more."""
        draw, out = self.draw, self.out
        if not self.key_teams or (self.led >= 2 and draw() < 0.9):
            self.key_teams, self.led = self.key_teams + 1, 0
            team, leader = key_team(self.key_teams), f"{MADE}区社工委委员岗{self.key_teams:04d}"
            out.rows[TEAM]((team, "重点企业服务团队", "", ""))
            out.rows[POST]((leader, "区社工委委员", "", "", one_of(draw, DEPARTMENTS)))
            out.relate(CARRIERS, (POST, leader), "成员属于", (TEAM, team), "牵头")
            for department in DEPARTMENTS:
                if draw() < 0.3:
                    out.relate(CARRIERS, ("职能部门", department), "派员参加", (TEAM, team))
        self.led += 1
        out.relate(LIAISON, (TEAM, key_team(self.key_teams)), "联系", (ENTERPRISE, unit), level="区级")


def key_team(number: int) -> str:
    return f"{MADE}重点企业服务团队{number:04d}"


def committee_of(subdistrict: int, number: int) -> str:
    return f"{SUBDISTRICTS[subdistrict]}第{ORDINALS[number]}综合党委"


def alliance_of(trade: int) -> str:
    return f"{INDUSTRIES[trade]}党建联盟"
