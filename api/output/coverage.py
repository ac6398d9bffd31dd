"""Coverage for people: the ways by class, contact apart, each with path, basis, evidence, or why not."""

from __future__ import annotations

from api.output.paper import DIM, Paper, Part, as_of_note, basis, chain, name
from schemas.answers import Coverage, WayAnswer
from schemas.parts import Match, Note

STATUS_MARKS: dict[str, Part] = {"covered": ("√ 已覆盖", "bold green"), "exempt": ("－ 不纳入统计", "bold cyan"),
                                 "uncovered": ("○ 空白点", "bold dark_orange"), "not_known": ("？ 情况不明（待核实）", "bold yellow")}
STATE_MARKS: dict[str, Part] = {"true": ("√", "green"), "false": ("○", "dark_orange"), "not_known": ("？", "yellow")}


def coverage(paper: Paper, answer: Coverage) -> None:
    paper.heading(name(answer.subject), (f"  {answer.subject.kind_label} {answer.subject.id}  按 {answer.frame.as_of}", DIM))
    first = next((w for w in answer.ways if w.name == answer.statistical_class), None)
    how = f"：{first.class_label}·{first.label}" if first else "，可能已覆盖（probable）" if answer.probable else ""
    paper.line("覆盖情况  ", STATUS_MARKS[answer.status], how, f"    {as_of_note(answer.as_of)}", indent=2)
    for class_name in dict.fromkeys(w.class_name for w in answer.ways):
        ways = [w for w in answer.ways if w.class_name == class_name]
        paper.heading(ways[0].class_label + ("" if ways[0].counts else "（不计入覆盖）"))
        for w in ways:
            way(paper, w)
    for note in answer.notes:
        paper.item("※", f"{about(note)}：{note.reason} {paper.marks([note.evidence] if note.evidence else [])}", indent=0)


def about(note: Note) -> str:
    """What a note is, and about what."""
    label = "口径待核实" if note.type == "doubt" else "不纳入统计"
    return f"{label}（{'覆盖情况' if note.about == 'coverage' else note.about}）"


def way(paper: Paper, answer: WayAnswer) -> None:
    """One way: its matches, or the hop that is missing and what is not known."""
    if not answer.matches:
        closed = paper.marks(answer.why_not.closed_by) if answer.why_not else ""
        known = f"（该项已声明登记完整 {closed}）" if closed else ""
        paper.item(STATE_MARKS[answer.state], answer.label, (f"  {lacking(answer)}{known}", DIM))
        return
    paper.item(STATE_MARKS[answer.state], answer.label, (f"  {as_of_note(answer.as_of)}", DIM))
    for m in answer.matches:
        match(paper, m)
    if answer.truncated:
        paper.line((f"共 {answer.total} 个，此处 {len(answer.matches)} 个", DIM), indent=5)


def lacking(answer: WayAnswer) -> str:
    """The hop that is missing and, where that does not settle it, what is not registered in full."""
    said = answer.why_not.message if answer.why_not else ""
    if answer.state == "false" or not answer.open:
        return said
    first = answer.open[0]
    more = f"（另{answer.open_total - 1}处）" if answer.open_total > 1 else ""
    if answer.why_not and first.missing == answer.why_not.hop:
        return f"{said}，是否登记齐全不明{more}"
    return "；".join(filter(None, (said, first.message + more)))


def match(paper: Paper, answer: Match, indent: int = 5) -> None:
    marks = paper.marks(e for s in answer.steps for e in s.evidence)
    how = basis(answer.steps) if answer.certain else ("可能（probable）：" + "；".join(answer.needs), "yellow")
    paper.item("·", *chain(answer.steps), "  ", how, (f" {marks}", DIM), indent=indent)
