"""Evidence by number: answers refer to register rows by number and list them once, under their source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from schemas.parts import Evidence


@dataclass(frozen=True)
class FileRows:
    """The rows of one file that were referred to: (number, 第n行)."""

    file: str
    rows: tuple[tuple[int, str], ...]


class Numbered:
    """Gives each register row a number the first time it is referred to."""

    def __init__(self) -> None:
        self.numbers = dict[Evidence, int]()

    def of(self, evidence: Iterable[Evidence]) -> tuple[int, ...]:
        return tuple(self.numbers.setdefault(e, len(self.numbers) + 1) for e in dict.fromkeys(evidence))

    def by_source(self) -> list[tuple[str, tuple[FileRows, ...]]]:
        """(source with its as-of, its files), in the order in which they were first referred to."""
        files = dict[tuple[str, str], list[tuple[int, str]]]()
        for e, number in self.numbers.items():
            sheet = f"〔{e.sheet}〕" if e.sheet else ""
            place = (f"{e.source}（截至{e.as_of}）", f"{e.file}{sheet}（导入{e.import_number}）")
            files.setdefault(place, []).append((number, f"第{e.row}{'项' if e.file.endswith('.toml') else '行'}"))
        return [(source, tuple(FileRows(file, tuple(rows)) for (s, file), rows in files.items() if s == source))
                for source in dict.fromkeys(s for s, _ in files)]
