"""Every picture opens in a real browser: nothing fails, nothing is fetched, nothing in the data runs, all words can be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.opened import INK, opened, overlap, texts
from tests.browser.served import violations
from viz.figure import Figure
from viz.page import page

if TYPE_CHECKING:
    from playwright.sync_api import Browser

VIEWS = ("coverage", "alliances", "committee", "path", "gaps")
Saved = Callable[[str, str], Path]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory, changning: dict[str, Figure], hostile: dict[str, Figure], many: Figure) -> Saved:
    folder = tmp_path_factory.mktemp("pictures")
    figures = {"changning": changning, "hostile": hostile, "many": {"gaps": many}}

    def file(district: str, view: str) -> Path:
        path = folder / f"{district}-{view}.html"
        if not path.exists():
            path.write_text(page(figures[district][view]), encoding="utf-8")
        return path

    return file


@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize(("district", "view"), [*((d, v) for d in ("changning", "hostile") for v in VIEWS), ("changning", "no-path-0"),
                                                ("many", "gaps")])
def test_a_picture_opens(browser: Browser, saved: Saved, district: str, view: str, width: int) -> None:
    with opened(browser, saved(district, view), width) as (tab, wrong):
        found = texts(tab)
        assert tab.locator("[data-jl-waiting]").is_hidden()
        assert overlap(found["rects"]) < 0.02
        assert found["wide"] == [] and found["hidden"] == []
        assert found["scale"] >= 1, "labels of 16 pixels stay so"
        assert tab.evaluate(INK) > 500, "something is painted"
        assert tab.evaluate("window.hacked") is None
        assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "the page does not scroll sideways"
        assert violations(tab) == []
        assert wrong == []


def test_hovering_shows_the_evidence_as_text(browser: Browser, saved: Saved) -> None:
    with opened(browser, saved("hostile", "coverage"), 1280) as (tab, wrong):
        x, y = tab.evaluate("""() => {
          const picture = document.querySelector("[data-jl-picture]").jlPicture, box = picture.canvas.getBoundingClientRect();
          const node = Object.values(picture.nodes).find((n) => n.hover.some((h) => h.includes("推断理由")));
          const [x, y] = picture.placed.boxes[node.id];
          return [box.left + x * picture.scale, box.top + y * picture.scale];
        }""")
        tab.mouse.move(x, y)
        tip = tab.locator("[data-jl-tip]")
        tip.wait_for(state="visible")
        assert "<u>推断</u>" in tip.inner_text() and "<script>.csv 第" in tip.inner_text()
        tab.keyboard.press("Escape")
        assert tip.is_hidden()
        assert wrong == []


def test_a_square_leads_to_its_units_and_back(browser: Browser, saved: Saved) -> None:
    with opened(browser, saved("many", "gaps"), 1280) as (tab, wrong):
        x, y = tab.evaluate("""() => {
          const picture = document.querySelector("[data-jl-picture]").jlPicture, box = picture.canvas.getBoundingClientRect();
          const node = Object.values(picture.nodes).find((n) => (n.link || "").startsWith("#place"));
          const [x, y] = picture.placed.boxes[node.id];
          return [box.left + x * picture.scale, box.top + y * picture.scale];
        }""")
        tab.mouse.click(x, y)
        tab.locator("[data-jl-back]").wait_for(state="visible")
        assert "place-" in tab.url
        tab.locator("[data-jl-back] a").click()
        tab.locator("[data-jl-back]").wait_for(state="hidden")
        assert tab.evaluate("document.querySelector('[data-jl-picture]').jlPicture.key") == "all"
        assert wrong == []


def test_every_scene_of_a_large_map_can_be_read(browser: Browser, saved: Saved, many: Figure) -> None:
    area = next(s.key for s in many.scenes if s.key.startswith("area"))
    with opened(browser, saved("many", "gaps"), 375, hash=f"#{area}") as (tab, wrong):
        found = texts(tab)
        assert tab.evaluate("document.querySelector('[data-jl-picture]').jlPicture.key") == area
        assert overlap(found["rects"]) < 0.02 and found["wide"] == [] == found["hidden"] and tab.evaluate(INK) > 500
        assert wrong == []


def test_the_picture_can_be_saved_as_png(browser: Browser, saved: Saved, tmp_path: Path) -> None:
    with opened(browser, saved("changning", "committee"), 1280) as (tab, wrong):
        with tab.expect_download() as waiting:
            tab.get_by_role("button", name="存为 PNG").click()
        assert waiting.value.suggested_filename == "天山商圈党委_·_成员.png"
        waiting.value.save_as(tmp_path / "picture.png")
        assert (tmp_path / "picture.png").read_bytes()[:4] == b"\x89PNG"
        assert wrong == []


def test_the_buttons_work_by_keyboard(browser: Browser, saved: Saved) -> None:
    with opened(browser, saved("changning", "path"), 1280) as (tab, wrong):
        before = texts(tab)["scale"]
        tab.get_by_role("button", name="放大").focus()
        tab.keyboard.press("Enter")
        assert texts(tab)["scale"] > before
        assert wrong == []


def test_without_scripts_the_page_says_so_and_has_the_words(browser: Browser, saved: Saved) -> None:
    with opened(browser, saved("changning", "path"), 1280, scripts=False) as (tab, wrong):
        assert "浏览器没有运行脚本" in tab.locator(".jl-waiting").inner_text()
        tab.locator("summary").click()
        assert "推断理由" in tab.locator(".jl-words").inner_text()
        assert wrong == []
