"""The commands that give out sheets to fill in: register templates and the sheet for a walk through a building."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.commands.options import Json
from api.output.paper import Paper, give
from schemas.errors import InputError


def template(
    kind: Annotated[str | None, typer.Argument(metavar="登记表", show_default=False, help="如 企业、党组织、楼宇、关系")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="文件.xlsx", show_default=False,
                                                help="存到哪个文件； 默认 企业登记表_模板.xlsx 的样子")] = None,
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


def _written(paper: Paper, paths: tuple[str, ...]) -> None:
    paper.line("已写出：")
    for path in paths:
        paper.line(path, indent=2)
