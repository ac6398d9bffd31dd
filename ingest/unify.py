"""Bodies known only by one relationship, [建于：…], and named bodies with that relationship: one and the same (semantics 5)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from graph.engine import Snapshot
from graph.parts import Body, Edge
from ingest.alike import Near

KEY = re.compile(r"(?P<type>[A-Z_]+)(?P<way>[<>])(?P<other>[^#]+)(#(?P<role>.*))?")


def named_ones(snapshot: Snapshot, touched: Set[str]) -> Iterator[tuple[Body, list[Body]]]:
    """Each body without a name, with the named bodies of its kind that have the relationship it is known by; only where the body
    or the other end of that relationship is ``touched``."""
    for body in snapshot.unnamed():
        others = {m["other"] for scheme, key in body.keys if scheme == "unnamed" and (m := KEY.fullmatch(key))}
        if touched.isdisjoint({body.id, *others}):
            continue
        found = {b.id: b for scheme, key in body.keys if scheme == "unnamed" for b in _with(snapshot, body, key)}
        if found:
            yield body, [found[i] for i in sorted(found)]


def neighbours(snapshot: Snapshot, ids: Set[str]) -> set[str]:
    """What they have relationships with of the types by which bodies without a name are known."""
    types = {m["type"] for b in snapshot.unnamed() for scheme, key in b.keys if scheme == "unnamed" and (m := KEY.fullmatch(key))}
    edges = snapshot.step(sorted(ids), [(t, forward) for t in sorted(types) for forward in (True, False)], None) if types else []
    return {end for e in edges for end in (e.source, e.target)}


def question(body: Body, named: Body) -> Near:
    return Near(body.id, named.id, 0, ("未公布名称的对象与它有同样的关系",), ("", named.name))


def _with(snapshot: Snapshot, body: Body, key: str) -> list[Body]:
    known = KEY.fullmatch(key)
    if not known:
        return []
    other = next((b.id for b in snapshot.bodies([known["other"]]).values()), "")
    forward = known["way"] == ">"
    edges = [e for e in snapshot.step([other], [(known["type"], not forward)], None) if e.stated] if other else []
    own = [e for e in edges if body.id in (e.source, e.target)]
    same = {e.source if forward else e.target for e in edges if any(_alike(e, o) for o in own)}
    return [b for b in snapshot.bodies(same - {body.id}).values() if b.kind == body.kind and b.name]


def _alike(one: Edge, other: Edge) -> bool:
    """The same role, at some time both."""
    return one.role == other.role and max(one.start, other.start) < min(one.until, other.until)
