"""What the bundled data must show, each with its evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingest import bundled
from tests.cli.runner import answer, run

COVERED = ("分众传媒", "深兰科技", "爱奇艺", "西井科技", "便利蜂")
PROBABLE = ("春秋航空", "携程网", "美团点评", "拼多多")
NOT_KNOWN = ("浦发银行", "ZARA")


def ways(document: Any, state: str, class_name: str) -> list[Any]:
    return [w for w in document["ways"] if w["state"] == state and w["class_name"] == class_name]


@pytest.mark.parametrize("who", COVERED)
def test_covered_by_its_own_organisation_as_stated(changning: str, who: str) -> None:
    found = answer("coverage", who, "--store", changning)
    assert found["status"] == "covered"
    match = ways(found, "true", "organisation")[0]["matches"][0]
    assert match["certain"]
    assert [s["basis"] for s in match["steps"]] == ["stated"]
    assert all(s["evidence"] for s in match["steps"])


@pytest.mark.parametrize("who", PROBABLE)
def test_not_known_but_probable_where_the_organisation_is_inferred(changning: str, who: str) -> None:
    found = answer("coverage", who, "--store", changning)
    assert (found["status"], found["probable"]) == ("not_known", True)
    match = next(m for w in ways(found, "not_known", "organisation") for m in w["matches"])
    assert not match["certain"]
    assert any("推断" in need for need in match["needs"])


@pytest.mark.parametrize("who", NOT_KNOWN)
def test_not_known_with_what_would_have_to_be_registered(changning: str, who: str) -> None:
    found = answer("coverage", who, "--store", changning)
    assert (found["status"], found["probable"]) == ("not_known", False)
    assert all(w["open"] or w["why_not"] for w in found["ways"] if w["state"] != "true")


def test_statistics_give_the_rate_as_a_range(changning: str) -> None:
    overall = answer("statistics", "--store", changning)["overall"]
    assert {s: overall["counts"][s] for s in ("covered", "not_known", "uncovered", "exempt")} == {
        "covered": 5, "not_known": 6, "uncovered": 0, "exempt": 0}
    assert (round(overall["rate_low"], 4), overall["rate_high"]) == (round(5 / 11, 4), 1.0)
    assert "45.5-100%" in run("statistics", "--store", changning).out


def test_contact_is_shown_apart(changning: str) -> None:
    found = answer("coverage", "分众传媒", "--store", changning)
    contact = {w["name"]: w for w in found["ways"] if w["class_name"] == "contact"}
    assert not any(w["counts"] for w in contact.values())
    district = contact["district-contact-organisation"]
    assert (district["state"], district["matches"][0]["certain"]) == ("true", True)
    alliance = contact["alliance"]
    assert alliance["state"] == "not_known"
    assert "据此推断" in alliance["matches"][0]["needs"][0]
    assert alliance["matches"][0]["steps"][-1]["target"]["name"] == "广告传媒行业党建联盟"
    shown = run("coverage", "分众传媒", "--store", changning)
    assert "服务联系（不计入覆盖）" in shown.flat


def test_asked_for_2019_it_is_not_known_and_today_it_is_old(changning: str) -> None:
    assert answer("coverage", "分众传媒", "--as-of", "2019", "--store", changning)["status"] == "not_known"
    now = answer("coverage", "分众传媒", "--store", changning)
    assert now["as_of"]["note"] == "截至2020-09，此后未核实"
    assert "截至2020-09，此后未核实" in run("coverage", "分众传媒", "--store", changning).flat


def test_the_two_liaison_paths(changning: str) -> None:
    found = answer("path", "区税务局", "分众传媒", "-k", 3, "--store", changning)
    assert found["outcome"] == "paths"
    first, second = found["paths"]
    names = [[s["target"]["name"] for s in p["steps"]] for p in (first, second)]
    assert names[0] == ["行业党建载体服务团队", "广告传媒行业党建联盟", "分众传媒"]
    assert (first["cost"], first["stated"], [s["basis"] for s in first["steps"]]) == (3, False, ["stated", "stated", "inferred"])
    assert (second["cost"], second["stated"]) == (5, True)
    assert names[1][-2:] == ["分众传媒的党组织（名称未公布）", "分众传媒"]
    assert all(s["evidence"] for p in found["paths"] for s in p["steps"])


def test_stated_only_leaves_the_second_path(changning: str) -> None:
    found = answer("path", "区税务局", "分众传媒", "--stated-only", "--store", changning)
    assert [p["cost"] for p in found["paths"]] == [5]


def test_via_and_avoid(changning: str) -> None:
    ask = ("path", "区税务局", "分众传媒", "--store", changning)
    assert answer(*ask, "--avoid", "行业党建载体服务团队")["outcome"] == "none"
    assert answer(*ask, "--via", "广告传媒行业党建联盟", "-k", 1)["paths"][0]["cost"] == 3
    assert run(*ask, "--via", "没有这个").code == 4


def test_no_path_tells_what_each_end_is_connected_to(changning: str) -> None:
    found = answer("path", "区税务局", "浦发银行", "--store", changning)
    assert (found["outcome"], found["paths"]) == ("none", [])
    assert [s["target"]["name"] for s in found["start_contacts"]] == ["行业党建载体服务团队"]
    assert [s["target"]["name"] for s in found["end_contacts"]] == ["龙之梦雅仕大厦"]
    shown = run("path", "区税务局", "浦发银行", "--store", changning)
    assert "龙之梦雅仕大厦" in shown.out


def test_published_against_registered(changning: str) -> None:
    counts = {c["id"]: c for c in answer("reconcile", "--store", changning)["counts"]}
    fields = ("published", "registered_low", "registered_high", "placeholder_text")
    shown = {i: tuple(c[f] for f in fields) for i, c in counts.items() if c["compared"]}
    assert shown["tianshan-joint"] == (18, 0, 0, "18")
    assert shown["tianshan-own"] == (57, 0, 0, "57")
    assert shown["zones"] == (37, 2, 2, "35")
    assert (shown["zones-a"][3], shown["zones-b"][3], shown["zones-c"][3]) == ("7-9", "9-11", "15-17")
    assert shown["stations"] == (90, 5, 5, "多于 85")
    assert any(not c["compared"] for c in counts.values())


def test_a_made_up_joint_organisation_fills_one_placeholder(store: str, tmp_path: Path) -> None:
    extra = tmp_path / "党组织.csv"
    rows = ("来源,测试", "截至,2020-10", "虚构数据,是", "党组织名称,组建形式,所属商圈党委", "虚构联合党支部,联合,天山商圈党委")
    extra.write_text("\n".join(rows), encoding="utf-8")
    assert run("load", *bundled.files(), extra, "--store", store).code == 0
    counts = {c["id"]: c for c in answer("reconcile", "--store", store)["counts"]}
    assert (counts["tianshan-joint"]["registered_low"], counts["tianshan-joint"]["placeholder_text"]) == (1, "17")


def carriers(changning: str, *options: object) -> list[Any]:
    found: list[Any] = answer("gaps", "--rule", "key-industry-carrier", *options, "--store", changning)["gaps"]
    return found


def test_an_industry_without_a_known_carrier(changning: str) -> None:
    assert carriers(changning) == []
    unknown = carriers(changning, "--state", "not_known")
    assert [g["subject"]["name"] for g in unknown] == ["人工智能产业"]
    assert unknown[0]["open"]
    assumed = carriers(changning, "--assume", bundled.assumption(), "--state", "gap", "--state", "not_known")
    assert [(g["subject"]["name"], g["state"], g["severity"]) for g in assumed] == [("人工智能产业", "gap", "information")]
    assert carriers(changning, "--state", "not_known")[0]["id"] == assumed[0]["id"]


def test_key_buildings(changning: str) -> None:
    found = answer("gaps", "--rule", "key-building-worker", "--state", "ok", "--state", "not_known", "--state", "gap", "--store", changning)
    states = {g["subject"]["name"]: g["state"] for g in found["gaps"]}
    assert {n for n, s in states.items() if s == "ok"} == {"华敏翰尊国际大厦", "长宁来福士广场"}
    assert {s for n, s in states.items() if n not in ("华敏翰尊国际大厦", "长宁来福士广场")} == {"not_known"}


@pytest.mark.parametrize("rule", ["landmark-team", "zone-functions-a", "zone-functions-b", "zone-functions-c", "post-training"])
def test_not_known_names_what_would_have_to_be_registered(changning: str, rule: str) -> None:
    found = answer("gaps", "--rule", rule, "--state", "not_known", "--state", "gap", "--store", changning)["gaps"]
    assert found
    assert {g["state"] for g in found} == {"not_known"}
    assert all(g["open"] for g in found)
    if rule == "post-training":
        assert len(found) == 2


def test_gaps_page_and_cursor(changning: str) -> None:
    ask = ("gaps", "--state", "not_known", "--limit", 3, "--store", changning)
    whole = [g["id"] for g in answer("gaps", "--state", "not_known", "--limit", 1000, "--store", changning)["gaps"]]
    seen, page = list[str](), answer(*ask)
    while True:
        seen += [g["id"] for g in page["gaps"]]
        if not page["page"]["cursor"]:
            break
        page = answer(*ask, "--cursor", page["page"]["cursor"])
    assert seen == whole
    assert len(whole) == page["page"]["total"]


def test_check_finds_nothing_wrong(changning: str) -> None:
    assert [f for f in answer("check", "--store", changning)["findings"] if f["level"] == "error"] == []
