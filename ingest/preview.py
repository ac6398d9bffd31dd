"""What the files of a dry run would change, told within the transaction that holds them and is taken back."""

from __future__ import annotations

from collections.abc import Iterable

from graph.engine import GraphEngine, Writer
from graph.questions.difference import Touched, difference
from ingest.prepare import Prepared
from schemas.difference import Difference
from schemas.facts import Fact
from schemas.view import View


def preview(engine: GraphEngine, writer: Writer, prepared: Iterable[Prepared], view: View, limit: int | None,
            more: Iterable[Fact] = (), joined: Iterable[str] = ()) -> Difference:
    """What the rows that ``writer`` has put into force change. Nobody else writes meanwhile, so what is stored is the state
    before them. ``limit``: how many each list holds, ``None``: all; ``more``: what they changed beside their rows; ``joined``: bodies
    that they made one."""
    touched = Touched(joined=set(joined))
    touched.add(more)
    for p in prepared:
        for batch in p.batches():
            for row in batch:
                touched.add(row.facts)
    with engine.read() as before:
        return difference(before, writer.snapshot(), touched, view, limit=limit)
