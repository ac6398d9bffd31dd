"""A figure as data: nodes and edges as vis-network draws them (built by pyvis), and coordinates for wide and narrow pages.

Names are data only. Ids are opaque (n0, n1, …), what hovering shows is text, links lead into the picture or to given pages.
"""

from __future__ import annotations

import re
from dataclasses import astuple
from typing import Any

from viz.figure import Caption, Figure, Placement, Rail, Scene
from viz.style import DOTTED, LOOKS, STROKES, Look
from viz.text import clean

WIDE, NARROW = 1220, 336  # pixels: the pages for which there is a layout
LINKS = re.compile(r"#[a-z0-9-]+|/[^/\\\s][^\\\s]*")  # a scene, or a page of the same site


def payload(figure: Figure) -> dict[str, Any]:
    """JSON-ready: ``scenes`` (key -> title, nodes, edges, wide, narrow), ``first``, ``groups`` (looks), and the header for PNG."""
    legend = [{"words": words, **swatch} for words, swatch in legend_of(figure)]
    return {
        "title": clean(figure.title), "summary": clean(figure.summary), "facts": [clean(f) for f in figure.facts], "legend": legend,
        "synthetic": figure.synthetic, "first": figure.scenes[0].key, "groups": {name: _group(look) for name, look in LOOKS.items()},
        "scenes": {s.key: _scene(s) for s in figure.scenes},
    }


def legend_of(figure: Figure) -> list[tuple[str, dict[str, Any]]]:
    """(words, sign) of what the figure uses, boxes before lines."""
    boxes = [(LOOKS[n].label, {"look": n}) for n in LOOKS if n in figure.legend and LOOKS[n].label]
    return [*boxes, *((STROKES[n].label, {"stroke": n}) for n in STROKES if n in figure.legend and STROKES[n].label)]


def _group(look: Look) -> dict[str, Any]:
    colour = {"border": look.border, "background": look.fill}
    return {
        "color": {**colour, "highlight": colour, "hover": colour}, "borderWidth": look.width, "borderWidthSelected": look.width,
        "font": {"color": look.ink},
        "shapeProperties": {"borderRadius": look.radius, "borderDashes": list(look.dashes) if look.dashes else False},
    }


def _scene(scene: Scene) -> dict[str, Any]:
    from pyvis.network import Network  # half a second to import: only where a picture is made

    ids = {node: f"n{i}" for i, node in enumerate(scene.graph)}
    network = Network(directed=True)
    for node, data in scene.graph.nodes(data=True):
        network.add_node(ids[node], label=" ", shape="box", group=data["look"], **_node(data))
    for start, end, data in scene.graph.edges(data=True):
        network.add_edge(ids[start], ids[end], **_edge(data))
    return {"title": clean(scene.title), "nodes": network.nodes, "edges": [{"id": f"e{i}", **e} for i, e in enumerate(network.edges)],
            "wide": _placed(scene, WIDE, ids), "narrow": _placed(scene, NARROW, ids)}


def _node(data: dict[str, Any]) -> dict[str, Any]:
    more: dict[str, Any] = {"hover": hover_lines(data)}
    if link := safe_link(data["link"]):
        more["link"] = link
    look = LOOKS[data["look"]]
    if data["mark"] and not look.dashes:  # a gap keeps its own border
        more["shapeProperties"] = {"borderRadius": look.radius, "borderDashes": list(DOTTED)}
    return more


def hover_lines(data: dict[str, Any]) -> list[str]:
    return [clean(line) for line in (data["hover"] or data["text"]).split("\n")]


def safe_link(link: str) -> str:
    """The link if it stays in the picture or on the site, else nothing."""
    return link if LINKS.fullmatch(link) else ""


def _edge(data: dict[str, Any]) -> dict[str, Any]:
    stroke = STROKES[data["stroke"]]
    return {
        "words": [clean(line) for line in data["text"].split("\n") if line],
        "hover": [clean(line) for line in data["hover"].split("\n") if line],
        "color": {"color": stroke.colour, "highlight": stroke.colour, "hover": stroke.colour},
        "dashes": list(stroke.dashes) if stroke.dashes else False, "width": stroke.width, "hidden": data["hidden"],
        "arrows": {end: {"enabled": data["arrow"] == end, "scaleFactor": 0.7} for end in ("to", "from")}, "smooth": False,
    }


def _placed(scene: Scene, width: float, ids: dict[str, str]) -> dict[str, Any]:
    placed: Placement = scene.layout(scene.graph, width)
    return {
        "width": placed.width, "height": placed.height, "edges": placed.edges,
        "boxes": {ids[n]: [b.x, b.y, b.width, b.height, list(b.lines), b.size, scene.graph.nodes[n]["align"]]
                  for n, b in placed.boxes.items()},
        "ports": {f"{ids[start]} {ids[end]}": list(at) for (start, end), at in placed.ports.items()},
        "bands": [astuple(b) for b in placed.bands], "captions": [_caption(c) for c in placed.captions],
        "rails": [_rail(r) for r in placed.rails],
    }


def _caption(c: Caption) -> list[Any]:
    return [c.x, c.y, clean(c.text), c.strong]


def _rail(r: Rail) -> list[Any]:
    return [list(r.points), r.dashed]


