"""What was loaded: file, digest, source, as-of, when, by whom, counts."""

from __future__ import annotations

from graph.engine import GraphEngine
from graph.questions.steady import steady
from schemas.answers import ImportRecord
from schemas.dates import written


@steady
def imports(engine: GraphEngine) -> tuple[ImportRecord, ...]:
    """All imports in the order of their numbers, undone ones too (``state``).

    >>> {i.source for i in imports(engine)}
    {'长宁区公开报道'}
    """
    with engine.read() as snapshot:
        return tuple(ImportRecord(
            number=i.number, file=i.file, digest=i.digest, source=i.source, as_of=written(i.as_of, i.as_of_precision) or "", who=i.who,
            at=i.at, state=i.state, synthetic=i.synthetic, counts=dict(i.counts)) for _, i in sorted(snapshot.imports().items()))
