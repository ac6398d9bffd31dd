"""The k best simple paths over links that are known, by (cost, hops, ids), past given bodies in order. Pure.

A walk cut from the front is explored best first: what is spent, plus the least that is still to go within the hops left. That
least may come back on a body already passed, so a walk that comes up is measured again without those before it goes on. What
goes on then leads to a path as good as measured: the work is bounded by k, hops and links, not by the number of paths.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Any

Links = Mapping[str, Mapping[str, int]]  # body -> neighbour -> cost
HOP_BITS = 8  # a length is one number, cost << HOP_BITS | hops, so that lengths add and compare as (cost, hops)
HOPS = (1 << HOP_BITS) - 1
WORST = 1 << 62


@dataclass(frozen=True, slots=True, order=True)
class Route:
    """``cost``, number of ``hops``, public ids from start to end."""

    cost: int
    hops: int
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """``complete`` is false where the effort allowed was used up before all routes asked for were found."""

    routes: list[Route]
    complete: bool


class TooMuch(Exception):
    """The effort allowed is used up."""


class KBest:
    """``stops``: start, the bodies to pass in order, end; all different. ``effort``: how many walks may be looked at."""

    def __init__(self, links: Links, stops: Sequence[str], max_hops: int, effort: int) -> None:
        self.links, self.stops, self.max_hops, self.effort = links, stops, max_hops, effort
        self.places = {s: i for i, s in enumerate(stops)}
        self.dead_ends = self._dead_ends()
        self.togo = self._to_go()

    def best(self, k: int) -> Found:
        routes = list[Route]()
        heap: list[tuple[int, tuple[str, ...], int, bool]] = []  # (least length, ids, what is spent, measured)
        self._push(heap, (self.stops[0],), 0)
        try:
            while heap and len(routes) < k:
                length, ids, spent, measured = heappop(heap)
                if ids[-1] == self.stops[-1]:
                    routes.append(Route(length >> HOP_BITS, length & HOPS, ids))
                elif measured:
                    self._extend(heap, ids, spent)
                elif (rest := self._rest(ids)) is not None:
                    heappush(heap, (spent + rest, ids, spent, True))
        except TooMuch:
            return Found(routes, False)
        return Found(routes, True)

    def _extend(self, heap: list[Any], ids: tuple[str, ...], spent: int) -> None:
        ends = self.dead_ends
        for other, cost in self.links[ids[-1]].items():
            if other not in ids and other not in ends:
                self._push(heap, (*ids, other), spent + (cost << HOP_BITS) + 1)

    def _push(self, heap: list[Any], ids: tuple[str, ...], spent: int) -> None:
        leg = self._leg(ids)
        rest = self.togo[leg][self.max_hops - len(ids) + 1].get(ids[-1]) if leg else None
        if rest is not None:
            self._spend()
            heappush(heap, (spent + rest, ids, spent, False))

    def _dead_ends(self) -> set[str]:
        """Bodies that no path passes, since nothing leads on from them but the way they were come to: most members of a hub."""
        links, places, left = self.links, self.places, dict[str, int]()
        fresh = [b for b, others in links.items() if len(others) < 2 and b not in places]
        found = set(fresh)
        while fresh:
            lost = Counter([other for b in fresh for other in links[b]])
            fresh = []
            for other, number in lost.items():
                left[other] = left.get(other, len(links[other])) - number
                if left[other] < 2 and other not in places and other not in found:
                    fresh.append(other)
            found.update(fresh)
        return found

    def _leg(self, ids: tuple[str, ...]) -> int:
        """The place of the stop that comes next; 0 where a stop was passed out of turn. At the end it is the end's own."""
        passed = [self.places[i] for i in ids if i in self.places]
        return 0 if passed != list(range(len(passed))) else min(len(passed), len(self.stops) - 1)

    def _spend(self) -> None:
        self.effort -= 1
        if self.effort < 0:
            raise TooMuch

    def _to_go(self) -> list[list[dict[str, int]]]:
        """For each leg and number of hops left: body -> the least length of a walk to the end past the stops to come."""
        last = len(self.stops) - 1
        legs: list[list[dict[str, int]]] = [[{}] * (self.max_hops + 1) for _ in self.stops]
        for leg in range(last, 0, -1):
            goal = self.stops[leg]
            onward = (lambda _: 0) if leg == last else _value_at(legs[leg + 1], goal)
            legs[leg] = self._leg_to_go(goal, onward)
        return legs

    def _leg_to_go(self, goal: str, onward: Callable[[int], int | None]) -> list[dict[str, int]]:
        layers, links, places, ends = list[dict[str, int]](), self.links, self.places, self.dead_ends
        changed = set[str]()
        for hops in range(self.max_hops + 1):
            before = layers[-1] if layers else {}
            layer, better = dict(before), set[str]()
            for body in changed:
                if body != goal and body in places:
                    continue  # other stops are not passed within a leg
                rest = before[body]
                for other, cost in links[body].items():
                    length = rest + (cost << HOP_BITS) + 1
                    if other != goal and length < layer.get(other, length + 1) and other not in ends:
                        layer[other] = length
                        better.add(other)
            at_goal = onward(hops)
            if at_goal is not None and at_goal < layer.get(goal, at_goal + 1):
                layer[goal] = at_goal
                better.add(goal)
            layers.append(layer)
            changed = better
        return layers

    def _rest(self, ids: tuple[str, ...]) -> int | None:
        """The least length from the last of ``ids`` to the end by a walk that meets none of those before, and does not leave
        a stop by the way it came; ``None``: there is none within the hops left."""
        passed, left, leg = set(ids), self.max_hops - len(ids) + 1, self._leg(ids)
        heap = [(self.togo[leg][left][ids[-1]], 0, ids[-1], leg, left, "")]
        seen, best, ends = set[tuple[str, int, int, str]](), WORST, self.dead_ends
        while heap:
            _, spent, body, leg, left, came = heappop(heap)
            if body == self.stops[-1]:
                return spent
            if (body, leg, left, came) in seen or left == 0:
                continue
            seen.add((body, leg, left, came))
            if leg == len(self.stops) - 1 and (last := self.links[body].get(self.stops[-1])) is not None:
                best = min(best, spent + (last << HOP_BITS) + 2)  # the members of a hub beside the end are not all worth a push
            for other, cost in self.links[body].items():
                place = self.places.get(other)
                if other in passed or other == came or other in ends or place not in (None, leg):
                    continue
                next_leg = min(leg + 1, len(self.stops) - 1) if place == leg else leg
                rest, length = self.togo[next_leg][left - 1].get(other), spent + (cost << HOP_BITS) + 1
                if rest is not None and length + rest < best:
                    self._spend()
                    heappush(heap, (length + rest, length, other, next_leg, left - 1, body if place is not None else ""))
        return None


def _value_at(layers: list[dict[str, int]], body: str) -> Callable[[int], int | None]:
    return lambda hops: layers[hops].get(body)
