"""Coverage: a tree in lanes."""

from __future__ import annotations

from collections.abc import Sequence

from viz.figure import Band, Caption, Graph, Placement, Rail
from viz.layouts.boxes import GAP, LABEL, NARROW, TITLE, at, box_of


def lanes(titles: Sequence[str], graph: Graph, width: float) -> Placement:
    """The subject at the left, a lane a class, branches to the right; on a narrow page an indented list."""
    if width < NARROW:
        return _indented(titles, graph, width)
    depth = max([d["depth"] for _, d in graph.nodes(data=True)] + [1])
    first, gap = 180.0, float(LABEL)
    trunk = first + 26
    column = max(150.0, min(270.0, (width - 34 - first - depth * gap) / depth))
    placed = Placement(max(width, 34 + first + depth * (gap + column)), 0)
    top = 0.0
    for band, title in enumerate(titles):
        bottom = _tree(placed, graph, _children(graph, "subject", band), top + TITLE, 18 + first + gap, column, gap) + 18
        placed.bands.append(Band(first + 44, top, placed.width - first - 44, bottom - top))
        placed.captions.append(Caption(first + 60, top + TITLE / 2, title, strong=True))
        top = bottom + GAP
    placed.height = top - GAP
    first_row = [placed.boxes[n] for band in range(len(titles)) for n in _children(graph, "subject", band)]
    if first_row:
        middle = (first_row[0].y + first_row[-1].y) / 2
        placed.ports = {("subject", n): (trunk, b.y) for n, b in placed.boxes.items() if graph.nodes[n]["parent"] == "subject"}
        placed.rails = [Rail((first, middle, trunk, middle)), Rail((trunk, first_row[0].y, trunk, first_row[-1].y))]
    placed.boxes["subject"] = at(box_of(graph, "subject", first, 5), 2 + first / 2, middle if first_row else placed.height / 2)
    return placed


def _children(graph: Graph, parent: str, band: int) -> list[str]:
    return [n for n, d in graph.nodes(data=True) if d["parent"] == parent and d["band"] == band]


def _tree(placed: Placement, graph: Graph, nodes: Sequence[str], top: float, left: float, column: float, gap: float) -> float:
    """Place sibling nodes below each other, each beside the middle of its own branch; the bottom."""
    for node in nodes:
        data = graph.nodes[node]
        box = box_of(graph, node, max(column, 340) if data.get("align") == "left" else column, 12)
        low = max(_tree(placed, graph, _children(graph, node, data["band"]), top, left + column + gap, column, gap), top + box.height)
        placed.boxes[node] = at(box, left + box.width / 2, (top + low) / 2)
        top = low + GAP + 8
    return top - GAP - 8 if nodes else top


def _indented(titles: Sequence[str], graph: Graph, width: float) -> Placement:
    placed = Placement(width, 0, edges=False)
    box = box_of(graph, "subject", width - 16, 5)
    placed.boxes["subject"] = at(box, width / 2, 8 + box.height / 2)
    top = 8 + box.height + GAP
    for band, title in enumerate(titles):
        bottom = _list(placed, graph, _children(graph, "subject", band), top + TITLE, 8, width) + GAP
        placed.bands.append(Band(0, top, width, bottom - top))
        placed.captions.append(Caption(12, top + TITLE / 2, title, strong=True))
        top = bottom + GAP
    placed.height = top
    return placed


def _list(placed: Placement, graph: Graph, nodes: Sequence[str], top: float, left: float, width: float) -> float:
    """Each node below the words of the edge that leads to it, its own children below and further right."""
    for node in nodes:
        parent = graph.nodes[node]["parent"]
        words, dashed = next((d["walked"] or d["text"], d["stroke"] != "stated") for _, _, d in graph.in_edges(node, data=True))
        box = box_of(graph, node, width - left - 28, 12)
        placed.captions.append(Caption(left + 24, top + 11, words.replace("\n", "")))
        middle = top + 24 + box.height / 2
        placed.boxes[node] = at(box, left + 20 + box.width / 2, middle)
        start = placed.boxes[parent]
        if parent != "subject":
            low = start.y + start.height / 2
            placed.rails.append(Rail((left + 8, low, left + 8, middle, left + 20, middle), dashed))
        else:
            placed.rails.append(Rail((left + 8, top + 11, left + 8, middle, left + 20, middle), dashed))
        top = _list(placed, graph, _children(graph, node, graph.nodes[node]["band"]), middle + box.height / 2 + 4, left + 20, width)
    return top + (4 if nodes else 0)
