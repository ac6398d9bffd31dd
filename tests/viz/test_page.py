"""Pages are whole, safe and the same each time, whatever the names are."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest

from tests.viz.district import HOSTILE
from viz.figure import Figure
from viz.page import SCRIPTS, asset, page, part
from viz.payload import payload, safe_link
from viz.text import clean, em, wrap


class Read(HTMLParser):
    """The elements of a page with their attributes, and the text of scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements = list[tuple[str, dict[str, str | None]]]()
        self.scripts = list[str]()
        self.inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.inside = tag == "script"
        if self.inside:
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.scripts[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "script"


TAGS = {"html", "head", "meta", "link", "title", "style", "body", "main", "header", "div", "h1", "h2", "span", "button", "p", "bdi",
        "ul", "li", "a", "strong", "details", "summary", "section", "br", "small", "script"}


def test_hostile_names_make_no_element_and_no_attribute(hostile: dict[str, Figure], many: Figure) -> None:
    for figure in (*hostile.values(), many):
        read = Read(page(figure))
        assert {t for t, _ in read.elements} <= TAGS
        assert sum(t == "script" for t, _ in read.elements) == 1 + len(SCRIPTS)
        assert not any(name.startswith("on") or name == "style" for _, attrs in read.elements for name in attrs)
        assert all(a["href"] in ("data:,",) or (a["href"] or "").startswith("#") for t, a in read.elements if "href" in a)


def test_the_payload_carries_names_as_data(hostile: dict[str, Figure]) -> None:
    text = page(hostile["gaps"])
    data = json.loads(Read(text).scripts[0])
    words = "".join("".join(b[4]) for b in data["scenes"]["all"]["wide"]["boxes"].values())
    assert "</script>" in words and "<img" in words
    assert "\u202e" not in text and "\u2066" not in text
    assert all(re.fullmatch(r"n\d+", n["id"]) for n in data["scenes"]["all"]["nodes"])


def test_every_script_and_style_is_allowed_by_its_hash(changning: dict[str, Figure]) -> None:
    text = page(changning["coverage"])
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy
    allowed = policy[1].replace("&#39;", "'")
    assert "unsafe" not in allowed and allowed.startswith("default-src 'none'")
    for inlined in (*(asset(n) for n in SCRIPTS), asset("picture.css")):
        assert base64.b64encode(hashlib.sha256(inlined.encode()).digest()).decode() in allowed
        assert f">{inlined}</" in text
        assert "</script" not in inlined and "</style" not in inlined


def test_nothing_is_fetched_from_anywhere(changning: dict[str, Figure]) -> None:
    read = Read(page(changning["committee"]))
    assert not any(name in ("src", "srcset", "action", "data") for _, attrs in read.elements for name in attrs)
    assert "sourceMappingURL" not in page(changning["committee"])


def test_the_same_figure_gives_the_same_bytes(changning: dict[str, Figure]) -> None:
    assert all(page(f) == page(f) for f in changning.values())


def test_a_part_for_a_larger_page_has_no_script_of_its_own(changning: dict[str, Figure]) -> None:
    read = Read(part(changning["path"]))
    assert [a.get("type") for t, a in read.elements if t == "script"] == ["application/json"]


def test_the_text_version_says_what_the_picture_says(changning: dict[str, Figure]) -> None:
    head = page(changning["path"]).split('<script type="application/json"')[0]
    assert "推断理由" in head and "relations.csv 第" in head and "说明浏览器没有运行脚本" in head


def test_no_label_is_smaller_than_16_pixels() -> None:
    sizes = re.findall(r"(?:FONT|SMALL) = (\d+)", asset("picture.js")) + re.findall(r"font-size:(\d+)px", asset("picture.css"))
    assert len(sizes) > 5 and min(map(int, sizes)) >= 16


@pytest.mark.parametrize("link", ["javascript:alert(1)", "//elsewhere.example/x", "https://elsewhere.example", "/\\elsewhere",
                                  "data:text/html,x", "#<b>", "/a b", ""])
def test_links_stay_in_the_picture_or_on_the_site(link: str) -> None:
    assert safe_link(link) == ""
    assert safe_link("#place-1") and safe_link("/gaps?scope=bu-1")


def test_the_payload_is_json_and_draws_both_widths(many: Figure) -> None:
    data = json.loads(json.dumps(payload(many)))
    for scene in data["scenes"].values():
        for width in ("wide", "narrow"):
            assert set(scene[width]["boxes"]) == {n["id"] for n in scene["nodes"]}


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_wrapped_within_their_box(name: str) -> None:
    for width in (4.0, 8.0, 20.0):
        lines = wrap(name, width, 3)
        assert 1 <= len(lines) <= 3
        assert all(em(line) <= width + 1 for line in lines)
        assert not any(c in line for line in lines for c in "\u202e\u2066\u2028\n")


def test_wrapping_keeps_punctuation_with_what_it_belongs_to() -> None:
    assert wrap("“互联网+生活性服务业”党建专委会", 8, 3) == ["“互联网+生", "活性服务业”", "党建专委会"]
    assert wrap("分众传媒的党组织（名称未公布）", 9, 3) == ["分众传媒的党组织", "（名称未公布）"]
    assert clean(" a\u200b\n b ") == "a b"
