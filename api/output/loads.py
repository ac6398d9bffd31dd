"""What a load did, and what was loaded before, for people."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.text import Text

from api.output.paper import DIM, Paper, Part, name
from schemas.facts import Reject
from schemas.reports import FullRegister, ImportList, ImportRecord, LoadReport, RejectFile

STATES: dict[str, Part] = {"loaded": ("√ 已导入", "green"), "already_loaded": ("＝ 已导入过", "cyan"), "dry_run": ("√ 预检", "green"),
                           "refused": ("× 未导入", "bold red"), "unfinished": ("！ 未完成", "bold yellow")}
NOTHING: Part = ("× 全部退回", "bold red")  # every row was refused
IMPORT_STATES = {"done": "有效", "running": "正在导入", "unfinished": "未完成", "undone": "已撤回"}
REJECTS_SHOWN = 20
TOLD = 5  # columns of a load's table that are there even where nothing is counted in them


def load(paper: Paper, reports: Sequence[LoadReport], rejects: Sequence[Reject] = (), written: Sequence[RejectFile] = ()) -> None:
    if reports and all(r.state == "already_loaded" for r in reports):
        told = reports[0].message if len(reports) == 1 else f"{len(reports)}个文件此前都已导入，见 jingluo imports"
        paper.line(f"数据没有变化：{told}")
    else:
        _reports(paper, reports)
    if rejects:
        refused(paper, sum(r.rejected for r in reports), rejects, written)


def _reports(paper: Paper, reports: Sequence[LoadReport]) -> None:
    paper.heading("导入结果")
    columns = ("文件", "结果", "登记表", "读取", "新建", "更新", "再次确认", "未变", "问题行", "新对象", "新关系")
    rows = [_report(r) for r in reports]
    told = [i for i in range(len(columns)) if i < TOLD or any(row[i] != "-" for row in rows)]
    paper.table([columns[i] for i in told], [[row[i] for i in told] for row in rows], numbers=range(3, len(told)))
    for r in reports:
        for text in (*([r.message] if r.message else []), *r.warnings):
            paper.item("※", f"{r.file}：{text}")
        if r.joined:
            paper.item("＝", f"{r.file}：有 {r.joined} 个对象与已登记的只差公司形式或地区，认作同一个，见下")
        if r.review:
            paper.item("？", f"{r.file}：有 {r.review} 处可能是同一个对象，请核定：jingluo review")
        if r.full:
            full(paper, r.file, r.full, tried=r.state == "dry_run")


def full(paper: Paper, file: str, told: FullRegister, *, tried: bool) -> None:
    paper.item("◎", f"{file} 是全量登记表：{told.scope}" + (f"；列全的关系：{'、'.join(told.relationships)}" if told.relationships else ""))
    if told.withheld:
        paper.line((f"→ {told.withheld}", "yellow"), indent=6)
        return
    paper.line(f"没有列出的关系{'将' if tried else '已'}结束 {told.ended} 个" + ("，见下" if tried and told.ended else ""), indent=6)
    if told.kept:
        paper.line(f"另有 {told.kept} 个没有列出，但同期或更新的来源说有，保留，请核对", indent=6)
        for step in told.kept_relationships[:REJECTS_SHOWN]:
            paper.item("·", f"{name(step.source)} —{step.label}→ {name(step.target)}", (paper.marks(step.evidence), DIM))
        if told.kept > REJECTS_SHOWN:
            paper.line((f"…… 共 {told.kept} 个；--json 或 jingluo check 列出其余的", DIM), indent=6)


def _report(r: LoadReport) -> list[Part]:
    numbers: list[Part] = [str(n or "-") for n in (r.read, r.created, r.updated, r.confirmed, r.unchanged - r.confirmed)]
    rejected: Part = (str(r.rejected), "bold red") if r.rejected else "-"
    created: list[Part] = [str(targets.get("created", 0) or "-") for targets in (r.bodies, r.relationships)]
    state = NOTHING if r.read and r.read == r.rejected else STATES[r.state]
    return [r.file, state, r.layout.replace("登记表", ""), *numbers, rejected, *created]


def refused(paper: Paper, total: int, rejects: Sequence[Reject], files: Sequence[RejectFile]) -> None:
    from ingest.rejects import default_name  # with the library that writes workbooks

    paper.heading(f"问题行（{total}）", ("  其余各行不受影响", DIM))
    for reject in rejects[:REJECTS_SHOWN]:
        paper.item("×", f"{_where(reject)}：{reject.message}", (f" [{reject.code}]", DIM))
        if reject.hint:
            paper.line((f"→ {reject.hint}", DIM), indent=6)
        for wrong in reject.further:
            paper.line(f"“{wrong.column}”列：{wrong.message}", indent=4)
            paper.line((f"→ {wrong.hint}", DIM), indent=6)
    if total > REJECTS_SHOWN:
        paper.line((f"…… 共 {total} 行", DIM), indent=2)
    for written in files:
        paper.item("→", f"{written.file} 的 {written.rows} 个问题行已写到 {written.path}：在里面改好，直接导入这个文件即可")
        if written.left_out:
            paper.line(f"一个工作表放不下，另有 {written.left_out} 行没有写出；改好这些后再导入原文件，可得到其余的", indent=4)
    for file in dict.fromkeys(r.file for r in rejects if r.file.endswith(".toml")):
        paper.item("→", f"{file} 是声明，没有问题行的表：请在原文件里改好上面所说的几项，再导入；收下的不会重复")
    tables = [r.file for r in rejects if not r.file.endswith(".toml")]
    if tables and not files:
        paper.item("→", f"要在表格里改：同一命令加 --rejects {default_name(tables[0])}，得到只有问题行的表，改好直接导入")


def _where(reject: Reject) -> str:
    if reject.file.endswith(".toml"):
        return f"{reject.file} 第 {reject.row} 项（{reject.column}）"
    sheet = f"“{reject.sheet}”表" if reject.sheet else ""
    return f"{reject.file} {sheet}第 {reject.row} 行" + (f"“{reject.column}”列" if reject.column else "")


def imports(paper: Paper, answer: ImportList) -> None:
    if not answer.imports:
        paper.line("还没有导入任何文件")
        return
    columns = ("序号", "文件", "来源", "截至", "导入时间", "状态", "读取", "问题行", "摘要")
    paper.table(columns, [_import(r) for r in answer.imports], numbers=(0, 6, 7))
    if any(r.state == "unfinished" for r in answer.imports):
        paper.item("※", "未完成：已写入的数据完好；再导入同样的文件即可补全")
    paper.more(answer.page, len(answer.imports))


def _import(r: ImportRecord) -> list[Part]:
    who = f"（{r.who}）" if r.who else ""
    made_up = "〔虚构〕" if r.synthetic else ""
    return [str(r.number), r.file + made_up, r.source, r.as_of, moment(r.at) + who, import_state(r),
            str(r.counts.get("read", "-")), str(r.counts.get("rejected", "-")), (r.digest[:8], DIM)]


def import_state(r: ImportRecord) -> str:
    """有效, 全部退回 where no row of it is in force, or 已撤回 with when and by whom."""
    undone = f"（{r.undone_at[:10]}{f'，{r.undone_by}' if r.undone_by else ''}）" if r.undone_at else ""
    if r.state == "done" and r.counts.get("read") and r.counts["read"] == r.counts.get("rejected"):
        return "全部退回"
    return IMPORT_STATES.get(r.state, r.state) + undone


def moment(at: str) -> str:
    """2024-03-01T09:30:00+08:00 -> 2024-03-01 09:30"""
    return at[:16].replace("T", " ")


def waiting(seconds: float) -> Callable[[object], None]:
    """Tells on stderr for whom is waited."""
    return lambda holder: print(f"另一程序正在{holder}，等它完成，最多 {seconds:.0f} 秒……", file=sys.stderr)  # noqa: T201 - not an answer


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
