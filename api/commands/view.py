"""The commands that draw: one question on one store, its answer as an HTML file that opens anywhere, offline."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.commands.help import Commands
from api.commands.options import AsOf, Assume, Policy, Scope, Store
from api.wiring import opened
from api.wiring import view as asked_view
from schemas.errors import InputError, why

app = Commands(help="画图：把回答存成一个可离线打开的网页文件。")
Out = Annotated[Path, typer.Option("--output", "-o", metavar="文件.html", show_default=False, help="存到哪个文件")]
PAGE = b"<!doctype html"  # how a page begins
MEMBERS = 60  # asked for of each alliance; the picture draws what fits
UNITS = 3_000  # up to so many units the gap map holds each of them, to drill down to


@app.command()
def coverage(who: Annotated[str, typer.Argument(metavar="单位", show_default=False, help="名称、简称、信用代码或编号")], output: Out,
             as_of: AsOf = None, policy: Policy = None, store: Store = None) -> None:
    """一家单位的覆盖与联系，分组织覆盖、工作覆盖、服务联系三栏。

    \b
    示例：
      jingluo view coverage 分众传媒 -o 分众传媒.html
    """
    from graph.questions.behind import behind
    from graph.questions.coverage import coverage as ask
    from viz.pictures import coverage_page
    from viz.subgraph.coverage import ends_of

    with opened(store) as engine:
        frame = asked_view(engine, as_of=as_of, policy=policy)
        answer = ask(engine, who, frame)
        write(output, coverage_page(answer, behind(engine, ends_of(answer), frame)))


@app.command()
def alliances(output: Out, as_of: AsOf = None, policy: Policy = None, store: Store = None) -> None:
    """联盟和商圈党委的成员、共同成员。

    \b
    示例：
      jingluo view alliances -o 联盟.html
    """
    from graph.questions.network import alliances as ask
    from viz.pictures import alliances_page

    with opened(store) as engine:
        write(output, alliances_page(ask(engine, asked_view(engine, as_of=as_of, policy=policy), members=MEMBERS)))


@app.command()
def committee(who: Annotated[str, typer.Argument(metavar="商圈党委或载体", show_default=False, help="名称、简称或编号")], output: Out,
              as_of: AsOf = None, policy: Policy = None, store: Store = None) -> None:
    """商圈党委的登记成员和待补录成员。

    \b
    示例：
      jingluo view committee 天山商圈党委 -o 天山商圈党委.html
    """
    from graph.questions.committee import committee as ask
    from viz.pictures import committee_page

    with opened(store) as engine:
        write(output, committee_page(ask(engine, who, asked_view(engine, as_of=as_of, policy=policy))))


@app.command()
def path(
    start: Annotated[str, typer.Argument(metavar="起点", show_default=False, help="从谁出发")],
    end: Annotated[str, typer.Argument(metavar="终点", show_default=False, help="要联系谁")], output: Out,
    k: Annotated[int, typer.Option("-k", metavar="N", min=1, max=10, help="给出最近的几条")] = 3,
    max_hops: Annotated[int, typer.Option("--max-hops", metavar="N", min=1, max=12, help="最多几步")] = 6,
    stated_only: Annotated[bool, typer.Option("--stated-only", help="只走原文明示的关系，不走推断的")] = False,
    as_of: AsOf = None, policy: Policy = None, store: Store = None,
) -> None:
    """从一方到另一方的联系渠道，几条并列。

    \b
    示例：
      jingluo view path 区税务局 分众传媒 -o 渠道.html
    """
    from graph.questions.liaison import paths as ask
    from viz.pictures import path_page

    with opened(store) as engine:
        write(output, path_page(ask(engine, start, end, asked_view(engine, as_of=as_of, policy=policy), k=k, max_hops=max_hops,
                                    stated_only=stated_only)))


@app.command()
def gaps(output: Out, scope: Scope = None, as_of: AsOf = None, assume: Assume = None, policy: Policy = None, store: Store = None) -> None:
    """按楼宇看覆盖空白点；单位多时先看楼宇，点开看单位。

    \b
    示例：
      jingluo view gaps -o 空白点.html
      jingluo view gaps --scope 天山路街道 -o 天山路.html
    """
    from graph.questions.gap_map import gap_map
    from viz.pictures import gaps_page

    with opened(store) as engine:
        write(output, gaps_page(gap_map(engine, asked_view(engine, as_of=as_of, policy=policy, assume=assume), scope=scope, limit=UNITS)))


def write(output: Path, page: str) -> None:
    """Raises InputError where the file cannot be written, or is something else than a page: a store, a register."""
    try:
        if output.suffix.lower() not in (".html", ".htm") and not output.is_dir():
            raise InputError("view.output", f"文件名 {output} 应以 .html 结尾", hint="图是网页文件，没有覆盖别的文件")
        if output.is_file() and not _is_page(output):
            raise InputError("view.output", f"文件 {output} 已经存在，且不是网页，没有覆盖", hint="请换一个文件名")
        output.write_text(page, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError("view.output", f"文件 {output} 写不了：{why(error)}", hint="请换一个文件名或文件夹") from None
    typer.echo(f"已存为 {output}，用浏览器打开即可")


def _is_page(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(PAGE)).lower() in (PAGE, b"")
