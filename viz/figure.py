"""What a picture is before it is a page: networkx graphs (scenes) with words and looks, and where everything is placed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx as nx

    Graph = nx.MultiDiGraph[str]
else:
    Graph = Any

Points = tuple[float, ...]


@dataclass(frozen=True)
class Box:
    """A node as placed: centre, size, wrapped text. A square of side ``size`` carries its text below."""

    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    size: float = 0


@dataclass(frozen=True)
class Band:
    """A tinted rectangle behind nodes: left, top, width, height."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Caption:
    """Words on the ground: left, middle."""

    x: float
    y: float
    text: str
    strong: bool = False


@dataclass(frozen=True)
class Rail:
    """A line of straight parts (x, y, x, y, …) in place of an edge."""

    points: Points
    dashed: bool = False


@dataclass
class Placement:
    """``ports``: where the edges between two nodes start (x, y), in place of the box they come from, or start and end
    (x, y, x, y). ``edges``: whether edges are drawn (else rails stand for them)."""

    width: float
    height: float
    boxes: dict[str, Box] = field(default_factory=dict)
    bands: list[Band] = field(default_factory=list)
    captions: list[Caption] = field(default_factory=list)
    rails: list[Rail] = field(default_factory=list)
    ports: dict[tuple[str, str], Points] = field(default_factory=dict)
    edges: bool = True


Layout = Callable[[Graph, float], Placement]


@dataclass(frozen=True)
class Scene:
    """One graph and the layout made for it. ``key`` is an opaque name that links point to ("#key").

    Node attributes: ``text``, ``look``, ``hover``, ``link``, ``mark`` (``style.mark_of``), ``align`` and what the layout needs. Edge
    attributes: ``text``, ``stroke``, ``hover``, ``hidden``, at which end the ``arrow`` is (to, from or none), ``walked``: the words
    as read from its start to its end."""

    key: str
    title: str
    graph: Graph
    layout: Layout


@dataclass(frozen=True)
class Figure:
    """A picture: the first scene is shown, the others by link. ``facts``: the header's second line.
    ``legend``: names of looks and strokes."""

    title: str
    summary: str
    facts: tuple[str, ...]
    legend: tuple[str, ...]
    scenes: tuple[Scene, ...]
    synthetic: bool = False


def new_graph() -> Graph:
    import networkx  # a second to import: only where a picture is made

    return networkx.MultiDiGraph()


def add_node(graph: Graph, key: str, text: str, look: str, hover: str = "", **more: Any) -> str:
    graph.add_node(key, text=text, look=look, hover=hover, **{"link": "", "mark": "", "align": "", **more})
    return key


def add_edge(graph: Graph, start: str, end: str, text: str = "", stroke: str = "stated", hover: str = "", **more: Any) -> None:
    graph.add_edge(start, end, text=text, stroke=stroke, hover=hover, **{"hidden": False, "arrow": "to", "walked": "", **more})
