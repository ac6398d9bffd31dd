"""The three best liaison paths beside networkx's ``shortest_simple_paths`` on the same contact graph, where that finishes."""

from __future__ import annotations

import signal
from itertools import islice
from types import FrameType

import networkx as nx

from bench.district import District
from bench.measure import Figure, ms, quantile, timed, told
from graph.policy_files import policy
from graph.questions.liaison import paths
from schemas.answers import Paths
from schemas.policy import Policy
from schemas.view import View

PAIRS, PEER_PAIRS, PATIENCE, K, MAX_HOPS = 100, 10, 20, 3, 6


def figures(district: District) -> list[Figure]:
    """Between enterprises that have a contact at all; where one has none, both answer at once."""
    view = View(policy())
    contacts = contact_graph(district.graph, view.policy, view.day)
    subjects = [s for s in district.sample(10 * PAIRS) if s in contacts][:2 * PAIRS]
    pairs = list(zip(subjects[::2], subjects[1::2], strict=False))
    paths(district.engine, *pairs[-1], view, k=K)
    answers = [timed(paths, district.engine, start, end, view, k=K) for start, end in pairs]
    compared = [(a, timed(shortest, contacts, *p)) for p, (_, a) in list(zip(pairs, answers, strict=True))[:PEER_PAIRS]]
    done = [s for a, (s, found) in compared if found is not None and agreed(a, contacts, found)]
    ours, few = [s for s, _ in answers], [s for s, _ in answers[:PEER_PAIRS]]
    ratio = f"{sum(s for _, (s, _) in compared) / sum(few):.0f} x as fast" if compared else ""
    p95 = quantile(ours, 0.95)
    outcomes = {o: sum(a.outcome == o for _, a in answers) for o in ("paths", "none", "budget")}
    said = f"; finished in {PATIENCE} s: {len(done)} of {len(compared)}"
    return [Figure(f"{K} best paths enterprise-enterprise ({outcomes})", told(ours),
                   f"networkx p50 {ms(quantile([s for _, (s, _) in compared], 0.5))}{said}", ratio, "p95 ≤ 50 ms", p95 <= 0.050)]


def contact_graph(graph: nx.MultiDiGraph[str], rules: Policy, day: int) -> nx.Graph[str]:
    """Contacts in force at the day, each pair with its least distance; without the kinds that are no passage."""
    contacts: nx.Graph[str] = nx.Graph()
    for source, target, edge in graph.edges(data=True):
        distance = rules.distance(edge["type"], graph.nodes[source]["kind"])
        if distance is None or not edge["since"] <= day < edge["until"]:
            continue
        if any(graph.nodes[n]["kind"] in rules.no_passage for n in (source, target)):
            continue
        if not contacts.has_edge(source, target) or contacts[source][target]["weight"] > distance:
            contacts.add_edge(source, target, weight=distance)
    return contacts


def shortest(contacts: nx.Graph[str], start: str, end: str) -> list[list[str]] | None:
    """The k shortest simple paths; [] without any, ``None`` where it takes too long."""
    def stop(number: int, frame: FrameType | None) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(PATIENCE)
    try:
        return list(islice(nx.shortest_simple_paths(contacts, start, end, weight="weight"), K))
    except (nx.NetworkXNoPath, nx.NodeNotFound):
        return []
    except TimeoutError:
        return None
    finally:
        signal.alarm(0)


def agreed(answer: Paths, contacts: nx.Graph[str], found: list[list[str]]) -> bool:
    """Equal costs, as far as the peer's paths keep to the most hops that ours may have."""
    if answer.exact and all(len(p) - 1 <= MAX_HOPS for p in found):
        costs = [nx.path_weight(contacts, p, "weight") for p in found]
        assert [p.cost for p in answer.paths] == costs, (answer.start, answer.end, costs)
    return True
