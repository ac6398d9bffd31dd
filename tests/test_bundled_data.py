"""The bundled Changning registers, declarations and policies say what the public report says, and no more."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from graph.connect import connect
from graph.policy_files import bundled, policy
from ingest.bundled import files
from ingest.load import load
from schemas.declarations import Completeness, Count, DeclarationFile, Doubt, read_file
from schemas.kinds import BY_LABEL
from schemas.relations import BY_LABEL as RELATION_LABELS

REGISTERS = Path(__file__).parents[1] / "ingest" / "registers"
NAMES = {
    "subdistricts": {"天山路街道", "虹桥街道", "江苏路街道", "周家桥街道"},
    "departments": {"区委组织部（区社会工作党委）", "区政府办", "区税务局", "区医保局", "区民政局",
                    "区市场监管局", "区金融办", "区工商联", "商务委"},
    "business_districts": {"天山商圈"},
    "buildings": {"东银中心", "华敏翰尊国际大厦", "长宁来福士广场", "龙之梦雅仕大厦"},
    "parks": {"上生新所", "临空园区"},
    "industries": {"互联网+生活性服务业", "航空服务业", "人工智能产业", "时尚创意产业", "广告传媒"},
    "enterprises": {"分众传媒", "深兰科技", "爱奇艺", "西井科技", "便利蜂", "春秋航空", "携程网", "美团点评", "拼多多", "浦发银行", "ZARA"},
    "business_district_committees": {"天山商圈党委"},
    "industry_alliances": {"虹桥时尚创意产业联盟党委", "“互联网+生活性服务业”党建专委会", "航空行业党建联盟", "广告传媒行业党建联盟"},
    "liaison_teams": {"行业党建载体服务团队", "广告传媒行业党建联盟服务团队"},
    "stations": {"HONG空间·党群之家", "“聚·荟”上生新所党群服务站", "LINK空间", "龙之梦雅仕大厦党群服务站", "区党建服务中心"},
    "services": {"六个便利", "企业服务大讲堂", "白领运动会", "白领医小时", "阅空间", "税Chat", "茶休闲系列国画课程", "DIY首饰课",
                 "联盟商学院"},
    "documents": {"长宁：提升新兴领域党建水平 助推区域经济高质量发展", "关于提升新兴领域党建水平，助推区域经济高质量发展意见",
                  "关于楼宇园区党群阵地营商环境服务专区规范化建设及专区服务人员工作指引"},
}
OWN = ("分众传媒", "深兰科技", "爱奇艺", "西井科技", "便利蜂")
CONTACTED = ("春秋航空", "携程网", "美团点评", "拼多多")
UNNAMED = {
    "party_organizations": {f"[建于：{n}]" for n in (*OWN, *CONTACTED)},
    "liaison_posts": {"[派驻于：华敏翰尊国际大厦]", "[派驻于：长宁来福士广场]", "[派驻于：HONG空间·党群之家]",
                      *(f"[联系：[建于：{n}]]" for n in ("分众传媒", *CONTACTED))},
}
PUBLISHED = {  # id: (comparator, number, measure, part_of, whether the things are bodies)
    "tianshan-joint": ("=", 18, "stock", "", True), "tianshan-own": ("=", 57, "stock", "", True),
    "zones": ("=", 37, "stock", "", True), "zones-a": ("=", 9, "stock", "zones", True),
    "zones-b": ("=", 11, "stock", "zones", True), "zones-c": ("=", 17, "stock", "zones", True),
    "stations": (">", 90, "stock", "", True), "service-lists": ("=", 71, "stock", "", True),
    "full-time-workers": ("=", 158, "stock", "", True), "key-enterprises": ("=", 17, "stock", "", True),
    "carrier-team-people": ("=", 44, "stock", "", False), "carrier-items": (">", 120, "stock", "", False),
    "six-conveniences-projects": (">", 880, "flow", "", False), "terminal-functions": (">", 100, "stock", "", False),
    "longzhimeng-enterprises": (">", 30, "stock", "", True), "tax-transactions": ("=", 426, "flow", "", False),
    "tax-consultations": (">", 200, "flow", "", False), "tax-enterprises": (">", 7100, "flow", "", False),
    "tax-persons": (">", 7900, "flow", "", False), "one-stop-transactions": ("=", 1393, "flow", "", False),
    "residence-permits": ("=", 347, "flow", "", False),
}


def table(register: str) -> list[dict[str, str]]:
    """The rows of a register below its two lines of preamble."""
    with (REGISTERS / f"{register}.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [next(file).strip(), next(file).strip()] == ["来源,长宁区公开报道", "截至,2020-09"]
        return list(csv.DictReader(file))


def every() -> list[tuple[str, dict[str, str]]]:
    return [(p.stem, row) for p in sorted(REGISTERS.glob("*.csv")) for row in table(p.stem)]


def declared(file: str = "declarations.toml") -> DeclarationFile:
    return read_file((REGISTERS / file).read_text(encoding="utf-8"), file)


def test_registers_hold_the_published_names_and_no_others() -> None:
    assert {p.stem for p in REGISTERS.glob("*.csv")} == {*NAMES, *UNNAMED, "relations"}
    for register, names in {**NAMES, **UNNAMED}.items():
        found = [next(iter(row.values())) for row in table(register)]
        assert sorted(found) == sorted(names), register


def test_relationships_join_bodies_that_are_registered() -> None:
    known = set().union(*NAMES.values(), *UNNAMED.values())
    for row in table("relations"):
        assert row["起点"] in known and row["终点"] in known
        assert RELATION_LABELS[row["关系"]].targets(BY_LABEL[row["起点类别"]].name).count(BY_LABEL[row["终点类别"]].name)
    inner = {re.sub(r"^(\[[^：]+：)+|\]+$", "", name) for names in UNNAMED.values() for name in names}
    assert inner <= known


def test_every_inferred_row_gives_its_reason_and_only_those() -> None:
    rows = [row for _, row in every()]
    assert {row.get("依据") for row in rows} <= {None, "", "推断"}
    assert all(bool(row.get("推断理由")) == (row.get("依据") == "推断") for row in rows)


def test_what_is_inferred() -> None:
    found = {(register, next(iter(row.values())) if register != "relations" else (row["起点"], row["终点"]))
             for register, row in every() if row.get("依据") == "推断"}
    assert found == {
        ("departments", "商务委"),
        *(("party_organizations", f"[建于：{n}]") for n in CONTACTED),
        *(("liaison_posts", f"[联系：[建于：{n}]]") for n in CONTACTED),
        *(("relations", (f"[联系：[建于：{n}]]", f"[建于：{n}]")) for n in CONTACTED),
        ("relations", ("分众传媒", "广告传媒行业党建联盟")),
        ("relations", ("“聚·荟”上生新所党群服务站", "上生新所")),
        ("relations", ("龙之梦雅仕大厦党群服务站", "龙之梦雅仕大厦")),
    }


def test_nothing_is_said_to_be_complete() -> None:
    assert not any(cell == "无" or cell.startswith("仅：") for _, row in every() for cell in row.values())
    assert not [d for _, d in declared().declarations if isinstance(d, Completeness)]


def test_no_person_is_named() -> None:
    personal = {f.label for kind in BY_LABEL.values() for f in kind.fields if f.personal}
    assert not personal & {header for _, row in every() for header in row}


def test_published_counts_are_as_published() -> None:
    counts = [d for _, d in declared().declarations if isinstance(d, Count)]
    assert {c.id: (c.comparator, c.number, c.measure, c.part_of, bool(c.pattern)) for c in counts} == PUBLISHED
    assert [d.body for _, d in declared().declarations if isinstance(d, Doubt)] == ["浦发银行"]
    assert (declared().source, declared().as_of) == ("长宁区公开报道", "2020-09")


def test_the_assumption_speaks_of_one_industry_only() -> None:
    [(_, statement)] = declared("examples/assume-industry-carriers.toml").declarations
    assert isinstance(statement, Completeness)
    assert statement.scope == ("(:Industry {name: 人工智能产业})",)
    assert statement.hop == "(:Industry)<-[:SERVES]-(:IndustryAlliance)"


@pytest.mark.parametrize("name", ["national", "changning"])
def test_policy(name: str) -> None:
    """Every rule has a source, a Chinese label and (where it asks for something) a remedy; readings only inform."""
    read = policy(name)
    assert name in bundled() and read.covered_by == ("organisation", "work")
    assert [w.name for w in read.ways if w.own] == ["own"]
    assert [w.class_ for w in read.ways] == sorted((w.class_ for w in read.ways), key=["organisation", "work", "contact"].index)
    for rule in (*read.ways, *read.requirements):
        assert rule.source and re.search("[\u4e00-\u9fff]", rule.label)
    for requirement in read.requirements:
        assert re.search("[\u4e00-\u9fff]", requirement.remedy)
        assert requirement.reading == (requirement.severity == "information")


def test_what_would_accuse_by_our_reading_is_off() -> None:
    assert {r.id for r in policy().requirements if not r.on} == {"carrier-four-ones", "building-modules"}


def test_the_size_of_a_joint_branch_is_national() -> None:
    rule = policy().requirement("joint-branch-size")
    assert rule == policy("national").requirement("joint-branch-size")
    assert rule.bounds == (0, 5)


def test_it_loads_without_rejects(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'store.db'}")
    result = load(engine, files())
    with engine.read() as snapshot:
        counts = snapshot.counts()
    engine.close()
    assert result.rejects == () and all(r.state == "loaded" for r in result.reports)
    assert (counts["Enterprise"], counts["PartyOrganization"], counts["LiaisonPost"], counts["Station"]) == (11, 9, 8, 5)
