"""The commands that bring data in and tell what is there."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from api.commands.options import Cursor, Json, Limit, Mapping, Policy, Store
from api.commands.server import Port
from api.output import corrections, differences, loads
from api.output.paper import Paper, give
from api.settings import settings
from api.wiring import guidance, opened, tried, view
from schemas.errors import InputError

Shown = Annotated[int, typer.Option("--limit", metavar="N", min=1, max=10_000, help="会改变什么，每项列出几个")]


def load(
    files: Annotated[list[Path], typer.Argument(metavar="文件", show_default=False,
                                                help="登记表（.xlsx、.csv 等）和声明（.toml）")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只预检：照样读取、核对、报告，不写入")] = False,
    rejects: Annotated[Path | None, typer.Option("--rejects", metavar="文件.xlsx", show_default=False,
                                                 help="把问题行写成表格， 改好后直接再导入")] = None,
    mapping: Mapping = None,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="日期", show_default=False,
                                              help="资料截至哪天， 用于表里没有写明截至的文件")] = None,
    source: Annotated[str, typer.Option("--source", metavar="来源", show_default=False, help="用于表里没有写明来源的文件")] = "",
    full: Annotated[str, typer.Option("--full", metavar="范围", show_default=False,
                                      help="是哪个范围的全量登记表： 街镇、楼宇等的名称、 全区或元路径； "
                                           "没有列出的关系即已结束")] = "",
    stubs: Annotated[bool, typer.Option("--stubs", help="提到而没有登记的对象， 记为待补录， 不退回该行")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="表头的意思不能确定时， 按最像的导入， 不再询问")] = False,
    wait: Annotated[float, typer.Option("--wait", metavar="秒", help="有另一次导入在进行时，最多等多久")] = 60,
    policy: Policy = None, limit: Shown = 20, store: Store = None, json: Json = False,
) -> None:
    """导入登记表和声明。

    有问题的行不导入，其余照常导入；同一文件再导入不会重复，只再试其中的问题行，或补全中断了的导入。

    预检（--dry-run）还会列出会改变什么：哪些对象和关系新建、更新、结束，旧值、新值和各自的来源，覆盖情况和薄弱项怎样变化。
    导入之后简要地再说一遍（五千行以上，或库里已有五十万个以上的对象和关系时不说）。

    表头不能确定时先给出看法，请人确认，并记住；没有终端可问时，须加 --yes。

    有问题的行可以写成工作簿（--rejects）：原来的工作表名、表头和内容都在，另加一列错误原因；在里面改好，直接再导入这个文件。

    有文件整个未能导入，或没有一行可以导入时，退出码为 3；只有个别问题行时为 0。

    \b
    示例：
      jingluo load 企业.csv 党组织.csv 声明.toml
      jingluo load 企业.csv --dry-run --rejects 问题行.xlsx
      jingluo load 街道台账.xlsx --mapping 街道台账.toml --as-of 2024-03
      jingluo load 企业.xlsx --full 天山路街道 --dry-run
    """
    from api.output.proposals import confirmation
    from ingest.load import LoadResult
    from ingest.load import load as run

    def printed(paper: Paper, result: LoadResult) -> None:
        loads.load(paper, result.reports, result.rejects, result.reject_files)
        corrections.brought_up(paper, result.joined, result.questions, result.reports)
        if dry_run and result.difference:
            differences.difference(paper, result.difference)
        elif any(r.state == "loaded" for r in result.reports):
            differences.changed(paper, result.difference)

    for file in files:
        if not file.is_file():  # before anything is written: a mistyped name is no reason to load the others
            folder = file.is_dir()
            raise InputError("load.no-file", f"{file} 是文件夹" if folder else f"没有文件 {file}",
                             hint=f"请写出其中的文件，如 {file / '*.xlsx'}" if folder else "请检查路径和文件名")
    told = guidance(mapping or (), as_of=as_of or "", source=source, full=full, stubs=stubs, confirm=confirmation(yes))
    with (tried(store) if dry_run else opened(store, create=True)) as engine, loads.progress_bar() as progress:
        result = run(engine, files, dry_run=dry_run, who=settings().who, progress=progress, guidance=told, wait=wait,
                     waiting=None if json else loads.waiting(wait),
                     rejects=rejects, limit=None if json and dry_run else limit, view=view(engine, policy=policy))
    give(result, printed, as_json=json)
    if any(r.state == "refused" or (r.read and r.read == r.rejected) for r in result.reports):
        raise typer.Exit(InputError.exit_code)


def imports(limit: Limit = 50, cursor: Cursor = None, store: Store = None, json: Json = False) -> None:
    """导入过什么：文件、来源、时间、条数。

    \b
    示例：
      jingluo imports
    """
    from graph.questions.imports import imports as ask

    with opened(store) as engine:
        give(ask(engine, limit=limit, cursor=cursor), loads.imports, as_json=json)


def copy(
    source: Annotated[str, typer.Argument(metavar="来源", show_default=False, help="从哪个数据库，如 jingluo.db")],
    target: Annotated[str, typer.Argument(metavar="目标", show_default=False, help="到哪个数据库，如 neo4j://127.0.0.1:7687")],
    json: Json = False,
) -> None:
    """把整个数据库复制到另一个数据库。

    嵌入式文件与 Neo4j 服务器之间两个方向都可以；中断后再运行一次即可完成；最后核对条数和内容摘要。

    \b
    示例：
      jingluo copy jingluo.db neo4j://127.0.0.1:7687
    """
    from graph.copying import Copied
    from graph.copying import copy as run

    def printed(paper: Paper, done: Copied) -> None:
        paper.line(f"已复制 {done.imports} 次导入、{done.rows} 行" if done.imports else "目标已与来源一致，数据没有变化")
        paper.line(f"两边内容摘要一致：{done.digest}")

    with opened(source) as ours, opened(target, create=True) as theirs, loads.progress_bar() as progress:
        done = run(ours, theirs, progress)
    give(done, printed, as_json=json)


def synthesize(
    directory: Annotated[Path, typer.Argument(metavar="文件夹", show_default=False, help="写到哪里；没有则新建")],
    enterprises: Annotated[int, typer.Option("--enterprises", metavar="N", min=1, max=5_000_000, help="企业数")] = 1_000,
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="同样的数和种子得到同样的文件")] = 1,
    json: Json = False,
) -> None:
    """生成一个虚构的区的登记表和声明。

    供试用和压力测试；每个文件都标明虚构数据。

    \b
    示例：
      jingluo synthesize 虚构区 --enterprises 1000
      jingluo load 虚构区/* --store 虚构区.db
    """
    from ingest.synthetic import synthesize as run

    def printed(paper: Paper, paths: tuple[str, ...]) -> None:
        paper.line("虚构数据，已写出：")
        for path in paths:
            paper.line(path, indent=2)

    try:
        paths = run(directory, enterprises, seed)
    except OSError:
        raise InputError("synthesize.directory", f"无法写入文件夹 {directory}",
                         hint="请检查它是否是文件夹、是否有写权限、磁盘是否已满") from None
    give(tuple(str(p) for p in paths), printed, as_json=json)


def demo(
    synthetic: Annotated[int | None, typer.Option("--synthetic", metavar="N", min=100, max=5_000_000, show_default=False,
                                                  help="改用有 N 家企业的虚构的区， 存入它自己的数据库")] = None,
    policy: Policy = None,
    store: Annotated[str | None, typer.Option("--store", metavar="地址", show_default=False,
                                              help="存到哪里； 默认 jingluo-demo.db， 虚构的区为 jingluo-demo-synthetic-N.db")] = None,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="只输出，不接着启动网页")] = False, port: Port = 8000,
    json: Json = False,
) -> None:
    """演示：载入随附的公开资料，回答主要的问题。

    用长宁区的公开资料；再运行一次，数据不变。输出之后接着启动网页，按 Ctrl-C 停止；加 --no-serve 或 --json 则到此为止。

    \b
    示例：
      jingluo demo
      jingluo demo --synthetic 1000 --no-serve
    """
    from api.demo import demonstrate
    from api.output.demo import demo as printed

    place = store or (f"jingluo-demo-synthetic-{synthetic}.db" if synthetic else "jingluo-demo.db")
    with opened(place, create=True) as engine:
        give(demonstrate(engine, synthetic=synthetic, policy=policy), printed, as_json=json)
    if not no_serve and not json:
        from api.serving import serve

        own = settings()
        serve(replace(own, store=place, policy=policy or own.policy), port=port, other_port=True, level=logging.WARNING, say=typer.echo)
