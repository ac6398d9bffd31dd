"""The peer's answer to a coverage question, as one would plainly write it on NetworkX: dicts with the same contents as ours, so that
both are asked the same: who covers the body by which way, from which register rows, as of when, and what that makes of it."""

from __future__ import annotations

from typing import Any

import networkx as nx

from bench.peer import Walk, state, walks
from graph.frame import Frame
from schemas.dates import day_of, months_before, written
from schemas.policy import Way
from schemas.relations import RELATIONS


def coverage(graph: nx.MultiDiGraph[str], subject: str, frame: Frame) -> dict[str, Any]:
    policy = frame.view.policy
    ways, counting = [], []
    for way in policy.ways:
        if graph.nodes[subject]["kind"] in way.path.subject.kinds:
            found = list(walks(graph, (subject,), way.path, frame.day))
            told = _way(graph, subject, way, found, frame)
            ways.append(told)
            if way.class_ in policy.covered_by:
                counting.append((told, found))
    covered = [(told, found) for told, found in counting if told["state"] == "true"]
    if covered:
        status, statistical = "covered", covered[0][0]["name"]
    else:
        status = "uncovered" if all(told["state"] == "false" for told, _ in counting) else "not_known"
        status = statistical = "exempt" if subject in frame.exempt_from("coverage") else status
    rests = [i for told, found in covered or counting for i in _rests_on(graph, told["path"], found, told["state"] == "true")]
    return {"subject": _body(graph, subject), "status": status, "statistical_class": statistical, "ways": ways,
            "probable": status == "not_known" and any(found for _, found in counting),
            "as_of": as_of(rests or graph.graph["imports"].values(), frame)}


def _way(graph: nx.MultiDiGraph[str], subject: str, way: Way, found: list[Walk], frame: Frame) -> dict[str, Any]:
    holds = state(graph, subject, way.path, found, frame)
    return {"name": way.name, "label": way.label, "class": way.class_, "path": way.path, "state": holds,
            "matches": [_match(graph, walk) for walk in found], "total": len(found),
            "as_of": as_of(_rests_on(graph, way.path, found, holds == "true"), frame) if found else None}


def _match(graph: nx.MultiDiGraph[str], walk: Walk) -> dict[str, Any]:
    bodies, edges, certain = walk
    return {"certain": certain, "steps": [_step(graph, *hop) for hop in zip(bodies, bodies[1:], edges, strict=False)]}


def _step(graph: nx.MultiDiGraph[str], near: str, far: str, edge: dict[str, Any]) -> dict[str, Any]:
    return {"relation": edge["type"], "source": _body(graph, near), "target": _body(graph, far),
            "role": RELATIONS[edge["type"]].roles.get(edge["role"], edge["role"]), "since": edge["start"], "until": edge["until"],
            "basis": "stated" if edge["stated"] else "inferred", "evidence": [_evidence(graph, row) for row in edge["rows"]]}


def _body(graph: nx.MultiDiGraph[str], id: str) -> dict[str, Any]:
    node = graph.nodes[id]
    return {"id": id, "kind": node["kind"], "name": node["name"]}


def _evidence(graph: nx.MultiDiGraph[str], row: tuple[str, str, int]) -> dict[str, Any]:
    digest, sheet, number = row
    source = graph.graph["imports"][digest]
    return {"file": source.file, "sheet": sheet, "row": number, "source": source.source,
            "as_of": written(source.as_of, source.as_of_precision)}


def _rests_on(graph: nx.MultiDiGraph[str], path: Any, found: list[Walk], certain: bool) -> list[Any]:
    """The imports that assert the relationships and the values that were tested."""
    rows = []
    for bodies, edges, sure in found:
        if sure or not certain:
            rows += [row for edge in edges for row in edge["rows"]]
            tested = [body for body, position in zip(bodies, path.positions, strict=True) if position.where]
            rows += [row for body in tested for row in graph.nodes[body]["rows"]]
    return [graph.graph["imports"][digest] for digest, _, _ in rows]


def as_of(imports: Any, frame: Frame) -> str:
    oldest, newest = min(imports, key=lambda i: i.as_of), max(imports, key=lambda i: i.as_of)
    first, last = (written(i.as_of, i.as_of_precision) for i in (oldest, newest))
    stale = months_before(frame.view.as_of, frame.view.policy.stale_months) > day_of(newest.as_of)
    return f"截至{last}" + (f"（最早 {first}）" if first != last else "") + ("，此后未核实" if stale else "")
