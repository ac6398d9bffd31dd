"""The bodies of a kind, page by page, on every engine."""

from __future__ import annotations

from collections.abc import Callable

from graph.engine import GraphEngine
from graph.policy_files import policy
from graph.questions.directory import directory
from ingest.bundled import files
from ingest.load import load
from schemas.view import View


def test_pages_of_a_directory_make_the_whole(fresh: Callable[[], GraphEngine]) -> None:
    engine, view = fresh(), View(policy())
    load(engine, files())
    whole = directory(engine, "Enterprise", view, limit=100)
    assert len(whole.bodies) == whole.page.total == 11 and whole.page.cursor is None
    names, cursor = list[str](), None
    while True:
        page = directory(engine, "企业", view, limit=4, cursor=cursor)
        names += [b.body.name for b in page.bodies]
        cursor = page.page.cursor
        if cursor is None:
            break
    assert names == [b.body.name for b in whole.bodies]
    bank = next(b for b in whole.bodies if b.body.name == "浦发银行")
    assert bank.places == ("龙之梦雅仕大厦",)
    assert [b.body.name for b in directory(engine, "Building", view, scope="江苏路街道").bodies] == ["华敏翰尊国际大厦"]
    assert {b.body.kind for b in directory(engine, "Organisation", view).bodies} == {
        "PartyOrganization", "BusinessDistrictCommittee", "IndustryAlliance"}
