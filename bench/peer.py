"""The peer of coverage and paths: the same data as a plain in-memory NetworkX MultiDiGraph, walked hop by hop.

Coverage (its document: ``peer_answer.py``) is three-valued here too, since that is the question: a way without a match is FALSE
only where every hop that a reached body could have is registered in full. What closes a hop is looked up in the frame, which
favours the peer.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import networkx as nx

from graph.engine import GraphEngine
from graph.frame import Frame
from schemas.dates import UNKNOWN
from schemas.identifiers import kind_of, normal
from schemas.metapath import Hop, Metapath, Position, Where
from schemas.relations import BY_NUMBER

Walk = tuple[tuple[str, ...], tuple[dict[str, Any], ...], bool]  # bodies, attributes of the relationships, certain


def in_memory(engine: GraphEngine) -> nx.MultiDiGraph[str]:
    """All bodies with their values and all relationships with dates and rows, as an application would keep them."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    with engine.read() as snapshot:
        graph.graph["imports"] = {i.digest: i for i in snapshot.sources().values() if i.dates}
        for what, told in snapshot.export():
            if what == "body":
                public, name, ended, data, rows = told
                graph.add_node(public, kind=kind_of(public), name=name, ended=ended, rows=rows,
                               values={**_values(data), "name": ((normal(name),), bool(name), True)})
            elif what == "edge":
                number, source, target, role, _, start, since, until, stated, data, rows = told
                graph.add_edge(source, target, type=BY_NUMBER[number].name, role=role, start=start, since=since, until=until,
                               stated=bool(stated), values=_values(data), rows=rows)
    return graph


def _values(data: dict[str, Any]) -> dict[str, tuple[tuple[str, ...], bool, bool]]:
    """field -> (values, stated, whether these are all)."""
    found = {}
    for name, (value, basis, complete) in ((n, (*v, False, False)[:3]) for n, v in data.get("v", {}).items()):
        found[name] = (tuple(value) if isinstance(value, list) else (value,), bool(basis), bool(complete) or not isinstance(value, list))
    return found


def state(graph: nx.MultiDiGraph[str], subject: str, path: Metapath, found: list[Walk], frame: Frame) -> str:
    if found:
        return "true" if any(certain for _, _, certain in found) else "not_known"
    reached = [subject]
    for level, hop in enumerate(path.hops):
        if level:
            reached = [bodies[-1] for bodies, _, _ in walks(graph, (subject,), _first(path, level), frame.day)]
        if any(not _closed(graph, body, hop, path.positions[level + 1], frame) for body in reached):
            return "not_known"
    return "false"


@cache
def _first(path: Metapath, hops: int) -> Metapath:
    return Metapath(path.positions[: hops + 1], path.hops[:hops])


def _closed(graph: nx.MultiDiGraph[str], body: str, hop: Hop, target: Position, frame: Frame) -> bool:
    """Whether all that the body could have by this hop is registered: by a statement about a scope that it is in (no district of
    the bench has statements of single bodies), or since it has one already and can have no more."""
    return all(any(_in_scope(graph, body, scope, frame.day) for scope in closing.scopes)
               or (closing.single is not None and any(
                   e["type"] == hop.type and e["role"] == closing.single and e["stated"] and e["since"] <= frame.day < e["until"]
                   and graph.nodes[far]["kind"] == closing.target for _, far, e in graph.out_edges(body, data=True)))
               for closing in frame.closings(graph.nodes[body]["kind"], hop, target))


def _in_scope(graph: nx.MultiDiGraph[str], body: str, scope: Metapath, day: int) -> bool:
    if not scope.hops:
        return matched(scope.subject, graph.nodes[body]) is True
    return any(certain for _, _, certain in walks(graph, (body,), scope, day))


def walks(graph: nx.MultiDiGraph[str], bodies: tuple[str, ...], path: Metapath, day: int) -> Iterator[Walk]:
    hop, target = path.hops[len(bodies) - 1], path.positions[len(bodies)]
    edges = graph.out_edges(bodies[-1], data=True) if hop.forward else graph.in_edges(bodies[-1], data=True)
    for source, end, edge in edges:
        far = end if hop.forward else source
        if edge["type"] != hop.type or far in bodies or edge["until"] <= day or not (edge["since"] <= day or edge["start"] == UNKNOWN):
            continue
        node = graph.nodes[far]
        known = matched(target, node) if node["kind"] in target.kinds else None
        also = _fits(hop.where, {**edge["values"], "role": ((edge["role"],), bool(edge["role"]), True)}) if hop.where else True
        if known is None or also is None:
            continue
        certain = known and also and edge["stated"] and edge["since"] <= day
        if len(bodies) == len(path.hops):
            yield (*bodies, far), (edge,), certain
        else:
            for more, edges_after, rest in walks(graph, (*bodies, far), path, day):
                yield more, (edge, *edges_after), certain and rest


def matched(position: Position, node: dict[str, Any]) -> bool | None:
    """True: by stated values; False: possibly; None: not."""
    return _fits(position.where, node["values"]) if position.where else True


def _fits(where: Where, values: dict[str, tuple[tuple[str, ...], bool, bool]]) -> bool | None:
    certain = True
    for name, wanted in where:
        had, stated, complete = values.get(name, ((), False, False))
        if any(v in wanted for v in had):
            certain = certain and stated
        elif stated and complete:
            return None
        else:
            certain = False
    return certain
