"""The commands that put right what was loaded."""

from __future__ import annotations

from typing import Annotated

import typer

from api.commands.help import COMMAND, OPTIONS, Commands, GroupHelp
from api.commands.options import Cursor, Json, Limit, Policy, Store
from api.output import corrections
from api.output.paper import give
from api.settings import settings
from api.wiring import opened
from graph.policy_files import policy as policy_named


def undo(
    number: Annotated[int, typer.Argument(metavar="序号", show_default=False, help="第几次导入， 见 jingluo imports")],
    policy: Policy = None, store: Store = None, json: Json = False,
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
        done = run(engine, number, who=settings().who, policy=policy_named(policy or settings().policy))
    give(done, corrections.undone, as_json=json)


review = Commands()
Number = Annotated[int, typer.Argument(metavar="编号", show_default=False, help="问题的编号， 见 jingluo review")]


@review.callback(cls=GroupHelp, invoke_without_command=True, no_args_is_help=False, options_metavar=OPTIONS,
                 subcommand_metavar=COMMAND)
def listed(
    context: typer.Context,
    decided: Annotated[bool, typer.Option("--decided", help="只列已核定的")] = False,
    limit: Limit = 20, cursor: Cursor = None, store: Store = None, json: Json = False,
) -> None:
    """待核定的问题：导入时发现名称相近、可能是同一个的对象。

    信用代码一致的，名称一致或只差公司形式、地区而没有疑义的，导入时已合为一个（--decided 列出，可以撤回）；其余都在这里由人核定。
    核定随时可以撤回，以后的导入照此办理。

    \b
    示例：
      jingluo review
      jingluo review same 3
      jingluo review different 4
      jingluo review undo 3
    """
    if context.invoked_subcommand:
        return
    from ingest.review import review as ask

    with opened(store) as engine:
        give(ask(engine, decided=decided, limit=limit, cursor=cursor), corrections.review, as_json=json)


@review.command()
def same(number: Number, store: Store = None, json: Json = False) -> None:
    """是同一个：两个对象合为一个，登记的内容都归它。

    \b
    示例：
      jingluo review same 3
    """
    _decided(number, store, json, same=True)


@review.command()
def different(number: Number, store: Store = None, json: Json = False) -> None:
    """不是同一个：以后导入不再问。

    \b
    示例：
      jingluo review different 4
    """
    _decided(number, store, json, same=False)


def _decided(number: int, store: str | None, json: bool, *, same: bool) -> None:
    from ingest.review import decide

    with opened(store) as engine:
        give(decide(engine, number, same=same, who=settings().who), corrections.question, as_json=json)


@review.command("undo")
def reopened(number: Number, store: Store = None, json: Json = False) -> None:
    """撤回核定，或导入时所作的认定：恢复为两个对象，问题重新待核定。

    \b
    示例：
      jingluo review undo 3
    """
    from ingest.review import reopen

    with opened(store) as engine:
        give(reopen(engine, number, who=settings().who), corrections.question, as_json=json)
