"""A committee: founders above, groups of members below."""

from __future__ import annotations

from viz.figure import Graph, Placement
from viz.layouts.boxes import GAP, NARROW, at, bands_in, box_of, grid, with_part


def groups(graph: Graph, width: float) -> Placement:
    """Who founded it above, the committee, then a band a group with a grid of its members and placeholders."""
    placed = Placement(width, 0)
    narrow = width < NARROW
    around = with_part(graph, "around")
    top = 8.0
    if around:
        wide = min(230.0, (width - 16) / len(around) - GAP)
        row = [box_of(graph, n, wide) for n in around]
        high = max(b.height for b in row)
        left = width / 2 - (len(row) * (wide + 70) - 70) / 2 if not narrow else 8
        for i, (n, b) in enumerate(zip(around, row, strict=True)):
            step = wide + (70 if not narrow else GAP)
            placed.boxes[n] = at(b, left + wide / 2 + i * step, top + high / 2)
        top += high + 64
    centre = with_part(graph, "centre")[0]
    box = box_of(graph, centre, min(320.0, width - 16), least=50)
    placed.boxes[centre] = at(box, width / 2, top + box.height / 2)
    top += box.height + 30
    for band in bands_in(graph):
        top = _group(placed, graph, band, top, width) + 30
    placed.height = top - 20
    return placed


def _group(placed: Placement, graph: Graph, band: int, top: float, width: float) -> float:
    heading = with_part(graph, "heading", band)[0]
    box = box_of(graph, heading, width - 8, 4)
    placed.boxes[heading] = at(box, width / 2, top + box.height / 2)
    members = with_part(graph, "member", band)
    named = [n for n in members if graph.nodes[n]["look"] != "placeholder"]
    rest = [n for n in members if graph.nodes[n]["look"] == "placeholder"]
    top += box.height + GAP
    cell = 104 if width < NARROW else 112
    bottom = grid(placed, graph, named, 4, top, width - 8, 190 if width >= NARROW else 150)
    return grid(placed, graph, rest, 4, bottom + (GAP if named else 0), width - 8, cell, 2)
