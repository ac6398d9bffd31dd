"""The commands that put right what was loaded."""

from __future__ import annotations

from typing import Annotated

import typer

from api.commands.options import Json, Store
from api.output import corrections
from api.output.paper import give
from api.settings import settings
from api.wiring import opened


def undo(
    number: Annotated[int, typer.Argument(metavar="序号", show_default=False, help="第几次导入， 见 jingluo imports")],
    store: Store = None, json: Json = False,
) -> None:
    """撤回一次导入。

    该次导入的内容全部失效，数据回到没有导入过它的样子；别的导入指到了只有它登记的对象时，不能撤回。
    撤回后可以再导入同一文件。

    \b
    示例：
      jingluo imports
      jingluo undo 3
    """
    from ingest.undo import undo as run

    with opened(store) as engine:
        done = run(engine, number, who=settings().who)
    give(done, corrections.undone, as_json=json)
