"""Published counts against what is registered; what is missing is a placeholder (semantics 4, 5, 19)."""

from __future__ import annotations

from collections.abc import Callable

from graph.engine import GraphEngine
from graph.parts import POSSIBLE, TRUE, Declared
from graph.questions.cursor import paged
from graph.questions.present import Presenter
from graph.questions.steady import steady
from schemas.answers import Reconciled, Reconciliation
from schemas.dates import read
from schemas.declarations import Count
from schemas.metapath import parse
from schemas.view import View

WORDS = {"=": "{}", ">": "多于 {}", ">=": "至少 {}", "≈": "约 {}"}


@steady
def reconcile(engine: GraphEngine, view: View, *, limit: int = 50, cursor: str | None = None) -> Reconciliation:
    """The published counts, in the order in which they were declared; the last of those with the same scope, pattern, unit and
    period is compared. Raises QuestionError (cursor).

    >>> [c.placeholder_text for c in reconcile(engine, view).counts if c.id == "tianshan-joint"]
    ['18']
    """
    with engine.read(view.overlay) as snapshot:
        present = Presenter(snapshot, view)
        latest = _latest(present)
        counts = {c.id: c for _, c in latest}
        shown, page = paged(latest, "reconcile", snapshot.version, limit, cursor)
        return Reconciliation(frame=present.document, counts=tuple(_compared(present, d, c, counts) for d, c in shown), page=page)


def reconciled(present: Presenter, wanted: Callable[[Count], bool]) -> list[tuple[Count, Reconciled]]:
    """The published counts that are ``wanted``, each compared."""
    latest = _latest(present)
    counts = {c.id: c for _, c in latest}
    return [(c, _compared(present, d, c, counts)) for d, c in latest if wanted(c)]


def _latest(present: Presenter) -> list[tuple[Declared, Count]]:
    """Of counts with the same scope, pattern, unit and period the last."""
    latest = dict[tuple[str, ...], tuple[Declared, Count]]()
    for d in present.snapshot.declarations():
        if isinstance(c := d.declaration, Count):
            latest[c.scope, c.pattern or c.id, c.unit, c.period] = d, c
    return list(latest.values())


def _compared(present: Presenter, declared: Declared, c: Count, counts: dict[str, Count]) -> Reconciled:
    base = Reconciled(id=c.id, label=c.label, scope=c.scope, comparator=c.comparator, published=c.number, unit=c.unit, measure=c.measure,
                      period=c.period, part_of=c.part_of, compared=False, note=c.note, evidence=present.evidence(declared.row))
    ended = read(c.period_end) if c.period_end else None
    if not c.pattern or c.measure == "flow" or (ended and ended[0] <= present.frame.day):
        return base
    whole = counts.get(c.part_of)
    low, high, possible = registered(present, c, whole)
    least, most = max(0, c.number - high), max(0, c.number - low)
    text = WORDS[c.comparator].format(f"{least}-{most}" if least != most else least)
    return base.model_copy(update={"compared": True, "registered_low": low, "registered_high": high, "possible": possible,
                                   "placeholder_low": least, "placeholder_high": most, "placeholder_text": text})


def registered(present: Presenter, count: Count, whole: Count | None) -> tuple[int, int, int]:
    """(least, most, possible) bodies for which the pattern is TRUE; parts are sought among the registered of the whole, where
    those whose class is not recorded make a range."""
    within = parse(whole.pattern) if whole and whole.pattern else None
    scores = present.snapshot.scores(parse(count.pattern), present.frame, within)
    sure, possible = scores[TRUE], scores[POSSIBLE]
    return (sure, sure + possible, possible) if within else (sure, sure, possible)
