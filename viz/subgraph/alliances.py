"""The network of alliances -> a hub an alliance, its own members around it, shared members as bridges between hubs."""

from __future__ import annotations

from collections import Counter

from schemas.overviews import AllianceNetwork
from schemas.parts import BodyRef, Step
from viz.evidence import body_text, step_text
from viz.figure import Graph, add_edge, add_node, new_graph
from viz.style import label_of, look_of, mark_of

MOST = 120  # boxes on a screen that people can still read


def graph_of(answer: AllianceNetwork) -> Graph:
    """Nodes carry ``part``: hub, own (with ``hub``) or shared (with ``hubs``). Memberships of shared members are edges."""
    graph = new_graph()
    steps = [s for s in answer.memberships if s.relation == "MEMBER_OF"]
    several = Counter(s.target.id for s in steps)
    shared, own = room(answer, several)
    bridges = {b.id for b in answer.bridges}
    for body, number in answer.alliances:
        mark = "，桥梁" if body.id in bridges else ""
        add_node(graph, body.id, label_of(body, f"成员 {number} 个{mark}" if number else ""), look_of(body),
                 f"{body_text(body)}\n登记成员 {number} 个", mark=mark_of(body), part="hub", number=number)
    if shared:
        _shared(graph, answer, [s for s in steps if several[s.target.id] > 1], bridges, shared)
    else:
        _pairs(graph, answer)
    _own(graph, answer, [s for s in steps if several[s.target.id] == 1], own)
    return graph


def room(answer: AllianceNetwork, several: Counter[str]) -> tuple[int, int]:
    """(shared members drawn, own members drawn an alliance); (0, …): too many, or shared with alliances that are not drawn: pairs
    of alliances are drawn instead."""
    left = max(0, MOST - len(answer.alliances))
    shared = answer.shared_total if answer.shared_total <= min(left // 2, len([n for n in several.values() if n > 1])) else 0
    places = shared or len(answer.pairs[:left // 3])
    with_members = sum(1 for _, n in answer.alliances if n)
    return shared, max(2, (left - places) // max(1, with_members))


def _shared(graph: Graph, answer: AllianceNetwork, steps: list[Step], bridges: set[str], most: int) -> None:
    hubs = dict[str, list[str]]()
    for s in steps:
        hubs.setdefault(s.target.id, []).append(s.source.id)
    bodies = {s.target.id: s.target for s in steps}
    order = {a.id: i for i, (a, _) in enumerate(answer.alliances)}
    for id in sorted(hubs, key=lambda i: (sum(order[h] for h in hubs[i]) / len(hubs[i]), [order[h] for h in hubs[i]]))[:most]:
        said = "\n".join(step_text(s) for s in steps if s.target.id == id)
        mark = f"同属 {len(hubs[id])} 个" + ("，桥梁" if id in bridges else "")
        _member(graph, bodies[id], said, mark, part="shared", hubs=tuple(hubs[id]))
    for s in steps:
        if s.target.id in graph:
            add_edge(graph, s.source.id, s.target.id, "", s.basis, step_text(s), arrow="")


def _pairs(graph: Graph, answer: AllianceNetwork) -> None:
    """A box a pair of alliances that share members, the closest first."""
    pairs = [p for p in answer.pairs if p[0].id in graph and p[1].id in graph][:max(0, MOST - len(answer.alliances)) // 3]
    for i, (a, b, number) in enumerate(pairs):
        words = f"共同成员 {number} 个"
        key = add_node(graph, f"pair/{i}", words, "note", f"{a.name}和{b.name}：{words}", part="shared", hubs=(a.id, b.id))
        for hub in (a, b):
            add_edge(graph, hub.id, key, stroke="stated", arrow="")


def _own(graph: Graph, answer: AllianceNetwork, steps: list[Step], most: int) -> None:
    whole = len(answer.shared) == answer.shared_total and len(answer.alliances) == answer.page.total
    numbers = Counter(h for member in answer.shared for h in {a.id for a in member.alliances}) if whole else Counter[str]()
    for hub, number in answer.alliances:
        mine = [s for s in steps if s.source.id == hub.id][:most]
        for s in mine:
            key = _member(graph, s.target, step_text(s), "（推断）" if s.basis == "inferred" else "", part="own", hub=hub.id)
            add_edge(graph, hub.id, key, "", s.basis if s.basis == "inferred" else "plain", step_text(s), arrow="")
        if (left := number - len(mine) - numbers[hub.id]) > 0:
            words = f"另有 {left} 个" + ("" if whole else "（含共同成员）")
            key = add_node(graph, f"more/{hub.id}", words, "note", f"{hub.name}：成员共 {number} 个", part="own", hub=hub.id)
            add_edge(graph, hub.id, key, stroke="plain", arrow="")


def _member(graph: Graph, body: BodyRef, said: str, mark: str, **more: object) -> str:
    return add_node(graph, body.id, label_of(body, mark), look_of(body), f"{body_text(body)}\n{said}",
                    mark=mark_of(body), body=body.id, **more)
