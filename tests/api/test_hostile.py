"""Bad requests: each is refused or answered, told as a problem in Chinese, and none is an error of ours."""

from __future__ import annotations

import json
import logging
import re
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.logs import LOG
from api.rate import Rate
from api.security import is_host
from api.settings import Settings

TEXTS = ("\0", "a\0b", "\u202e倒", "\ud7ff\ue000", "😀" * 50, "很" * 200, "' OR 1=1 --", "</script>", "../../etc/passwd", "%", "_", "\\", "*", '"', "NEAR(",
         "en-0000000000000", "{{7*7}}", "\r\nset-cookie: a=b", "١٢", "１２", "1e9", "-1", "NaN", "null", "\N{ZERO WIDTH SPACE}", "𠮷", "a" * 200)
PLACES = ("search?q={}", "search?q=a&kind={}", "search?q=a&cursor={}", "entities/{}", "entities/{}/coverage", "entities/分众传媒?cursor={}",
          "entities/分众传媒/coverage?as_of={}", "entities/分众传媒/coverage?policy={}", "paths?from={}&to=分众传媒", "paths?from=区税务局&to=分众传媒&via={}",
          "paths?from=区税务局&to=分众传媒&avoid={}", "gaps?scope={}", "gaps?rule={}", "gaps?cursor={}", "statistics?compare={}", "statistics?by={}",
          "networks/committees/{}", "imports?cursor={}", "stats?{}", "gaps?limit={}")


def is_told(reply: object, *, most: int = 499) -> None:
    status, text = reply.status_code, reply.text  # type: ignore[attr-defined]  # the client's response
    assert status <= most, text
    if status >= 400:
        assert reply.headers["content-type"] == "application/problem+json"  # type: ignore[attr-defined]  # as above
        told = json.loads(text)
        assert told["code"]
        assert re.search(r"[\u4e00-\u9fff]", told["title"]), text
        assert told["status"] == status
        assert "Traceback" not in text


@pytest.mark.parametrize("place", PLACES)
def test_no_text_anywhere_is_an_error_of_ours(client: TestClient, place: str) -> None:
    for text in TEXTS:
        is_told(client.get("/api/v1/" + place.format(quote(text, safe="", errors="surrogatepass"))))


@pytest.mark.parametrize(("address", "code"), [
    ("gaps?limit=0", "request.parameters"), ("gaps?limit=501", "request.parameters"), ("gaps?limit=99999999999999999999", "request.parameters"),
    ("gaps?state=bad", "request.parameters"), ("paths?from=a", "request.parameters"), ("paths?from=a&to=b&k=21", "request.parameters"),
    ("paths?from=分众传媒&to=分众传媒", "question.same-ends"), ("search", "request.parameters"), ("search?q=", "request.parameters"),
    ("gaps?cursor=e30", "question.cursor"), ("gaps?rule=none", "policy.unknown-rule"), ("statistics?policy=/etc/passwd", "policy.missing"),
    ("statistics?policy=../changning.toml", "policy.missing"), ("entities/分众传媒/coverage?as_of=2024-13", "question.date"),
    ("entities/天山商圈党委/coverage", "question.not-covered-kind"), ("entities/没有这家", "body.unknown"), ("nothing", "request.no-such-page"),
    ("networks/committees/分众传媒", "body.unknown"), ("search?q=a&kind=飞船", "question.kind"),
])
def test_what_is_wrong_has_a_stable_code(client: TestClient, address: str, code: str) -> None:
    reply = client.get(f"/api/v1/{address}")
    is_told(reply)
    assert reply.json()["code"] == code


def test_a_name_that_is_nearly_right_leads_to_the_right_one(client: TestClient) -> None:
    assert {"id": client.get("/api/v1/entities/分众传媒").json()["body"]["id"], "name": "分众传媒"} \
        in client.get("/api/v1/entities/分众传谋").json()["nearest"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "X" * 50])
def test_only_get_is_answered(client: TestClient, method: str) -> None:
    reply = client.request(method, "/api/v1/stats", content=b"{}")
    is_told(reply)
    assert (reply.status_code, reply.headers["allow"]) == (405, "GET")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost:8000@evil.example", "", "127.0.0.1:99999999", "a b", "[::1"])
def test_another_host_is_refused(client: TestClient, host: str) -> None:
    reply = client.get("/api/v1/stats", headers={"host": host})
    assert (reply.status_code, reply.json()["code"]) == (400, "request.host")


@pytest.mark.parametrize("host", [b"localhost:8000", b"LOCALHOST", b"127.0.0.1", b"[::1]:8000", b"10.1.2.3:80", b"jingluo.example"])
def test_addresses_and_own_names_are_hosts(host: bytes) -> None:
    assert is_host(host, frozenset({"localhost", "jingluo.example"}))


def test_what_is_too_large_is_refused(client: TestClient) -> None:
    assert client.get(f"/api/v1/search?q={'a' * 9000}").json()["code"] == "request.url-too-long"
    assert client.post("/api/v1/stats", content=b"x" * (2 << 20)).json()["code"] == "request.too-large"
    assert client.post("/api/v1/stats", content=b"x", headers={"content-length": "-5"}).json()["code"] == "request.too-large"
    assert client.post("/search", content=(b"x" * 100_000 for _ in range(20))).status_code in (405, 413)
    assert client.get("/api/v1/search?" + "&".join(f"kind={i}" for i in range(31)) + "&q=a").status_code == 422


def test_who_asks_too_often_waits(store: str) -> None:
    with TestClient(create_app(Settings(store=store, rate=1, burst=3)), base_url="http://localhost") as few:
        statuses = [few.get("/api/v1/stats").status_code for _ in range(5)]
        assert statuses == [200, 200, 200, 429, 429]
        refused = few.get("/api/v1/stats")
        assert (refused.json()["code"], int(refused.headers["retry-after"]) > 0) == ("request.too-many", True)
        assert few.get("/health").status_code == 200


def test_tokens_come_back_with_time() -> None:
    now = [0.0]
    rate = Rate(2, 4, lambda: now[0])
    assert [rate.wait("a") for _ in range(5)] == [0, 0, 0, 0, 0.5]
    assert rate.wait("b") == 0
    now[0] = 0.5
    assert [rate.wait("a"), rate.wait("a")] == [0, 0.5]


def test_every_answer_carries_its_headers(client: TestClient) -> None:
    for address in ("/health", "/api/v1/stats", "/api/v1/nothing", "/docs", "/docs/files/swagger-ui.css", "/openapi.json", "/static/none"):
        headers = client.get(address).headers
        policy = headers["content-security-policy"]
        assert "script-src 'self'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert len(headers["x-request-id"]) == 16


def test_the_log_says_what_happened_and_not_what_was_asked(client: TestClient, caplog: pytest.LogCaptureFixture,
                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.getLogger(LOG), "propagate", True)
    with caplog.at_level(logging.INFO, LOG):
        client.get("/api/v1/entities/分众传媒?as_of=2020", headers={"x-request-id": "from-the-proxy"})
        client.get("/api/v1/entities/分众传媒", headers={"x-request-id": "bad id\n"})
    first, second = (r.told for r in caplog.records if r.name == LOG)  # type: ignore[attr-defined]  # given as extra
    assert (first["request_id"], first["endpoint"], first["status"]) == ("from-the-proxy", "api.routers.entities.profile", 200)
    assert re.fullmatch("[0-9a-f]{16}", second["request_id"])
    assert "分众" not in str(first) and "2020" not in str(first)


def test_an_error_of_ours_is_told_without_its_text(client: TestClient, caplog: pytest.LogCaptureFixture,
                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("分众传媒的秘密")

    monkeypatch.setattr("api.routers.entities.ask_profile", broken)
    reply = client.get("/api/v1/entities/分众传媒?limit=49")
    assert (reply.status_code, reply.json()["code"]) == (500, "internal")
    assert "秘密" not in reply.text
    assert reply.json()["request_id"] == reply.headers["x-request-id"]
