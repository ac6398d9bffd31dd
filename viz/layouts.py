"""Where everything is placed: one function a view, from a graph and the width of the page in pixels to coordinates.

Nothing is left to a simulation: the same graph gives the same picture. Below ``NARROW`` a layout is one for a telephone.
"""

from __future__ import annotations

from collections.abc import Sequence

from viz.figure import Band, Box, Caption, Graph, Placement, Rail
from viz.text import em, wrap

FONT, LINE = 17, 22  # pixels: size of labels, height of a line
PAD_X, PAD_Y, GAP = 12, 10, 14
NARROW = 600
LABEL = 132  # room for the words on an edge
TITLE = 34  # height of a band's title


def box_of(graph: Graph, node: str, width: float, lines: int = 3, *, least: float = 0) -> Box:
    """A box of this width around the node's wrapped text, as high as it needs, at (0, 0)."""
    text = wrap(graph.nodes[node]["text"], (width - 2 * PAD_X) / FONT, lines)
    return Box(0, 0, width, max(least, len(text) * LINE + 2 * PAD_Y), tuple(text))


def at(box: Box, x: float, y: float) -> Box:
    return Box(round(x, 1), round(y, 1), box.width, box.height, box.lines, box.size)


def grid(placed: Placement, graph: Graph, nodes: Sequence[str], left: float, top: float, width: float, cell: float, lines: int = 3) -> float:
    """Place nodes row by row in cells of at least this width, each row as high as its highest box; the bottom."""
    columns = max(1, int((width + GAP) // (cell + GAP)))
    wide = (width + GAP) / columns - GAP
    for i in range(0, len(nodes), columns):
        row = [box_of(graph, n, wide, lines) for n in nodes[i:i + columns]]
        high = max(b.height for b in row)
        for j, (node, b) in enumerate(zip(nodes[i:i + columns], row, strict=True)):
            even = Box(0, 0, b.width, high, b.lines)
            placed.boxes[node] = at(even, left + wide / 2 + j * (wide + GAP), top + high / 2)
        top += high + GAP
    return top - GAP if nodes else top


def with_part(graph: Graph, part: str, band: int | None = None) -> list[str]:
    return [n for n, d in graph.nodes(data=True) if d.get("part") == part and (band is None or d.get("band") == band)]


def bands_in(graph: Graph) -> list[int]:
    return sorted({d["band"] for _, d in graph.nodes(data=True) if d["band"] >= 0})


# -- coverage: a tree in lanes -----------------------------------------------------------------------------------------------------

def lanes(titles: Sequence[str], graph: Graph, width: float) -> Placement:
    """The subject at the left, a lane a class, branches to the right; on a narrow page an indented list."""
    if width < NARROW:
        return _indented(titles, graph, width)
    depth = max([d["depth"] for _, d in graph.nodes(data=True)] + [1])
    first, gap = 190.0, float(LABEL)
    column = max(150.0, min(270.0, (width - 40 - first - depth * gap) / depth))
    placed = Placement(max(width, 40 + first + depth * (gap + column)), 0)
    top = 0.0
    for band, title in enumerate(titles):
        bottom = _tree(placed, graph, _children(graph, "subject", band), top + TITLE, 20 + first + gap, column, gap) + 18
        placed.bands.append(Band(0, top, placed.width, bottom - top))
        placed.captions.append(Caption(16, top + TITLE / 2 + 2, title, strong=True))
        top = bottom + GAP
    placed.height = top - GAP
    placed.boxes["subject"] = at(box_of(graph, "subject", first, 5), 20 + first / 2, placed.height / 2)
    return placed


def _children(graph: Graph, parent: str, band: int) -> list[str]:
    return [n for n, d in graph.nodes(data=True) if d["parent"] == parent and d["band"] == band]


def _tree(placed: Placement, graph: Graph, nodes: Sequence[str], top: float, left: float, column: float, gap: float) -> float:
    """Place sibling nodes below each other, each beside the middle of its own branch; the bottom."""
    for node in nodes:
        data = graph.nodes[node]
        wide = column + (column + gap if data.get("list") and column < 220 else 0)
        box = box_of(graph, node, max(wide, 300) if data.get("list") else column, 12)
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
        placed.captions.append(Caption(12, top + TITLE / 2 + 2, title, strong=True))
        top = bottom + GAP
    placed.height = top
    return placed


def _list(placed: Placement, graph: Graph, nodes: Sequence[str], top: float, left: float, width: float) -> float:
    """Each node below the words of the edge that leads to it, its own children below and further right."""
    for node in nodes:
        parent = graph.nodes[node]["parent"]
        words, dashed = next((d["text"], d["stroke"] != "stated") for _, _, d in graph.in_edges(node, data=True))
        box = box_of(graph, node, width - left - 28, 12)
        placed.captions.append(Caption(left + 24, top + 11, words))
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


# -- paths -------------------------------------------------------------------------------------------------------------------------

def chains(titles: Sequence[str], graph: Graph, width: float) -> Placement:
    """A band a path, its bodies from left to right, on a narrow page from top to bottom. Several bodies at one place (the
    contacts of an end) stand below each other."""
    upright = width < NARROW
    longest = max([d["place"] for _, d in graph.nodes(data=True)] + [1]) + 1
    column = width - 16 if upright else max(130.0, min(230.0, (width - 40 - (longest - 1) * LABEL) / longest))
    placed = Placement(width if upright else max(width, 40 + longest * column + (longest - 1) * LABEL), 0)
    top = 0.0
    for band, title in enumerate(titles):
        heading = wrap(title, (placed.width - 32) / FONT, 3)
        placed.captions += [Caption(16, top + TITLE / 2 + 2 + i * LINE, line, strong=True) for i, line in enumerate(heading)]
        inner = top + TITLE + (len(heading) - 1) * LINE
        bottom = (_down if upright else _across)(placed, graph, band, inner, column) + 18
        placed.bands.append(Band(0, top, placed.width, bottom - top))
        top = bottom + GAP
    placed.height = top - GAP
    return placed


def _places(graph: Graph, band: int) -> list[list[str]]:
    nodes = [(d["place"], n) for n, d in graph.nodes(data=True) if d["band"] == band]
    return [[n for p, n in nodes if p == place] for place in sorted({p for p, _ in nodes})]


def _across(placed: Placement, graph: Graph, band: int, top: float, column: float) -> float:
    places = [[(n, box_of(graph, n, column, 4)) for n in nodes] for nodes in _places(graph, band)]
    high = max(sum(b.height + GAP for _, b in some) - GAP for some in places)
    step = column + max(LABEL, (placed.width - 40 - len(places) * column) / max(1, len(places) - 1) if len(places) > 2 else LABEL)
    for i, some in enumerate(places):
        y = top + (high - sum(b.height + GAP for _, b in some) + GAP) / 2
        for node, b in some:
            placed.boxes[node] = at(b, 20 + column / 2 + i * step, y + b.height / 2)
            y += b.height + GAP
    return top + high


def _down(placed: Placement, graph: Graph, band: int, top: float, column: float) -> float:
    places = _places(graph, band)
    if max(map(len, places)) > 1:  # contacts of an end: a list, the words in front of it
        placed.edges = False
    for i, nodes in enumerate(places):
        for node in nodes:
            top += 44 if i and placed.edges else 0
            if i and not placed.edges:
                words = next(d["text"] for _, _, d in graph.in_edges(node, data=True))
                placed.captions.append(Caption(24, top + 14, words))
                top += 26
            b = box_of(graph, node, column, 4)
            placed.boxes[node] = at(b, placed.width / 2, top + b.height / 2)
            top += b.height + (4 if not placed.edges else 0)
    return top


# -- committee ---------------------------------------------------------------------------------------------------------------------

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


# -- alliances ---------------------------------------------------------------------------------------------------------------------

def hubs(graph: Graph, width: float) -> Placement:
    """Alliances in two columns with their own members, what they share between the columns; on a narrow page one column."""
    narrow = width < NARROW
    all_hubs, shared = with_part(graph, "hub"), with_part(graph, "shared")
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
    placed.height = max(tops)
    return placed


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
    bottom = grid(placed, graph, own, left + 8, top + 8 + box.height + (22 if own else 0), width - 16, 150)
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
    top = max(0.0, (height - needed - (space - GAP) * len(row)) / 2)
    for n, b in zip(order, row, strict=True):
        placed.boxes[n] = at(b, left + width / 2, top + b.height / 2)
        top += b.height + space
    return top


# -- gaps --------------------------------------------------------------------------------------------------------------------------

def members(graph: Graph, width: float) -> Placement:
    """A heading a building, its units in a grid below."""
    placed = Placement(width, 0)
    top = 0.0
    for band in bands_in(graph):
        heading = with_part(graph, "heading", band)[0]
        box = box_of(graph, heading, width - 16)
        placed.boxes[heading] = at(box, width / 2, top + 8 + box.height / 2)
        bottom = grid(placed, graph, with_part(graph, "member", band), 8, top + box.height + 8 + GAP, width - 16, 165 if width >= NARROW else 150)
        placed.bands.append(Band(0, top, width, bottom + GAP - top))
        top = bottom + 2 * GAP
    placed.height = top
    return placed


def squares(graph: Graph, width: float) -> Placement:
    """A row of squares a sub-district, the area of a square about the number of its units, its name below."""
    placed = Placement(width, 0)
    narrow = width < NARROW
    most = max([d.get("total", 0) for _, d in graph.nodes(data=True)] + [1])
    head, top = (width - 16 if narrow else 190.0), 0.0
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
    columns = max(1, int(width // (118 if width < NARROW else 128)))
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
