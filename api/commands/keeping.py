"""The commands that keep a store: backup, restore, verify."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.commands.options import Json, Store
from api.output.loads import progress_bar
from api.output.paper import give
from api.wiring import opened

File = Annotated[Path, typer.Argument(metavar="文件", show_default=False, help="备份文件，如 2026-11-24.backup")]


def backup(
    file: File,
    force: Annotated[bool, typer.Option("--force", help="覆盖已有的备份文件")] = False,
    store: Store = None, json: Json = False,
) -> None:
    """备份整个数据库到一个文件。

    备份时别人可以照常查询和导入；文件带校验和，两种数据库都能恢复；中断了不会留下半个文件。

    \b
    示例：
      jingluo backup 2026-11-24.backup
    """
    from api.output.keeping import kept as printed
    from graph.keeping import backup as run

    with opened(store) as engine, progress_bar("备份") as progress:
        done = run(engine, file, force=force, progress=progress)
    give(done, printed, as_json=json)


def restore(
    file: File,
    force: Annotated[bool, typer.Option("--force", help="用备份替换数据库里已有的全部数据")] = False,
    store: Store = None, json: Json = False,
) -> None:
    """从备份恢复到一个数据库。

    先核对备份，再恢复，最后核对条数和内容摘要；数据库里已有数据时拒绝，除非加 --force。

    \b
    示例：
      jingluo restore 2026-11-24.backup --store 新库.db
      jingluo restore 2026-11-24.backup --store neo4j://127.0.0.1:7687
    """
    from api.output.keeping import kept as printed
    from graph.archive import refuse_broken
    from graph.keeping import restore as run

    refuse_broken(file)  # before an empty store is made for it
    with opened(store, create=True) as engine, progress_bar("恢复") as progress:
        done = run(file, engine, force=force, progress=progress)
    give(done, printed, as_json=json)


def verify(file: File, json: Json = False) -> None:
    """核对一份备份是否完好。

    核对校验和、其中的数据库、条数和内容摘要；不需要数据库。

    \b
    示例：
      jingluo verify 2026-11-24.backup
    """
    from api.output.keeping import kept as printed
    from graph.keeping import verify as run

    with progress_bar("核对") as progress:
        done = run(file, progress=progress)
    give(done, printed, as_json=json)
