from __future__ import annotations

from collections.abc import Iterator

import pytest

from graph.engine import GraphEngine
from ingest.bundled import files
from ingest.load import load
from tests.viz.district import COMMITTEE, SUBJECT, large, small, stored
from tests.viz.drawn import figures, gaps
from viz.figure import Figure


@pytest.fixture(scope="session")
def hostile_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphEngine]:
    engine = stored(tmp_path_factory.mktemp("hostile"), small())
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def changning_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphEngine]:
    from graph.connect import connect

    engine = connect(f"sqlite:///{tmp_path_factory.mktemp('changning') / 'store.db'}")
    load(engine, files())
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def hostile(hostile_store: GraphEngine) -> dict[str, Figure]:
    return figures(hostile_store, SUBJECT, COMMITTEE, "区<i>局</i>")


@pytest.fixture(scope="session")
def changning(changning_store: GraphEngine) -> dict[str, Figure]:
    return figures(changning_store, "分众传媒", "天山商圈党委", "区税务局", "浦发银行")


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Figure]:
    """320 units in 130 buildings: more than are drawn one by one, and more buildings than one picture holds."""
    engine = stored(tmp_path_factory.mktemp("many"), large(130, 320))
    yield gaps(engine)
    engine.close()
