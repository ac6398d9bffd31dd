"""A committee -> its founders, itself, and a band a group: the registered members, then the placeholders still to come."""

from __future__ import annotations

from schemas.answers import Reconciled
from schemas.overviews import Committee, MemberGroup
from schemas.relations import RELATIONS
from viz.evidence import body_text, rows_text, step_text
from viz.figure import Graph, add_edge, add_node, new_graph
from viz.style import label_of, look_of, mark_of

CENTRE = "committee"
MOST = 160  # placeholders drawn a group; the number of the others is told


def graph_of(answer: Committee) -> Graph:
    """Nodes carry ``part``: around, centre, heading or member, and headings and members their ``band``."""
    graph = new_graph()
    said = f"{body_text(answer.body)}\n登记成员 {answer.page.total} 个"
    add_node(graph, CENTRE, label_of(answer.body), look_of(answer.body), said, mark=mark_of(answer.body), part="centre", band=-1)
    for i, step in enumerate(answer.around):
        key = add_node(graph, f"around/{i}", label_of(step.target), look_of(step.target), f"{body_text(step.target)}\n{step_text(step)}",
                       mark=mark_of(step.target), part="around", band=-1)
        mark = "\n（推断）" if step.basis == "inferred" else ""
        ends = (CENTRE, key) if step.forward else (key, CENTRE)
        add_edge(graph, *ends, RELATIONS[step.relation].label + mark, step.basis, step_text(step))
    for band, group in enumerate(answer.groups):
        _group(graph, band, group, answer.body.name)
    if not answer.groups:
        key = add_node(graph, "none", "没有登记成员，也没有公布成员数", "unknown", part="heading", band=0)
        add_edge(graph, CENTRE, key, stroke="missing")
    return graph


def _group(graph: Graph, band: int, group: MemberGroup, name: str) -> None:
    words = heading_text(group).removeprefix(f"{name}：")
    heading = add_node(graph, f"{band}", words, "heading", _heading_hover(group), part="heading", band=band)
    add_edge(graph, CENTRE, heading, stroke="plain", hidden=band > 0, arrow="")
    for i, step in enumerate(group.members):
        words = step_text(step)
        key = add_node(graph, f"{band}/{i}", label_of(step.target), look_of(step.target), f"{body_text(step.target)}\n{words}",
                       mark=mark_of(step.target), part="member", band=band, body=step.target.id)
        add_edge(graph, CENTRE, key, step.label, step.basis, words, hidden=True)
    if group.total > len(group.members):
        add_node(graph, f"{band}/more", f"另有 {group.total - len(group.members)} 个已登记", "note", part="member", band=band)
    _placeholders(graph, band, group)


def _placeholders(graph: Graph, band: int, group: MemberGroup) -> None:
    """One a body that was counted and is not registered; those that may turn out to be registered are marked."""
    low, high = still_to_come(group.count)
    for i in range(min(high, MOST)):
        number = group.total + i + 1
        text = f"待补录{number}" if i < low else f"待补录{number}？"
        add_node(graph, f"{band}/placeholder/{i}", text, "placeholder", f"{group.label}：只公布数量，未公布名称", part="member", band=band)
    if high > MOST:
        add_node(graph, f"{band}/placeholders", f"另有 {high - MOST} 个待补录", "placeholder", part="member", band=band)


def still_to_come(count: Reconciled | None) -> tuple[int, int]:
    if count is None or not count.compared:
        return 0, 0
    return count.placeholder_low or 0, count.placeholder_high or 0


def heading_text(group: MemberGroup) -> str:
    if group.count is None:
        return f"{group.label}　已登记 {group.total}"
    sign = {"=": "", ">": "多于 ", ">=": "至少 ", "≈": "约 "}[group.count.comparator]
    return f"{group.label}　公布 {sign}{group.count.published} · 已登记 {group.total} · 待补录 {group.count.placeholder_text or '不核对'}"


def _heading_hover(group: MemberGroup) -> str:
    count = group.count
    if count is None:
        return f"{group.label}：已登记 {group.total}"
    rows = rows_text([count.evidence]) if count.evidence else []
    return "\n".join([heading_text(group), *([count.note] if count.note else []), *rows])
