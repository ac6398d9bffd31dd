"""The commands that give out sheets: register templates, the sheet for a walk through a building, people's own ledgers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.commands.options import AsOf, Json, Mapping, Policy, Scope, Store
from api.output.paper import Paper, give
from api.wiring import ledgers, opened, view
from schemas.dates import asked
from schemas.errors import InputError


def template(
    kind: Annotated[str | None, typer.Argument(metavar="登记表", show_default=False, help="如 企业、党组织、楼宇、关系")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="文件", show_default=False,
                                                help="存到哪个 .xlsx； 默认 企业登记表_模板.xlsx 的样子")] = None,
    every: Annotated[Path | None, typer.Option("--all", metavar="文件夹", show_default=False,
                                               help="把所有登记表的模板写到这个文件夹")] = None,
    json: Json = False,
) -> None:
    """登记表模板：下载、填写、直接导入。

    表头、下拉列表、示例行和填写说明都已备好；填好后不用任何设置就能导入。

    \b
    示例：
      jingluo template 企业 -o 企业.xlsx
      jingluo template --all 模板
    """
    from ingest.template import template as write
    from ingest.template import templates

    if (kind is None) == (every is None):
        raise InputError("template.which", "请写明哪种登记表，或用 --all 文件夹 写出全部", hint="如：jingluo template 企业 -o 企业.xlsx")
    if every is not None and output is not None:
        raise InputError("template.which", "--all 和 --output 只能用一个", hint="--all 的文件夹里，每种登记表一个文件")
    give(tuple(map(str, templates(every) if every else (write(kind or "", output),))), _written, as_json=json)


def worklist(
    place: Annotated[str, typer.Argument(metavar="楼宇", show_default=False, help="楼宇或园区的名称、编号")],
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="文件", show_default=False,
                                                help="存到哪个 .xlsx； 默认 扫楼_楼宇名.xlsx")] = None,
    date: Annotated[str | None, typer.Option("--date", metavar="日期", show_default=False,
                                             help="走访日期，如 2024-05-20； 默认留空， 走访后填")] = None,
    as_of: AsOf = None, policy: Policy = None, store: Store = None, json: Json = False,
) -> None:
    """扫楼工作表：一座楼宇逐层逐户，已知什么、要问什么。

    打印带去，或在表里填：是否仍在、新入驻、已迁出日期、核实日期、备注。

    填好后用 jingluo load 导入，就登记了谁仍在、谁搬来、谁搬走和最近核实日期。

    \b
    示例：
      jingluo worklist 龙之梦雅仕大厦 -o 扫楼.xlsx
      jingluo load 扫楼.xlsx --dry-run
    """
    from ingest.worklist import worklist as write

    with opened(store) as engine:
        path = write(engine, place, view(engine, as_of=as_of, policy=policy), output, walked=asked(date) if date else None)
    give((str(path),), _written, as_json=json)


def _written(paper: Paper, paths: tuple[str, ...]) -> None:
    paper.line("已写出：")
    for path in paths:
        paper.line(path, indent=2)


def export(
    layout: Annotated[str, typer.Option("--layout", metavar="格式", show_default=False, help="登记表（如 企业），或自己的格式的名称")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="文件.xlsx", show_default=False, help="写到哪个文件")],
    mapping: Mapping = None, scope: Scope = None, as_of: AsOf = None, policy: Policy = None,
    personal: Annotated[bool, typer.Option("--personal", help="连同任职人、值班电话等个人信息")] = False,
    store: Store = None, json: Json = False,
) -> None:
    """把台账写回去：照自己的列、次序和工作表名，内容是现在登记的。

    推断的内容不写（写了就成了原文明示）；写出的文件再导入，什么也不会变。

    \b
    示例：
      jingluo export --layout 企业 -o 企业.xlsx --scope 天山路街道
      jingluo export --layout 街道台账 --mapping 街道台账.toml -o 台账.xlsx
    """
    from ingest.export import Written
    from ingest.export import export as run
    from ingest.own_layouts import ledger_named

    def printed(paper: Paper, done: Written) -> None:
        rows = "，".join(f"{name} {count} 行" for name, count in done.sheets)
        paper.line(f"已写出 {done.file}（截至 {done.as_of}）：{rows}")
        for text in done.left_out:
            paper.item("※", text)

    ledger = ledger_named(layout, ledgers(mapping or ()))
    with opened(store) as engine:
        frame = view(engine, as_of=as_of, policy=policy)
        give(run(engine, ledger, output, frame, scope=scope, personal=personal), printed, as_json=json)
