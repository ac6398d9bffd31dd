"""The contact graph of one question: which relationships are hops, and how much of them has been read (semantics 20)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache

from graph.engine import Edge, Snapshot
from graph.frame import Frame
from schemas.kinds import BY_PREFIX, KINDS
from schemas.relations import RELATIONS

WHOLE = 0  # in place of a distance: all of a body's relationships
FEW = 50  # a body that has more is read distance by distance
ALL = 1 << 40  # no limit on what is read at once: its cost is known
ASKED = 100  # more bodies are not asked how many relationships they have, which costs as much as reading them
USUAL, MOST = 2, 5  # relationships a body, as guessed, and as read at most before it is asked after all
Types = dict[tuple[str, bool], None]  # (relationship type, forward), in order


class Contacts:
    """``links``: body -> neighbour -> contact distance, as far as read. Of a body with many relationships the near ones are
    read first, so that the tenants of a building (2) are left alone while those who serve it (1) are asked.

    ``stops``: the bodies a path starts from, must pass and ends at. ``barred``: bodies and prefixes of kinds that no path
    passes, but for its ends. ``read``: how many relationships have been read."""

    def __init__(self, snapshot: Snapshot, frame: Frame, stops: Collection[str], barred: Collection[str], *, stated_only: bool) -> None:
        self.snapshot, self.frame, self.stops, self.barred = snapshot, frame, stops, frozenset(barred)
        self.stated_only, self.read = stated_only, 0
        self.links: dict[str, dict[str, int]] = {s: {} for s in stops}
        self.distances = distances(frame)
        to = frozenset(p for p in BY_PREFIX if p not in self.barred) | {s[:2] for s in stops}
        self.types = types_by_distance(frozenset(self.distances.items()), to)
        self._unread = dict[str, int | None]()  # of bodies of which something has been read
        self._hubs = list[str]()  # read in full; the way back to them need not be read from each of their members
        self._degrees = dict[tuple[str, int], int]()  # (body, distance, or WHOLE) -> relationships there are

    def unread(self, id: str) -> int | None:
        """The least distance of which the body's relationships have not been read; ``None``: all have."""
        return self._unread[id] if id in self._unread else next(iter(self.types[id[:2]]), None)

    def cost(self, ids: Collection[str]) -> int:
        """How many relationships reading on from these bodies takes; of many bodies it is guessed."""
        fresh = [i for i in ids if (i, WHOLE) not in self._degrees]
        if len(fresh) <= ASKED:
            self._ask(fresh, WHOLE)
            fresh = []
        portions = self._portions(i for i in ids if (i, WHOLE) in self._degrees)
        for distance, some in portions.items():
            self._ask(some, distance)
        return sum(self._degrees[i, d] for d, some in portions.items() for i in some) + USUAL * len(fresh)

    def extend(self, ids: Collection[str], room: int = ALL) -> list[tuple[str, str]]:
        """Read on from each body, in few round trips; the links that are new or better. Where bodies prove to have far more
        relationships than usual, or than ``room``, only their degrees are found out."""
        fresh = [i for i in ids if (i, WHOLE) not in self._degrees]
        new = self._take(fresh, WHOLE, min(MOST * len(fresh), room)) if fresh else []
        if new is None:
            self._ask(fresh, WHOLE)
            return []
        for distance, some in self._portions(i for i in ids if (i, WHOLE) in self._degrees).items():
            new += self._take(some, distance, ALL) or []
        return new

    def _portions(self, ids: Iterable[str]) -> dict[int, list[str]]:
        """What is read next: all of a body that has few relationships, else those of one distance."""
        found = dict[int, list[str]]()
        for i in ids:
            if (distance := self.unread(i)) is not None:
                found.setdefault(WHOLE if self._degrees[i, WHOLE] <= FEW else distance, []).append(i)
        return found

    def _ask(self, ids: Iterable[str], distance: int) -> None:
        asked = [i for i in ids if (i, distance) not in self._degrees]
        if asked:
            found = self.snapshot.degrees(asked, self._asked(asked, distance))
            self._degrees.update({(i, distance): found.get(i, 0) for i in asked})

    def _asked(self, ids: Iterable[str], distance: int) -> list[tuple[str, bool]]:
        """The relationship types of a distance, or of all, that may lead on from one of these bodies."""
        portions = (types for p in {i[:2] for i in ids} for d, types in self.types[p].items() if distance in (WHOLE, d))
        return list(dict.fromkeys(t for types in portions for t in types))

    def _take(self, ids: Sequence[str], portion: int, most: int) -> list[tuple[str, str]] | None:
        """Read a portion of some bodies' relationships and put them among the links; those (source, target) that are new or
        nearer, or ``None`` if there are more than ``most``."""
        found = self.snapshot.links(ids, self._asked(ids, portion), self.frame, most, self._hubs)
        self.read += min(len(found), most)
        if len(found) > most:
            return None
        for i in ids:
            self._unread[i] = None if portion == WHOLE else next((d for d in self.types[i[:2]] if d > portion), None)
        self._hubs += [i for i in ids if portion != WHOLE and self._unread[i] is None]
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
        """For each pair of neighbours the relationship that stands for all parallel ones: of the least distance, and stated
        before inferred."""
        types = list(dict.fromkeys(relation for relation, _ in self.distances))
        best = dict[frozenset[str], Edge]()
        for edge in self.snapshot.between([*pairs, *((b, a) for a, b in pairs)], types, self.frame):
            if edge.holds(self.frame.day) and (edge.stated or not self.stated_only) and (edge.type, edge.source[:2]) in self.distances:
                ends = frozenset((edge.source, edge.target))
                best[ends] = min(best.get(ends, edge), edge, key=self._rank)
        return [best[frozenset(pair)] for pair in pairs]

    def _rank(self, edge: Edge) -> tuple[int, bool, int, str, str, int]:
        """What follows distance and basis only makes the choice the same each time."""
        distance = self.distances[edge.type, edge.source[:2]]
        return distance, not edge.stated, RELATIONS[edge.type].number, edge.source, edge.role, edge.since


@lru_cache(maxsize=256)
def types_by_distance(distances: frozenset[tuple[tuple[str, str], int]], to: frozenset[str]) -> dict[str, dict[int, Types]]:
    """Prefix of a kind -> distance, ascending -> the relationship types that may lead from such a body to one of the kinds
    ``to``. A type stands at its least distance, whatever the kind, so that none is read twice from a body."""
    least = {r: min(d for (t, _), d in distances if t == r) for (r, _), _ in distances}
    found: dict[str, dict[int, Types]] = {p: {} for p in BY_PREFIX}
    for relation, source in sorted((key for key, _ in distances), key=lambda key: (least[key[0]], key)):
        for target in (KINDS[k].prefix for k in RELATIONS[relation].targets(BY_PREFIX[source].name)):
            for here, there, forward in ((source, target, True), (target, source, False)):
                if there in to:
                    found[here].setdefault(least[relation], {})[relation, forward] = None
    return found


def distances(frame: Frame) -> Mapping[tuple[str, str], int]:
    """(relationship type, prefix of its source's kind) -> contact distance; the others are no contact."""
    policy = frame.view.policy
    return {(r.name, KINDS[k].prefix): d for r in RELATIONS.values() for sources, _ in r.ends for k in sources
            if (d := policy.distance(r.name, k)) is not None}
