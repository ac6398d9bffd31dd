"""Where uncovered units are: coverage by building and sub-district, and the units themselves where they are few (semantics 17)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from graph.engine import GraphEngine
from graph.parts import Tallied
from graph.questions.gaps import STATES, page_gaps
from graph.questions.present import Presenter
from graph.questions.scopes import scope_of
from graph.questions.statistics import NO_GROUP, SEVERAL, cell, suppressed
from schemas.answers import Cell
from schemas.kinds import KINDS
from schemas.metapath import Metapath, parse
from schemas.overviews import GapMap, GapPlace, GapUnit
from schemas.policy import Policy, Requirement
from schemas.view import View

AT = parse("(:Unit)-[:LOCATED_IN]->(:Building|Park)")
ANY = Requirement(id="coverage", label="空白点", subject="(:Unit)", coverage=True)


def gap_map(engine: GraphEngine, view: View, *, scope: str | None = None, limit: int = 300) -> GapMap:
    """Coverage of all units by the building or park in which they are (one only, stated), those with their sub-district, in order
    of (sort key, id); last "several" and "not known". Up to ``limit`` units in all are listed one by one, with their state.

    Raises UnknownBodyError, QuestionError (scope).

    >>> gap_map(engine, view).overall.counts["not_known"]
    6
    """
    with engine.read(view.overlay) as snapshot:
        present = Presenter(snapshot, view)
        place, paths = scope_of(snapshot, scope)
        rows = snapshot.tally(present.frame, parse("(:Unit)"), paths, (AT,))
        by_place = dict[str, list[Tallied]]()
        for row in rows:
            by_place.setdefault(row.group, []).append(row)
        rule = coverage_rule(view.policy)
        overall = cell("全部", None, rows)
        imports = [i for i in present.imports.values() if i.state != "undone"]
        few = (overall.total or 0) <= limit
        areas, places = _places(present, by_place)
        return GapMap(frame=present.document, scope=present.body_ref(place) if place else None, rule=rule.id, rule_label=rule.label,
                      source=rule.source, overall=overall, areas=areas, places=places, as_of=present.as_of([]),
                      sources=tuple(dict.fromkeys(i.source for i in imports)), synthetic=any(i.synthetic for i in imports),
                      units=_units(present, rule, paths, limit) if few else (), units_listed=few)


def coverage_rule(policy: Policy) -> Requirement:
    """The policy's own requirement of coverage for units, or one without a name."""
    return next((r for r in policy.requirements if r.coverage and r.subject == "(:Unit)"), ANY)


def _places(present: Presenter, by_place: dict[str, list[Tallied]]) -> tuple[tuple[Cell, ...], tuple[GapPlace, ...]]:
    bodies = present.snapshot.bodies(i for i in by_place if "-" in i)
    order = sorted(bodies, key=lambda i: (bodies[i].sort_key, i)) + [i for i in ("several", "") if i in by_place]
    cells = [cell(present.body_ref(bodies[i]).name if i in bodies else SEVERAL if i else NO_GROUP, i if i in bodies else None, by_place[i])
             for i in order]
    if "building" in present.view.policy.sensitive:
        cells = suppressed(cells)
    home = _areas(present, bodies)
    names = present.snapshot.bodies(set(home.values()))
    areas = [cell(present.body_ref(names[a]).name, a, [r for i in order if home.get(i) == a for r in by_place[i]])
             for a in sorted(names, key=lambda a: (names[a].sort_key, a))]
    if "subdistrict" in present.view.policy.sensitive or "building" in present.view.policy.sensitive:
        areas = suppressed(areas)
    return tuple(areas), tuple(GapPlace(cell=c, area=home.get(i)) for i, c in zip(order, cells, strict=True))


def _areas(present: Presenter, ids: Iterable[str]) -> dict[str, str]:
    """Place -> its sub-district, directly or by the park or business district of which it is a part."""
    first = _parts_of(present, ids)
    second = _parts_of(present, {i for wholes in first.values() for i in wholes})
    prefix = KINDS["Subdistrict"].prefix + "-"
    reached = {i: [w for whole in wholes for w in (whole, *second.get(whole, ()))] for i, wholes in first.items()}
    return {i: min(areas) for i, ws in reached.items() if (areas := [w for w in ws if w.startswith(prefix)])}


def _parts_of(present: Presenter, ids: Iterable[str]) -> dict[str, list[str]]:
    wholes = dict[str, list[str]]()
    for e in present.snapshot.step(ids, [("PART_OF", True)], present.frame):
        if e.holds(present.frame.day) and e.stated:
            wholes.setdefault(e.source, []).append(e.target)
    return wholes


def _units(present: Presenter, rule: Requirement, scope: Sequence[Metapath], limit: int) -> tuple[GapUnit, ...]:
    page = present.snapshot.scan(rule, present.frame, scope, STATES, None, limit)
    at = dict[str, set[str]]()
    for e in present.snapshot.step([s.id for s in page.rows], [("LOCATED_IN", True)], present.frame):
        if e.holds(present.frame.day) and (e.stated or present.frame.count_inferred):
            at.setdefault(e.source, set()).add(e.target)
    gaps = page_gaps(present, rule, page)
    return tuple(GapUnit(gap=g, place=next(iter(p)) if len(p) == 1 else "several" if p else "")
                 for g in gaps for p in (at.get(g.subject.id, set()),))
