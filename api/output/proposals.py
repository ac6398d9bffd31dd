"""Headers that are a guess: shown to the person at the terminal, who says whether that is right."""

from __future__ import annotations

import sys
from collections.abc import Callable

import typer
from rich.console import Console

from api.output.paper import Paper
from ingest.guidance import Proposal


def confirmation(yes: bool) -> Callable[[Proposal], bool] | None:
    """``yes``: every guess is accepted. Else asks; ``None`` where there is nobody to ask."""
    if yes:
        return lambda _: True
    return _asked if sys.stdin.isatty() and sys.stderr.isatty() else None


def _asked(proposal: Proposal) -> bool:
    paper = Paper(Console(stderr=True, highlight=False, emoji=False, markup=False))
    sheet = f" 工作表“{proposal.sheet}”" if proposal.sheet else ""
    paper.heading(f"{proposal.file}{sheet}：表头在第 {proposal.header_row} 行，看作{proposal.layout}")
    paper.table(("文件里的列", "看作"), [(header, called or "（不导入）") for header, called in proposal.columns])
    for guess in proposal.guesses:
        paper.item("？", guess)
    return typer.confirm("是否按此导入（以后同样的表头不再问）", err=True)
