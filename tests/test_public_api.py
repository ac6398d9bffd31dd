"""The public API of ``graph``: every name is there, typed and documented with an example, and nothing is paid for before use."""

from __future__ import annotations

import pydoc
import subprocess
import sys

import pytest

import graph


@pytest.mark.parametrize("name", graph.__all__)
def test_every_name_is_there(name: str) -> None:
    assert callable(getattr(graph, name)) and getattr(graph, name).__doc__
    assert set(graph.__all__) == {*graph.HOMES, "connect"}


@pytest.mark.parametrize("name", sorted(set(graph.__all__) - {"View", "connect", "policy"}))
def test_every_question_has_an_example(name: str) -> None:
    assert ">>>" in getattr(graph, name).__doc__


def test_help_lists_every_question() -> None:
    told = pydoc.render_doc(graph, renderer=pydoc.plaintext)
    assert [n for n in set(graph.__all__) - {"View"} if f"    {n}(" not in told] == []


def test_an_unknown_name_is_no_attribute() -> None:
    with pytest.raises(AttributeError):
        graph.nothing  # noqa: B018 - the look-up is what is tested


def test_importing_it_imports_no_heavy_library() -> None:
    program = "import sys, graph; graph.paths; print([m for m in ('networkx', 'neo4j', 'pypinyin', 'fastapi') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
