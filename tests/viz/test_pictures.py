"""What is in each picture: lanes, members and placeholders, bridges, inferred hops, aggregation and drill-down."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

import graph
from graph.engine import GraphEngine
from schemas.facts import RelationFact
from schemas.view import View
from tests.viz.district import body, stored
from tests.viz.drawn import DAY, figures
from viz import pictures
from viz.figure import Figure
from viz.layouts.boxes import LABEL
from viz.layouts.paths import chains
from viz.payload import NARROW, WIDE, payload


def nodes(figure: Figure, scene: int = 0) -> list[dict[str, Any]]:
    return [d for _, d in figure.scenes[scene].graph.nodes(data=True)]


def edges(figure: Figure) -> list[dict[str, Any]]:
    return [d for _, _, d in figure.scenes[0].graph.edges(data=True)]


def test_coverage_has_three_lanes_and_the_inferred_membership_is_dashed(changning: dict[str, Figure]) -> None:
    figure = changning["coverage"]
    assert figure.summary == "已覆盖：组织覆盖，单独组建党组织"
    assert {d["band"] for d in nodes(figure)} == {-1, 0, 1, 2}
    named = {d["text"].split("\n")[0]: d for d in nodes(figure)}
    assert named["分众传媒的党组织（名称未公布）"]["mark"] == "unnamed"
    assert named["广告传媒行业党建联盟"]["band"] == 2
    dashed = [d["text"] for d in edges(figure) if d["stroke"] == "inferred"]
    assert dashed == ["成员属于\n（推断）"]
    assert "区税务局" in named, "who stands behind the team is drawn"
    assert "长宁区公开报道" in named["广告传媒行业党建联盟"]["hover"]


def test_what_is_not_known_is_hollow_and_dashed(changning_store: GraphEngine) -> None:
    figure = pictures.coverage_figure(graph.coverage(changning_store, "浦发银行", View(graph.policy(), DAY)))
    looks = Counter(d["look"] for d in nodes(figure))
    assert nodes(figure)[0]["look"] == "unknown", "the subject itself"
    assert looks["unknown"] == 4


def test_what_is_only_referred_to_says_so_in_every_picture(tmp_path: Path) -> None:
    unit, other = body("Enterprise", "很" * 200, stub="true"), body("Enterprise", "乙公司")
    party, hub, committee = body("PartyOrganization", "甲支部", stub="true"), body("IndustryAlliance", "甲联盟"), body(
        "BusinessDistrictCommittee", "甲商圈党委")
    engine = stored(tmp_path, [unit, other, party, hub, committee, RelationFact(party.id, "FORMED_IN", unit.id),
                               *(RelationFact(m.id, "MEMBER_OF", hub.id) for m in (unit, other, party)),
                               RelationFact(party.id, "MEMBER_OF", committee.id)])
    for name, figure in figures(engine, unit.name, committee.name, other.name).items():
        scene, drawn = figure.scenes[0], [n for n, d in figure.scenes[0].graph.nodes(data=True) if d["mark"] == "stub"]
        assert drawn and "stub" in figure.legend, name
        assert all("〔待补录〕" in scene.layout(scene.graph, width).boxes[n].lines for n in drawn for width in (WIDE, NARROW)), name
        if name in ("path", "committee", "alliances"):
            dotted = [bool(n.get("shapeProperties")) for n in payload(figure)["scenes"]["all"]["nodes"]]
            assert dotted == [n in drawn for n in scene.graph], name
    engine.close()


def test_the_committee_has_18_and_57_placeholders(changning: dict[str, Figure]) -> None:
    per_band = Counter(d["band"] for d in nodes(changning["committee"]) if d["look"] == "placeholder")
    assert per_band == {0: 18, 1: 57}


def test_a_registered_member_takes_the_place_of_a_placeholder(hostile: dict[str, Figure]) -> None:
    drawn = nodes(hostile["committee"])
    assert Counter(d["band"] for d in drawn if d["look"] == "placeholder") == {0: 17, 1: 57}
    assert [d["text"] for d in drawn if d["look"] == "party" and d["part"] == "member"] == ["<b>党支部</b>"]


def test_members_of_several_alliances_stand_between_them(hostile: dict[str, Figure]) -> None:
    shared = [d for d in nodes(hostile["alliances"]) if d["part"] == "shared"]
    assert len(shared) == 3 and all(len(d["hubs"]) == 3 for d in shared)
    placed = hostile["alliances"].scenes[0].layout(hostile["alliances"].scenes[0].graph, WIDE)
    graph_ = hostile["alliances"].scenes[0].graph
    xs = sorted({placed.boxes[n].x for n, d in graph_.nodes(data=True) if d["part"] == "hub"})
    assert all(xs[0] < placed.boxes[n].x < xs[-1] for n, d in graph_.nodes(data=True) if d["part"] == "shared")


def test_too_many_shared_members_are_drawn_as_pairs(hostile_store: GraphEngine) -> None:
    answer = graph.alliances(hostile_store, View(graph.policy(), DAY), members=60)
    drawn = nodes(pictures.alliances_figure(answer.model_copy(update={"shared_total": 500})))
    assert sorted(d["text"] for d in drawn if d["part"] == "shared") == ["共同成员 3 个"] * 3
    assert [d["text"] for d in drawn if d["text"].endswith("（含共同成员）")]


def test_paths_stand_side_by_side(changning: dict[str, Figure]) -> None:
    figure = changning["path"]
    assert Counter(d["band"] for d in nodes(figure)) == {0: 4, 1: 5}
    assert [d["stroke"] for d in edges(figure)] == ["stated", "stated", "inferred", *["stated"] * 4]


@pytest.mark.parametrize("bodies", [2, 3, 5, 6, 7, 13])
def test_a_long_path_turns_and_stays_on_the_page(bodies: int) -> None:
    drawn = nx.DiGraph()
    for i in range(bodies):
        drawn.add_node(str(i), band=0, place=i, text=f"第{i}个很长的名称有限责任公司")
    placed = chains(("渠道 1",), drawn, WIDE)
    boxes = [placed.boxes[str(i)] for i in range(bodies)]
    assert placed.width == WIDE and all(b.x - b.width / 2 >= 0 and b.x + b.width / 2 <= WIDE for b in boxes)
    for one, next_ in itertools.pairwise(boxes):
        beside = one.y == next_.y and abs(one.x - next_.x) - one.width >= LABEL - 1
        below = one.x == next_.x and next_.y - one.y - (one.height + next_.height) / 2 >= 44
        assert beside or below, "no arrow crosses another body, and its words have room"


def test_without_a_path_both_ends_show_their_contacts(changning: dict[str, Figure]) -> None:
    figure = changning["no-path-0"]
    assert {d["text"] for d in nodes(figure)} == {"区税务局", "行业党建载体服务团队", "浦发银行", "龙之梦雅仕大厦"}
    assert "6 步" in figure.summary


def test_few_units_are_drawn_one_by_one(changning: dict[str, Figure]) -> None:
    assert Counter(d["look"] for d in nodes(changning["gaps"])) == {"covered": 5, "unknown": 6, "title": 2}


def test_many_units_are_squares_that_lead_to_their_units(many: Figure) -> None:
    keys = {s.key for s in many.scenes}
    links = [d["link"] for i in range(len(many.scenes)) for d in nodes(many, i) if d["link"]]
    assert len(nodes(many)) <= 125
    assert {x.removeprefix("#") for x in links} == keys - {"all"}
    units = [d for i, s in enumerate(many.scenes) if s.key.startswith("place") for d in nodes(many, i) if d["part"] == "member"]
    assert len(units) == 320


def test_links_elsewhere_take_the_place_of_scenes(tmp_path_factory: Any, many: Figure, hostile_store: GraphEngine) -> None:
    answer = graph.gap_map(hostile_store, View(graph.policy(), DAY)).model_copy(update={"units_listed": False})
    figure = pictures.gaps_figure(answer, lambda place: f"/gaps?scope={place}")
    assert [s.key for s in figure.scenes] == ["all"]
    assert [d["link"] for d in nodes(figure) if d["part"] == "member"] == [f"/gaps?scope={answer.places[0].cell.group_id}"]


def test_boxes_never_overlap(changning: dict[str, Figure], hostile: dict[str, Figure], many: Figure) -> None:
    for figure in (*changning.values(), *hostile.values(), many):
        for scene in figure.scenes:
            for width in (WIDE, NARROW):
                placed = scene.layout(scene.graph, width)
                assert set(placed.boxes) == set(scene.graph)
                spans = sorted((b.y - b.height / 2, b.y + b.height / 2, b.x - b.width / 2, b.x + b.width / 2)
                               for b in placed.boxes.values() if not b.size)
                for i, (_, bottom, left, right) in enumerate(spans):
                    for top, _, other_left, other_right in spans[i + 1:]:
                        assert top >= bottom - 0.2 or other_left >= right - 0.2 or other_right <= left + 0.2, (figure.title, scene.key)
                assert all(b.x - b.width / 2 >= -1 and b.x + b.width / 2 <= placed.width + 1 for b in placed.boxes.values())


def test_the_header_names_as_of_source_and_policy(changning: dict[str, Figure]) -> None:
    for name, figure in changning.items():
        said = "；".join(figure.facts)
        assert "截至2020-09" in said and "长宁区公开报道" in said and "口径：changning 第 1 版" in said, name


def test_what_is_assumed_is_said(changning_store: GraphEngine) -> None:
    answer = graph.coverage(changning_store, "分众传媒", View(graph.policy(), DAY))
    assumed = answer.model_copy(update={"frame": answer.frame.model_copy(update={"assumed": 2, "overlay": True})})
    assert {"假定 2 条声明成立", "含模拟推演的改动"} <= set(pictures.coverage_figure(assumed).facts)


def test_a_made_district_says_so(changning: dict[str, Figure]) -> None:
    from viz.page import page

    assert "虚构数据" not in page(changning["path"]).split("<script", 1)[0]
    assert "虚构数据" in page(replace(changning["path"], synthetic=True)).split("<script", 1)[0]


def test_suppressed_cells_are_drawn_without_numbers(hostile_store: GraphEngine) -> None:
    answer = graph.gap_map(hostile_store, View(graph.policy(), DAY), limit=0)
    hidden = {"total": None, "counts": dict.fromkeys(answer.overall.counts), "rate_low": None, "rate_high": None, "suppressed": True}
    places = tuple(p.model_copy(update={"cell": p.cell.model_copy(update=hidden)}) for p in answer.places)
    areas = tuple(a.model_copy(update=hidden) for a in answer.areas)
    drawn = nodes(pictures.gaps_figure(answer.model_copy(update={"places": places, "areas": areas})))
    assert [d["text"].split("\n")[1] for d in drawn] == ["单位过少，不显示", "单位过少"]
    assert not any(c.isdigit() for d in drawn for c in d["hover"])
