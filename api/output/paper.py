"""The paper answers are written on: indented lines, tables and numbered evidence, by rich. All text is data, never markup."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from api.output.evidence import Numbered
from api.output.folding import folded
from api.output.tables import records, ruled, widths
from schemas.answers import BASIS_LABELS
from schemas.identifiers import harmless
from schemas.parts import AsOf, BodyRef, Evidence, Page, Step

Part = str | tuple[str, str]  # text, or (text, style)
Document = TypeVar("Document")
PIPE_WIDTH = 100  # columns where there is no terminal to ask
DIM, HEAD = "bright_black", "bold"


class Paper:
    """Collects the evidence that lines refer to by number and lists it once, at the end."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False, emoji=False, markup=False, width=None if sys.stdout.isatty() else PIPE_WIDTH)
        self.evidence = Numbered()

    def heading(self, *parts: Part) -> None:
        self.console.print()
        self.console.print(_text(parts, HEAD))

    def line(self, *parts: Part, indent: int = 0) -> None:
        self._fold(_text([" " * indent]), _text(parts))

    def item(self, mark: Part, *parts: Part, indent: int = 2) -> None:
        """A line with a mark before it; what is too long goes on below its text, not below the mark."""
        self._fold(_text([" " * indent, mark, " "]), _text(parts))

    def _fold(self, before: Text, text: Text) -> None:
        hanging = Text(" " * before.cell_len)
        for line in folded(text, self.console.width - before.cell_len):
            self.console.print(before + line, no_wrap=True, overflow="ignore", crop=False)
            before = hanging

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[Part]], *, numbers: Sequence[int] = ()) -> None:
        """``numbers``: positions of the columns that are set to the right."""
        cells, room = [[_text([cell]) for cell in row] for row in rows], self.console.width - 2
        if wide := widths(columns, cells, numbers, room):
            self.console.print(Padding(ruled(columns, cells, numbers, wide, HEAD), (0, 0, 0, 2), expand=False))
            return
        for indent, line in records(columns, cells, room - 2, DIM):
            self._fold(_text([" " * (2 + indent)]), line)

    def marks(self, evidence: Iterable[Evidence]) -> str:
        """The numbers by which lines refer to evidence: [1][3]."""
        return "".join(f"[{number}]" for number in self.evidence.of(evidence))

    def sources(self) -> None:
        """The evidence that was referred to, under its source."""
        by_source = self.evidence.by_source()
        if by_source:
            self.heading("依据")
        for source, files in by_source:
            self.line(source, indent=2)
            for file in files:
                self.line(f"{file.file}：{'、'.join(f'[{number}]{row}' for number, row in file.rows)}", indent=4)
        self.evidence = Numbered()

    def more(self, page: Page, shown: int) -> None:
        if page.truncated:
            self.line((f"共{page.total}条，此处{shown}条；下一页：", DIM), indent=2)
            self.console.print(_text([(f"    --cursor {page.cursor}", DIM)]), soft_wrap=True)  # whole, so that it can be copied


def _text(parts: Iterable[Part], style: str = "") -> Text:
    return Text.assemble(*map(_harmless, parts), style=style)


def _harmless(part: Part) -> Part:
    return harmless(part) if isinstance(part, str) else (harmless(part[0]), part[1])


def name(body: BodyRef, *, kind: bool = False) -> str:
    """A body's name; ``kind``: with what it is. Made-up bodies say so, if their name does not, and those not registered yet."""
    made_up = "〔虚构〕" if body.synthetic and "虚构" not in body.name else ""
    return body.name + (f"（{body.kind_label}）" if kind else "") + made_up + ("〔待补录〕" if body.stub else "")


def arrow(step: Step) -> Part:
    """The hop as it is walked: drawn through where stated, dashed where inferred."""
    role = f"·{step.role}" if step.role not in step.label else ""
    stated = step.basis == "stated"
    return (f"—{step.label}{role}→" if stated else f"┄{step.label}{role}┄→", "cyan")


def details(step: Step) -> str:
    """What the relationship itself is told to be: 楼层 5，房号 501."""
    return "，".join(f"{label} {value}" for label, value in step.values.items())


def chain(steps: Sequence[Step]) -> list[Part]:
    parts: list[Part] = [name(steps[0].source)] if steps else []
    for step in steps:
        parts += [" ", arrow(step), " ", name(step.target)]
    return parts


def basis(steps: Sequence[Step]) -> Part:
    """How sure a chain is: stated in full, or which hop is inferred and from what."""
    inferred = [s for s in steps if s.basis == "inferred"]
    if not inferred:
        return (BASIS_LABELS["stated"], "green")
    reasons = "；".join(dict.fromkeys(s.reason for s in inferred if s.reason))
    return (BASIS_LABELS["inferred"] + (f"：{reasons}" if reasons else ""), "yellow")


def as_of_note(as_of: AsOf | None) -> str:
    return as_of.note if as_of else ""


def give(document: Document, printer: Callable[[Paper, Document], None], *, as_json: bool) -> None:
    """The answer on stdout: for people, or as JSON and nothing else."""
    if as_json:
        sys.stdout.write(as_text(document) + "\n")
        return
    paper = Paper()
    printer(paper, document)
    paper.sources()


def as_text(document: Any) -> str:
    """JSON of an answer or a tuple of answers; escaped where stdout could not carry Chinese unharmed."""
    ascii_only = "utf" not in (sys.stdout.encoding or "utf-8").lower()
    if isinstance(document, BaseModel):
        return document.model_dump_json(indent=2, ensure_ascii=ascii_only)
    return TypeAdapter(type(document)).dump_json(document, indent=2, ensure_ascii=ascii_only).decode()
