"""Coverage of one body -> a tree from the body: a band a class, a branch a match, boxes for what is not known or not so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from schemas.answers import STATUS_LABELS, Coverage, WayAnswer
from schemas.overviews import Behind
from schemas.parts import Match, OpenHop, Step
from schemas.policy import CLASS_LABELS
from schemas.relations import RELATIONS
from viz.evidence import body_text, step_text
from viz.figure import Graph, add_edge, add_node, new_graph
from viz.style import BY_STATUS, label_of, look_of, mark_of, stroke_of

SUBJECT = "subject"
MATCHES = 4  # drawn a way; the number of the others is told
WORDS = {"not_known": "情况不明（待核实）", "false": "不成立（已登记齐全）"}
STATUS_MARKS = {"covered": "已覆盖", "exempt": "不纳入统计", "uncovered": "空白点", "not_known": "情况不明（待核实）"}


def graph_of(answer: Coverage, behind: Behind | None) -> Graph:
    """Nodes carry ``band`` (index of the class), ``parent`` and ``depth``; the order of nodes is the order of rows."""
    graph = new_graph()
    hover = [body_text(answer.subject), STATUS_LABELS[answer.status], *(f"{n.about}：{n.reason}" for n in answer.notes)]
    add_node(graph, SUBJECT, label_of(answer.subject, STATUS_MARKS[answer.status]), BY_STATUS[answer.status], "\n".join(hover),
             mark=mark_of(answer.subject), band=-1, parent="", depth=0)
    beyond = dict[str, list[Step]]()
    for step in behind.steps if behind else ():
        beyond.setdefault(step.source.id, []).append(step)
    for band, name in enumerate(CLASS_LABELS):
        ways = [w for w in answer.ways if w.class_name == name]
        for way in ways:
            _matches(graph, way, band, beyond)
        _others(graph, [w for w in ways if not w.matches], band)
    return graph


def ends_of(answer: Coverage) -> tuple[str, ...]:
    """Public ids of the bodies at which the matches of all ways end: ask what stands behind these."""
    return tuple(dict.fromkeys(m.steps[-1].target.id for w in answer.ways for m in w.matches if m.steps))


def bands_of(answer: Coverage) -> list[str]:
    counted = {w.class_name: w.counts for w in answer.ways}
    return [f"{label}（{'计入' if counted.get(name) else '不计入'}覆盖）" for name, label in CLASS_LABELS.items()]


def _matches(graph: Graph, way: WayAnswer, band: int, beyond: dict[str, list[Step]]) -> None:
    for match in way.matches[:MATCHES]:
        if match.steps:
            _branch(graph, way, match, band, beyond)
    if way.total > MATCHES:
        key = add_node(graph, f"{band}/more/{way.name}", f"“{way.label}”另有 {way.total - MATCHES} 条", "note",
                       f"{way.label}：共 {way.total} 条", band=band, parent=SUBJECT, depth=1)
        add_edge(graph, SUBJECT, key, stroke="plain", arrow="")


def _branch(graph: Graph, way: WayAnswer, match: Match, band: int, beyond: dict[str, list[Step]]) -> None:
    """One match; what it shares with an earlier one is drawn once. Then what stands behind its end."""
    at, doubtful = SUBJECT, not match.certain and all(s.basis == "stated" for s in match.steps)
    said = "\n".join([f"{way.class_label}：{way.label}", *match.needs])
    for i, step in enumerate(match.steps):
        at = _walk(graph, at, step, band, said, doubtful=doubtful and i == 0)
    passed = {match.steps[0].source.id, *(s.target.id for s in match.steps)}
    for step in beyond.get(match.steps[-1].target.id, ()):
        if step.target.id not in passed:
            behind = _walk(graph, at, step, band, "")
            for further in beyond.get(step.target.id, ()):
                if further.target.id not in passed:
                    _walk(graph, behind, further, band, "")


def _walk(graph: Graph, start: str, step: Step, band: int, said: str, *, doubtful: bool = False) -> str:
    """The node to which a step leads from the node ``start``; added unless it is there. Another relationship between the
    same two nodes is told with the first."""
    key = f"{start if start != SUBJECT else band}/{step.target.id}"
    words = step_text(step)
    if key in graph:
        if said and said not in graph.nodes[key]["hover"]:
            graph.nodes[key]["hover"] += f"\n{said}"
        return key
    hover = "\n".join(t for t in (body_text(step.target), words, said) if t)
    add_node(graph, key, label_of(step.target), look_of(step.target), hover, mark=mark_of(step.target),
             band=band, parent=start, depth=graph.nodes[start]["depth"] + 1, body=step.target.id)
    mark = "\n（推断）" if step.basis == "inferred" else "\n（可能）" if doubtful else ""
    add_edge(graph, start, key, RELATIONS[step.relation].label + mark, "inferred" if doubtful else stroke_of(step), words,
             arrow="to" if step.forward else "from", walked=step.label + mark)
    return key


def _others(graph: Graph, ways: Sequence[WayAnswer], band: int) -> None:
    """One box for the ways of which nothing is known, one for those that are not so."""
    for state, words in WORDS.items():
        some = [w for w in ways if w.state == state]
        if some:
            text = "\n".join([words, *(f"· {w.label}" for w in some)])
            hover = "\n".join(f"{w.label}：{_reason(w)}" for w in some)
            key = add_node(graph, f"{band}/{state}", text, "unknown" if state == "not_known" else "gap", hover,
                           band=band, parent=SUBJECT, depth=1, align="left")
            add_edge(graph, SUBJECT, key, "未登记" if state == "not_known" else "没有", "missing", hover, arrow="")


def _reason(way: WayAnswer) -> str:
    return way.why_not.message if way.why_not else "；".join(_openings(way.open)) or WORDS.get(way.state, "")


def _openings(hops: Iterable[OpenHop]) -> list[str]:
    return [h.message for h in hops][:3]
