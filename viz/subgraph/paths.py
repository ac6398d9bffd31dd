"""Liaison paths -> a band a path; where there is none, a band of the direct contacts of each end."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.answers import LiaisonPath, Paths
from schemas.parts import BodyRef, Step
from viz.evidence import body_text, step_text
from viz.figure import Graph, add_edge, add_node, new_graph
from viz.style import label_of, look_of, mark_of, stroke_of

CONTACTS = 6  # drawn of each end; the number of the others is told


def graph_of(answer: Paths) -> Graph:
    """Nodes carry ``band`` and ``place`` (0 first). Without a path: the two ends as places 0, their contacts as places 1."""
    graph = new_graph()
    for band, path in enumerate(answer.paths):
        _chain(graph, band, path)
    if not answer.paths:
        _ends(graph, 0, answer.start, answer.start_contacts, answer.start_contacts_total)
        _ends(graph, 1, answer.end, answer.end_contacts, answer.end_contacts_total)
    return graph


def bands_of(answer: Paths) -> list[str]:
    if not answer.paths:
        return [f"{b.name}的直接联系（共 {n} 个）" for b, n in
                ((answer.start, answer.start_contacts_total), (answer.end, answer.end_contacts_total))]
    return [f"渠道 {i} · {_words(p)}" for i, p in enumerate(answer.paths, 1)]


def _words(path: LiaisonPath) -> str:
    words = f"联系距离 {path.cost}，{path.hops} 步，{'全部原文明示' if path.stated else '含推断'}"
    return f"{words} · {path.as_of.note}" if path.as_of else words


def _body(graph: Graph, key: str, body: BodyRef, band: int, place: int, hover: str = "") -> str:
    return add_node(graph, key, label_of(body), look_of(body), hover or body_text(body), mark=mark_of(body), body=body.id,
                    band=band, place=place)


def _chain(graph: Graph, band: int, path: LiaisonPath) -> None:
    at = _body(graph, f"{band}/0", path.steps[0].source, band, 0) if path.steps else ""
    for i, step in enumerate(path.steps, 1):
        key = _body(graph, f"{band}/{i}", step.target, band, i, f"{body_text(step.target)}\n{step_text(step)}")
        _edge(graph, at, key, step)
        at = key


def _edge(graph: Graph, start: str, end: str, step: Step) -> None:
    add_edge(graph, start, end, step.label + ("\n（推断）" if step.basis == "inferred" else ""), stroke_of(step), step_text(step))


def _ends(graph: Graph, band: int, body: BodyRef, contacts: Sequence[Step], total: int) -> None:
    at = _body(graph, f"{band}/0", body, band, 0)
    for i, step in enumerate(contacts[:CONTACTS], 1):
        key = _body(graph, f"{band}/{i}", step.target, band, 1, f"{body_text(step.target)}\n{step_text(step)}")
        _edge(graph, at, key, step)
    if total > CONTACTS:
        key = add_node(graph, f"{band}/more", f"另有 {total - CONTACTS} 个", "note", band=band, place=1)
        add_edge(graph, at, key, stroke="plain", arrow="")
    if not contacts:
        key = add_node(graph, f"{band}/none", "没有登记任何直接联系", "unknown", band=band, place=1)
        add_edge(graph, at, key, "未登记", "missing", arrow="")
