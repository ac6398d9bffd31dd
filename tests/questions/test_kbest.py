"""The k best simple paths, against networkx's list of all simple paths, and on graphs that make others run away."""

from __future__ import annotations

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.questions.kbest import Found, KBest, Links, Route

Edges = list[tuple[str, str, int]]


def links_of(edges: Edges) -> Links:
    links: dict[str, dict[str, int]] = {}
    for a, b, cost in edges:
        links.setdefault(a, {})[b] = links.setdefault(b, {})[a] = cost
    return links


def oracle(edges: Edges, stops: list[str], k: int, max_hops: int) -> list[Route]:
    """All simple paths within the hops, those kept that pass the stops in order, sorted."""
    network: nx.Graph[str] = nx.Graph()
    network.add_weighted_edges_from(edges)
    if stops[0] not in network or stops[-1] not in network:
        return []
    routes = [Route(int(nx.path_weight(network, p, "weight")), len(p) - 1, tuple(p))
              for p in nx.all_simple_paths(network, stops[0], stops[-1], cutoff=max_hops)
              if [x for x in p if x in stops] == stops]
    return sorted(routes)[:k]


@st.composite
def networks(draw: st.DrawFn) -> Edges:
    size = draw(st.integers(2, 8))
    pairs = [(f"n{a}", f"n{b}") for a in range(size) for b in range(a)]
    kept = draw(st.lists(st.sampled_from(pairs), unique=True, min_size=1))
    return [(a, b, draw(st.integers(1, 3))) for a, b in kept]


@settings(max_examples=300, deadline=None)
@given(networks(), st.lists(st.integers(0, 7), unique=True, min_size=2, max_size=4), st.integers(1, 6), st.integers(1, 7))
def test_the_best_of_all_simple_paths_in_order(edges: Edges, places: list[int], k: int, max_hops: int) -> None:
    stops = [f"n{i}" for i in places]
    links = {**{s: {} for s in stops}, **links_of(edges)}
    assert KBest(links, stops, max_hops, 100_000).best(k) == Found(oracle(edges, stops, k, max_hops), True)


def ladder(rungs: int) -> Edges:
    sides = [(f"{s}{i:02d}", f"{s}{i + 1:02d}", 1) for s in "ab" for i in range(rungs - 1)]
    crossed = [(f"{s}{i:02d}", f"{o}{i + 1:02d}", 1) for s, o in ("ab", "ba") for i in range(rungs - 1)]
    return [*sides, *crossed, *((f"a{i:02d}", f"b{i:02d}", 1) for i in range(rungs))]


def test_a_long_ladder_is_quickly_answered() -> None:
    edges = [*ladder(40), ("s", "a00", 1), ("t", "a39", 1)]
    found = KBest(links_of(edges), ["s", "t"], 60, 20_000).best(3)
    assert found.complete and [r.cost for r in found.routes] == [41, 41, 41]
    assert found.routes[0].ids == ("s", *(f"a{i:02d}" for i in range(40)), "t")
    assert KBest(links_of(edges), ["s", "t"], 40, 20_000).best(3) == Found([], True)


def test_hubs_with_thousands_of_leaves() -> None:
    edges: Edges = [("s", "h", 1), ("h", "t", 3), ("s", "a", 3), ("a", "t", 3), *(("h", f"x{i:05d}", 1) for i in range(10_000))]
    found = KBest(links_of(edges), ["s", "t"], 6, 50_000).best(3)
    assert found == Found([Route(4, 2, ("s", "h", "t")), Route(6, 2, ("s", "a", "t"))], True)


def test_a_dead_end_to_pass_is_found_out_at_once() -> None:
    edges: Edges = [("s", "h", 1), ("h", "t", 1), ("h", "leaf", 1), *((end, f"x{i}", 1) for i in range(3_000) for end in "sh")]
    assert KBest(links_of(edges), ["s", "leaf", "t"], 6, 50_000).best(3) == Found([], True)


def test_what_would_take_too_long_says_so() -> None:
    edges = [*ladder(40), ("s", "a00", 1), ("t", "a39", 1)]
    assert not KBest(links_of(edges), ["s", "t"], 60, 10).best(3).complete
