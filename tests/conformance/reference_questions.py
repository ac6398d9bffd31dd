"""The plain reference, part 3: coverage, statistics, requirements, reconciliation (semantics 15-19)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graph.parts import FALSE, POSSIBLE, TRUE
from schemas.dates import read, written
from schemas.declarations import Count
from schemas.metapath import Metapath, Position, parse
from schemas.policy import Requirement, Way
from tests.conformance.reference_metapath import NO, SURE, Asked, Walk
from tests.conformance.reference_projection import RowRef

# -- evidence (9) --------------------------------------------------------------------------------------------------------------


def evidence(asked: Asked, path: Metapath, walks: Iterable[Walk]) -> set[RowRef]:
    """The rows that assert the relationships of matches, and the values that were tested."""
    found = set[RowRef]()
    for walk in walks:
        found |= {row for spell in walk.spells for row in spell.rows}
        for body, position in zip(walk.bodies, path.positions, strict=True):
            found |= asserted(asked, body, position)
    return found


def asserted(asked: Asked, body: str, position: Position) -> set[RowRef]:
    return {row for name, _ in position.where for row in asked.world.things[body].asserting(name)}


def as_of(asked: Asked, rows: set[RowRef]) -> tuple[str | None, str | None]:
    """The oldest and newest as-of of the evidence; without evidence, of all sources."""
    days = [asked.world.as_of[number] for number, _, _ in rows] or list(asked.world.as_of.values())
    return written(min(days)), written(max(days))


# -- coverage and statistics (15-17) -------------------------------------------------------------------------------------------


def ways_of(asked: Asked, body: str) -> list[Way]:
    return [w for w in asked.view.policy.ways if asked.world.things[body].kind in w.path.subject.kinds]


def together(scores: Iterable[int]) -> int:
    """TRUE if one is, FALSE if all are, else not known (some POSSIBLE or OPEN_HOPS)."""
    return max(scores, default=FALSE)


def coverage(asked: Asked, body: str) -> tuple[str, str]:
    """(status, statistical class)."""
    counting = [(w, asked.score(w.path, body)) for w in ways_of(asked, body) if w.class_ in asked.view.policy.covered_by]
    first = next((w.name for w, s in counting if s == TRUE), None)
    if first:
        return "covered", first
    status = "exempt" if asked.exempt(body, "coverage") else "uncovered" if together(s for _, s in counting) == FALSE else "not_known"
    return status, status


def class_scores(asked: Asked, body: str) -> tuple[int, int, int]:
    """The score of the own, organisation and work ways alone."""
    ways = ways_of(asked, body)
    classes = ([w for w in ways if w.own], [w for w in ways if w.class_ == "organisation"], [w for w in ways if w.class_ == "work"])
    own, organisation, work = (together(asked.score(w.path, body) for w in c) for c in classes)
    return own, organisation, work


def group(asked: Asked, body: str, groups: Sequence[Metapath] | str) -> str:
    """The body's one group; "several", or "" where there is none."""
    thing = asked.world.things[body]
    if isinstance(groups, str):
        value = thing.values.get(groups)
        return str(value.value) if value and value.basis == "stated" else ""
    walks = [w for p in groups if thing.kind in p.subject.kinds for w in asked.walks(p, body)]
    ends = sorted({w.bodies[-1] for w in walks if w.sure})
    return "" if not ends else ends[0] if len(ends) == 1 else "several"


def subjects(asked: Asked, subject: Metapath, scope: Sequence[Metapath]) -> list[str]:
    return [b for b, t in asked.world.things.items() if asked.is_at(t, subject.subject) == SURE and (not scope or asked.in_scope(b, scope))]


def tally(asked: Asked, bodies: Sequence[str], groups: Sequence[Metapath] | str) -> Counter[tuple[str, str, int, int, int]]:
    """(group, way or status, own, organisation, work) -> number of bodies."""
    return Counter((group(asked, b, groups), coverage(asked, b)[1], *class_scores(asked, b)) for b in bodies)


@dataclass
class Rates:
    counts: Counter[str]
    rate: tuple[float, float] | None
    classes: dict[str, tuple[float, float] | None]


def rates(asked: Asked, bodies: Sequence[str]) -> Rates:
    """Covered / (in scope - exempt), from counting the not known ones uncovered to counting them covered."""
    statuses = {b: coverage(asked, b)[0] for b in bodies}
    counts = Counter(statuses.values())
    base = [b for b in bodies if statuses[b] != "exempt"]
    classes = {name: _rate([class_scores(asked, b)[i] for b in base]) for i, name in enumerate(("own", "organisation", "work"))}
    whole = [{"covered": TRUE, "uncovered": FALSE}.get(statuses[b], POSSIBLE) for b in base]
    return Rates(counts, _rate(whole), classes)


def _rate(scores: Sequence[int]) -> tuple[float, float] | None:
    if not scores:
        return None
    return sum(s == TRUE for s in scores) / len(scores), sum(s != FALSE for s in scores) / len(scores)


# -- requirements (18) ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Judged:
    """``low``/``high``: the range of the count (``high`` ``None``: no upper limit); only of a single metapath."""

    id: str
    state: str
    low: int
    high: int | None


def count(asked: Asked, path: Metapath, body: str) -> tuple[int, int | None]:
    walks = asked.walks(path, body)
    stated, possible = {w.bodies[-1] for w in walks if w.sure}, {w.bodies[-1] for w in walks}
    return len(stated), None if asked.open_hops(path, body) else len(possible)


def met(asked: Asked, r: Requirement, body: str) -> bool | None:
    if r.coverage:
        score = together(asked.score(w.path, body) for w in ways_of(asked, body) if w.class_ in asked.view.policy.covered_by)
        return True if score == TRUE else False if score == FALSE else None
    least, most = r.bounds
    parts = [_within(*count(asked, p, body), least, most) for p in r.parts]
    return False if False in parts else None if None in parts else True


def _within(low: int, high: int | None, least: int, most: int | None) -> bool | None:
    if low >= least and (most is None or (high is not None and high <= most)):
        return True
    return False if (high is not None and high < least) or (most is not None and low > most) else None


def judge(asked: Asked, r: Requirement, body: str) -> Judged:
    """Not applicable, ok, exempt, gap, not known, in order of precedence."""
    sort = asked.is_at(asked.world.things[body], r.position.subject)
    result = met(asked, r, body)
    exempt = asked.exempt(body, r.id, *(("coverage",) if r.coverage else ()))
    state = ("not_applicable" if sort == NO else "ok" if result else "exempt" if exempt
             else "gap" if sort == SURE and result is False else "not_known")
    low, high = count(asked, r.parts[0], body) if r.metapath else (0, None)
    return Judged(body, state, low, high)


def scan(asked: Asked, r: Requirement, scope: Sequence[Metapath]) -> list[Judged]:
    """All subjects in scope that the requirement applies to, in the order of lists (22)."""
    things = sorted(asked.world.things.values(), key=lambda t: t.order)
    judged = [judge(asked, r, t.id) for t in things if not scope or asked.in_scope(t.id, scope)]
    return [j for j in judged if j.state != "not_applicable"]


# -- reconciliation (19) -------------------------------------------------------------------------------------------------------


def reconcile(asked: Asked) -> dict[str, tuple[int, int, int, int, int] | None]:
    """Count id -> (registered from, to, possible, placeholders from, to); ``None`` where it is shown and not compared."""
    latest = {(c.scope, c.pattern or c.id, c.unit, c.period): c for c, _ in asked.world.declared if isinstance(c, Count)}
    by_id = {c.id: c for c in latest.values()}
    return {c.id: _compared(asked, c, by_id.get(c.part_of)) for c in latest.values()}


def _compared(asked: Asked, c: Count, whole: Count | None) -> tuple[int, int, int, int, int] | None:
    end = read(c.period_end) if c.period_end else None
    if not c.pattern or c.measure == "flow" or (end and end[0] <= asked.day):
        return None
    within = parse(whole.pattern) if whole and whole.pattern else None
    bodies = [b for b, t in asked.world.things.items() if t.kind in parse(c.pattern).subject.kinds]
    scores = [asked.score(parse(c.pattern), b) for b in bodies if within is None or asked.in_scope(b, [within])]
    sure, possible = scores.count(TRUE), scores.count(POSSIBLE)
    most = sure + possible if within else sure
    return sure, most, possible, max(0, c.number - most), max(0, c.number - sure)
