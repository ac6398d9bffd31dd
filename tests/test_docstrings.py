"""The examples in the docstrings of the public questions run as they stand, on the bundled data."""

from __future__ import annotations

import doctest
import importlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import graph
from graph.engine import GraphEngine
from ingest.bundled import files
from ingest.load import load
from schemas.view import View

QUESTIONS = ("coverage", "gaps", "statistics", "reconciliation", "check", "liaison", "network", "search", "profile", "imports", "committee", "directory", "graph.keeping",
             "stats")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphEngine]:
    store = graph.connect(f"sqlite:///{tmp_path_factory.mktemp('docs') / 'store.db'}")
    load(store, files())
    yield store
    store.close()


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_examples_of_a_question(name: str, engine: GraphEngine, tmp_path: Path) -> None:
    module = importlib.import_module(name if "." in name else f"graph.questions.{name}")
    found = [t for t in doctest.DocTestFinder().find(module) if t.examples]
    assert found, f"{module.__name__} has no example"
    for test in found:
        test.globs |= {"engine": engine, "view": View(graph.policy(), date(2026, 1, 1)), "Path": Path, "graph": graph, "folder": str(tmp_path)}
        assert doctest.DocTestRunner().run(test).failed == 0, test.name
