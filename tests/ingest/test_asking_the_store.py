"""A load into a store that is not empty asks it in blocks: on a server every question is a round trip."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from graph.engine import GraphEngine, Snapshot
from ingest.guidance import NONE
from ingest.headers import Register
from ingest.load import load
from ingest.names import Names
from ingest.opening import opened_files
from ingest.prepare import Prepared, prepare
from tests.ingest.support import RELATIONS, code, register

UNITS = ("企业名称", "统一社会信用代码", "所在楼宇", "党组织")


class Counted:
    """A snapshot, and how often each of its methods was called."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot, self.calls = snapshot, Counter[str]()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.snapshot, name)
        if not callable(found):
            return found

        def called(*args: Any, **named: Any) -> Any:
            self.calls[name] += 1
            return found(*args, **named)

        return called


def prepared(engine: GraphEngine, file: Path) -> tuple[Prepared, Counter[str]]:
    opened = cast(Register, opened_files([file], NONE)[file])
    with engine.read() as snapshot:
        counted = Counted(snapshot)
        found, = prepare([opened], [], cast(Snapshot, counted), Names(()), lambda _: None)
    return found, counted.calls


def units(folder: Path, number: int) -> Path:
    return register(folder, f"企业{number}", UNITS, *(
        (f"第{n}公司", code(n) if n % 2 else "", f"第{n}大厦", f"第{n}支部、第{n + 1}支部") for n in range(number)), as_of="2024-04")


def parties(folder: Path, number: int) -> Path:
    return register(folder, f"党组织{number}", ("党组织名称", "建于"), *((f"第{n}支部", code(n) if n % 2 else f"第{n}公司") for n in range(number)))


def relations(folder: Path, number: int) -> Path:
    return register(folder, f"关系{number}", RELATIONS, *(("党组织", f"第{n}支部", "建于", "企业", f"第{n}公司") for n in range(number)))


@pytest.fixture
def stored(engine: GraphEngine, tmp_path: Path) -> GraphEngine:
    load(engine, [register(tmp_path, "楼宇", ("楼宇名称",), *((f"第{n}大厦",) for n in range(120))), units(tmp_path, 120),
                  register(tmp_path, "党组织", ("党组织名称",), *((f"第{n}支部",) for n in range(121)))])
    return engine


@pytest.mark.parametrize("made", [units, parties, relations])
def test_it_is_asked_no_oftener_for_more_rows(stored: GraphEngine, tmp_path: Path, made: Callable[[Path, int], Path]) -> None:
    few, less = prepared(stored, made(tmp_path, 10))
    many, more = prepared(stored, made(tmp_path, 120))
    assert (few.accepted, few.rejects, many.accepted, many.rejects) == (10, {}, 120, {})
    assert more == less
