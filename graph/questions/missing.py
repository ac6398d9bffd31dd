"""What a full register lacks: relationships in its reach that nothing of its date or later confirms (semantics 4)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from graph.engine import Snapshot
from graph.frame import Frame
from graph.parts import Edge
from graph.questions.present import frame_for
from schemas.dates import day_of
from schemas.declarations import Completeness
from schemas.facts import ENDS
from schemas.identifiers import kind_of
from schemas.metapath import Metapath, parse
from schemas.policy import Policy, Requirement
from schemas.view import View

PLAIN = Policy(name="full", label="", version=1)  # a scope is asked by stated relationships, whatever a policy counts
AT_ONCE = 2_000  # bodies
ANY = ("ok", "gap", "not_known", "exempt")


@dataclass(frozen=True)
class Full:
    """A full register in force: ``number`` of its import, its as-of, the bodies it speaks of, the hops that it lists in full."""

    number: int
    as_of: int
    scope: tuple[Metapath, ...]
    hops: tuple[Metapath, ...]


@dataclass
class Lacking:
    """``ended``: what the register lacks; ``kept``: what it lacks and a source of the same or a later date confirms."""

    ended: list[Edge] = field(default_factory=list)
    kept: list[Edge] = field(default_factory=list)


def full_registers(snapshot: Snapshot) -> list[Full]:
    """All full registers in force, in rule-1 order."""
    found = dict[tuple[int, int, tuple[str, ...]], list[Metapath]]()
    for declared in snapshot.declarations():
        d = declared.declaration
        if isinstance(d, Completeness) and d.full:
            found.setdefault((declared.as_of, declared.row[0], d.scope), []).append(parse(d.hop))
    return [Full(number, as_of, tuple(map(parse, scope)), tuple(hops)) for (as_of, number, scope), hops in found.items()]


def lacking(snapshot: Snapshot, full: Full, among: Collection[str] | None = None) -> Lacking:
    """What holds at the register's as-of for the bodies of its scope (``among``: only these), and is not in it."""
    frame, found = frame_for(snapshot, View(PLAIN, day_of(full.as_of))), Lacking()
    as_of = {n: i.as_of for n, i in snapshot.sources().items()}
    edition = _edition(snapshot, full)
    for ids in _inside(snapshot, full, frame, among):
        for edge in _reached(snapshot, full, ids):
            newest = max((as_of[r[0]] for r in edge.rows if r[1] != ENDS), default=0)
            if newest < full.as_of:
                found.ended.append(edge)
            elif not any(r[0] in edition for r in edge.rows if r[1] != ENDS):
                found.kept.append(edge)
    for edges in (found.ended, found.kept):
        edges.sort(key=lambda e: (e.source, e.type, e.target, e.role, e.since))
    return found


def _edition(snapshot: Snapshot, full: Full) -> set[int]:
    """The imports that are one register with it: of the same source and as-of."""
    imports = snapshot.sources()
    own = imports[full.number]
    return {n for n, i in imports.items() if (i.source, i.as_of) == (own.source, own.as_of)}


def _inside(snapshot: Snapshot, full: Full, frame: Frame, among: Collection[str] | None) -> Iterator[list[str]]:
    """The bodies of the scope at the register's as-of, some at a time."""
    kinds = list(dict.fromkeys(k for hop in full.hops for k in hop.subject.kinds))
    if among is not None:
        ids = sorted({id for id in among if kind_of(id) in kinds})
        for part in (ids[i:i + AT_ONCE] for i in range(0, len(ids), AT_ONCE)):
            yield sorted(set().union(*(snapshot.true_for(p, part, frame) for p in full.scope)))
        return
    for hop in full.hops[:1]:
        anything = Requirement(id="full", label="", subject=f"(:{'|'.join(kinds)})", metapath=str(hop), at_least=0)
        after: tuple[str, str] | None = None
        while True:
            page = snapshot.scan(anything, frame, full.scope, ANY, after, AT_ONCE)
            yield [row.id for row in page.rows]
            if (after := page.last) is None:
                return


def _reached(snapshot: Snapshot, full: Full, ids: Collection[str]) -> Iterator[Edge]:
    """The relationships of these bodies that hold at the as-of, and that its columns speak of."""
    inside = set(ids)
    types = list(dict.fromkeys((h.hops[0].type, h.hops[0].forward) for h in full.hops))
    for edge in snapshot.step(inside, types, None) if inside else ():
        if edge.holds(full.as_of) and edge.start < full.as_of and any(_speaks(h, edge, inside) for h in full.hops):
            yield edge


def _speaks(hop: Metapath, edge: Edge, inside: Collection[str]) -> bool:
    near, far = (edge.source, edge.target) if hop.hops[0].forward else (edge.target, edge.source)
    roles = dict(hop.hops[0].where).get("role", ())
    return (edge.type == hop.hops[0].type and near in inside and kind_of(near) in hop.subject.kinds and kind_of(far) in hop.end.kinds
            and (not roles or edge.role in roles))
