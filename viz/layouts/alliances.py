"""Alliances: hubs in two columns, what they share between them."""

from __future__ import annotations

from collections.abc import Sequence

from viz.figure import Band, Box, Caption, Graph, Placement
from viz.layouts.boxes import GAP, NARROW, TITLE, at, box_of, grid, with_part


def hubs(graph: Graph, width: float) -> Placement:
    """Alliances in two columns with their own members, what they share between the columns; on a narrow page one column."""
    narrow = width < NARROW
    shared = with_part(graph, "shared")
    empty = [h for h in with_part(graph, "hub") if not graph.nodes[h]["number"]]
    all_hubs = [h for h in with_part(graph, "hub") if h not in empty]
    placed = Placement(width, 0, edges=not narrow)
    middle = 0.0 if narrow or not shared else 190.0
    room = 150.0 if middle else 24.0
    column = width if narrow else (width - middle - (2 * room if middle else room)) / 2
    tops = [0.0, 0.0]
    half = all_hubs if narrow else _halves(graph, all_hubs)
    for hub in all_hubs:
        side = 0 if narrow or hub in half else 1
        left = 0.0 if side == 0 else width - column
        tops[side] = _hub(placed, graph, hub, left, tops[side], column) + GAP
    if narrow:
        if shared:
            placed.captions.append(Caption(12, tops[0] + TITLE / 2, "共同成员（同属多个载体）", strong=True))
            tops[0] = grid(placed, graph, shared, 8, tops[0] + TITLE, width - 16, 150) + GAP
    elif shared:
        tops.append(_between(placed, graph, shared, column + room, middle, max(tops)))
        for n in shared:
            placed.ports |= {(h, n): _inner(placed.boxes[h], placed.boxes[n]) for h in graph.nodes[n]["hubs"]}
    placed.height = _empty(placed, graph, empty, max(tops)) if empty else max(tops)
    return placed


def _inner(hub: Box, member: Box) -> tuple[float, float, float, float]:
    """A line between the sides that face each other, so that none runs behind another box."""
    side = 0.5 if hub.x < member.x else -0.5
    return hub.x + side * hub.width, hub.y, member.x - side * member.width, member.y


def _empty(placed: Placement, graph: Graph, empty: Sequence[str], top: float) -> float:
    """Hubs without a registered member, below the others; the bottom."""
    placed.captions.append(Caption(16, top + TITLE / 2, f"没有登记成员的（{len(empty)} 个）", strong=True))
    bottom = grid(placed, graph, empty, 8, top + TITLE, placed.width - 16, 220) + GAP
    placed.bands.append(Band(0, top, placed.width, bottom - top))
    return bottom


def _halves(graph: Graph, all_hubs: Sequence[str]) -> set[str]:
    """Hubs of the left column: about half of the boxes, in order."""
    weights = [2 + sum(1 for _, d in graph.nodes(data=True) if d.get("hub") == h) for h in all_hubs]
    left, total = set[str](), 0
    for hub, weight in zip(all_hubs, weights, strict=True):
        if total + weight / 2 > sum(weights) / 2:
            break
        left.add(hub)
        total += weight
    return left


def _hub(placed: Placement, graph: Graph, hub: str, left: float, top: float, width: float) -> float:
    own = [n for n, d in graph.nodes(data=True) if d.get("hub") == hub]
    box = box_of(graph, hub, min(width - 16, 340), 4)
    placed.boxes[hub] = at(box, left + width / 2, top + 8 + box.height / 2)
    bottom = grid(placed, graph, own, left + 8, top + 8 + box.height + (22 if own else 0), width - 16, 150, centred=True)
    placed.bands.append(Band(left, top, width, bottom + 8 - top))
    return bottom + 8


def _between(placed: Placement, graph: Graph, shared: Sequence[str], left: float, width: float, height: float) -> float:
    """Shared members below each other in the middle, ordered by where their hubs are."""
    def centre(node: str) -> float:
        own = graph.nodes[node]["hubs"]
        return sum(placed.boxes[h].y for h in own) / len(own)

    order = sorted(shared, key=lambda n: (round(centre(n)), shared.index(n)))
    row = [box_of(graph, n, width) for n in order]
    needed = sum(b.height + GAP for b in row)
    space = max(GAP, min(60.0, (height - needed + GAP * len(row)) / max(1, len(row))))
    top = max(4.0, (height - needed - (space - GAP) * len(row)) / 2)
    for n, b in zip(order, row, strict=True):
        placed.boxes[n] = at(b, left + width / 2, top + b.height / 2)
        top += b.height + space
    return top
