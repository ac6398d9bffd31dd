"""How alliances and committees interlock: their members, what several share, what holds the network together."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING

from graph.engine import GraphEngine, Snapshot
from graph.parts import Body, Edge
from graph.questions.cursor import paged
from graph.questions.present import Presenter
from graph.questions.steady import steady
from schemas.overviews import AllianceMember, AllianceNetwork, SharedMembers
from schemas.parts import BodyRef, Page, Step
from schemas.policy import Requirement
from schemas.view import View

if TYPE_CHECKING:
    import networkx as nx

    Network = nx.Graph[str]

ALL = Requirement(id="all", label="", subject="(:IndustryAlliance|BusinessDistrictCommittee)", at_least=0,
                  metapath="(:IndustryAlliance|BusinessDistrictCommittee)<-[:MEMBER_OF]-(:Unit|PartyOrganization)")
AT_ONCE = 10_000  # alliances read in one round trip
SHOWN = 200  # shared members, pairs and bridges beside the list of alliances; their totals are told
Joined = dict[str, dict[str, bool]]  # member -> alliance -> stated


@steady
def alliances(engine: GraphEngine, view: View, *, members: int = 0, limit: int = 50, cursor: str | None = None) -> AllianceNetwork:
    """A page of the alliances and committees with the number of their members; of the whole network the members that several
    share, how many each pair shares, and the bridges: bodies without which the rest of their network would fall apart into
    several alliances.

    ``members``: how many of each alliance's own members (shared with none) ``memberships`` lists. Raises QuestionError (cursor).

    >>> [(a.name, n) for a, n in alliances(engine, view).alliances if n]
    [('广告传媒行业党建联盟', 1)]
    """
    with engine.read(view.overlay) as snapshot:
        present = Presenter(snapshot, view)
        found, edges = _read(snapshot, present)
        shown, page = paged(found, "alliances", snapshot.version, limit, cursor)
        return _network(present, shown, page, edges, snapshot.bodies({*found, *(e.source for e in edges)}), members)


@steady
def shared_members(engine: GraphEngine, view: View, *, limit: int = 50, cursor: str | None = None) -> SharedMembers:
    """A page of the members that several alliances and committees share. Raises QuestionError (cursor).

    >>> shared_members(engine, view).page.total
    0
    """
    with engine.read(view.overlay) as snapshot:
        present = Presenter(snapshot, view)
        joined = _joined(_read(snapshot, present)[1])
        bodies = snapshot.bodies({*joined, *(a for own in joined.values() for a in own)})
        shown, page = paged(_shared(joined, bodies), "shared", snapshot.version, limit, cursor)
        return SharedMembers(frame=present.document, page=page,
                             members=tuple(_member(present, bodies[m], joined[m], bodies) for m in shown))


def _read(snapshot: Snapshot, present: Presenter) -> tuple[list[str], list[Edge]]:
    """All alliances and committees in order, and the memberships in force."""
    found, after = list[str](), None
    while True:
        page = snapshot.scan(ALL, present.frame, (), ("ok", "exempt"), after, AT_ONCE)
        found, after = found + [s.id for s in page.rows], page.last
        if after is None:
            break
    return found, [e for e in snapshot.step(found, [("MEMBER_OF", False)], present.frame) if e.holds(present.frame.day)]


def _network(present: Presenter, found: tuple[str, ...], page: Page, edges: list[Edge], bodies: dict[str, Body],
             listed: int) -> AllianceNetwork:
    joined = _joined(edges)
    members = Counter(a for own in joined.values() for a in own)
    shared = _shared(joined, bodies)
    pairs = Counter(pair for m in shared for pair in combinations(_sorted(list(joined[m]), bodies), 2))
    closest = sorted(pairs, key=lambda pair: (-pairs[pair], *((bodies[i].sort_key, i) for i in pair)))
    bridges = _sorted(_bridges(joined), bodies)

    def told(id: str) -> BodyRef:
        return present.body_ref(bodies[id])

    return AllianceNetwork(
        frame=present.document, alliances=tuple((told(i), members[i]) for i in found), page=page,
        shared=tuple(_member(present, bodies[m], joined[m], bodies) for m in shared[:SHOWN]), shared_total=len(shared),
        pairs=tuple((told(a), told(b), pairs[a, b]) for a, b in closest[:SHOWN]), pairs_total=len(closest),
        bridges=tuple(told(i) for i in bridges[:SHOWN]), bridges_total=len(bridges),
        memberships=_memberships(present, found, edges, bodies, set(shared[:SHOWN]), listed) if listed else (),
        as_of=present.as_of([row for e in edges for row in e.rows]))


def _joined(edges: list[Edge]) -> Joined:
    joined = Joined()
    for e in edges:
        own = joined.setdefault(e.source, {})
        own[e.target] = own.get(e.target, False) or e.stated
    return joined


def _shared(joined: Joined, bodies: dict[str, Body]) -> list[str]:
    return _sorted([m for m, own in joined.items() if len(own) > 1], bodies)


def _memberships(present: Presenter, found: tuple[str, ...], edges: list[Edge], bodies: dict[str, Body], shared: set[str],
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


def _bridges(joined: Joined) -> list[str]:
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
