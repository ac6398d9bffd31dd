"""Finds the header of a register and says which register it is; reads the preamble above it (来源, 截至, 虚构数据)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

from ingest import readers
from ingest.confirm import confirmed
from ingest.detect import LONGEST, PREAMBLE, UNCOUNTED, Header, bare, find, two_rows
from ingest.guidance import NONE, Guidance
from ingest.mapping import Column, Layout
from ingest.own_layouts import ledger_of
from ingest.privacy import refuse_people, refuse_personal
from ingest.readers.table import Merge, RawRow, Rows, Sheet
from ingest.sheets import GUIDE, without_reason
from ingest.units import parted
from ingest.values import ValueProblem, date_of
from schemas.dates import Precision, number, today
from schemas.errors import RegisterError
from schemas.identifiers import clean, normal, shown

CALLED = {**{w: w for w in PREAMBLE}, **dict.fromkeys(("数据来源", "填报单位", "填表单位", "报送单位", "制表单位"), "来源"),
          **dict.fromkeys(("截至日期", "截止", "截止日期", "截至时间", "截止时间", "统计时间", "统计日期", "数据日期"), "截至"),
          "全量登记表": "全量"}
FILLED = ("填报日期", "填报时间", "填表日期", "填表时间", "制表日期", "制表时间", "更新日期", "更新时间")  # the next best as-of
WITHIN = re.compile(r"(?:截[至止]到?|统计)\s*(?:日期|时间)?\s*[:：]?\s*(\d{4}\s*[-./年]?\s*\d{0,2}\s*[-./月]?\s*\d{0,2}\s*日?)")
SEARCHED = 30  # rows in which the header is sought
UNKNOWN = 20  # columns that are told one by one
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
    header_cells: tuple[tuple[str, ...], ...]  # the rows of the header
    merges: tuple[Merge, ...] = ()  # within a row, down to the header
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
    learned: dict[str, Any] = field(default_factory=dict)  # header fingerprint -> what a person confirmed, to be remembered
    full: str = ""  # of what it says to be the full register
    stubs: bool = False  # whether what it refers to and is not registered becomes a stub

    @property
    def label(self) -> str:
        """Which registers these are."""
        return "、".join(dict.fromkeys(t.layout.label for t in self.tables))


def open_register(path: Path, guidance: Guidance = NONE) -> Register:
    """Read the preamble and the header of each sheet; raise RegisterError where there is none, or where it is a guess that
    nobody confirms."""
    book = readers.open_book(path)
    if book.columns:
        guidance = replace(guidance, layouts=ledger_of(book.columns, path).sheets)
    found, warnings, missing = list[_Found](), list(book.warnings), list[RegisterError]()
    for sheet in (without_reason(s, SEARCHED) for s in book.sheets if s.name != GUIDE):
        where = path.name + (f" 工作表“{sheet.name}”" if len(book.sheets) > 1 else "")
        try:
            if opened := _open(sheet, path, where, guidance):
                found.append(opened)
        except RegisterError as error:
            if error.code != "register.header":
                raise
            missing.append(error)
    if not found:
        raise missing[0] if missing else RegisterError("register.empty", "文件里没有数据", where=path.name, hint="请检查是否选错了文件")
    warnings += [f"{w}没有登记表的表头，未导入" for e in missing if (w := e.where.removeprefix(path.name).strip())]
    warnings += [w for f in found for w in f.warnings]
    told = {"截至": guidance.as_of, "来源": guidance.source} | _told([f.told for f in found], path)
    as_of = _as_of(told, path.name)
    if not told["来源"]:
        warnings.append("没有写明来源，以文件名代替（可在表头上方加一行：来源）")
    synthetic = told.get("虚构数据", "").startswith("是")
    tables = tuple(replace(t, as_of=as_of[0], synthetic=synthetic) for f in found for t in f.tables)
    learned = {k: v for f in found for k, v in f.learned.items()}
    return Register(path, told["来源"] or path.stem, *as_of, synthetic, tables, warnings, learned, told.get("全量") or guidance.full,
                    guidance.stubs)


@dataclass
class _Found:
    """The table of a sheet as found (two, of a ledger of all sorts of units), what stands above it, and what a person confirmed of it."""

    tables: tuple[Table, ...]
    told: dict[str, str]
    warnings: list[str]
    learned: dict[str, Any]


def _open(sheet: Sheet, path: Path, where: str, guidance: Guidance) -> _Found | None:
    """The table of a sheet; None for a sheet without any row."""
    top = list(islice(sheet.rows(), SEARCHED))
    if not any(clean(c) for row in top for c in row.cells):
        return None
    titles = [clean(row.cells[0]) if row.cells else "" for row in top]
    header = find(top, sheet.merges, [sheet.name, *titles, path.stem], where, guidance)
    _refuse_personal(sheet, top, header, where)
    header, learned = confirmed(header, path.name, sheet.name, top[header.at].number, where, guidance)
    _check_columns(header, where)
    place = where.removeprefix(path.name).strip()
    warnings = [f"{place}不认识{unknown}，未导入该列" for unknown in _unknown(header)]
    cells = tuple(tuple(map(clean, r.cells)) for r in top[header.at:header.at + header.span])
    last = header.at + header.span
    merges = tuple(m for m in sheet.merges if m.top == m.bottom < top[last - 1].number)
    tables = tuple(Table(path.name, sheet.name, h.layout, top[last - 1].number, h.headers, h.columns, read, last, cells, merges)
                   for h, read in parted(header, sheet.rows, last))
    return _Found(tables, preamble(top[:header.at]), warnings, learned)


def _refuse_personal(sheet: Sheet, top: Sequence[RawRow], header: Header, where: str) -> None:
    """Raise RegisterError where the header, with what stands next to it, or a title is about people."""
    above = top[:header.at]
    titles = [row for row in above if len([c for c in row.cells if clean(c)]) == 1]
    refuse_people([sheet.name, *(clean(c) for row in titles for c in row.cells)], where)
    own = top[header.at:header.at + header.span]
    rows = [*(r for r in above[-1:] if not _is_title(r, own[0])), *own, *top[header.at + header.span:][:1]]
    refuse_personal([clean(c) for row in own for c in row.cells] + [
        t for a, b in pairwise(rows) for texts in two_rows(a, b, sheet.merges) for t in texts], where)


def _is_title(row: RawRow, header: RawRow) -> bool:
    """Whether its only text stands over the whole header, and not, as 党员情况 does, over some of its columns."""
    first, begins = ([i for i, c in enumerate(r.cells) if clean(c)] for r in (row, header))
    return len(first) == 1 and first[0] <= begins[0]


def _told(each: Sequence[dict[str, str]], path: Path) -> dict[str, str]:
    """What the sheets say above their headers: what one says holds for all; they must not say different things."""
    told = dict[str, str]()
    for key, value in ((k, v) for preamble in each for k, v in preamble.items()):
        if (first := told.setdefault(key, value)) != value and not (key == "截至" and _day(first) == _day(value) is not None):
            raise RegisterError("register.sheets-differ", f"各工作表的“{key}”不同：{shown(told[key])}，{shown(value)}", where=path.name,
                                hint="一个文件是一次导入，来源和截至日期须相同；请分成几个文件")
    return told


def _as_of(told: dict[str, str], file: str) -> tuple[int, Precision]:
    as_of = _day(told.get("截至", ""))
    if as_of is None:
        why = f"截至日期“{shown(told['截至'])}”无法识别" if told.get("截至") else "没有写明数据截至日期"
        raise RegisterError("register.as-of", why, where=file,
                            hint="请在表头上方加一行：第一格写“截至”，第二格写日期，如 2024-03；或导入时加 --as-of 2024-03")
    if as_of[0] > number(today()):
        raise RegisterError("register.as-of", f"截至日期“{told['截至']}”在今天之后", where=file, hint="请写资料实际截至的日期")
    return as_of


def _day(text: str) -> tuple[int, Precision] | None:
    """An as-of, in any form in which a cell may hold a date."""
    try:
        return date_of("截至", text)
    except ValueProblem:
        return None


def preamble(top: Sequence[RawRow]) -> dict[str, str]:
    """来源, 截至 and 虚构数据: in two cells, in one as 截至：2024-03, or within a title as （截至2024年3月）."""
    told, filled = dict[str, str](), ""
    for row in top:
        cells = [clean(c) for c in row.cells if clean(c)]
        paired = all(c in CALLED or c in FILLED for c in cells[::2])
        for i, cell in enumerate(cells):
            word, colon, rest = cell.replace(":", "：").partition("：")
            key, value = bare(word.strip())[0].replace(" ", ""), rest.strip()
            if not value and (colon or paired) and i + 1 < len(cells):
                value = cells[i + 1]
            if key in FILLED and _day(value):
                filled = value
            elif key in CALLED and (value or not i) and (colon or paired):
                told[CALLED[key]] = value
            elif match := WITHIN.search(cell):
                told.setdefault("截至", match[1])
    return {"截至": filled} | told if filled else told


def _unknown(header: Header) -> list[str]:
    """The headers that mean nothing here, each with the one that it resembles; of very many how many more there are."""
    layout = header.layout
    quiet = {*layout.ignored, *map(normal, UNCOUNTED)}
    known, found = {normal(c.header): c.header for c in layout.columns.values()}, list[str]()
    unknown = [h for h, c in zip(header.headers, header.columns, strict=True) if h and c is None and normal(h) not in quiet]
    for text in unknown[:UNKNOWN]:
        close = difflib.get_close_matches(normal(text), known, 1, 0.6) if len(text) <= LONGEST else []
        found.append(f"“{shown(text)}”列" + (f"（是否应为“{known[close[0]]}”？）" if close else ""))
    if len(unknown) > UNKNOWN:
        found.append(f"另外 {len(unknown) - UNKNOWN} 列")
    return found


def _check_columns(header: Header, file: str) -> None:
    """No column twice; the general register has all it needs."""
    headers, columns, layout = header.headers, header.columns, header.layout
    for i, column in enumerate(columns):
        if column and (same := [c.header for c in columns[:i] if c and c.asserts == column.asserts]):
            told = f"“{headers[i]}”列出现了两次" if same[0] == headers[i] else f"“{same[0]}”和“{headers[i]}”是同一列"
            raise RegisterError("register.column-twice", told, where=file, hint="请删除或改名其中一列")
    missing = [m for m in REQUIRED_OF_RELATIONS if not layout.kind and not any(c and c.meaning == m for c in columns)]
    if missing:
        labels = "、".join(next(c.header for c in layout.columns.values() if c.meaning == m) for m in missing)
        unknown = "，".join(f"不认识{u}" for u in _unknown(header))
        raise RegisterError("register.column-missing", f"缺少列：{labels}" + (f"；{unknown}" if unknown else ""), where=file,
                            hint="请补上这些列，表头一字不差")
