"""Rows as a table as wide as the terminal, or, where columns would be cut, one after another with each value under its title."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from rich.box import SIMPLE
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from api.output.folding import folded

Cells = Sequence[Sequence[Text]]
BETWEEN = 2  # columns between two columns
READABLE, WHOLE = 12, 24  # no text is folded narrower; no word up to this length is broken
WORD = re.compile(r"[!-~]+")


def widths(titles: Sequence[str], rows: Cells, numbers: Collection[int], room: int) -> list[int] | None:
    """How wide each column may be, so that all fit and nothing is cut; ``None`` if they cannot. ``numbers`` are not folded."""
    columns = [[title, *(row[i].plain for row in rows)] for i, title in enumerate(titles)]
    found = [max(map(cell_len, column)) for column in columns]
    least = [found[i] if i in numbers else _least(column, found[i]) for i, column in enumerate(columns)]
    room -= BETWEEN * (len(columns) - 1)
    if sum(least) > room:
        return None
    while sum(found) > room:
        found[max(range(len(found)), key=lambda i: found[i] - least[i])] -= 1  # who has most to give
    return found


def _least(column: Sequence[str], natural: int) -> int:
    words = [min(len(w), WHOLE) for text in column for w in WORD.findall(text)]
    return max(cell_len(column[0]), min(natural, READABLE), *words, 0)


def ruled(titles: Sequence[str], rows: Cells, numbers: Collection[int], wide: Sequence[int], head: str) -> Table:
    table = Table(box=SIMPLE, pad_edge=False, show_edge=False, header_style=head, padding=(0, 1, 0, 0))
    for i, title in enumerate(titles):
        table.add_column(Text(title), justify="right" if i in numbers else "left", width=wide[i], no_wrap=i in numbers)
    for row in rows:
        table.add_row(*(Text("\n").join(folded(cell, wide[i])) for i, cell in enumerate(row)))
    return table


def records(titles: Sequence[str], rows: Cells, room: int, quiet: str) -> Iterator[tuple[int, Text]]:
    """(indent, line): the first value of a row, then the others that say something, each after its title, as many a line as fit."""
    for first, *others in rows:
        yield 0, first
        line = Text()
        for title, cell in zip(titles[1:], others, strict=True):
            if not cell.plain.strip():
                continue
            piece = Text.assemble((f"{title} ", quiet), cell)
            if line and line.cell_len + BETWEEN + piece.cell_len > room:
                yield BETWEEN, line
                line = Text()
            line = line + " " * BETWEEN + piece if line else piece
        yield BETWEEN, line
