"""Every picture of a store, by name."""

from __future__ import annotations

from datetime import date

import graph
from graph.engine import GraphEngine
from schemas.view import View
from viz import pictures
from viz.figure import Figure
from viz.subgraph.coverage import ends_of

DAY = date(2026, 1, 1)


def figures(engine: GraphEngine, who: str, committee: str, start: str, *others: str) -> dict[str, Figure]:
    """``others``: ends of a path where there is none."""
    view = View(graph.policy("changning"), DAY)
    coverage = graph.coverage(engine, who, view)
    drawn = {
        "coverage": pictures.coverage_figure(coverage, graph.behind(engine, ends_of(coverage), view)),
        "alliances": pictures.alliances_figure(graph.alliances(engine, view, members=60)),
        "committee": pictures.committee_figure(graph.committee(engine, committee, view)),
        "path": pictures.path_figure(graph.paths(engine, start, who, view)), "gaps": gaps(engine),
    }
    return {**drawn, **{f"no-path-{i}": pictures.path_figure(graph.paths(engine, start, other, view)) for i, other in enumerate(others)}}


def gaps(engine: GraphEngine, limit: int = 3_000) -> Figure:
    return pictures.gaps_figure(graph.gap_map(engine, View(graph.policy("changning"), DAY), limit=limit))
