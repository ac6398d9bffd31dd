"""What hovering shows, as plain text: what is said, on what basis, since when, and which register rows say so."""

from __future__ import annotations

from collections.abc import Iterable

from schemas.answers import BASIS_LABELS, Cell, Gap
from schemas.parts import BodyRef, Evidence, Step
from schemas.rates import rate
from viz.style import STATE_WORDS

ROWS = 4  # shown; the number of the others is told
REASONS = 4


def rows_text(rows: Iterable[Evidence]) -> list[str]:
    """Lines: source with its as-of, file and row."""
    said = [f"{e.source}（截至{e.as_of}） {e.file}{' ' + e.sheet if e.sheet else ''} 第 {e.row} 行" for e in rows]
    more = [f"……另有 {len(said) - ROWS} 行依据"] if len(said) > ROWS else []
    return [*said[:ROWS], *more]


def body_text(body: BodyRef) -> str:
    marks = ("名称未公布" if body.unnamed else "", "虚构数据" if body.synthetic else "", "待补录" if body.stub else "")
    return "　".join((f"{body.name}（{body.kind_label}）", *(m for m in marks if m)))


def step_text(step: Step) -> str:
    """One relationship with its basis, dates and evidence."""
    since = f"{step.since or '起始不详'} 至 {step.until}" if step.until else f"自 {step.since}" if step.since else "起始日期不详"
    lines = [f"{step.source.name} → {step.label}{f'（{step.role}）' if step.role else ''} → {step.target.name}",
             f"{BASIS_LABELS[step.basis]}　{since}"]
    lines += [f"{label}：{value}" for label, value in step.values.items()]
    if step.reason:
        lines.append(f"推断理由：{step.reason}")
    return "\n".join([*lines, *rows_text(step.evidence)])


def gap_text(gap: Gap) -> str:
    """The state of one subject under a rule: expected, found, why not known, evidence."""
    lines = [f"{body_text(gap.subject)}：{STATE_WORDS[gap.state]}", f"应有：{gap.expected}", f"现有：{gap.found}"]
    lines += [o.message for o in gap.open[:REASONS]]
    if gap.open_total > REASONS:
        lines.append(f"……另有 {gap.open_total - REASONS} 处情况不明")
    lines += list(dict.fromkeys(line for m in gap.matches for s in m.steps for line in rows_text(s.evidence)))[:ROWS]
    return "\n".join([*lines, *([gap.as_of.note] if gap.as_of else [])])


def cell_text(cell: Cell) -> str:
    """The coverage of the units of one group in words."""
    if cell.suppressed:
        return f"{cell.group}：单位过少，不显示"
    counts = cell.counts
    words = f"{cell.total} 家单位：已覆盖 {counts['covered']}，空白点 {counts['uncovered']}，情况不明 {counts['not_known']}"
    return f"{cell.group}：{words}{f'，不纳入统计 {n}' if (n := counts['exempt']) else ''}；覆盖率 {rate(cell.rate_low, cell.rate_high)}"


def sources_of(steps: Iterable[Step]) -> tuple[str, ...]:
    """The sources of the evidence, each once."""
    return tuple(dict.fromkeys(e.source for s in steps for e in s.evidence))
