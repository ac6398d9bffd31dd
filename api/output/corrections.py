"""What was taken back, and what is to be reviewed, for people."""

from __future__ import annotations

from collections.abc import Sequence

from api.output.loads import moment
from api.output.paper import DIM, Paper, name
from schemas.reports import LoadReport, ReviewItem, ReviewList, UndoReport

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


QUESTIONS_SHOWN = 20


def brought_up(paper: Paper, joined: Sequence[ReviewItem], questions: Sequence[ReviewItem], reports: Sequence[LoadReport]) -> None:
    """Whom a load joined, and whom it asks about."""
    tried = any(r.state == "dry_run" for r in reports)
    totals = sum(r.joined for r in reports), sum(r.review for r in reports)
    for title, items, total in zip(("认作同一个", "可能是同一个"), (joined, questions), totals, strict=True):
        if not items:
            continue
        paper.heading(f"{title}（{total}）", (f"  此处 {QUESTIONS_SHOWN} 个；--json 多列" if total > QUESTIONS_SHOWN else "", DIM))
        for item in items[:QUESTIONS_SHOWN]:
            question(paper, item)
    if joined and not tried:
        paper.line(("→ 不是同一个的：jingluo review undo 编号", DIM))
    if questions and not tried:
        paper.line(("→ 请核定：jingluo review same 编号，或 jingluo review different 编号", DIM))


DECISIONS = {"open": "待核定", "same": "同一个", "different": "不是同一个"}


def review(paper: Paper, answer: ReviewList) -> None:
    if not answer.items:
        paper.line("没有待核定的问题" if not answer.page.total else "没有更多了")
    for item in answer.items:
        question(paper, item)
    if answer.items and answer.items[0].state == "open":
        paper.line(("→ 是同一个：jingluo review same 编号；不是：jingluo review different 编号", DIM))
    paper.more(answer.page, len(answer.items))


def question(paper: Paper, item: ReviewItem) -> None:
    paper.item(str(item.number), name(item.one, kind=True), f"（{item.one.id}） 与 ", name(item.other, kind=True),
               f"（{item.other.id}）", " 是否同一个？" if item.state == "open" else f"：{DECISIONS[item.state]}")
    paper.line((f"{'；'.join(item.evidence)}；{_how(item)}", DIM), indent=6)


def _how(item: ReviewItem) -> str:
    """Which import asked, who decided, and as which import."""
    if item.automatic and item.state == "same":
        return f"第 {item.import_number} 次导入时按名称认定"
    asked = f"第 {item.import_number} 次导入提出"
    decided = f"；{moment(item.at)}{f' {item.who}' if item.who else ''} 核定" if item.at and item.state != "open" else ""
    return asked + decided + (f"；第 {item.decided_as} 次导入" if item.decided_as and item.state == "same" else "")
