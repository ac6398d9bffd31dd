"""What was taken back, and what is to be reviewed, for people."""

from __future__ import annotations

from api.output.loads import moment
from api.output.paper import Paper
from schemas.answers import UndoReport

EFFECTS = (("removed", "消失"), ("updated", "变化"), ("confirmed", "少一处依据"), ("created", "恢复"))


def undone(paper: Paper, report: UndoReport) -> None:
    r = report.undone
    if not report.changed:
        at = f"已于 {moment(r.undone_at)} " if r.undone_at else "此前已"
        paper.line(f"数据没有变化：第 {r.number} 次导入（{r.file}）{at}撤回")
        return
    paper.line(f"已撤回第 {r.number} 次导入（{r.file}，来源 {r.source}，截至 {r.as_of}）")
    for label, effects in (("对象", report.bodies), ("关系", report.relationships)):
        told = "，".join(f"{word} {effects[e]} 个" for e, word in EFFECTS if effects.get(e))
        paper.line(f"{label}：{told or '没有变化'}", indent=2)
    paper.line("需要时可以再导入同一文件", indent=2)
