"""What is vendored is what it was when its licence was read."""

from __future__ import annotations

import hashlib
from pathlib import Path

from fastapi.testclient import TestClient

import api.web

STATIC = Path(api.web.__file__).parent / "static"


def test_vendored_files_are_unchanged_and_licensed() -> None:
    told = dict(reversed(line.split()) for line in (STATIC / "SHA256SUMS").read_text().splitlines())
    assert {n: hashlib.sha256((STATIC / n).read_bytes()).hexdigest() for n in told} == told
    ours = {"suggest.js", "jingluo.css", "icon.svg", "SHA256SUMS"}
    assert {p.name for p in STATIC.iterdir()} - ours == set(told), "a file of others has a checksum"
    for library in ("htmx", "pico"):
        assert "permi" in (STATIC / f"{library}.LICENSE").read_text().lower()


def test_files_are_kept_by_browsers_under_an_address_of_their_content(changning: TestClient) -> None:
    answer = changning.get("/pictures/vis-network.js")
    assert answer.status_code == 200 and "immutable" in answer.headers["cache-control"]
    assert changning.get("/pictures/other.js").status_code == 422
