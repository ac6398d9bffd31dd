"""The API gives the documents that the command line gives, as declared, and each has its ETag."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.description import example
from api.routers import QUESTIONS
from tests.cli.runner import answer

ADDRESSES = {  # operation -> address, command
    "search": ("search?q=分众&kind=企业", ("search", "分众", "--kind", "企业")),
    "directory": ("entities?kind=企业&limit=3", ("directory", "企业", "--limit", 3)),
    "profile": ("entities/天山商圈党委?as_of=2024-05", ("show", "天山商圈党委", "--as-of", "2024-05")),
    "coverage": ("entities/分众传媒/coverage?as_of=2019", ("coverage", "分众传媒", "--as-of", "2019")),
    "paths": ("paths?from=区税务局&to=分众传媒&k=2&stated_only=true&avoid=行业",
              ("path", "区税务局", "分众传媒", "-k", 2, "--stated-only", "--avoid", "行业")),
    "gaps": ("gaps?state=not_known&state=ok&limit=3&policy=national",
             ("gaps", "--state", "not_known", "--state", "ok", "--limit", 3, "--policy", "national")),
    "gap_summary": ("gaps/summary?rule=no-coverage&scope=天山路街道",
                    ("gaps", "--summary", "--rule", "no-coverage", "--scope", "天山路街道")),
    "statistics": ("statistics?by=type&compare=2019-12-31", ("statistics", "--by", "type", "--compare", "2019-12-31")),
    "reconciliation": ("reconciliation?limit=4", ("reconcile", "--limit", 4)),
    "alliances": ("networks/alliances?limit=2", ("network", "--limit", 2)),
    "shared_members": ("networks/shared", ("network", "--shared")),
    "committee": ("networks/committees/天山商圈党委?limit=300", ("committee", "天山商圈党委")),
    "stats": ("stats", ("stats",)),
    "imports": ("imports?limit=4", ("imports", "--limit", 4)),
}
OPERATIONS = [(route.name, route.response_model) for q in QUESTIONS for route in q.router.routes]


def got(client: TestClient, address: str) -> Any:
    reply = client.get(f"/api/v1/{address}")
    assert reply.status_code == 200, reply.text
    return reply.json()


@pytest.mark.parametrize("operation", ADDRESSES)
def test_the_command_line_gives_the_same(client: TestClient, store: str, operation: str) -> None:
    address, command = ADDRESSES[operation]
    assert got(client, address) == answer(*command, "--store", store)


def test_reasons_may_be_left_out(client: TestClient, store: str) -> None:
    brief = got(client, "entities/浦发银行/coverage?brief=true")
    assert brief == answer("coverage", "浦发银行", "--brief", "--store", store)
    whole = got(client, "entities/浦发银行/coverage")
    assert [w["state"] for w in brief["ways"]] == [w["state"] for w in whole["ways"]]
    assert not any(w["why_not"] or w["open"] for w in brief["ways"])


def test_every_question_is_compared() -> None:
    assert {name for name, _ in OPERATIONS} == set(ADDRESSES)


@pytest.mark.parametrize(("operation", "document"), OPERATIONS)
def test_an_answer_is_as_declared_and_so_is_its_example(client: TestClient, operation: str, document: Any) -> None:
    text = client.get(f"/api/v1/{ADDRESSES[operation][0]}").content
    assert json.loads(document.model_validate_json(text, strict=True).model_dump_json()) == json.loads(text)
    assert document.model_validate_json(json.dumps(example(operation)), strict=True)


def test_every_field_and_parameter_is_explained(client: TestClient) -> None:
    told = client.get("/openapi.json").json()
    assert not [f"{n}.{f}" for n, s in told["components"]["schemas"].items() for f, v in s["properties"].items() if "description" not in v]
    assert all(s["description"] for s in told["components"]["schemas"].values())
    operations = [o for p in told["paths"].values() for o in p.values()]
    assert all(o["summary"] and all(p["description"] for p in o.get("parameters", ())) for o in operations)


@pytest.mark.parametrize("operation", ADDRESSES)
def test_an_answer_that_the_caller_has_is_not_sent_again(client: TestClient, operation: str) -> None:
    address = f"/api/v1/{ADDRESSES[operation][0]}"
    etag = client.get(address).headers["etag"]
    for known in (etag, f'"other", W/{etag}'):
        reply = client.get(address, headers={"if-none-match": known})
        assert (reply.status_code, reply.content, reply.headers["etag"]) == (304, b"", etag)
    assert client.get(address, headers={"if-none-match": '"other"'}).status_code == 200


def test_the_view_and_the_address_are_in_the_etag(client: TestClient) -> None:
    tags = [client.get(f"/api/v1/entities/分众传媒/coverage{q}").headers["etag"] for q in
            ("", "?as_of=2020-01-01", "?policy=national")] + [client.get("/api/v1/entities/浦发银行/coverage").headers["etag"]]
    assert len(set(tags)) == len(tags)


def test_all_pages_together_are_the_whole(client: TestClient) -> None:
    whole = got(client, "gaps?state=not_known&limit=500")
    found, cursor = list[Any](), ""
    while cursor is not None:
        page = got(client, f"gaps?state=not_known&limit=7&cursor={cursor}" if cursor else "gaps?state=not_known&limit=7")
        found, cursor = [*found, *page["gaps"]], page["page"]["cursor"]
    assert found == whole["gaps"]
    assert len(found) == whole["page"]["total"]


def test_head_is_get_without_the_answer(client: TestClient) -> None:
    reply = client.head("/api/v1/stats")
    assert (reply.status_code, reply.content) == (200, b"")
    assert reply.headers["etag"] == client.get("/api/v1/stats").headers["etag"]
