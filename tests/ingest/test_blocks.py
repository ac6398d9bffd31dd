"""Whose names are near is found block by block: each part of a name is looked up once, and nobody is lost at the seams."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import Any, cast

import pytest

from graph.engine import GraphEngine, Snapshot
from ingest import alike, blocks
from ingest.alike import near
from ingest.load import load
from ingest.names import Names
from tests.ingest.support import register

BRANDS = "安邦宝博昌辰诚驰创达德鼎"
NAMES = [f"{a}{b}{c}咨询" for a, b, c in zip(BRANDS * 6, BRANDS[3:] * 8, (BRANDS * 6)[7:], strict=False)]


class Asked:
    """A snapshot, and which parts of names it was asked for."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot, self.parts = snapshot, list[list[str]]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.snapshot, name)

    def sharing(self, parts: list[str], most: int) -> Any:
        self.parts.append(list(parts))
        return self.snapshot.sharing(parts, most)


def found(engine: GraphEngine) -> tuple[set[tuple[str, str]], list[str]]:
    with engine.read() as snapshot:
        asked = Asked(snapshot)
        ids = sorted(item[0] for what, item in snapshot.export() if what == "body")
        pairs = {n.names for n in near(cast(Snapshot, asked), Names(()), ids, 1)}
    return pairs, list(chain.from_iterable(asked.parts))


def test_no_part_is_looked_up_twice_and_nobody_is_lost(engine: GraphEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load(engine, [register(tmp_path, "企业", ("企业名称",), *((name,) for name in dict.fromkeys(NAMES)))])
    pairs, at_once = found(engine)
    assert len(pairs) > 20
    monkeypatch.setattr(alike, "AT_ONCE", 7)
    again, in_blocks = found(engine)
    assert (again, sorted(in_blocks)) == (pairs, sorted(set(at_once)))
    monkeypatch.setattr(blocks, "KEPT", 10)
    forgetful, oftener = found(engine)
    assert forgetful == pairs
    assert len(oftener) > len(in_blocks)
