"""Boxes around wrapped text, and grids of them."""

from __future__ import annotations

from collections.abc import Sequence

from viz.figure import Box, Graph, Placement
from viz.text import wrap

FONT, LINE = 17, 22  # pixels: size of labels, height of a line
PAD_X, PAD_Y, GAP = 12, 10, 14
NARROW = 600
LABEL = 120  # room for the words on an edge
NARROWEST = 136.0  # width of a box in a chain
TITLE = 42  # height of a band's title


def box_of(graph: Graph, node: str, width: float, lines: int = 3, *, least: float = 0) -> Box:
    """A box of this width around the node's wrapped text, as high as it needs, at (0, 0)."""
    text = wrap(graph.nodes[node]["text"], (width - 2 * PAD_X) / FONT, lines)
    return Box(0, 0, width, max(least, len(text) * LINE + 2 * PAD_Y), tuple(text))


def at(box: Box, x: float, y: float) -> Box:
    return Box(round(x, 1), round(y, 1), box.width, box.height, box.lines, box.size)


def grid(placed: Placement, graph: Graph, nodes: Sequence[str], left: float, top: float, width: float, cell: float, lines: int = 3, *,
         centred: bool = False) -> float:
    """Place nodes row by row in cells of at least this width, each row as high as its highest box; the bottom."""
    columns = max(1, int((width + GAP) // (cell + GAP)))
    wide = (width + GAP) / columns - GAP
    for i in range(0, len(nodes), columns):
        row = [box_of(graph, n, wide, lines) for n in nodes[i:i + columns]]
        high = max(b.height for b in row)
        shift = (columns - len(row)) * (wide + GAP) / 2 if centred else 0
        for j, (node, b) in enumerate(zip(nodes[i:i + columns], row, strict=True)):
            even = Box(0, 0, b.width, high, b.lines)
            placed.boxes[node] = at(even, left + shift + wide / 2 + j * (wide + GAP), top + high / 2)
        top += high + GAP
    return top - GAP if nodes else top


def with_part(graph: Graph, part: str, band: int | None = None) -> list[str]:
    return [n for n, d in graph.nodes(data=True) if d.get("part") == part and (band is None or d.get("band") == band)]


def bands_in(graph: Graph) -> list[int]:
    return sorted({d["band"] for _, d in graph.nodes(data=True) if d["band"] >= 0})
