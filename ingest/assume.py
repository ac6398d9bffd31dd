"""A declaration file taken as given for one question only (``--assume``)."""

from __future__ import annotations

from pathlib import Path

from graph.engine import GraphEngine
from graph.questions.search import resolve
from ingest.declared import open_declarations, with_body
from schemas.declarations import Declaration


def assumed(engine: GraphEngine, path: Path) -> tuple[Declaration, ...]:
    """The declarations of a file, for ``View.assume``; nothing is stored. Raises DeclarationError, UnknownBodyError."""
    file = open_declarations(path)
    with engine.read() as snapshot:
        return tuple(with_body(entry, lambda name: resolve(snapshot, name).id) for _, entry in file.entries)
