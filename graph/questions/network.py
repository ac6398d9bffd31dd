"""How alliances and committees interlock: their members, what several share, what holds the network together."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING

from graph.engine import Body, Edge, GraphEngine
from graph.questions.present import Presenter
from graph.questions.steady import steady
from schemas.overviews import AllianceMember, AllianceNetwork
from schemas.parts import Step
from schemas.policy import Requirement
from schemas.view import View

if TYPE_CHECKING:
    import networkx as nx

    Network = nx.Graph[str]

ALL = Requirement(id="all", label="", subject="(:IndustryAlliance|BusinessDistrictCommittee)", at_least=0,
                  metapath="(:IndustryAlliance|BusinessDistrictCommittee)<-[:MEMBER_OF]-(:Unit|PartyOrganization)")
MOST = 10_000
SHOWN = 200  # members that several share; the total is told


@steady
def alliances(engine: GraphEngine, view: View, *, members: int = 0) -> AllianceNetwork:
    """All alliances and committees with the number of their members, the members that several share, how many each pair
    shares, and the bridges: bodies without which the rest of their network would fall apart into several alliances.

    ``members``: how many of each alliance's own members (shared with none) ``memberships`` lists.

    >>> [(a.name, n) for a, n in alliances(engine, view).alliances if n]
    [('广告传媒行业党建联盟', 1)]
    """
    with engine.read(view.overlay) as snapshot:
        present = Presenter(snapshot, view)
        found = [s.id for s in snapshot.scan(ALL, present.frame, (), ("ok", "exempt"), None, MOST).rows]
        edges = [e for e in snapshot.step(found, [("MEMBER_OF", False)], present.frame) if e.holds(present.frame.day)]
        return _network(present, found, edges, snapshot.bodies({*found, *(e.source for e in edges)}), members)


def _network(present: Presenter, found: list[str], edges: list[Edge], bodies: dict[str, Body], listed: int) -> AllianceNetwork:
    joined = dict[str, dict[str, bool]]()  # member -> alliance -> stated
    for e in edges:
        joined.setdefault(e.source, {})[e.target] = joined.get(e.source, {}).get(e.target, False) or e.stated
    members = Counter(a for own in joined.values() for a in own)
    shared = _sorted([m for m, own in joined.items() if len(own) > 1], bodies)
    pairs = Counter(pair for m in shared for pair in combinations(_sorted(list(joined[m]), bodies), 2))
    closest = sorted(pairs, key=lambda pair: (-pairs[pair], *((bodies[i].sort_key, i) for i in pair)))
    told = {i: present.body_ref(b) for i, b in bodies.items()}
    return AllianceNetwork(
        frame=present.document, alliances=tuple((told[i], members[i]) for i in found),
        shared=tuple(_member(present, bodies[m], joined[m], bodies) for m in shared[:SHOWN]), shared_total=len(shared),
        pairs=tuple((told[a], told[b], pairs[a, b]) for a, b in closest),
        bridges=tuple(told[i] for i in _sorted(_bridges(joined), bodies)),
        memberships=_memberships(present, found, edges, bodies, set(shared[:SHOWN]), listed) if listed else (),
        as_of=present.as_of([row for e in edges for row in e.rows]))


def _memberships(present: Presenter, found: list[str], edges: list[Edge], bodies: dict[str, Body], shared: set[str],
                 listed: int) -> tuple[Step, ...]:
    """By alliance, then member; one a pair, a stated one before an inferred one."""
    pairs = dict[tuple[str, str], Edge]()
    for e in sorted(edges, key=lambda e: (not e.stated, e.rank)):
        pairs.setdefault((e.target, e.source), e)
    kept, several = list[Edge](), Counter(member for _, member in pairs)
    for a in found:
        own = _sorted([m for alliance, m in pairs if alliance == a], bodies)
        kept += [pairs[a, m] for m in own if m in shared] + [pairs[a, m] for m in own if several[m] == 1][:listed]
    return tuple(present.step(e, bodies, e.target) for e in kept)


def _member(present: Presenter, member: Body, own: dict[str, bool], bodies: dict[str, Body]) -> AllianceMember:
    return AllianceMember(body=present.body_ref(member), alliances=tuple(present.body_ref(bodies[a]) for a in _sorted(list(own), bodies)),
                          basis="stated" if all(own.values()) else "inferred")


def _sorted(ids: list[str], bodies: dict[str, Body]) -> list[str]:
    return sorted(ids, key=lambda i: (bodies[i].sort_key, i))


def _bridges(joined: dict[str, dict[str, bool]]) -> list[str]:
    """Cut points of the network of members and alliances that part alliances from one another, not only a member from its own."""
    import networkx as nx  # takes a second to import: only where it is used

    network: Network = nx.Graph([(member, a) for member, own in joined.items() for a in own])
    all_alliances = {a for own in joined.values() for a in own}
    return [i for i in nx.articulation_points(network) if _parts(network, i, all_alliances) > 1]


def _parts(network: Network, without: str, all_alliances: set[str]) -> int:
    """Into how many parts that hold an alliance the network around a body falls without it."""
    import networkx as nx

    rest = network.subgraph(nx.node_connected_component(network, without) - {without})
    return sum(1 for part in nx.connected_components(rest) if part & all_alliances)
