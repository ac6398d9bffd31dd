"""What was counted as created before it was known who is one: rows, bodies and relationships that only change what there was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set

from graph.engine import Snapshot
from graph.parts import Edge, RowRef
from schemas.facts import BodyFact, Fact, RelationFact
from schemas.identifiers import kind_of
from schemas.relations import RELATIONS
from schemas.reports import LoadReport

AT_ONCE = 500  # bodies whose rows are read at once
Target = tuple[str, ...]  # (id) of a body, (source, type, target) of a relationship


def recounted(snapshot: Snapshot, number: int, joined: Set[str], report: LoadReport) -> LoadReport:
    """The report of import ``number`` when the bodies ``joined`` are one each with another: their rows are read again."""
    heads = {id: body.id for id, body in snapshot.bodies(sorted(joined)).items()}
    order, known = sorted(set(heads.values())), dict[Target, RowRef]()
    for i in range(0, len(order), AT_ONCE):
        said = _said(snapshot, number, order[i:i + AT_ONCE])
        was, now = _first(said, {}), _first(said, heads)
        known |= {t: ref for t, ref in was.items() if ref[0] == number and now[_as(t, heads)] != ref}
    bodies, rows = sum(len(t) == 1 for t in known), set(known.values())
    return report.model_copy(update={
        **_moved({"created": report.created, "updated": report.updated}, len(rows - _creating(snapshot, rows, heads))),
        "bodies": _moved(report.bodies, bodies),
        "relationships": _moved(report.relationships, len(known) - bodies, "confirmed")})


def _creating(snapshot: Snapshot, rows: Set[RowRef], heads: Mapping[str, str]) -> set[RowRef]:
    """Those of the rows that are the first to speak of a body or a relationship, whosever."""
    spoken = _first(sorted(snapshot.facts(rows).items()), heads)
    there = [b.rows for b in snapshot.bodies({t[0] for t in spoken if len(t) == 1}).values()]
    pairs, types = {(t[0], t[2]) for t in spoken if len(t) > 1}, sorted({t[1] for t in spoken if len(t) > 1})
    edges = dict[Target, list[RowRef]]()
    for e in snapshot.between(pairs, types, None) if pairs else ():
        edges.setdefault((e.source, e.type, e.target), []).extend(e.rows)
    return {first for refs in (*there, *edges.values()) if (first := min(refs)) in rows}


def _moved(counts: Mapping[str, int], number: int, to: str = "updated") -> dict[str, int]:
    """So many are not created; at most as many as were, since a load that completes another has not created all of it."""
    number = min(number, counts.get("created", 0))
    return {**counts, "created": counts.get("created", 0) - number, to: counts.get(to, 0) + number} if number else dict(counts)


def _said(snapshot: Snapshot, number: int, ids: Sequence[str]) -> list[tuple[RowRef, tuple[Fact, ...]]]:
    """The rows of bodies and of those of their relationships that the import speaks of, in the order in which they were put into force."""
    of_bodies = {r for b in snapshot.bodies(ids).values() for r in b.rows}
    of_edges = {r for e in _edges(snapshot, ids) if any(n == number for n, _, _ in e.rows) for r in e.rows}
    return sorted(snapshot.facts(of_bodies | of_edges).items())


def _edges(snapshot: Snapshot, ids: Sequence[str]) -> list[Edge]:
    kinds = {str(kind_of(i)) for i in ids}
    return snapshot.step(ids, [(r.name, f) for r in RELATIONS.values() for f in (True, False) if any(r.others(k, f) for k in kinds)], None)


def _first(said: Iterable[tuple[RowRef, Sequence[Fact]]], heads: Mapping[str, str]) -> dict[Target, RowRef]:
    """Body or relationship -> the first row that speaks of it."""
    found = dict[Target, RowRef]()
    for ref, facts in said:
        for f in facts:
            if isinstance(f, BodyFact):
                found.setdefault(_as((f.id,), heads), ref)
            elif isinstance(f, RelationFact) and not f.missing:
                found.setdefault(_as((f.source, f.type, f.target), heads), ref)
    return found


def _as(target: Target, heads: Mapping[str, str]) -> Target:
    return tuple(heads.get(part, part) for part in target)
