"""What was loaded: file, digest, source, as-of, when, by whom, counts."""

from __future__ import annotations

from graph.engine import GraphEngine
from graph.lock import under_way
from graph.questions.cursor import paged
from graph.questions.steady import steady
from schemas.dates import written
from schemas.facts import Import
from schemas.reports import ImportList, ImportRecord


@steady
def imports(engine: GraphEngine, *, limit: int = 50, cursor: str | None = None) -> ImportList:
    """All imports in the order of their numbers, undone ones too (``state``). Raises QuestionError (cursor).

    >>> {i.source for i in imports(engine).imports}
    {'长宁区公开报道'}
    """
    with engine.read() as snapshot:
        shown, page = paged([i for _, i in sorted(snapshot.imports().items())], "imports", snapshot.version, limit, cursor)
        alive = under_way(snapshot)
        return ImportList(imports=tuple(record_of(i, alive) for i in shown), page=page)


def record_of(i: Import, alive: bool = True) -> ImportRecord:
    """``alive``: whether a load is under way; an import that says it is running without one was cut off."""
    counts = dict(i.counts)
    undone = counts.pop("undone", {})
    state = "unfinished" if i.state == "running" and not alive else i.state
    return ImportRecord(
        number=i.number, file=i.file, digest=i.digest, source=i.source, as_of=written(i.as_of, i.as_of_precision) or "", who=i.who,
        at=i.at, state=state, synthetic=i.synthetic, counts=counts, undone_at=undone.get("at", ""), undone_by=undone.get("who", ""))
