"""What a load did, and what was loaded before, for people."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.text import Text

from api.output.paper import DIM, Paper, Part
from api.output.spreadsheet import harmless
from schemas.answers import ImportList, ImportRecord, LoadReport
from schemas.errors import InputError
from schemas.facts import Reject

STATES: dict[str, Part] = {"loaded": ("√ 已导入", "green"), "already_loaded": ("＝ 已导入过", "cyan"), "dry_run": ("√ 预检", "green"),
                           "refused": ("× 未导入", "bold red"), "unfinished": ("！ 未完成", "bold yellow")}
NOTHING: Part = ("× 全部退回", "bold red")  # every row was refused
IMPORT_STATES = {"done": "有效", "running": "正在导入", "unfinished": "未完成", "undone": "已撤回"}
REJECTS_SHOWN = 20
COLUMNS = ("文件", "工作表", "行", "列", "代码", "问题", "怎样改")


def load(paper: Paper, reports: Sequence[LoadReport], rejects: Sequence[Reject]) -> None:
    if reports and all(r.state == "already_loaded" for r in reports):
        told = reports[0].message if len(reports) == 1 else f"{len(reports)}个文件此前都已导入，见 jingluo imports"
        paper.line(f"数据没有变化：{told}")
        return
    paper.heading("导入结果")
    columns = ("文件", "结果", "登记表", "读取", "新建", "更新", "再次确认", "未变", "问题行", "新对象", "新关系")
    paper.table(columns, [_report(r) for r in reports], numbers=range(3, 11))
    for r in reports:
        for text in (*([r.message] if r.message else []), *r.warnings):
            paper.item("※", f"{r.file}：{text}")
    if rejects:
        refused(paper, rejects)


def _report(r: LoadReport) -> list[Part]:
    numbers: list[Part] = [str(n or "-") for n in (r.read, r.created, r.updated, r.confirmed, r.unchanged - r.confirmed)]
    rejected: Part = (str(r.rejected), "bold red") if r.rejected else "-"
    created: list[Part] = [str(targets.get("created", 0) or "-") for targets in (r.bodies, r.relationships)]
    state = NOTHING if r.read and r.read == r.rejected else STATES[r.state]
    return [r.file, state, r.layout.replace("登记表", ""), *numbers, rejected, *created]


def refused(paper: Paper, rejects: Sequence[Reject]) -> None:
    paper.heading(f"问题行（{len(rejects)}）", ("  其余各行不受影响；改好后把同一文件再导入即可", DIM))
    for reject in rejects[:REJECTS_SHOWN]:
        sheet, column = reject.sheet and f" 工作表“{reject.sheet}”", reject.column and f"“{reject.column}”列"
        where = f"{reject.file}{sheet} 第 {reject.row} 行{column}"
        paper.item("×", f"{where}：{reject.message}", (f" [{reject.code}]", DIM))
        if reject.hint:
            paper.line((f"→ {reject.hint}", DIM), indent=6)
    if len(rejects) > REJECTS_SHOWN:
        paper.line((f"…… 共 {len(rejects)} 行；用 --rejects 文件.csv 全部写出", DIM), indent=2)


def write_rejects(path: Path, rejects: Sequence[Reject]) -> None:
    """All rejects as a CSV that office programs open: with a byte-order mark, and no cell that a program would run as a formula."""
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            writer.writerows([harmless(str(v)) for v in (r.file, r.sheet, r.row, r.column, r.code, r.message, r.hint)] for r in rejects)
    except (OSError, ValueError):
        raise InputError("load.rejects", f"登记表已处理，但问题行文件 {path} 无法写入",
                         hint="请检查文件夹是否存在、是否有写权限；再次运行不会重复导入") from None


def imports(paper: Paper, answer: ImportList) -> None:
    if not answer.imports:
        paper.line("还没有导入任何文件")
        return
    columns = ("序号", "文件", "来源", "截至", "导入时间", "状态", "读取", "问题行", "摘要")
    paper.table(columns, [_import(r) for r in answer.imports], numbers=(0, 6, 7))
    paper.more(answer.page, len(answer.imports))


def _import(r: ImportRecord) -> list[Part]:
    who = f"（{r.who}）" if r.who else ""
    made_up = "〔虚构〕" if r.synthetic else ""
    undone = f"（{r.undone_at[:10]}{f'，{r.undone_by}' if r.undone_by else ''}）" if r.undone_at else ""
    return [str(r.number), r.file + made_up, r.source, r.as_of, moment(r.at) + who, IMPORT_STATES.get(r.state, r.state) + undone,
            str(r.counts.get("read", "-")), str(r.counts.get("rejected", "-")), (r.digest[:8], DIM)]


def moment(at: str) -> str:
    """2024-03-01T09:30:00+08:00 -> 2024-03-01 09:30"""
    return at[:16].replace("T", " ")


@contextmanager
def progress_bar(what: str = "导入") -> Iterator[Callable[[int, int], None] | None]:
    """A callback (done, total) that draws a bar with rate and remaining time on stderr, from its first call on; None where stderr
    is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text(f"{speed:,.0f} 行/秒" if speed else "", style=DIM)

    bar = Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(), TextColumn("剩余"), TimeRemainingColumn(),
                   console=Console(stderr=True), transient=True)
    task = bar.add_task("读取", total=None)

    def told(done: int, total: int) -> None:
        bar.start()
        bar.update(task, description=what if total else "读取", completed=done, total=total or None)

    try:
        yield told
    finally:
        bar.stop()
