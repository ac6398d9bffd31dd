"""The gap map: units in grids, or squares by sub-district."""

from __future__ import annotations

from collections.abc import Sequence

from viz.figure import Band, Box, Graph, Placement
from viz.layouts.boxes import FONT, GAP, LINE, NARROW, at, bands_in, box_of, grid, with_part
from viz.text import em, wrap


def members(graph: Graph, width: float) -> Placement:
    """A heading a building, its units in a grid below."""
    placed = Placement(width, 0)
    top = 0.0
    for band in bands_in(graph):
        heading = with_part(graph, "heading", band)[0]
        box = box_of(graph, heading, width - 16)
        placed.boxes[heading] = at(box, width / 2, top + 8 + box.height / 2)
        bottom = grid(placed, graph, with_part(graph, "member", band), 8, top + box.height + 8, width - 16, 165 if width >= NARROW else 150)
        placed.bands.append(Band(0, top, width, bottom + GAP - top))
        top = bottom + 2 * GAP
    placed.height = top
    return placed


def squares(graph: Graph, width: float) -> Placement:
    """A row of squares a sub-district, the area of a square about the number of its units, its name below."""
    placed = Placement(width, 0)
    narrow = width < NARROW
    most = max([d.get("total", 0) for _, d in graph.nodes(data=True)] + [1])
    head, top = (width - 16 if narrow else 212.0), 0.0
    for band in bands_in(graph):
        heading = with_part(graph, "heading", band)[0]
        box = box_of(graph, heading, head, 6)
        placed.boxes[heading] = at(box, 8 + head / 2, top + GAP + box.height / 2)
        left, first = (8.0, top + box.height + 2 * GAP) if narrow else (head + 30, top + GAP)
        bottom = _squares(placed, graph, with_part(graph, "member", band), left, first, width - left - 8, most)
        bottom = max(bottom, top + 2 * GAP + box.height)
        placed.bands.append(Band(0, top, width, bottom - top))
        top = bottom + GAP
    placed.height = top
    return placed


def _squares(placed: Placement, graph: Graph, nodes: Sequence[str], left: float, top: float, width: float, most: int) -> float:
    columns = max(1, int(width // (110 if width < NARROW else 136)))
    wide = width / columns
    for i in range(0, len(nodes), columns):
        row = nodes[i:i + columns]
        texts = [wrap(graph.nodes[n]["text"], (wide - 8) / FONT, 4) for n in row]
        sizes = [11 + 21 * (graph.nodes[n]["total"] / most) ** 0.5 for n in row]
        high = 2 * max(sizes)
        for j, (n, text, size) in enumerate(zip(row, texts, sizes, strict=True)):
            words = max(map(em, text)) * FONT
            placed.boxes[n] = Box(round(left + wide * (j + 0.5), 1), round(top + high / 2, 1), round(words, 1),
                                  round(2 * size + len(text) * LINE, 1), tuple(text), round(size, 1))
        top += high + max(map(len, texts)) * LINE + GAP
    return top
