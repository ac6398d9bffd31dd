"""Help pages in Chinese: what typer says of itself in them, beside our own texts."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

from schemas.program import version as installed

Run = TypeVar("Run", bound=Callable[..., Any])
USAGE, OPTIONS, COMMAND = "用法：", "[选项]", "命令 [参数]..."
WORDS = {"ARGUMENTS_PANEL_TITLE": "参数", "OPTIONS_PANEL_TITLE": "选项", "COMMANDS_PANEL_TITLE": "命令",
         "DEFAULT_STRING": "[默认 {}]", "REQUIRED_LONG_STRING": "[必填]"}


def told(asked: bool) -> None:
    if asked:
        sys.stdout.write(f"经络 {installed()}\n")
        raise typer.Exit


def program(version: Annotated[bool, typer.Option("--version", is_eager=True, callback=told, help="显示版本")] = False) -> None:
    """The options of the program itself."""


class Help(TyperCommand):
    def format_usage(self, ctx: Any, formatter: Any) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), USAGE)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        translate(self.get_params(ctx))
        super().format_help(ctx, formatter)


class GroupHelp(TyperGroup):
    def format_usage(self, ctx: Any, formatter: Any) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), USAGE)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        translate(self.get_params(ctx))
        super().format_help(ctx, formatter)


class Commands(typer.Typer):
    """A group of commands whose help pages are in Chinese."""

    def __init__(self, **options: Any) -> None:
        super().__init__(cls=GroupHelp, options_metavar=OPTIONS, subcommand_metavar=COMMAND, no_args_is_help=True, **options)

    def command(self, name: str | None = None, **options: Any) -> Callable[[Run], Run]:
        return super().command(name, cls=Help, options_metavar=OPTIONS, **options)


def translate(parameters: Any) -> None:
    """Typer has no translations, only these words and what each parameter says of itself."""
    from typer import rich_utils  # what it imports is needed for a help page alone

    for name, word in WORDS.items():
        setattr(rich_utils, name, word)
    for parameter in parameters:
        if getattr(parameter, "is_flag", False):
            parameter.metavar = ""  # else the type's name
        if parameter.param_type_name == "argument":
            parameter.display_type_rich = lambda ctx: None  # it would be <str>; what it is stands in its help
        if "--help" in parameter.opts:
            parameter.help = "显示本页"
