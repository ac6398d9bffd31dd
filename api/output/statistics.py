"""Statistics and reconciliation for people."""

from __future__ import annotations

from api.output.paper import DIM, Paper, Part, as_of_note, name
from schemas.answers import Cell, Reconciled, Reconciliation, Statistics
from schemas.rates import rate
from schemas.scopes import DIMENSION_LABELS

CLASSES = {"own": "单独组建", "organisation": "组织覆盖", "work": "工作覆盖"}
HEADERS = ("单位", "已覆盖", "空白点", "情况不明", "不纳入", "覆盖率", *CLASSES.values())
HIDDEN = "（不显示）"


def statistics(paper: Paper, answer: Statistics) -> None:
    where = f"（{name(answer.scope)}）" if answer.scope else ""
    paper.heading(f"覆盖率统计{where}", (f"  按 {answer.frame.as_of}，口径 {answer.frame.policy}  {as_of_note(answer.as_of)}", DIM))
    columns = (DIMENSION_LABELS[answer.by] if answer.by else "范围", *HEADERS)
    paper.table(columns, [_row(c) for c in _cells(answer)], numbers=range(1, 10))
    paper.line(("覆盖率 = 已覆盖 ÷（单位 − 不纳入）；有情况不明的给出区间：全按未覆盖计，至全按已覆盖计", DIM), indent=2)
    if any(c.suppressed for c in answer.groups):
        paper.line((f"{HIDDEN}：单位数为 1 或 2 的组，及可由合计推出的组", DIM), indent=2)
    paper.more(answer.page, len(answer.groups))


def _cells(answer: Statistics) -> list[Cell]:
    compared = [answer.compare.model_copy(update={"group": f"对比{answer.compare_as_of}"})] if answer.compare else []
    return [*answer.groups, answer.overall, *compared]


def _row(cell: Cell) -> list[Part]:
    if cell.suppressed:
        return [cell.group, HIDDEN, *[""] * 8]
    counts: list[Part] = [("-" if not cell.counts[s] else str(cell.counts[s])) for s in ("covered", "uncovered", "not_known", "exempt")]
    return [cell.group, str(cell.total), *counts, (rate(cell.rate_low, cell.rate_high), "bold"),
            *(rate(*(cell.class_rates.get(c) or (None, None))) for c in CLASSES)]


def reconciliation(paper: Paper, answer: Reconciliation) -> None:
    paper.heading("数据核对：公布数与台账数", (f"  按 {answer.frame.as_of}", DIM))
    compared = [c for c in answer.counts if c.compared]
    rest = [c for c in answer.counts if not c.compared]
    columns = ("公布的内容", "公布数", "台账数", "另可能", "待补录", "依据")
    if compared or not rest:
        paper.table(columns, [_compared(paper, c) for c in compared], numbers=(1, 2, 3, 4))
    if rest:
        paper.line("只列出、不核对（流量、期间已过，或所计的不是台账对象）：", indent=2)
        paper.table(("公布的内容", "公布数", "期间", "依据"), [_shown(paper, c) for c in rest], numbers=(1,))
    paper.more(answer.page, len(answer.counts))


def label(count: Reconciled) -> str:
    return "　其中" + count.label.rpartition("：")[2] if count.part_of else count.label


def published(count: Reconciled) -> str:
    return {"=": "", ">": "多于 ", ">=": "至少 ", "≈": "约 "}[count.comparator] + f"{count.published}{count.unit}"


def registered(count: Reconciled) -> str:
    low, high = count.registered_low, count.registered_high
    return str(low) if low == high else f"{low}-{high}"


def _compared(paper: Paper, c: Reconciled) -> list[Part]:
    return [label(c), published(c), registered(c), str(c.possible or "-"), (c.placeholder_text, "dark_orange"), (_mark(paper, c), DIM)]


def _shown(paper: Paper, c: Reconciled) -> list[Part]:
    return [label(c), published(c), period(c), (_mark(paper, c), DIM)]


def period(count: Reconciled) -> str:
    return count.period or ("流量" if count.measure == "flow" else "")


def _mark(paper: Paper, c: Reconciled) -> str:
    return paper.marks([c.evidence] if c.evidence else [])
