"""Reads as much of the contact graph as the k best paths need, and no hub before it must (semantics 20, 21).

Around every stop (start, bodies to pass, end) grows a ball of what is known. A path through a relationship not read leaves the
known at a body on the rim of the ball before it, and comes back at another one on the rim of the ball after it. The least sum of
the two bounds all such paths, so what is known in full below that bound needs no more reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import inf

from graph.deadline import heed
from graph.questions.contacts import Contacts
from graph.questions.kbest import Found, KBest

FIRST_LOOK, GROWTH = 10, 1.5  # relationships read before paths are sought among the known, and between one time and the next
AT_ONCE, SHARE = 100, 0.5  # relationships a round trip is worth, and of those read so far
LOOK_UP = 0.5  # what looking up a body costs, where reading a relationship costs 1
Place = tuple[int, int, int]  # cost, hops, the least distance not read
Side = tuple[int, Place, str]  # number of the ball, place on its rim, a body left out there


@dataclass(frozen=True, slots=True)
class Gap:
    """No path through what is not read from one side and from the other costs less than ``bound``; reading on from either closes it."""

    bound: float
    one: Side
    other: Side


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

    @property
    def nearest(self) -> Iterable[str]:
        """The bodies on the rim that are the fewest hops away, or one more."""
        least = self.least(1)
        return (b for place, bodies in self.rim.items() if place[1] <= least + 1 for b in bodies)

    def least(self, what: int) -> float:
        """The least cost (0) or hops (1) on the rim."""
        return min((place[what] for place in self.rim), default=inf)


def gaps(balls: Sequence[Ball], max_hops: int) -> list[Gap]:
    """All there are, by bound: on each leg, with what the other legs cost at least."""
    legs = list(pairwise(balls))
    least = [_least(*leg) for leg in legs]
    found = list[Gap]()
    for i, (one, other) in enumerate(legs):
        others = [v for j, v in enumerate(least) if j != i]
        spent, left = sum(c for c, _ in others), max_hops - sum(h for _, h in others)
        # a path leaves and comes back at different bodies
        found += [Gap(place[0] + max(place[2], across[2]) + across[0] + spent, (i, place, _only(far)), (i + 1, across, _only(near)))
                  for place, near in one.rim.items() for across, far in other.rim.items()
                  if place[1] + 1 + across[1] <= left and not (len(near) == 1 and near == far)]
    return sorted(found, key=lambda g: g.bound)


def _only(bodies: set[str]) -> str:
    return next(iter(bodies)) if len(bodies) == 1 else ""


def _least(one: Ball, other: Ball) -> tuple[float, float]:
    """(cost, hops) that a leg needs at least, by what is known or otherwise."""
    return (min(one.cost.get(other.centre, inf), one.least(0) + other.least(0)),
            max(1, min(one.hops.get(other.centre, inf), one.least(1) + other.least(1))))


class Round:
    """What to read next: from one side of each of the weakest gaps, and of as many more as a round trip is worth."""

    def __init__(self, balls: Sequence[Ball], contacts: Contacts) -> None:
        self.balls, self.contacts = balls, contacts
        self.prices = dict[Side, float]()
        self.chosen = dict[Side, None]()

    def fill(self, gaps: Iterable[Gap], enough: float) -> set[str]:
        allowed, spent = max(AT_ONCE, self.contacts.read * SHARE), 0.0
        for bound, some in groupby(gaps, key=lambda g: g.bound):
            sides = self._cover(list(some))
            spent += sum(map(self._price, sides))
            if bound > enough or (self.chosen and spent > allowed):
                break
            self.chosen |= dict.fromkeys(sides)
        return {b for side in self.chosen for b in self._bodies(side)}

    def _cover(self, gaps: Sequence[Gap]) -> list[Side]:
        """A side of each gap that is not closed yet, the cheap ones first."""
        left = [g for g in gaps if g.one not in self.chosen and g.other not in self.chosen]
        chosen = list[Side]()
        for side in sorted({s: None for g in left for s in (g.one, g.other)}, key=self._price):
            still = [g for g in left if side not in (g.one, g.other)]
            if len(still) < len(left):
                chosen.append(side)
                left = still
        return chosen

    def _price(self, side: Side) -> float:
        if side not in self.prices:
            bodies = self._bodies(side)
            self.prices[side] = self.contacts.cost(bodies) + LOOK_UP * len(bodies)
        return self.prices[side]

    def _bodies(self, side: Side) -> set[str]:
        number, place, but = side
        bodies = self.balls[number].rim[place]
        return bodies - {but} if but in bodies else bodies


def _reach(balls: Sequence[Ball], read: Iterable[str], max_hops: int) -> dict[str, int]:
    """Bodies of which only what leads to the ``nearest`` of a rim is of use, within so many steps: by anything else a path comes
    to what is one hop farther than they are, and has too many, whichever end it comes from."""
    if len(balls) > 2:
        return {}
    one, other = balls
    rims = one.least(1), other.least(1)

    def beyond(id: str, steps: int) -> bool:
        hops = (min(ball.hops.get(id, inf), rim + 1) for ball, rim in zip(balls, rims, strict=True))
        return all(here + steps + across >= max_hops for here, across in zip(hops, reversed(rims), strict=True))

    return {id: steps for id in read if (steps := 1 if beyond(id, 1) else 2 if beyond(id, 2) else 0)}


def best_paths(contacts: Contacts, stops: Sequence[str], k: int, max_hops: int, budget: int) -> Found:
    """The k best; ``complete`` is false where the budget was used up before it was sure that they are."""
    balls = [Ball(s, contacts) for s in stops]
    enough, look = inf, float(FIRST_LOOK)
    while True:
        heed()
        open_gaps = gaps(balls, max_hops)
        bound = open_gaps[0].bound if open_gaps else inf
        met = not any(one.cost.keys().isdisjoint(other.cost) for one, other in pairwise(balls))
        if bound > enough or bound == inf or (met and contacts.read >= look):
            found = KBest(contacts.links, stops, max_hops, budget).best(k)
            enough = found.routes[-1].cost if len(found.routes) == k else inf
            look = contacts.read * GROWTH
            if bound > enough or bound == inf:
                return found
        read = Round(balls, contacts).fill(open_gaps, enough)
        reach = _reach(balls, read, max_hops)
        links = contacts.extend(read, budget - contacts.read, reach, {b for ball in balls for b in ball.nearest} if reach else ())
        if links is None:
            return Found(KBest(contacts.links, stops, max_hops, budget).best(k).routes, False)
        limits = [max_hops] * len(balls) if len(balls) > 2 else [max_hops - 1 - other.least(1) for other in reversed(balls)]
        for ball, limit in zip(balls, limits, strict=True):
            ball.spread(read, links, limit)
