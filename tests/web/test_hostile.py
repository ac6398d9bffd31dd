"""Whatever is named in the data is text on every page, and stays on its side of the text."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from tests.web.stores import ALLIANCE, BUILDING, HOSTILE, OFFICE
from tests.web.test_pages import page
from viz.text import clean

PAGES = ("/", "/search?q=公司", f"/entities/{quote(HOSTILE[0], safe='')}", f"/paths?from={quote(OFFICE)}&to={quote(HOSTILE[1])}",
         "/networks/alliances", "/gaps?state=gap&state=not_known", "/gaps/map", "/statistics?by=building", "/imports",
         f"/search?q={quote(HOSTILE[0])}x", "/suggest/q?q=window", f"/gaps?scope={quote(BUILDING)}",
         f"/gaps?as_of={quote('</p><script>window.hacked=1</script>')}", f"/entities/{quote('<b>x', safe='')}")


@pytest.mark.parametrize("address", PAGES)
def test_nothing_in_the_data_becomes_markup(hostile: TestClient, address: str) -> None:
    from tests.web.html import Page

    shown = Page(hostile.get(address).text)
    tags = {t for t, _ in shown.elements}
    assert shown.scripts == [] and not tags & {"img", "i", "u", "b"}
    assert not [k for _, a in shown.elements for k in a if k.startswith("on") or k == "style"]
    assert not [x for x in shown.links() if not x.startswith(("/", "#")) or x.startswith("//")]


def test_an_address_carries_any_name(hostile: TestClient) -> None:
    for name in HOSTILE:
        assert clean(name)[:20] in page(hostile, f"/paths?from={quote(OFFICE)}&to={quote(name)}").words
    assert "成员" in page(hostile, f"/networks/committees/{quote(ALLIANCE, safe='')}").words


def test_names_are_isolated_from_the_direction_around_them(hostile: TestClient) -> None:
    text = hostile.get("/search?q=倒写").text
    assert "<bdi>שלום倒写公司</bdi>" in text and text.count("<bdi>") == text.count("</bdi>")
