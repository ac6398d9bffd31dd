"""Tables as data: a list is described once and is shown as a page and exported as CSV alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from api.output.paper import name
from api.web.links import entity
from schemas.parts import BodyRef, Evidence, Page


@dataclass(frozen=True)
class Column:
    """``only``: where the column is shown, if not both on the page and in the file; ``code``: not to be broken over two lines."""

    title: str
    number: bool = False
    only: Literal["", "page", "file"] = ""
    code: bool = False


@dataclass(frozen=True)
class Cell:
    """``look``: the status whose sign the text is; ``lines``: small print below, ``aside``: on the page
    only; ``evidence``: the rows that say so."""

    text: str = ""
    link: str = ""
    look: str = ""
    lines: tuple[str, ...] = ()
    aside: str = ""
    evidence: tuple[Evidence, ...] = ()
    strong: bool = False


Value = str | int | Cell


@dataclass(frozen=True)
class Table:
    """``page``: where the list was cut; ``sums``: how many of the last rows are no entries of it, but sum it up; ``dense``: numbers
    side by side, which scroll on a narrow screen instead of stacking."""

    caption: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Value]]
    page: Page | None = None
    sums: int = 0
    dense: bool = False

    @property
    def entries(self) -> int:
        return len(self.rows) - self.sums

    @property
    def total(self) -> int:
        """How many entries the whole list has."""
        return self.page.total if self.page else self.entries

    def shown(self, where: Literal["page", "file"]) -> list[int]:
        """The positions of the columns that are shown there; on a page those without a word in any row are left out."""
        own = [i for i, c in enumerate(self.columns) if c.only in ("", where)]
        return own if where == "file" else [i for i in own if any(_says(row[i]) for row in self.rows)]


def _says(value: Value) -> bool:
    return value != Cell() and value != ""


def columns(*titles: str, numbers: Iterable[str] = (), file: Iterable[str] = ()) -> tuple[Column, ...]:
    return tuple(Column(t, t in numbers, "file" if t in file else "") for t in titles)


def body(ref: BodyRef, *, kind: bool = False) -> Cell:
    """A body's name as a link to its page."""
    return Cell(name(ref), entity(ref.id), aside=ref.kind_label if kind else "")


def plain(value: Value) -> Cell:
    return value if isinstance(value, Cell) else Cell(str(value))
