"""The pictures: an answer in, a figure or a page out. What an answer lacks is given beside it; nothing is answered here."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from schemas.answers import Coverage, Paths
from schemas.overviews import AllianceNetwork, Behind, Committee, GapMap
from schemas.parts import AsOf, BodyRef, Frame, Step
from schemas.parts import Evidence as Row
from schemas.rates import rate
from viz.evidence import sources_of
from viz.figure import Figure, Graph, Scene
from viz.layouts import alliances as hubs
from viz.layouts import committee as groups
from viz.layouts import coverage as lanes
from viz.layouts import gaps as maps
from viz.layouts import paths as chains
from viz.page import page
from viz.subgraph import alliances, committee, coverage, gaps, paths


def coverage_page(answer: Coverage, behind: Behind | None = None) -> str:
    """Coverage and contact of one body in three lanes; ``behind``: who stands behind the ends of the ways."""
    return page(coverage_figure(answer, behind))


def coverage_figure(answer: Coverage, behind: Behind | None = None) -> Figure:
    graph = coverage.graph_of(answer, behind)
    way = next((w for w in answer.ways if w.counts and w.state == "true"), None)
    status = answer.status_label + (f"：{way.class_label}，{way.label}" if way else "（有可能的方式，须核实）" if answer.probable else "")
    steps = [s for w in answer.ways for m in w.matches for s in m.steps]
    layout = partial(lanes.lanes, coverage.bands_of(answer))
    return Figure(f"{answer.subject.name} · 覆盖与联系", status, facts_of(answer.frame, answer.as_of, sources_of(steps)), used(graph),
                  (Scene("all", "总图", graph, layout),), made(answer.subject))


def alliances_page(answer: AllianceNetwork) -> str:
    """Alliances with their members (ask with ``members``), shared members between them."""
    return page(alliances_figure(answer))


def alliances_figure(answer: AllianceNetwork) -> Figure:
    graph = alliances.graph_of(answer)
    total = sum(n for _, n in answer.alliances)
    drawn, cut = len(answer.alliances), answer.page.total > len(answer.alliances)
    hubs_told = f"共 {answer.page.total} 个载体和商圈党委，图中 {drawn} 个" if cut else f"{drawn} 个载体和商圈党委"
    summary = f"{hubs_told}，{'其' if cut else ''}登记成员关系 {total} 条，同属多个的成员 {answer.shared_total} 个"
    if 0 < (pairs := sum(str(key).startswith("pair/") for key in graph)) < answer.pairs_total:
        summary += f"，只画其中 {pairs} 对载体共有的（共 {answer.pairs_total} 对）"
    if answer.bridges:
        summary += f"，桥梁 {answer.bridges_total} 个（没有它，网络就断开）"
    return Figure("联盟网络 · 成员与共同成员", summary, facts_of(answer.frame, answer.as_of, sources_of(answer.memberships)), used(graph),
                  (Scene("all", "总图", graph, hubs.hubs),), made(*(a for a, _ in answer.alliances)))


def committee_page(answer: Committee) -> str:
    """A committee with its registered members and the placeholders still to come."""
    return page(committee_figure(answer))


def committee_figure(answer: Committee) -> Figure:
    graph = committee.graph_of(answer)
    counted = [g for g in answer.groups if g.count]
    summary = "；".join(committee.heading_text(g) for g in counted) or f"登记成员 {answer.page.total} 个"
    counts: list[Row] = [g.count.evidence for g in counted if g.count and g.count.evidence]
    steps = [*answer.around, *(s for g in answer.groups for s in g.members)]
    sources = tuple(dict.fromkeys([*sources_of(steps), *(e.source for e in counts)]))
    return Figure(f"{answer.body.name} · 成员", summary, facts_of(answer.frame, answer.as_of, sources), used(graph),
                  (Scene("all", "总图", graph, groups.groups),), made(answer.body))


def path_page(answer: Paths) -> str:
    """The liaison paths from one body to another side by side; without a path, the direct contacts of both."""
    return page(path_figure(answer))


def path_figure(answer: Paths) -> Figure:
    graph = paths.graph_of(answer)
    steps: list[Step] = [s for p in answer.paths for s in p.steps] or [*answer.start_contacts, *answer.end_contacts]
    summary = answer.message or (f"{len(answer.paths)} 条联系渠道" if answer.paths else "没有找到联系渠道")
    dates = [p.as_of for p in answer.paths if p.as_of]
    as_of = min(dates, key=lambda a: a.newest or "") if dates else AsOf(oldest=None, newest=None, stale=False, note=newest_of(steps))
    scene = Scene("all", "总图", graph, partial(chains.chains, paths.bands_of(answer)))
    return Figure(f"{answer.start.name} → {answer.end.name} · 联系渠道", summary, facts_of(answer.frame, as_of, sources_of(steps)),
                  used(graph), (scene,), made(answer.start, answer.end))


def gaps_page(answer: GapMap, elsewhere: gaps.Link | None = None) -> str:
    """Uncovered units by building. ``elsewhere`` gives the page of a building's units; without it they are in the picture where the
    answer lists them."""
    return page(gaps_figure(answer, elsewhere))


def gaps_figure(answer: GapMap, elsewhere: gaps.Link | None = None) -> Figure:
    sketches = gaps.sketches(answer, elsewhere)
    counts = answer.overall.counts
    summary = (f"{answer.overall.total} 家单位：已覆盖 {counts['covered']}，空白点 {counts['uncovered']}，情况不明 {counts['not_known']}，"
               f"覆盖率 {rate(answer.overall.rate_low, answer.overall.rate_high)}")
    title = f"{answer.scope.name} · 覆盖空白点" if answer.scope else "覆盖空白点 · 按楼宇"
    facts = (*facts_of(answer.frame, answer.as_of, answer.sources), f"规则：{answer.rule_label}")
    detail = "点方块看单位" if answer.units_listed or elsewhere else "看单位请用 --scope 指定楼宇"
    size = (f"方块越大单位越多，数字为空白点（或不明）/ 单位数；{detail}",) if sketches[0].squares else ()
    scenes = tuple(Scene(s.key, s.title, s.graph, maps.squares if s.squares else maps.members) for s in sketches)
    legend = tuple(sorted({name for s in sketches for name in used(s.graph)}))
    return Figure(title, summary, (*facts, *size), legend, scenes, answer.synthetic)


# -- the header --------------------------------------------------------------------------------------------------------------------

def facts_of(frame: Frame, as_of: AsOf | None, sources: Iterable[str]) -> tuple[str, ...]:
    """As-of, sources, policy and the frame of the question, as the header shows them."""
    sources = list(sources)
    named = "、".join(sources[:3]) + (f" 等 {len(sources)} 个" if len(sources) > 3 else "")
    return tuple(t for t in (
        as_of.note if as_of else "", f"来源：{named}" if named else "",
        f"口径：{frame.policy} 第 {frame.policy_version} 版", f"查询日：{frame.as_of}",
        f"假定 {frame.assumed} 条声明成立" if frame.assumed else "", "含模拟推演的改动" if frame.overlay else "",
        "正在导入数据，结果可能变化" if frame.loading else "") if t)


def used(graph: Graph) -> tuple[str, ...]:
    """The looks and strokes in a graph, for the legend."""
    names = {d["look"] for _, d in graph.nodes(data=True)}
    names |= {d["mark"] for _, d in graph.nodes(data=True) if d["mark"]}
    return tuple(sorted(names | {d["stroke"] for _, _, d in graph.edges(data=True) if not d["hidden"] or d["stroke"] == "inferred"}))


def newest_of(steps: Iterable[Step]) -> str:
    """截至 the newest as-of of the evidence."""
    dates = [e.as_of for s in steps for e in s.evidence]
    return f"截至{max(dates)}" if dates else ""


def made(*bodies: BodyRef) -> bool:
    return any(b.synthetic for b in bodies)
