"""Who stands behind bodies that cover or contact a unit: superiors, the teams that serve them, who sends and employs these."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from graph.engine import GraphEngine
from graph.parts import Edge
from graph.questions.present import Presenter
from graph.questions.steady import steady
from schemas.overviews import Behind
from schemas.parts import Step
from schemas.relations import RELATIONS
from schemas.view import View

FIRST = (("SUBORDINATE_TO", True), ("ESTABLISHED", False), ("SERVES", False), ("STAFFS", False), ("EMPLOYS", False))
SECOND = (("STAFFS", False),)
FEW = 6  # a body


@steady
def behind(engine: GraphEngine, ids: Iterable[str], view: View) -> Behind:
    """Up to two steps outward from each body, at most ``FEW`` relationships a body that hold at the view's day.

    >>> from graph.questions.network import alliances
    >>> ids = [a.id for a, _ in alliances(engine, view).alliances]
    >>> sorted({s.target.name for s in behind(engine, ids, view).steps if s.relation == "ESTABLISHED"})
    ['天山路街道']
    """
    with engine.read(view.overlay) as snapshot:
        present = Presenter(snapshot, view)
        first, cut = _steps(present, list(ids), FIRST)
        second, cut_again = _steps(present, [s.target.id for s in first if s.relation == "SERVES"], SECOND)
        return Behind(frame=present.document, steps=(*first, *second), truncated=cut or cut_again)


def _steps(present: Presenter, ids: Sequence[str], types: Sequence[tuple[str, bool]]) -> tuple[list[Step], bool]:
    """The steps that leave ``ids`` (one a relationship type and end), by (type, sort key, id), and whether some were left out."""
    forward, wanted = dict(types), set(ids)
    edges = [e for e in present.snapshot.step(wanted, types, present.frame) if e.holds(present.frame.day)]
    bodies = present.snapshot.bodies({*wanted, *(i for e in edges for i in (e.source, e.target))})

    def ends(e: Edge) -> tuple[str, str]:
        return (e.source, e.target) if forward[e.type] else (e.target, e.source)

    kept, seen, number = list[Step](), set[tuple[str, str, str]](), Counter[str]()
    for e in sorted(edges, key=lambda e: (RELATIONS[e.type].number, bodies[ends(e)[1]].sort_key, ends(e), not e.stated, e.rank)):
        start, end = ends(e)
        if (e.type, start, end) not in seen:
            seen.add((e.type, start, end))
            number[start] += 1
            if number[start] <= FEW:
                kept.append(present.step(e, bodies, start))
    return kept, any(n > FEW for n in number.values())
