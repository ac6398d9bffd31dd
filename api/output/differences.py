"""What a load would change, for people: what it means first, then bodies and relationships, old and new with their sources."""

from __future__ import annotations

from collections.abc import Sequence

from api.output.paper import DIM, Paper, Part, name
from schemas.difference import Conflict, Difference, Effect, FieldChange, RelationChange, Transition
from schemas.parts import BodyRef
from schemas.rates import rate

EFFECTS: dict[Effect, str] = {"created": "新建", "updated": "更新", "ended": "结束", "confirmed": "再次确认"}
NAMES = 8  # in a line
MARKS: dict[str, Part] = {"gap": ("○", "bold dark_orange"), "ok": ("√", "green"), "not_known": ("？", "yellow"), "exempt": ("－", "cyan")}


def difference(paper: Paper, d: Difference) -> None:
    """What a load would change, in full."""
    _meaning(paper, d, "会改变什么")
    for t in d.transitions:
        if t.coverage or "gap" in (t.old, t.new):
            _transition(paper, t)
    paper.line((f"对象：{_counts(d.bodies)}    关系：{_counts(d.relationships)}", DIM), indent=2)
    _changes(paper, d)


def changed(paper: Paper, d: Difference | None) -> None:
    """What a load has changed, in short; ``None``: it was too much to be compared."""
    if d is None:
        paper.item("※", "数据较多，没有逐项比较改变了什么：现在的情况见 jingluo statistics、jingluo gaps、jingluo check")
        return
    _meaning(paper, d, "改变了什么")
    paper.line(f"对象：{_counts(d.bodies)}    关系：{_counts(d.relationships)}", indent=2)
    if d.conflicts_total:
        paper.item("！", f"来源不一致 {d.conflicts_total} 处，取较新的（见 jingluo check）")
    paper.line(("逐项的旧值、新值：导入前用 --dry-run 看；撤回这次导入：jingluo undo 序号（见 jingluo imports）", DIM), indent=2)


def _meaning(paper: Paper, d: Difference, title: str) -> None:
    paper.heading(title, (f"  按 {d.frame.as_of}，口径 {d.frame.policy}", DIM))
    if not d.summary:
        paper.line("覆盖情况和薄弱项没有变化", indent=2)
    for said in d.summary:
        paper.item("→", (said, "bold"))
    before, after = ((c.rate_low, c.rate_high) for c in (d.coverage_before, d.coverage_after))
    if before != after:
        paper.item("→", f"覆盖率 {rate(*before)} → {rate(*after)}")


def _counts(counts: dict[Effect, int]) -> str:
    return "，".join(f"{label} {counts[e]}" for e, label in EFFECTS.items() if counts.get(e)) or "没有变化"


def _transition(paper: Paper, t: Transition) -> None:
    arrow = f"{t.old_label} → {t.new_label}"
    paper.item(MARKS.get(t.new, "·"), f"{t.rule_label}：{arrow} {t.total} 个", (f"  {_names(t.subjects, t.total)}", DIM))


def _names(bodies: Sequence[BodyRef], total: int) -> str:
    more = f" 等，共 {total} 个" if total > min(len(bodies), NAMES) else ""
    return "、".join(map(name, bodies[:NAMES])) + more


def _changes(paper: Paper, d: Difference) -> None:
    if d.created:
        _heading(paper, "新建的对象", len(d.created), d.bodies.get("created", 0))
        paper.line("、".join(name(b, kind=True) for b in d.created), indent=2)
    if d.updated:
        _heading(paper, "更新的对象", len(d.updated), d.bodies.get("updated", 0))
        for body in d.updated:
            paper.item("·", name(body.body, kind=True))
            _fields(paper, body.fields)
    _relations(paper, "更新的关系", d.updated_relationships, d.relationships.get("updated", 0))
    _relations(paper, "结束的关系", d.ended, d.relationships.get("ended", 0))
    if d.conflicts:
        _heading(paper, "来源不一致", len(d.conflicts), d.conflicts_total)
        for conflict in d.conflicts:
            _conflict(paper, conflict)


def _heading(paper: Paper, title: str, shown: int, total: int) -> None:
    paper.heading(title, (f"  {total} 个" + (f"，此处 {shown} 个；--limit N 多列，--json 全部" if total > shown else ""), DIM))


def _fields(paper: Paper, fields: Sequence[FieldChange]) -> None:
    for f in fields:
        paper.line((f"{f.label}：", DIM), f.old or "（未填）", (paper.marks(f.old_evidence), DIM), " → ", (f.new or "（未填）", "bold"),
                   (paper.marks(f.new_evidence), DIM), indent=5)


def _relations(paper: Paper, title: str, changes: Sequence[RelationChange], total: int) -> None:
    if changes:
        _heading(paper, title, len(changes), total)
    for change in changes:
        step = change.step
        paper.item("·", f"{name(step.source)} —{step.label}→ {name(step.target)}")
        _fields(paper, change.fields)


def _conflict(paper: Paper, c: Conflict) -> None:
    others = "；".join(f"{value}{paper.marks([e])}" for value, e in c.others)
    paper.item("！", f"{name(c.body, kind=True)} {c.label}：取 {c.value}{paper.marks(c.evidence)}；另有 {others}")
