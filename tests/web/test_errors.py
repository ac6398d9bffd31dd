"""What goes wrong is a page too: what is wrong, what to do, what was perhaps meant."""

from __future__ import annotations

from pathlib import Path

from fastapi.testclient import TestClient

from tests.web.conftest import asked
from tests.web.stores import empty
from tests.web.test_pages import page


def test_an_unknown_name_leads_to_the_nearest(changning: TestClient) -> None:
    shown = page(changning, "/entities/分众传", 404)
    assert "没有找到“分众传”" in shown.words and "分众传媒" in shown.words
    meant = next(x for x in shown.links() if x.startswith("/entities/en-"))
    assert "已覆盖" in page(changning, meant).words
    shown = page(changning, "/paths?from=区税务局&to=分众传", 404)
    meant = next(x for x in shown.links() if x.startswith("/paths?"))
    assert "第 1 条" in page(changning, meant).words


def test_who_is_in_a_browser_is_told_no_command(changning: TestClient) -> None:
    assert "jingluo" not in page(changning, "/entities/没有这个", 404).words


def test_what_is_wrong_is_said_in_chinese(changning: TestClient) -> None:
    assert "日期“昨天”无法识别" in page(changning, "/gaps?as_of=昨天", 400).words
    assert "没有名为“../x”的口径" in page(changning, "/gaps?policy=../x", 400).words
    assert "起点和终点都是" in page(changning, "/paths?from=分众传媒&to=分众传媒", 400).words
    assert "参数不正确" in page(changning, "/paths?from=a&to=b&k=1000", 422).words
    assert "没有这个地址" in page(changning, "/no/such/page", 404).words
    assert "不能按“x”统计" in page(changning, "/statistics?by=x", 400).words
    assert "不能作为统计范围" in page(changning, "/gaps/map?scope=分众传媒", 400).words


def test_a_page_mark_that_is_broken_leads_to_the_first_page(changning: TestClient) -> None:
    shown = page(changning, "/gaps?state=not_known&cursor=x", 400)
    assert "/gaps?state=not_known" in shown.links()


def test_a_store_that_is_not_there_is_told(tmp_path: Path) -> None:
    for client in asked(f"sqlite:///{tmp_path / 'none.db'}"):
        assert "暂时不能回答" in page(client, "/", 503).words


def test_an_empty_store_says_what_to_do_first(tmp_path: Path) -> None:
    for client in asked(empty(tmp_path)):
        assert "还没有数据" in page(client, "/").words
        for address in ("/gaps", "/gaps/map", "/statistics", "/statistics?by=building", "/reconciliation", "/networks/alliances", "/imports"):
            page(client, address)
