"""Cells that spreadsheet programs show and do not run."""

from __future__ import annotations

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet program takes for the beginning of a formula


def harmless(cell: str) -> str:
    """The text, with a quote before it where a program would run it as a formula."""
    return "'" + cell if cell.startswith(FORMULA) else cell
