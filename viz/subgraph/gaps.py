"""The gap map -> units by building where they are few, else a square a building by sub-district, with scenes to drill down to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from schemas.answers import Cell
from schemas.overviews import GapMap, GapPlace, GapUnit
from schemas.rates import rate
from viz.evidence import cell_text, gap_text
from viz.figure import Graph, add_node, new_graph
from viz.style import BY_STATE, STATE_WORDS, label_of, mark_of

FEW = 300  # units that are drawn one by one
PLACES = 120  # squares on one picture
ORDER = ("gap", "not_known", "exempt", "ok")
NOWHERE = "所在街镇或楼宇园区未登记"
Places = Sequence[tuple[str, GapPlace]]
Link = Callable[[str], str]  # public id of a place -> where its units are shown, or ""


@dataclass(frozen=True)
class Sketch:
    """A scene before it has a layout."""

    key: str
    title: str
    graph: Graph
    squares: bool


def sketches(answer: GapMap, elsewhere: Link | None) -> list[Sketch]:
    """The first is the whole. ``elsewhere`` gives links to other pages; without it the units of a place are a scene of their
    own where they are in the answer."""
    places = {c.cell.group_id or ("several" if c.cell.group == "多个" else ""): c for c in answer.places}
    units = dict[str, list[GapUnit]]()
    for u in sorted(answer.units, key=lambda u: ORDER.index(u.gap.state)):
        units.setdefault(u.place, []).append(u)
    if answer.units_listed and (answer.overall.total or 0) <= FEW:
        graph = new_graph()
        for band, (id, place) in enumerate(_ordered(places)):
            _units(graph, band, place.cell, units.get(id, []))
        return [Sketch("all", "全部单位", graph, squares=False)]
    keys = {id: f"place-{i}" for i, id in enumerate(places) if units.get(id)} if elsewhere is None else {}
    links = {id: f"#{keys[id]}" if id in keys else (elsewhere(id) if elsewhere and id and id != "several" else "") for id in places}
    whole, rest = _overview(answer, places, links)
    single = [_one_place(key, places[id], units[id]) for id, key in keys.items()]
    return [whole, *rest, *single]


def _ordered(places: dict[str, GapPlace]) -> list[tuple[str, GapPlace]]:
    """Most uncovered first, then most not known; those without one building last."""
    def rank(cell: Cell) -> tuple[bool, int, int]:
        return cell.group_id is None, -(cell.counts["uncovered"] or 0), -(cell.counts["not_known"] or 0)

    return sorted(places.items(), key=lambda p: rank(p[1].cell))


# -- units -------------------------------------------------------------------------------------------------------------------------

def _units(graph: Graph, band: int, cell: Cell, units: Sequence[GapUnit]) -> None:
    add_node(graph, f"{band}", f"{_name(cell)}　{_summary(cell)}", "title", cell_text(cell), part="heading", band=band, align="left")
    for i, unit in enumerate(units[:FEW]):
        state = unit.gap.state
        text = label_of(unit.gap.subject, STATE_WORDS[state] if state != "ok" else "")
        add_node(graph, f"{band}/{i}", text, BY_STATE.get(state, "exempt"), gap_text(unit.gap), part="member", band=band,
                 mark=mark_of(unit.gap.subject), body=unit.gap.subject.id)
    if len(units) > FEW:
        add_node(graph, f"{band}/more", f"另有 {len(units) - FEW} 家", "note", part="member", band=band)


def _one_place(key: str, place: GapPlace, units: Sequence[GapUnit]) -> Sketch:
    graph = new_graph()
    _units(graph, 0, place.cell, units)
    return Sketch(key, _name(place.cell), graph, squares=False)


def _name(cell: Cell) -> str:
    return cell.group if cell.group_id else "在多个楼宇园区" if cell.group == "多个" else "楼宇园区未登记"


def _summary(cell: Cell) -> str:
    if cell.suppressed:
        return "单位过少，不显示"
    counts = cell.counts
    parts = [f"{cell.total} 家", f"空白点 {counts['uncovered']}", f"不明 {counts['not_known']}"]
    return " · ".join(p for p in parts if not p.endswith(" 0"))


# -- buildings ---------------------------------------------------------------------------------------------------------------------

def _overview(answer: GapMap, places: dict[str, GapPlace], links: dict[str, str]) -> tuple[Sketch, list[Sketch]]:
    """All sub-districts; of one with many buildings the worst, and the whole of it as a scene of its own."""
    graph, rest = new_graph(), list[Sketch]()
    areas: list[Cell | None] = [*answer.areas, *([None] if any(p.area is None for p in places.values()) else [])]
    most = len(places) if len(places) <= PLACES else max(4, PLACES // len(areas))
    for band, area in enumerate(areas):
        mine = [(id, p) for id, p in _ordered(places) if p.area == (area.group_id if area else None)]
        key = f"area-{band}" if len(mine) > most else ""
        _area(graph, band, area, mine, links, most, f"#{key}" if key else "")
        if key:
            own = new_graph()
            _area(own, 0, area, mine, links, len(mine), "")
            rest.append(Sketch(key, area.group if area else NOWHERE, own, squares=True))
    return Sketch("all", "全部街镇", graph, squares=True), rest


def _area(graph: Graph, band: int, area: Cell | None, places: Places, links: dict[str, str], most: int, more: str) -> None:
    hover = cell_text(area) if area else NOWHERE
    add_node(graph, f"{band}", _area_text(area, places), "office", hover, link=more, part="heading", band=band)
    shown = places if len(places) <= most else places[:most - 1]
    for i, (id, place) in enumerate(shown):
        cell = place.cell
        text = f"{_name(cell)}\n{_share(cell)}"
        add_node(graph, f"{band}/{i}", text, level(cell), cell_text(cell), link=links[id], part="member", band=band, total=cell.total or 0)
    if len(shown) < len(places):
        left = [p.cell for _, p in places[len(shown):]]
        text = f"其余 {len(left)} 处\n空白 {sum(c.counts['uncovered'] or 0 for c in left)}/{sum(c.total or 0 for c in left)}"
        add_node(graph, f"{band}/more", text, "note", text, link=more, part="member", band=band, total=0)


def _area_text(area: Cell | None, places: Places) -> str:
    if area is None:
        return NOWHERE
    if area.suppressed:
        return f"{area.group}\n单位过少，不显示"
    counts = area.counts
    return (f"{area.group}\n{len(places)} 处 · {area.total} 家\n空白 {counts['uncovered']} · 不明 {counts['not_known']}\n"
            f"覆盖率 {rate(area.rate_low, area.rate_high)}")


def _share(cell: Cell) -> str:
    if cell.suppressed:
        return "单位过少"
    if level(cell) == "doubtful":
        return f"不明 {cell.counts['not_known']}/{cell.total}"
    return f"空白 {cell.counts['uncovered']}/{cell.total}"


def level(cell: Cell) -> str:
    """The look of a building by the share of its units that are uncovered or not known."""
    total, gaps, unknown = cell.total or 0, cell.counts["uncovered"] or 0, cell.counts["not_known"] or 0
    if cell.suppressed or not total:
        return "exempt"
    if unknown * 2 > total:
        return "doubtful"
    if not gaps:
        return "calm"
    return "gap1" if gaps * 5 < total else "gap2" if gaps * 2 < total else "gap3"
