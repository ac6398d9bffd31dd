"""Finds the header of a register and says which register it is; reads the preamble above it (来源, 截至, 虚构数据)."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path

from ingest import readers
from ingest.mapping import Column, Layout, layouts
from ingest.privacy import refuse_personal
from ingest.readers.table import RawRow
from schemas.dates import Precision, number, today
from schemas.dates import read as read_date
from schemas.errors import RegisterError
from schemas.identifiers import clean, normal

PREAMBLE = ("来源", "截至", "虚构数据")
SEARCHED = 30  # rows in which the header is sought
REQUIRED_OF_RELATIONS = ("source_kind", "source", "type", "target_kind", "target")


@dataclass
class Register:
    """A register file as opened. ``rows`` stream from the first row below the header; ``columns`` are by place."""

    path: Path
    layout: Layout
    source: str
    as_of: int
    as_of_precision: Precision
    synthetic: bool
    columns: tuple[Column | None, ...]
    rows: Iterator[RawRow]
    warnings: list[str] = field(default_factory=list)


def open_register(path: Path) -> Register:
    """Read the preamble and the header; raise RegisterError with the nearest known headers where there is none."""
    rows = readers.read(path)
    top = list(islice(rows, SEARCHED))
    at, layout = _header(top, path.name)
    told = _preamble(top[:at])
    headers = [clean(c) for c in top[at].cells]
    refuse_personal(headers, path.name)
    columns = tuple(replace(c, header=h) if h and (c := layout.column(h)) else None for h in headers)
    _check_columns(headers, columns, layout, path.name)
    as_of = read_date(told.get("截至", ""))
    if as_of is None:
        raise RegisterError("register.as-of", "没有写明数据截至日期" if "截至" not in told else f"截至日期“{told['截至']}”无法识别",
                            where=path.name, hint="请在表头上方加一行：第一格写“截至”，第二格写日期，如 2024-03")
    if as_of[0] > number(today()):
        raise RegisterError("register.as-of", f"截至日期“{told['截至']}”在今天之后", where=path.name, hint="请写资料实际截至的日期")
    warnings = [f"不认识{unknown}，未导入该列" for unknown in _unknown(headers, columns, layout)]
    if not told.get("来源"):
        warnings.append("没有写明来源，以文件名代替（可在表头上方加一行：来源）")
    return Register(path, layout, told.get("来源") or path.stem, *as_of, told.get("虚构数据", "").startswith("是"), columns,
                    chain(top[at + 1:], rows), warnings)


def _preamble(top: Sequence[RawRow]) -> dict[str, str]:
    """来源, 截至 and 虚构数据: in two cells, or in one as 截至：2024-03."""
    told = dict[str, str]()
    for row in top:
        cells = [clean(c) for c in row.cells if clean(c)]
        word, _, rest = (cells[0] if cells else "").replace(":", "：").partition("：")
        if word in PREAMBLE and len(cells) <= 2:
            told[word] = rest.strip() or (cells[1] if len(cells) > 1 else "")
    return told


def _header(top: Sequence[RawRow], file: str) -> tuple[int, Layout]:
    """(place of the header row, layout): the row and register that know the most columns, the name among them."""
    scored = [(sum(1 for c in row.cells if layout.column(clean(c))), -i, layout) for i, row in enumerate(top) for layout in layouts()
              if any(normal(clean(c)) in map(normal, layout.names) for c in row.cells)]
    best = [s for s in scored if s[:2] == max(scored, key=lambda s: s[:2])[:2]]
    if not best:
        raise RegisterError("register.header", "没有找到登记表的表头" + _nearest(top), where=file,
                            hint="表头须有名称列，如 企业名称、党组织名称、楼宇名称；或 起点类别、起点、关系、终点类别、终点")
    if len(best) > 1:
        raise RegisterError("register.which", f"分不清是哪种登记表：{'、'.join(b[2].label for b in best)}", where=file,
                            hint=f"请把名称列写明，如 {'、'.join(b[2].names[0] for b in best[:3])}")
    return -best[0][1], best[0][2]


def _nearest(top: Sequence[RawRow]) -> str:
    """What the widest row's headers probably should have been."""
    below = [r for r in top if not _preamble([r])]
    widest = max(below, key=lambda r: sum(1 for c in r.cells if clean(c)), default=RawRow("", 0, ()))
    known = dict.fromkeys(n for layout in layouts() for n in layout.names)
    close = [(clean(c), m[0]) for c in widest.cells if clean(c) and (m := difflib.get_close_matches(clean(c), known, 1, 0.6))]
    return f"（第 {widest.number} 行的“{close[0][0]}”是否应为“{close[0][1]}”？）" if close else ""


def _unknown(headers: Sequence[str], columns: Sequence[Column | None], layout: Layout) -> list[str]:
    """The headers that mean nothing here, each with the one that it resembles."""
    known, found = {normal(c.header): c.header for c in layout.columns.values()}, list[str]()
    for header in (h for h, c in zip(headers, columns, strict=True) if h and c is None):
        close = difflib.get_close_matches(normal(header), known, 1, 0.6)
        found.append(f"“{header}”列" + (f"（是否应为“{known[close[0]]}”？）" if close else ""))
    return found


def _check_columns(headers: Sequence[str], columns: Sequence[Column | None], layout: Layout, file: str) -> None:
    """No column twice; the general register has all it needs."""
    for i, column in enumerate(columns):
        if column and (same := [c.header for c in columns[:i] if c and c.asserts == column.asserts]):
            told = f"“{headers[i]}”列出现了两次" if same[0] == headers[i] else f"“{same[0]}”和“{headers[i]}”是同一列"
            raise RegisterError("register.column-twice", told, where=file, hint="请删除或改名其中一列")
    missing = [m for m in REQUIRED_OF_RELATIONS if not layout.kind and not any(c and c.meaning == m for c in columns)]
    if missing:
        labels = "、".join(next(c.header for c in layout.columns.values() if c.meaning == m) for m in missing)
        unknown = "，".join(f"不认识{u}" for u in _unknown(headers, columns, layout))
        raise RegisterError("register.column-missing", f"缺少列：{labels}" + (f"；{unknown}" if unknown else ""), where=file,
                            hint="请补上这些列，表头一字不差")
