"""Finds the header of a register and says which register it is; reads the preamble above it (来源, 截至, 虚构数据)."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from ingest import readers
from ingest.mapping import Column, Layout, layouts
from ingest.privacy import refuse_personal
from ingest.readers.table import RawRow, Rows, Sheet
from schemas.dates import Precision, number, today
from schemas.dates import read as read_date
from schemas.errors import RegisterError
from schemas.identifiers import clean, normal

PREAMBLE = ("来源", "截至", "虚构数据")
SEARCHED = 30  # rows in which the header is sought
REQUIRED_OF_RELATIONS = ("source_kind", "source", "type", "target_kind", "target")


@dataclass(frozen=True)
class Table:
    """A register in a file: a sheet with its header. ``headers`` are as in the file; ``columns``, by place, what they mean."""

    file: str
    sheet: str
    layout: Layout
    header_row: int
    headers: tuple[str, ...]
    columns: tuple[Column | None, ...]
    read: Callable[[], Rows]
    skipped: int  # rows up to the header, it included; their numbers do not tell where rows without content are left out
    as_of: int = 0  # the file's, and whether its data are made up
    synthetic: bool = False

    def rows(self) -> Rows:
        """All rows below the header, from the first, as often as it is asked."""
        return islice(self.read(), self.skipped, None)


@dataclass
class Register:
    """A register file as opened: mostly one table, several where a workbook has several registers."""

    path: Path
    source: str
    as_of: int
    as_of_precision: Precision
    synthetic: bool
    tables: tuple[Table, ...]
    warnings: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        """Which registers these are."""
        return "、".join(dict.fromkeys(t.layout.label for t in self.tables))


def open_register(path: Path) -> Register:
    """Read the preamble and the header of each sheet; raise RegisterError with the nearest known headers where there is none."""
    book = readers.open_book(path)
    found, warnings, missing = list[tuple[Table, dict[str, str]]](), list(book.warnings), list[RegisterError]()
    for sheet in book.sheets:
        where = path.name + (f" 工作表“{sheet.name}”" if len(book.sheets) > 1 else "")
        try:
            if opened := _open(sheet, path.name, where, warnings):
                found.append(opened)
        except RegisterError as error:
            if error.code != "register.header":
                raise
            missing.append(error)
    if not found:
        raise missing[0] if missing else RegisterError("register.empty", "文件里没有数据", where=path.name, hint="请检查是否选错了文件")
    warnings += [f"{e.where.removeprefix(path.name).strip()}没有登记表的表头，未导入" for e in missing]
    told = _told([t for _, t in found], path)
    as_of = _as_of(told, path.name)
    if not told.get("来源"):
        warnings.append("没有写明来源，以文件名代替（可在表头上方加一行：来源）")
    synthetic = told.get("虚构数据", "").startswith("是")
    tables = tuple(replace(t, as_of=as_of[0], synthetic=synthetic) for t, _ in found)
    return Register(path, told.get("来源") or path.stem, *as_of, synthetic, tables, warnings)


def _open(sheet: Sheet, file: str, where: str, warnings: list[str]) -> tuple[Table, dict[str, str]] | None:
    """The table of a sheet and what stands above it; None for a sheet without any row."""
    top = list(islice(sheet.rows(), SEARCHED))
    if not any(clean(c) for row in top for c in row.cells):
        return None
    at, layout = _header(top, where)
    headers = tuple(clean(c) for c in top[at].cells)
    refuse_personal(headers, where)
    columns = tuple(replace(c, header=h) if h and (c := layout.column(h)) else None for h in headers)
    _check_columns(headers, columns, layout, where)
    place = where.removeprefix(file).strip()
    warnings += [f"{place}不认识{unknown}，未导入该列" for unknown in _unknown(headers, columns, layout)]
    return Table(file, sheet.name, layout, top[at].number, headers, columns, sheet.rows, at + 1), _preamble(top[:at])


def _told(each: Sequence[dict[str, str]], path: Path) -> dict[str, str]:
    """What the sheets say above their headers: what one says holds for all; they must not say different things."""
    told = dict[str, str]()
    for key, value in ((k, v) for preamble in each for k, v in preamble.items()):
        if told.setdefault(key, value) != value:
            raise RegisterError("register.sheets-differ", f"各工作表的“{key}”不同：{told[key]}，{value}", where=path.name,
                                hint="一个文件是一次导入，来源和截至日期须相同；请分成几个文件")
    return told


def _as_of(told: dict[str, str], file: str) -> tuple[int, Precision]:
    as_of = read_date(told.get("截至", ""))
    if as_of is None:
        raise RegisterError("register.as-of", "没有写明数据截至日期" if "截至" not in told else f"截至日期“{told['截至']}”无法识别",
                            where=file, hint="请在表头上方加一行：第一格写“截至”，第二格写日期，如 2024-03")
    if as_of[0] > number(today()):
        raise RegisterError("register.as-of", f"截至日期“{told['截至']}”在今天之后", where=file, hint="请写资料实际截至的日期")
    return as_of


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
