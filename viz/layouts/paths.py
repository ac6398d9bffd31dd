"""Paths: a band a path."""

from __future__ import annotations

from collections.abc import Sequence

from viz.figure import Band, Caption, Graph, Placement
from viz.layouts.boxes import FONT, GAP, LABEL, LINE, NARROW, NARROWEST, TITLE, at, box_of
from viz.text import wrap

TURN = 56  # between two lines of a path: an arrow down and its words

def chains(titles: Sequence[str], graph: Graph, width: float) -> Placement:
    """A band a path, its bodies from left to right, on a narrow page from top to bottom. Several bodies at one place (the
    contacts of an end) stand below each other."""
    upright, placed, top = width < NARROW, Placement(width, 0), 0.0
    for band, title in enumerate(titles):
        heading = wrap(title, (placed.width - 32) / FONT, 3)
        placed.captions += [Caption(16, top + TITLE / 2 + i * LINE, line, strong=True) for i, line in enumerate(heading)]
        inner = top + TITLE + (len(heading) - 1) * LINE
        bottom = (_down if upright else _across)(placed, graph, band, inner) + 18
        placed.bands.append(Band(0, top, placed.width, bottom - top))
        top = bottom + GAP
    placed.height = top - GAP
    return placed


def _places(graph: Graph, band: int) -> list[list[str]]:
    nodes = [(d["place"], n) for n, d in graph.nodes(data=True) if d["band"] == band]
    return [[n for p, n in nodes if p == place] for place in sorted({p for p, _ in nodes})]


def _across(placed: Placement, graph: Graph, band: int, top: float) -> float:
    """Spread over the width; a single hop stays at the left. What has no room goes on below, back from right to left, and so on: each
    line starts under the end of the one above."""
    named, room = _places(graph, band), int((placed.width - 40 + LABEL) // (NARROWEST + LABEL))
    lines = -(-len(named) // room)
    number = -(-len(named) // lines)
    column = min(230.0, max(NARROWEST, (placed.width - 40 - (number - 1) * 1.25 * LABEL) / number))
    step = (placed.width - 40 - column) / (number - 1) if number > 2 else column + LABEL + 20
    for line in range(lines):
        xs = [20 + column / 2 + i * step for i in range(number)]
        places = named[line * number:(line + 1) * number]
        top = _row(placed, graph, places, xs[::-1] if line % 2 else xs, column, top + (TURN if line else 0))
    return top


def _row(placed: Placement, graph: Graph, named: Sequence[Sequence[str]], xs: Sequence[float], column: float, top: float) -> float:
    """Bodies at one place around one height; the bottom."""
    places = [[(n, box_of(graph, n, column, 4)) for n in nodes] for nodes in named]
    high = max(sum(b.height + GAP for _, b in some) - GAP for some in places)
    for x, some in zip(xs, places, strict=False):
        y = top + (high - sum(b.height + GAP for _, b in some) + GAP) / 2
        for node, b in some:
            placed.boxes[node] = at(b, x, y + b.height / 2)
            y += b.height + GAP
    return top + high


def _down(placed: Placement, graph: Graph, band: int, top: float) -> float:
    column = placed.width - 16
    places = _places(graph, band)
    if max(map(len, places)) > 1:  # contacts of an end: a list, the words in front of it
        placed.edges = False
    for i, nodes in enumerate(places):
        for node in nodes:
            top += 44 if i and placed.edges else 0
            if i and not placed.edges:
                words = next(d["text"].replace("\n", "") for _, _, d in graph.in_edges(node, data=True))
                placed.captions.append(Caption(24, top + 14, words))
                top += 26
            b = box_of(graph, node, column, 4)
            placed.boxes[node] = at(b, placed.width / 2, top + b.height / 2)
            top += b.height + (4 if not placed.edges else 0)
    return top
