"""Reads as much of the contact graph as the k best paths need, and no hub before it must (semantics 20, 21).

Around every stop (start, bodies to pass, end) grows a ball of what is known. A path through a relationship not read leaves the
known at a body on the rim of the ball before it, and comes back at another one on the rim of the ball after it. The least sum of
the two bounds all such paths, so what is known in full below that bound needs no more reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

from graph.deadline import heed
from graph.questions.contacts import Contacts
from graph.questions.kbest import Found, KBest

FIRST_LOOK, GROWTH = 10, 1.5  # relationships read before paths are sought among the known, and between one time and the next
LOOK_UP = 0.5  # what looking up a body costs, where reading a relationship costs 1
Place = tuple[int, int, int]  # cost, hops, the least distance not read


@dataclass(frozen=True, slots=True)
class Cut:
    """No path through what is not read costs less than ``bound``; reading on from one side of each of ``pairs`` raises it."""

    bound: float
    pairs: tuple[tuple[frozenset[str], frozenset[str]], ...] = ()


class Ball:
    """Least cost and least hops from ``centre``. ``rim``: the bodies of which not all is read, by place."""

    def __init__(self, centre: str, contacts: Contacts) -> None:
        self.centre, self.contacts = centre, contacts
        self.cost: dict[str, int] = {centre: 0}
        self.hops: dict[str, int] = {centre: 0}
        self.rim = dict[Place, set[str]]()
        self._places = dict[str, Place]()
        self._settle(centre)

    def spread(self, read: Iterable[str], links: Sequence[tuple[str, str]], limit: float) -> None:
        """Take in bodies that more has been read of, and the links that are new; no further than ``limit`` hops."""
        moved = {id: None for id in read if id in self._places}
        pairs = [*links, *((b, a) for a, b in links)]
        while pairs:
            nearer = self._relax(pairs, limit)
            moved.update(nearer)
            pairs = [(near, far) for near in nearer for far in self.contacts.links[near]]
        for id in moved:
            self._settle(id)

    def _relax(self, pairs: Iterable[tuple[str, str]], limit: float) -> dict[str, None]:
        """Go from each first body to its second; those to which the way is better, and leads on."""
        cost, hops, links, stops, nearer = self.cost, self.hops, self.contacts.links, self.contacts.stops, dict[str, None]()
        for near, far in pairs:
            if near not in cost or hops[near] >= limit or (near in stops and near != self.centre):  # no leg passes another stop
                continue
            new_cost, new_hops = cost[near] + links[near][far], hops[near] + 1
            old_cost = cost.get(far)
            if old_cost is None:
                cost[far], hops[far] = new_cost, new_hops
            elif new_cost < old_cost or new_hops < hops[far]:
                cost[far], hops[far] = min(new_cost, old_cost), min(new_hops, hops[far])
            else:
                continue
            if far not in stops:
                nearer[far] = None
        return nearer

    def _settle(self, id: str) -> None:
        """Put a body on its place on the rim, or off it."""
        old, unread = self._places.get(id), self.contacts.unread(id)
        new = None if unread is None else (self.cost[id], self.hops[id], unread)
        if old == new:
            return
        if old is not None:
            self.rim[old].discard(id)
            if not self.rim[old]:
                del self.rim[old]
            del self._places[id]
        if new is not None:
            self._places[id] = new
            self.rim.setdefault(new, set()).add(id)

    def least(self, what: int) -> float:
        """The least cost (0) or hops (1) on the rim."""
        return min((place[what] for place in self.rim), default=inf)


def cut(one: Ball, other: Ball, max_hops: float) -> Cut:
    """The cut of one leg, from the centre of ``one`` to that of ``other`` within ``max_hops``."""
    pairs = [(c + max(v, w) + d, near, far) for (c, h, v), near in one.rim.items() for (d, g, w), far in other.rim.items()
             if h + 1 + g <= max_hops and not (len(near) == 1 and near == far)]  # it leaves and comes back at different bodies
    bound = min((p[0] for p in pairs), default=inf)
    return Cut(bound, tuple(_sides(*p[1:]) for p in pairs if p[0] == bound))


def _sides(near: set[str], far: set[str]) -> tuple[frozenset[str], frozenset[str]]:
    """What a path through both leaves from and comes back to: two different bodies."""
    return frozenset(near - far if len(far) == 1 else near), frozenset(far - near if len(near) == 1 else far)


def weakest(balls: Sequence[Ball], max_hops: int) -> Cut:
    """The cut of the leg through which the cheapest path not known may go, with what the other legs cost at least."""
    legs = list(pairwise(balls))
    least = [_least(*leg) for leg in legs]
    cuts = list[Cut]()
    for i, (one, other) in enumerate(legs):
        others = [v for j, v in enumerate(least) if j != i]
        found = cut(one, other, max_hops - sum(h for _, h in others))
        cuts.append(Cut(found.bound + sum(c for c, _ in others), found.pairs))
    return min(cuts, key=lambda c: c.bound)


def _least(one: Ball, other: Ball) -> tuple[float, float]:
    """(cost, hops) that a leg needs at least, by what is known or otherwise."""
    return (min(one.cost.get(other.centre, inf), one.least(0) + other.least(0)),
            max(1, min(one.hops.get(other.centre, inf), one.least(1) + other.least(1))))


def cover(weak: Cut, contacts: Contacts) -> frozenset[str]:
    """A side of each pair, the cheap ones first."""
    prices = {side: contacts.cost(side) + LOOK_UP * len(side) for pair in weak.pairs for side in pair}
    left, chosen = set(weak.pairs), set[str]()
    for side in sorted(prices, key=prices.__getitem__):
        done = {p for p in left if side in p}
        if done:
            chosen |= side
            left -= done
    return frozenset(chosen)


def best_paths(contacts: Contacts, stops: Sequence[str], k: int, max_hops: int, budget: int) -> Found:
    """The k best; ``complete`` is false where the budget was used up before it was sure that they are."""
    balls = [Ball(s, contacts) for s in stops]
    enough, look = inf, float(FIRST_LOOK)
    while True:
        heed()
        weak = weakest(balls, max_hops)
        met = not any(one.cost.keys().isdisjoint(other.cost) for one, other in pairwise(balls))
        if weak.bound > enough or weak.bound == inf or (met and contacts.read >= look):
            found = KBest(contacts.links, stops, max_hops, budget).best(k)
            enough = found.routes[-1].cost if len(found.routes) == k else inf
            look = contacts.read * GROWTH
            if weak.bound > enough or weak.bound == inf:
                return found
        side = cover(weak, contacts)
        if contacts.read + contacts.cost(side) > budget:
            return Found(KBest(contacts.links, stops, max_hops, budget).best(k).routes, False)
        links = contacts.extend(side, budget - contacts.read)
        limits = [max_hops] * len(balls) if len(balls) > 2 else [max_hops - 1 - other.least(1) for other in reversed(balls)]
        for ball, limit in zip(balls, limits, strict=True):
            ball.spread(side, links, limit)
