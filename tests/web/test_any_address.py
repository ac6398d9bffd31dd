"""Whatever stands in an address, a page answers it: with an answer, or by saying what is wrong."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from fastapi.testclient import TestClient
from hypothesis import example, given, settings
from hypothesis import strategies as st

PATHS = ("/", "/search", "/search.csv", "/suggest/q", "/directory", "/directory.csv", "/paths", "/paths.csv", "/networks/alliances",
         "/networks/shared", "/networks/shared.csv", "/gaps", "/gaps.csv", "/gaps/map", "/statistics", "/statistics.csv", "/reconciliation", "/imports", "WHO",
         "COMMITTEE")
NAMES = ("q", "kind", "scope", "rule", "state", "as_of", "policy", "cursor", "by", "compare", "from", "to", "via", "avoid", "k", "max_hops",
         "stated_only")
VALUES = st.one_of(
    st.sampled_from(["", "Enterprise", "企业", "Unit", "gap", "ok", "subdistrict", "type", "2020-10-01", "0001", "9999-12-31", "分众传媒",
                     "区税务局", "天山路街道", "national", "no-coverage", "-1", "3", "true", "WyJnYXBzIiwxXQ"]),
    st.text(max_size=30))


@example(path="/paths", who="a", query=[("from", ""), ("to", "")])  # a form sent empty
@settings(max_examples=150, deadline=None)
@given(path=st.sampled_from(PATHS), who=st.text(min_size=1, max_size=20), query=st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=5))
def test_no_address_fails(changning: TestClient, path: str, who: str, query: list[tuple[str, str]]) -> None:
    named = {"WHO": f"/entities/{quote(who, safe='')}", "COMMITTEE": f"/networks/committees/{quote(who, safe='')}"}.get(path, path)
    encoded = urlencode([(k, v.encode("utf-8", "surrogatepass")) for k, v in query])
    answer = changning.get(f"{named}?{encoded}", follow_redirects=False)
    assert answer.status_code < 500, answer.text
