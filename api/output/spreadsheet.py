"""Cells that spreadsheet programs show and do not run."""

from __future__ import annotations

import re

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet program takes for the beginning of a formula


def harmless(cell: str) -> str:
    """The text, with a quote before it where a program would run it as a formula."""
    return "'" + cell if cell.startswith(FORMULA) else cell


NUMBER = re.compile(r"0|[1-9]\d{0,14}(\.\d+)?|0\.\d+")
DATE = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d)?")
MISTAKABLE = re.compile(r"\d[\d./:eE-]*")


def kept(cell: str) -> str:
    """The text as it is, harmless; with a tab before it, which does not show, where a program would make another number or a date of
    it: 7-9, 2020-09, a code of 18 digits."""
    taken = MISTAKABLE.fullmatch(cell) and not NUMBER.fullmatch(cell) and not DATE.fullmatch(cell)
    return "\t" + cell if taken else cell if cell == "-" else harmless(cell)
