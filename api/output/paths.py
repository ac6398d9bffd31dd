"""Liaison paths for people: hop by hop with basis and evidence; without a path, what each end is connected to."""

from __future__ import annotations

from collections.abc import Sequence

from api.output.paper import DIM, Paper, Part, arrow, as_of_note, basis, details, name
from schemas.answers import LiaisonPath, Paths
from schemas.parts import Step


def paths(paper: Paper, answer: Paths) -> None:
    paper.heading(f"联系渠道  {name(answer.start)} → {name(answer.end)}", (f"  按 {answer.frame.as_of}", DIM))
    for number, path in enumerate(answer.paths, 1):
        _path(paper, number, path)
    if answer.message:
        paper.item("※", answer.message)
    if answer.outcome != "paths":
        _contacts(paper, name(answer.start), answer.start_contacts, answer.start_contacts_total)
        _contacts(paper, name(answer.end), answer.end_contacts, answer.end_contacts_total)
    if not answer.exact:
        paper.line((f"查找范围已达上限（读取关系 {answer.relationships_read} 条），结果可能不是最短", "yellow"), indent=2)


def _path(paper: Paper, number: int, path: LiaisonPath) -> None:
    paper.item(f"{number}.", f"距离{path.cost}，{path.hops}步，", "全部为原文明示" if path.stated else "含推断",
               (f"  {as_of_note(path.as_of)}", DIM))
    paper.line(name(path.steps[0].source, kind=True), indent=5)
    for step in path.steps:
        hop(paper, step, indent=5)


def _contacts(paper: Paper, who: str, contacts: Sequence[Step], total: int) -> None:
    if not contacts:
        paper.item("·", f"{who}：没有登记任何可联系的关系")
        return
    paper.item("·", f"{who}的直接联系（{total}个）：")
    for step in contacts:
        hop(paper, step, indent=4)
    if total > len(contacts):
        paper.line((f"…… 共{total}个", DIM), indent=4)


def hop(paper: Paper, step: Step, indent: int) -> None:
    """One relationship as walked, with its basis and evidence."""
    said = "".join(f"，{part}" for part in (details(step), f"自{step.since}" if step.since else "") if part)
    marks: Part = (f"{said} {paper.marks(step.evidence)}", DIM)
    paper.item(arrow(step), name(step.target, kind=True), "  ", basis([step]), marks, indent=indent)
