"""Every page opens in a real browser, wide and narrow: nothing fails, nothing is fetched elsewhere, nothing in the data runs,
everything can be reached and read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.browser.opened import INK, overlap, texts
from tests.browser.served import WIDER, served, tab_of, violations
from tests.web import stores

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HOSTILE = quote(stores.HOSTILE[0], safe="")
PAGES = {
    "changning": (
        "/", "/search?q=楼", "/directory", "/entities/分众传媒", "/entities/天山路街道", "/paths", "/paths?from=区税务局&to=分众传媒",
        "/paths?from=区税务局&to=浦发银行", "/networks/alliances", "/networks/committees/天山商圈党委", "/gaps?state=gap&state=not_known",
        "/gaps/map", "/statistics?by=type&compare=2019-01-01", "/reconciliation", "/imports"),
    "many": ("/networks/alliances", "/networks/shared", "/reconciliation"),
    "made": ("/", "/search?q=公司", "/gaps?rule=no-coverage", "/gaps/map", "/statistics?by=building", "/networks/alliances",
             "/reconciliation", "/entities/虚构安吉信企业咨询有限公司", "/paths?from=虚构区税务局&to=虚构安吉信企业咨询有限公司",
             "/networks/committees/虚构庚商圈党委"),
    "hostile": ("/", "/search?q=公司", "/directory", f"/entities/{HOSTILE}", f"/paths?from={quote(stores.OFFICE)}&to={HOSTILE}", "/networks/alliances",
                f"/networks/committees/{quote(stores.ALLIANCE, safe='')}", "/gaps?state=not_known", "/gaps/map", "/statistics?by=building",
                "/imports"),
}


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """District -> the address of its pages."""
    with ExitStack() as open_:
        yield {name: open_.enter_context(served(getattr(stores, name)(tmp_path_factory.mktemp(name)))) for name in PAGES}


@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize(("district", "address"), [(d, a) for d, addresses in PAGES.items() for a in addresses])
def test_a_page_opens(browser: Browser, sites: dict[str, str], district: str, address: str, width: int) -> None:
    with tab_of(browser, sites[district], width) as (tab, wrong):
        tab.goto(sites[district] + address)
        assert tab.evaluate(WIDER) == 0, "the page does not scroll sideways"
        if tab.locator("[data-jl-picture]").count():
            found = texts(tab)
            assert tab.locator("[data-jl-waiting]").is_hidden() and tab.evaluate(INK) > 500, "the picture is painted"
            assert overlap(found["rects"]) < 0.02 and found["hidden"] == [] and found["scale"] >= 1
        assert tab.evaluate("window.hacked") is None
        assert violations(tab) == []
        assert wrong == []


def test_a_telephone_shows_the_rate_and_a_desk_whole_codes_and_paths(browser: Browser, sites: dict[str, str]) -> None:
    with tab_of(browser, sites["made"], 375) as (tab, _):
        tab.goto(sites["made"] + "/statistics?by=building")
        rate = tab.get_by_role("columnheader", name="覆盖率").bounding_box()
        assert rate and rate["x"] + rate["width"] <= 375
    with tab_of(browser, sites["made"], 1280) as (tab, _):
        tab.goto(sites["made"] + "/directory")
        assert {round(c.bounding_box()["height"]) for c in tab.locator("td.code > div").all()} == {24}, "a line each"
        tab.goto(sites["made"] + "/paths?from=虚构区税务局&to=虚构安吉信企业咨询有限公司")
        assert tab.locator(".jl-stage").evaluate("e => e.scrollWidth - e.clientWidth") == 0, "nothing of the path is out of sight"


@pytest.mark.parametrize("address", ["/entities/没有这个", "/gaps?as_of=昨天"])
def test_an_error_is_a_page_like_any_other(browser: Browser, sites: dict[str, str], address: str) -> None:
    with tab_of(browser, sites["changning"], 375) as (tab, wrong):
        tab.goto(sites["changning"] + address)
        assert tab.evaluate(WIDER) == 0 and violations(tab) == []
        assert all("Failed to load resource" in w for w in wrong), "but for the status of the page itself"


def test_what_breaks_a_rule_is_found(browser: Browser, sites: dict[str, str]) -> None:
    with tab_of(browser, sites["changning"], 375) as (tab, _):
        tab.goto(sites["changning"] + "/imports")
        tab.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<input><img src=data:,>')")
        tab.evaluate("document.querySelector('main h1').style.width = '600px'")
        assert {v.partition(":")[0] for v in violations(tab)} == {"image-alt", "label"}
        assert tab.evaluate(WIDER) > 0


def test_suggestions_are_chosen_by_keyboard(browser: Browser, sites: dict[str, str]) -> None:
    with tab_of(browser, sites["changning"], 1280) as (tab, wrong):
        tab.goto(sites["changning"] + "/")
        box = tab.get_by_role("combobox", name="查找单位")
        box.press_sequentially("fzc")
        tab.get_by_role("option", name="分众传媒").wait_for()
        assert box.get_attribute("aria-expanded") == "true" and violations(tab) == []
        box.press("Escape")
        assert box.get_attribute("aria-expanded") == "false"
        box.press("ArrowDown")
        assert tab.locator(f"#{box.get_attribute('aria-activedescendant')}").inner_text().startswith("分众传媒")
        box.press("Enter")
        tab.get_by_role("heading", name="分众传媒", exact=True).wait_for()
        assert wrong == []


def test_a_path_is_asked_with_suggestions_and_drawn(browser: Browser, sites: dict[str, str]) -> None:
    with tab_of(browser, sites["changning"], 375) as (tab, wrong):
        tab.goto(sites["changning"] + "/paths")
        for name, typed, meant in (("从", "税务", "区税务局"), ("到", "分众", "分众传媒")):
            tab.get_by_role("combobox", name=name, exact=True).press_sequentially(typed)
            tab.get_by_role("option", name=meant).first.click()
        tab.get_by_text("更多条件").click()
        tab.get_by_role("combobox", name="不得经过").press_sequentially("党组织、广告")
        tab.get_by_role("option", name="广告传媒行业党建联盟 行业党建载体").click()
        assert tab.get_by_role("combobox", name="不得经过").input_value() == "党组织、广告传媒行业党建联盟"
        tab.get_by_role("combobox", name="不得经过").fill("党组织")
        tab.get_by_role("button", name="查询").click()
        tab.get_by_role("heading", name="第 1 条").wait_for()
        assert "avoid=%E5%85%9A" in tab.url and tab.get_by_role("heading", name="第 2 条").count() == 0
        assert wrong == []


def test_hostile_suggestions_are_text(browser: Browser, sites: dict[str, str]) -> None:
    with tab_of(browser, sites["hostile"], 1280) as (tab, wrong):
        tab.goto(sites["hostile"] + "/")
        tab.get_by_role("combobox").first.press_sequentially("hacked")
        tab.get_by_role("option").first.wait_for()
        assert tab.evaluate("window.hacked") is None and wrong == []
        tab.get_by_role("option", name="<img").click()
        tab.get_by_role("heading", name=stores.HOSTILE[1], exact=True).wait_for()
        assert tab.evaluate("window.hacked") is None and wrong == []


def test_the_keyboard_reaches_the_content_first(browser: Browser, sites: dict[str, str]) -> None:
    with tab_of(browser, sites["changning"], 1280) as (tab, wrong):
        tab.goto(sites["changning"] + "/networks/committees/天山商圈党委")
        tab.keyboard.press("Tab")
        skip = tab.locator(":focus")
        assert skip.inner_text() == "跳到正文" and skip.bounding_box()["x"] >= 0, "it is seen when it has the focus"  # type: ignore[index]  # it is shown, so it has a box
        assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        tab.keyboard.press("Enter")
        assert tab.evaluate("document.activeElement.id") == "content"
        assert tab.evaluate("document.querySelector('[data-jl-picture]').jlPicture.key") == "all", "the picture stays"
        assert wrong == []


def test_pages_work_without_scripts(browser: Browser, sites: dict[str, str]) -> None:
    with tab_of(browser, sites["changning"], 375, java_script_enabled=False) as (tab, wrong):
        tab.goto(sites["changning"] + "/")
        tab.get_by_role("combobox", name="从").fill("区税务局")
        tab.get_by_role("combobox", name="到").fill("分众传媒")
        tab.get_by_role("button", name="查联系渠道").click()
        tab.get_by_role("heading", name="第 1 条").wait_for()
        assert wrong == []


def test_a_square_of_the_map_leads_to_its_units(browser: Browser, sites: dict[str, str]) -> None:
    with tab_of(browser, sites["made"], 1280) as (tab, wrong):
        tab.goto(sites["made"] + "/gaps/map")
        x, y = tab.evaluate("""() => {
          const picture = document.querySelector("[data-jl-picture]").jlPicture;
          const node = Object.values(picture.nodes).find((n) => (n.link || "").startsWith("/"));
          picture.canvas.scrollIntoView();
          const box = picture.canvas.getBoundingClientRect(), [x, y] = picture.placed.boxes[node.id];
          return [box.left + x * picture.scale, box.top + y * picture.scale];
        }""")
        tab.mouse.click(x, y)
        tab.get_by_role("link", name="回到全区").wait_for()
        assert "scope=bu-" in tab.url and wrong == []


def test_what_a_list_shows_is_saved(browser: Browser, sites: dict[str, str]) -> None:
    with tab_of(browser, sites["made"], 1280, accept_downloads=True) as (tab, wrong):
        tab.goto(sites["made"] + "/gaps?rule=no-coverage")
        with tab.expect_download() as waiting:
            tab.get_by_role("link", name="导出 CSV").click()
        assert waiting.value.suggested_filename.startswith("薄弱项_") and waiting.value.suggested_filename.endswith(".csv")
        assert waiting.value.path().read_bytes().startswith(b"\xef\xbb\xbf") and wrong == []
