"""The client that docs/api.md shows runs as it stands there, against a server that runs; so does the description, in a browser."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from api.routers.viewer import FILES

DOCS = Path(__file__).parents[2] / "docs" / "api.md"


def test_the_client_in_the_docs(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JINGLUO_ADDRESS", address)
    example, = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(example, "docs/api.md", "exec"), {"__name__": "docs"})  # noqa: S102 - our own text, as a reader would run it


def test_the_viewer_is_what_its_makers_gave_out() -> None:
    sums = [line.split() for line in (FILES / "SHA256SUMS").read_text(encoding="utf-8").splitlines()]
    assert len(sums) == 2
    assert all(hashlib.sha256((FILES / name).read_bytes()).hexdigest() == checksum for checksum, name in sums)
