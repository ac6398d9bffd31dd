"""What the caller tells of files beside their content: layouts of one's own, a date, and whether a guess is right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ingest.mapping import Layout

REMEMBERED = "layouts"  # the collection of the store's records: header fingerprint -> what was confirmed


@dataclass(frozen=True)
class Proposal:
    """How a table would be read, for a person to confirm: each header with the column it is taken for ("": not imported), and
    in words what of it is a guess."""

    file: str
    sheet: str
    layout: str
    header_row: int
    columns: tuple[tuple[str, str], ...]
    guesses: tuple[str, ...]


@dataclass(frozen=True)
class Guidance:
    """``layouts``: of one's own, tried before the bundled ones. ``as_of``, ``source``: for files that do not say it themselves.
    ``stubs``: bodies that are referred to and not registered become stubs (待补录) instead of refusing the row.
    ``full``: of what the registers are the full register, where they do not say it (a place, 全区, or a metapath).
    ``confirm``: asked where a header is a guess; without it such files are refused. ``remembered``: guesses confirmed before."""

    layouts: tuple[Layout, ...] = ()
    as_of: str = ""
    source: str = ""
    full: str = ""
    stubs: bool = False
    confirm: Callable[[Proposal], bool] | None = None
    remembered: Mapping[str, Any] = field(default_factory=dict)


NONE = Guidance()
