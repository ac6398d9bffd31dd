"""Gaps for people: each rule with its counts, then the findings with what is expected, found and would have to be registered."""

from __future__ import annotations

from api.output.coverage import match
from api.output.paper import DIM, Paper, Part, as_of_note, name
from schemas.answers import Gap, Gaps, GapSummary, RuleSummary

STATE_MARKS: dict[str, Part] = {"gap": ("○", "bold dark_orange"), "not_known": ("？", "yellow"), "exempt": ("－", "cyan"),
                                "ok": ("√", "green"), "not_applicable": ("·", DIM)}
SEVERITY = {"gap": "要求", "information": "提示"}
OPEN_SHOWN = 3


def gaps(paper: Paper, answer: Gaps) -> None:
    notes = {as_of_note(g.as_of) for g in answer.gaps}
    note = f"  {notes.pop()}" if len(notes) == 1 else ""
    gap_summary(paper, answer, note)
    rule = ""
    for gap in answer.gaps:
        if gap.rule != rule:
            rule = gap.rule
            paper.heading(gap.rule_label, (f"  {gap.rule}·{SEVERITY[gap.severity]}", DIM))
            paper.line((f"应有：{gap.expected}", DIM), indent=2)
        finding(paper, gap, dated=not note)
    paper.more(answer.page, len(answer.gaps))
    if not answer.gaps:
        paper.line("所选状态下没有发现", indent=2)


def gap_summary(paper: Paper, answer: Gaps | GapSummary, note: str = "") -> None:
    where = f"（{name(answer.scope)}）" if answer.scope else ""
    assumed = f"，假定 {answer.frame.assumed} 条声明成立" if answer.frame.assumed else ""
    paper.heading(f"薄弱项{where}", (f"  按 {answer.frame.as_of}，口径 {answer.frame.policy}{assumed}{note}", DIM))
    columns = ("规则", "代号", "级别", "对象", "薄弱项", "情况不明", "不纳入", "已达到")
    asked = [r for r in answer.rules if r.subjects]
    if asked:
        paper.table(columns, [_row(r) for r in asked], numbers=range(3, 8))
    if idle := len(answer.rules) - len(asked):
        paper.line((f"{'另有 ' if asked else ''}{idle} 条规则{'在此范围内' if answer.scope else ''}没有登记对象", DIM), indent=2)


def _row(rule: RuleSummary) -> list[Part]:
    label = rule.label + ("（解读）" if rule.reading else "")
    numbers: list[Part] = [("-" if not rule.counts.get(s) else str(rule.counts[s]), style)
                           for s, style in (("gap", "bold dark_orange"), ("not_known", "yellow"), ("exempt", "cyan"), ("ok", "green"))]
    return [label, (rule.rule, DIM), SEVERITY[rule.severity], str(rule.subjects), *numbers]


def finding(paper: Paper, gap: Gap, *, dated: bool = True) -> None:
    """``dated``: with the as-of of its evidence."""
    note: Part = (f"  {as_of_note(gap.as_of)}" if dated else "", DIM)
    paper.item(STATE_MARKS[gap.state], name(gap.subject, kind=True), f"  {gap.state_label}：{gap.found}", note)
    for m in gap.matches:
        match(paper, m)
    for hop in gap.open[:OPEN_SHOWN]:
        paper.item("→", ("待登记：" + hop.message, DIM), indent=5)
    if gap.open_total > OPEN_SHOWN:
        paper.line((f"…… 共 {gap.open_total} 处待登记", DIM), indent=7)
    if gap.remedy and gap.state == "gap":
        paper.item("→", f"建议：{gap.remedy}", indent=5)
