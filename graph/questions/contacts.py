"""The contact graph of one question: which relationships are hops, and how much of them has been read (semantics 20)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache

from graph.engine import Snapshot
from graph.frame import Frame
from graph.parts import Edge, Frontier, Link
from schemas.kinds import BY_PREFIX, KINDS
from schemas.relations import RELATIONS

FEW = 50  # a body that has more is read distance by distance, and without the dead ends
USUAL = 2  # relationships a body, as guessed
HUB = 0.3  # what looking at one of a hub costs, where reading one costs 1: most are dead ends


class Contacts:
    """``links``: body -> neighbour -> contact distance, as far as read. Of a body with many relationships the near ones are
    read first, so that the tenants of a building (2) are left alone while those who serve it (1) are asked.

    ``stops``: the bodies a path starts from, must pass and ends at. ``barred``: bodies and prefixes of kinds that no path
    passes, but for its ends. ``read``: how many relationships have been read."""

    def __init__(self, snapshot: Snapshot, frame: Frame, stops: Sequence[str], barred: Collection[str], *, stated_only: bool) -> None:
        self.snapshot, self.frame, self.stops, self.barred = snapshot, frame, stops, frozenset(barred)
        self.stated_only, self.read = stated_only, 0
        self.links: dict[str, dict[str, int]] = {s: {} for s in stops}
        self.distances = distances(frame)
        to = frozenset(p for p in BY_PREFIX if p not in self.barred) | {s[:2] for s in stops}
        self.types, self.kinds = types_by_distance(frozenset(self.distances.items()), to)
        self._unread = dict[str, int | None]()  # of bodies of which something has been read
        self._hubs = list[str]()  # read in full; the way back to them need not be read from each of their members
        self._degrees = dict[str, dict[int, int]]()  # body that has many relationships -> distance -> how many

    def unread(self, id: str) -> int | None:
        """The least distance of which the body's relationships have not been read; ``None``: all have."""
        return self._unread[id] if id in self._unread else self.kinds.get(id[:2])

    def cost(self, ids: Iterable[str]) -> float:
        """How many relationships reading on from these bodies takes; of those not asked before it is guessed."""
        degrees = self._degrees
        return sum(HUB * degrees[i][self._unread[i] or 0] if i in degrees else USUAL for i in ids)

    def extend(self, ids: Collection[str], room: int, reach: Mapping[str, int], ends: Iterable[str]) -> list[tuple[str, str]] | None:
        """Read on from each body, in one round trip; the links that are new or nearer, or ``None`` if there are more than
        ``room``. Of a body that proves to have many relationships only their number is found out. ``reach``: bodies of which
        only what leads to one of ``ends`` is read, within so many steps."""
        fresh = [i for i in ids if i not in self._degrees]
        hubs = {d: [i for i in ids if i in self._degrees and self._unread[i] == d] for d in self.types}
        asked = Frontier(tuple(self.types.values()), fresh, FEW, list(hubs.values()), reach, [*self.stops, *ends], self._hubs, room)
        found = self.snapshot.links(asked, self.frame)
        self.read += min(len(found.links), room)
        if len(found.links) > room:
            return None
        self._unread.update(dict.fromkeys(fresh))
        for i, degrees in found.degrees.items():
            self._degrees[i] = dict(zip(self.types, degrees, strict=True))
            self._unread[i] = self._next(i, 0)
        for distance, some in hubs.items():
            self._unread.update({i: self._next(i, distance) for i in some})
            self._hubs += [i for i in some if self._unread[i] is None]
        return self._take(found.links)

    def _next(self, hub: str, distance: int) -> int | None:
        return next((d for d, number in self._degrees[hub].items() if d > distance and number), None)

    def _take(self, found: Iterable[Link]) -> list[tuple[str, str]]:
        """Put relationships among the links; those (source, target) that are new or nearer."""
        links, distances, barred, new = self.links, self.distances, self.barred, list[tuple[str, str]]()
        for source, relation, target, stated in found:
            here, there = source[:2], target[:2]
            distance = distances.get((relation, here))
            if distance is None or source == target or (self.stated_only and not stated):
                continue
            if (here in barred or there in barred or source in barred or target in barred) and (self._shut(source) or self._shut(target)):
                continue
            if source not in links:
                links[source] = {}
            if target not in links:
                links[target] = {}
            if distance < links[source].get(target, distance + 1):
                links[source][target] = links[target][source] = distance
                new.append((source, target))
        return new

    def _shut(self, id: str) -> bool:
        return (id[:2] in self.barred or id in self.barred) and id not in self.stops

    def edges(self, pairs: Sequence[tuple[str, str]]) -> list[Edge]:
        """For each pair of neighbours the relationship that stands for all parallel ones."""
        types = list(dict.fromkeys(relation for relation, _ in self.distances))
        best = self._best(self.snapshot.between([*pairs, *((b, a) for a, b in pairs)], types, self.frame))
        return [best[frozenset(pair)] for pair in pairs]

    def direct(self, ids: Sequence[str]) -> list[Edge]:
        """For each neighbour of one of the bodies, passed or not, the relationship that stands for all parallel ones."""
        types = [(relation, forward) for relation in dict.fromkeys(r for r, _ in self.distances) for forward in (True, False)]
        return list(self._best(self.snapshot.step(ids, types, self.frame)).values())

    def _best(self, edges: Iterable[Edge]) -> dict[frozenset[str], Edge]:
        """By their two bodies, those of the least distance, and stated before inferred."""
        best = dict[frozenset[str], Edge]()
        for edge in edges:
            if edge.holds(self.frame.day) and (edge.stated or not self.stated_only) and (edge.type, edge.source[:2]) in self.distances:
                ends = frozenset((edge.source, edge.target))
                best[ends] = min(best.get(ends, edge), edge, key=self._rank)
        return best

    def _rank(self, edge: Edge) -> tuple[int, bool, int, str, str, int]:
        """What follows distance and basis only makes the choice the same each time."""
        distance = self.distances[edge.type, edge.source[:2]]
        return distance, not edge.stated, RELATIONS[edge.type].number, edge.source, edge.role, edge.since


@lru_cache(maxsize=256)
def types_by_distance(distances: frozenset[tuple[tuple[str, str], int]],
                      to: frozenset[str]) -> tuple[dict[int, tuple[str, ...]], dict[str, int]]:
    """(distance, ascending -> the relationship types between bodies of the kinds ``to``, prefix of a kind -> the least distance of
    those that a body of it may have). A type stands at its least distance, whatever the kind, so that none is read twice from a body."""
    found, kinds = dict[int, dict[str, None]](), dict[str, int]()
    least = {r: min(d for (t, _), d in distances if t == r) for (r, _), _ in distances}
    for relation, source in sorted((key for key, _ in distances), key=lambda key: (least[key[0]], key)):
        for target in (KINDS[k].prefix for k in RELATIONS[relation].targets(BY_PREFIX[source].name)):
            if {source, target} <= to:
                found.setdefault(least[relation], {})[relation] = None
                for end in (source, target):
                    kinds.setdefault(end, least[relation])
    return {d: tuple(types) for d, types in found.items()}, kinds


def distances(frame: Frame) -> Mapping[tuple[str, str], int]:
    """(relationship type, prefix of its source's kind) -> contact distance; the others are no contact."""
    policy = frame.view.policy
    return {(r.name, KINDS[k].prefix): d for r in RELATIONS.values() for sources, _ in r.ends for k in sources
            if (d := policy.distance(r.name, k)) is not None}
