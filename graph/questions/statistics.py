"""Coverage statistics: rates as ranges, by sub-district, business district, building, industry or type (semantics 17)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from graph.engine import GraphEngine
from graph.parts import FALSE, TRUE, Tallied
from graph.questions.cursor import paged
from graph.questions.present import Presenter
from graph.questions.scopes import scope_of
from graph.questions.steady import steady
from schemas.answers import Cell, Statistics
from schemas.errors import QuestionError
from schemas.kinds import GROUPS, KINDS
from schemas.metapath import Metapath, parse
from schemas.scopes import DIMENSIONS, group_paths
from schemas.view import View

SUBJECT = "(:Unit)"
STATUSES = ("covered", "exempt", "uncovered", "not_known")
NO_GROUP, SEVERAL = "情况不明", "多个"
CLASSES = ("own", "organisation", "work")


@steady
def statistics(engine: GraphEngine, view: View, *, by: str | None = None, scope: str | None = None, compare: date | None = None,
               limit: int = 50, cursor: str | None = None) -> Statistics:
    """Coverage of all units, overall and by group.

    Rates are shares from 0 to 1, ``rate_low`` with all that is not known uncovered and ``rate_high`` with all of it covered; ``None``
    without a denominator. ``by``: subdistrict, business-district, building, industry or type. ``compare``: another date, for the
    overall cell.
    Raises QuestionError (by, cursor), UnknownBodyError (scope).

    >>> statistics(engine, view).overall.counts["covered"]
    5
    """
    if by is not None and by not in (*DIMENSIONS, "type"):
        raise QuestionError("question.by", f"不能按“{by}”统计", hint=f"可用：{'、'.join([*DIMENSIONS, 'type'])}")
    with engine.read(view.overlay) as snapshot:
        present = Presenter(snapshot, view)
        place, paths = scope_of(snapshot, scope)
        groups: Sequence[Metapath] | str = "type" if by == "type" else group_paths(by, "Unit") if by else ()
        rows = snapshot.tally(present.frame, parse(SUBJECT), paths, groups)
        cells = _cells(present, by, rows) if by else []
        shown, page = paged(cells, "statistics", snapshot.version, limit, cursor)
        return Statistics(
            frame=present.document, by=by, scope=present.body_ref(place) if place else None, overall=cell("全部", None, rows),
            groups=shown, page=page,
            compare=_compared(present, compare, paths) if compare else None, compare_as_of=compare.isoformat() if compare else None,
            as_of=present.as_of([]))


def _compared(present: Presenter, day: date, paths: Sequence[Metapath]) -> Cell:
    other = Presenter(present.snapshot, replace(present.view, as_of=day))
    return cell("全部", None, present.snapshot.tally(other.frame, parse(SUBJECT), paths, ()))


def _cells(present: Presenter, by: str, rows: Sequence[Tallied]) -> list[Cell]:
    """A cell a group, in order of sort keys; "several" and "not known" last."""
    by_group = dict[str, list[Tallied]]()
    for row in rows:
        by_group.setdefault(row.group, []).append(row)
    named = present.snapshot.bodies(g for g in by_group if "-" in g)
    labels = {v: label for k in GROUPS["Unit"] if (f := KINDS[k].field("type")) for v, label in f.choices.items()} if by == "type" else {}
    order = sorted(named, key=lambda g: (named[g].sort_key, g)) + [g for g in (*labels, "several", "") if g in by_group]
    cells = []
    for g in order:
        name = present.body_ref(named[g]).name if g in named else labels.get(g) or (SEVERAL if g else NO_GROUP)
        cells.append(cell(name, g if g in named else None, by_group[g]))
    return suppressed(cells) if by in present.view.policy.sensitive else cells


def cell(group: str, id: str | None, rows: Sequence[Tallied]) -> Cell:
    counts = dict.fromkeys(STATUSES, 0)
    classes = dict[str, int]()
    for row in rows:
        status = row.way if row.way in STATUSES else "covered"
        counts[status] += row.number
        if status == "covered":
            classes[row.way] = classes.get(row.way, 0) + row.number
    total = sum(counts.values())
    base = total - counts["exempt"]
    low, high = _rate(counts["covered"], counts["not_known"], base)
    return Cell(group=group, group_id=id, total=total, counts={**counts, **{f"class:{c}": n for c, n in sorted(classes.items())}},
                rate_low=low, rate_high=high, class_rates={c: _class_rate(c, rows, base) for c in CLASSES})


def _class_rate(name: str, rows: Sequence[Tallied], base: int) -> tuple[float, float] | None:
    """From the ways of one class alone, over the same denominator."""
    counted = [(getattr(r, name), r.number) for r in rows if r.way != "exempt"]
    sure = sum(n for score, n in counted if score == TRUE)
    low, high = _rate(sure, sum(n for score, n in counted if score not in (TRUE, FALSE)), base)
    return None if low is None or high is None else (low, high)


def _rate(covered: int, unknown: int, base: int) -> tuple[float | None, float | None]:
    return (covered / base, (covered + unknown) / base) if base else (None, None)


def suppressed(cells: list[Cell]) -> list[Cell]:
    """Cells of 1 and 2 are suppressed, and one more (the smallest) where a total would reveal a single one."""
    small = [c.total in (1, 2) for c in cells]
    if sum(small) == 1:
        rest = [(c.total or 0, i) for i, c in enumerate(cells) if not small[i] and c.total]
        if rest:
            small[min(rest)[1]] = True
    return [Cell(group=c.group, group_id=c.group_id, total=None, counts=dict.fromkeys(c.counts), rate_low=None, rate_high=None,
                 suppressed=True) if hide else c for c, hide in zip(cells, small, strict=True)]
