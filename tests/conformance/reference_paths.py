"""The plain reference, part 4: liaison paths and search by trying everything (semantics 20-23)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from schemas.identifiers import normal
from schemas.pinyin import reading
from schemas.policy import Policy
from schemas.relations import RELATIONS
from tests.conformance.reference_metapath import Asked
from tests.conformance.reference_projection import Spell, Thing, World

# -- liaison paths (20) --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Route:
    cost: int
    bodies: tuple[str, ...]
    stated: tuple[bool, ...]


def contacts(asked: Asked, stated_only: bool) -> dict[tuple[str, str], tuple[int, bool]]:
    """(body, body), both ways -> (least contact distance, whether a relationship of that distance is stated)."""
    policy, found = asked.view.policy, dict[tuple[str, str], tuple[int, bool]]()
    for s in asked.world.spells:
        distance = contact(policy, s, asked.world)
        if distance is None or not s.holds(asked.day) or (stated_only and not s.stated) or s.source == s.target:
            continue
        for pair in ((s.source, s.target), (s.target, s.source)):
            best = found.get(pair, (distance, s.stated))
            found[pair] = min(best, (distance, s.stated), key=lambda x: (x[0], not x[1]))
    return found


def contact(policy: Policy, s: Spell, world: World) -> int | None:
    kind = world.things[s.source].kind
    own = policy.contact.get(f"{kind}.{s.type}", policy.contact.get(s.type))
    return own if own is not None else RELATIONS[s.type].contact_from.get(kind, RELATIONS[s.type].contact)


def routes(asked: Asked, start: str, end: str, k: int, max_hops: int, via: Sequence[str] = (), avoid: Sequence[str] = (),
           stated_only: bool = False) -> list[Route]:
    """The k best simple paths, by (cost, hops, ids), of all there are."""
    links, things = contacts(asked, stated_only), asked.world.things

    def spared(body: str) -> bool:
        return body in (start, end) or not ({body, things[body].kind} & {*avoid, *asked.view.policy.no_passage})

    def simple(path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        if path[-1] == end:
            yield path
        elif len(path) <= max_hops:
            for near, far in links:
                if near == path[-1] and far not in path and spared(far):
                    yield from simple((*path, far))

    found = [p for p in simple((start,)) if [b for b in p if b in via] == list(via)]
    hops = [[links[pair] for pair in pairwise(p)] for p in found]
    every = [Route(sum(c for c, _ in h), p, tuple(s for _, s in h)) for p, h in zip(found, hops, strict=True)]
    return sorted(every, key=lambda r: (r.cost, len(r.bodies), r.bodies))[:k]


# -- search (23) ---------------------------------------------------------------------------------------------------------------

HOWS = ("key", "exact", "prefix", "contained", "initials", "pinyin")


def search(world: World, text: str, kinds: Sequence[str] = ()) -> list[tuple[str, str]]:
    """(id, how) ranked by how, then length of what matched, sort key and id."""
    query = normal(text)
    hits = [(min(ranks), t.order, t.id) for t in world.things.values() if (not kinds or t.kind in kinds) and (ranks := ranked(t, query))]
    return [(id, HOWS[how]) for (how, _), _, id in sorted(hits)]


def ranked(thing: Thing, query: str) -> list[tuple[int, int]]:
    return [hit for scheme, name in thing.names if query and scheme != "unnamed" for hit in _hits(scheme, normal(name), query)]


def _hits(scheme: str, name: str, query: str) -> Iterator[tuple[int, int]]:
    if scheme == "credit_code":
        if name == query:
            yield 0, len(name)
        return
    if name == query:
        yield 1, len(name)
    if name.startswith(query):
        yield 2, len(name)
    if query in name:
        yield 3, len(name)
    if query.isascii() and query.isalnum():
        read_as = reading(name)
        yield from ((4, len(r)) for r in read_as.initials if r.startswith(query))
        yield from ((5, len(r)) for r in read_as.full if r.startswith(query))
