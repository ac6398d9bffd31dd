"""The pages say what the questions answer, in Chinese, and lead on."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient

from tests.web.html import Page

PAGES = ("/", "/search", "/search?q=楼", "/directory", "/directory?kind=Building&scope=江苏路街道", "/entities/分众传媒", "/entities/天山商圈党委", "/entities/天山路街道", "/paths",
         "/paths?from=区税务局&to=分众传媒", "/paths?from=区税务局&to=浦发银行", "/networks/alliances", "/networks/committees/天山商圈党委",
         "/networks/committees/广告传媒行业党建联盟", "/gaps", "/gaps?state=gap&state=not_known", "/gaps/map", "/statistics",
         "/statistics?by=type&compare=2019-01-01", "/reconciliation", "/imports")


def page(client: TestClient, address: str, status: int = 200) -> Page:
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    return Page(answer.text)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_asks_nothing_of_others_and_runs_only_files(changning: TestClient, address: str) -> None:
    shown = page(changning, address)
    assert shown.scripts == []
    assert all(s.startswith("/") and not s.startswith("//") for s in shown.sources())
    assert not [(t, k) for t, a in shown.elements for k in a if k.startswith("on") or k == "style"]
    assert ("html", "zh-CN") in [(t, a.get("lang")) for t, a in shown.elements]
    assert all(changning.get(s).status_code == 200 for s in shown.sources())


@pytest.mark.parametrize("address", PAGES)
def test_every_link_of_a_page_leads_somewhere(changning: TestClient, address: str) -> None:
    shown = page(changning, address)
    ids = {a["id"] for _, a in shown.elements if "id" in a} | {"all"}  # all: the scene of a picture
    for link in dict.fromkeys(shown.links()):
        if link.startswith("#"):
            assert link[1:] in ids, link
        elif link != "/docs":  # the API's
            assert changning.get(link).status_code == 200, link


def test_a_unit_says_how_it_is_covered_and_how_we_know(changning: TestClient) -> None:
    words = page(changning, "/entities/分众传媒").words
    assert "已覆盖" in words and "组织覆盖 · 单独组建党组织" in words and "截至2020-09，此后未核实" in words
    assert "分众传媒 —建有→ 分众传媒的党组织（名称未公布）" in words and "原文明示" in words
    assert "可能：“成员属于”为推断" in words and "服务联系不计入覆盖" in words
    assert "未登记“被覆盖于 党组织（组建形式：联合）”，是否登记齐全不明" in words
    assert "enterprises.csv（导入" in words and "第4行" in words


def test_another_name_of_a_body_leads_to_its_one_address(changning: TestClient) -> None:
    answer = changning.get("/entities/分众传媒?as_of=2020-10-01", follow_redirects=False)
    assert answer.status_code == 303
    assert re.fullmatch(r"/entities/en-\w+\?as_of=2020-10-01", answer.headers["location"])


def test_what_is_asked_stands_in_the_address(changning: TestClient) -> None:
    assert "按 2020-10-01" in page(changning, "/entities/分众传媒?as_of=2020-10-01").words
    assert "口径 national 第" in page(changning, "/statistics?policy=national").words
    shown = page(changning, "/gaps?rule=no-coverage&state=not_known&scope=&as_of=&policy=")  # as a form sends it
    assert "情况不明（待核实）的清单" in shown.words and "共 6 条" in shown.words
    assert [a for t, a in shown.elements if t == "option" and a.get("value") == "no-coverage" and "selected" in a]


def test_paths_and_their_absence_are_told(changning: TestClient) -> None:
    words = page(changning, "/paths?from=区税务局&to=分众传媒").words
    assert "第 1 条距离 3 · 3 步 · 含推断" in words and "第 2 条距离 5 · 4 步 · 全部为原文明示" in words
    assert "全部为原文明示" in page(changning, "/paths?from=区税务局&to=分众传媒&stated_only=true&k=1").words
    words = page(changning, "/paths?from=区税务局&to=浦发银行").words
    assert "6 步以内没有登记这样的联系渠道" in words and "浦发银行 的直接联系（1 个）" in words
    words = page(changning, "/paths?from=区税务局&to=分众传媒&avoid=服务团队、党组织").words
    assert "没有登记这样的联系渠道" in words


def test_published_numbers_stand_beside_registered_ones(changning: TestClient) -> None:
    words = page(changning, "/reconciliation").words
    assert "天山商圈党委：楼宇联合党组织" in words and "其中A类" in words and "只列出、不核对" in words
    words = page(changning, "/networks/committees/天山商圈党委").words
    assert "公布 18个，登记 0 个，待补录 18" in words


def test_search_finds_and_opens(changning: TestClient) -> None:
    assert "拼音首字母" in page(changning, "/search?q=fzcm").words
    assert changning.get("/search?q=分众传媒", follow_redirects=False).headers["location"].startswith("/entities/en-")
    assert "没有找到" in page(changning, "/search?q=不存在的").words
    shown = Page(changning.get("/suggest/from?from=fzc").text)
    assert [a["data-value"] for t, a in shown.elements if t == "li"] == ["分众传媒"]
    shown = Page(changning.get("/suggest/via?via=区税务局、分众").text)  # of several names the last one
    assert "分众传媒" in [a.get("data-value") for t, a in shown.elements if t == "li"]


def test_a_directory_lists_a_kind(changning: TestClient) -> None:
    words = page(changning, "/directory?kind=企业").words
    assert "企业名录" in words and "共 11 条" in words and "重点单位" in words
    words = page(changning, "/directory?kind=Building&scope=江苏路街道").words
    assert "华敏翰尊国际大厦" in words and "共 1 条" in words
    assert "没有“x”这一类对象" in page(changning, "/directory?kind=x", 400).words


def test_numbers_lead_to_the_list_of_what_they_count(changning: TestClient) -> None:
    shown = page(changning, "/statistics")
    link = next(x for x in shown.links() if "state=not_known" in x)
    assert "共 6 条" in page(changning, link).words


def test_a_list_goes_on_where_the_page_ended(made: TestClient) -> None:
    shown, names = page(made, "/gaps?rule=no-coverage"), list[str]()
    total = int(re.search(r"共 (\d+) 条，本页 50 条", shown.words)[1])  # type: ignore[index]  # fails where it is not there
    while True:
        names += [link for link in shown.links() if link.startswith("/entities/")]
        following = [link for link in shown.links() if "cursor=" in link]
        if not following:
            break
        shown = page(made, following[-1])
    assert len(names) == total == len(set(names))


def test_a_square_of_the_map_leads_to_its_units(made: TestClient) -> None:
    shown = page(made, "/gaps/map")
    place = next(x for x in shown.links() if "scope=bu-" in x)
    assert "回到全区" in page(made, place).words


def test_made_data_say_so(made: TestClient) -> None:
    assert "虚构数据" in page(made, "/").words


def test_groups_of_statistics_page_and_the_sum_stands_below(made: TestClient) -> None:
    from api.web import overviews

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(overviews, "ROWS", 10)
        shown, names = page(made, "/statistics?by=building&as_of=2026-01-02"), list[str]()
        total = int(re.search(r"共 (\d+) 条，本页 10 条", shown.words)[1])  # type: ignore[index]  # fails where it is not there
        while True:
            names += [link for link in shown.links() if link.startswith("/entities/bu-")]
            assert "全部" in shown.words
            following = [link for link in shown.links() if "cursor=" in link]
            if not following:
                break
            shown = page(made, following[-1])
    assert len(set(names)) in (total - 1, total - 2), "but for several and none"
    assert "第一页" in shown.words


def test_the_day_and_the_policy_go_along(changning: TestClient) -> None:
    shown = page(changning, "/networks/alliances?as_of=2020-10-01&policy=national")
    to_bodies = [x for x in shown.links() if x.startswith(("/entities/", "/networks/committees/"))]
    assert to_bodies and all("as_of=2020-10-01&policy=national" in x for x in to_bodies)


@pytest.mark.parametrize(("address", "name"), [("/networks/alliances", "联盟"), ("/networks/shared", "公司"), ("/reconciliation", "公布数")])
def test_the_next_page_has_the_rest(many: TestClient, address: str, name: str) -> None:
    first = page(many, f"{address}?as_of=2024-06-01")
    following, = {link for link in first.links() if "cursor=" in link}
    second = page(many, following)
    assert "共 60 条，本页 50 条" in first.words and "共 60 条，本页 10 条" in second.words and "第一页" in second.words
    assert f"{name}00" in first.words and f"{name}59" in second.words and "2024-06-01" in second.words


def test_what_stands_beside_the_alliances_says_how_much_it_is(many: TestClient) -> None:
    shown = page(many, "/networks/alliances")
    assert "共 60 个载体和商圈党委，图中 50 个" in shown.words
    assert "/networks/shared" in shown.links()


def test_members_of_a_committee_page(many: TestClient) -> None:
    first = many.get("/api/v1/networks/committees/联盟00?limit=1").json()["page"]
    shown = page(many, f"/networks/committees/联盟00?cursor={first['cursor']}")
    assert "共 2 条，本页 1 条" in shown.words and "另有 1 个已登记" in shown.words
    assert "/networks/committees/联盟00" in [unquote(link) for link in shown.links()], "the first page"
