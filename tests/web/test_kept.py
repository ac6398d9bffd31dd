"""A page that a browser has is not sent again, and one that is kept is never older than the data."""

from __future__ import annotations

from pathlib import Path

from fastapi.testclient import TestClient

from graph.connect import connect
from ingest.load import load
from tests.ingest.support import register
from tests.web.conftest import asked
from tests.web.stores import changning as bundled_in


def test_a_page_is_not_sent_twice(changning: TestClient) -> None:
    first = changning.get("/gaps?state=not_known")
    assert first.headers["etag"] and first.text == changning.get("/gaps?state=not_known").text
    again = changning.get("/gaps?state=not_known", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304 and not again.content
    others = ("/gaps?state=gap", "/gaps?state=not_known&as_of=2020-10-01", "/gaps?state=not_known&policy=national")
    assert first.headers["etag"] not in {changning.get(a).headers["etag"] for a in others}


def test_a_load_shows_at_once(tmp_path: Path) -> None:
    store = bundled_in(tmp_path)
    for client in asked(store):
        before = client.get("/")
        engine = connect(store)
        load(engine, [register(tmp_path, "新企业", ("企业名称",), ("新来的公司",))])
        engine.close()
        after = client.get("/", headers={"if-none-match": before.headers["etag"]})
        assert after.status_code == 200 and "12</span> <span>家单位" in after.text


def test_files_and_errors_are_not_kept(changning: TestClient) -> None:
    for address in ("/gaps.csv", "/gaps?as_of=x", "/imports"):
        assert "etag" not in changning.get(address).headers
