"""Engines to test on. A second engine is one more name in ``fresh``'s parameters; every test that asks for it runs on all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

from graph.connect import connect
from graph.engine import GraphEngine

# CI tries the same cases every time, so that what it says depends on the change alone; at home they are new ones each time
settings.register_profile("ci", derandomize=True, database=None)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.fixture(params=["sqlite"])
def fresh(tmp_path: Path) -> Iterator[Callable[[], GraphEngine]]:
    """Gives an engine with nothing in force, as often as it is called; the one given before must not be used any more."""
    opened = list[GraphEngine]()
    numbers = count()

    def embedded() -> GraphEngine:
        for old in opened:
            old.close()
            Path(old.url.removeprefix("sqlite:///")).unlink(missing_ok=True)
        opened[:] = [connect(f"sqlite:///{tmp_path / f'{next(numbers)}.db'}")]
        return opened[0]

    yield embedded
    for engine in opened:
        engine.close()


@pytest.fixture
def engine(fresh: Callable[[], GraphEngine]) -> GraphEngine:
    return fresh()
