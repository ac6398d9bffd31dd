"""Looks through a .xlsx before anything parses it: sizes, far cells, formats. Reads in pieces, so its own memory is bounded."""

from __future__ import annotations

import html
import mmap
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, NoReturn

from ingest.readers import sniff
from ingest.readers.excel_child import CELLS, MONTHS, shows
from schemas.errors import RegisterError

CHUNK = 4 << 20  # bytes
FILE = 200 << 20  # bytes of the file itself
UNZIPPED = 1 << 30  # bytes of all parts
PART = 32 << 20  # bytes of a part that is read as a whole: the list of sheets, the formats
RATIO, RATIO_FROM = 300, 64 << 20  # a part of more bytes than this that shrinks more than so many times is a bomb
ENTRIES = 5_000  # parts
# a cell with content: empty ones, which stand in columns that somebody formatted, end at once
CELL = re.compile(rb"""[\s:]r=["']([A-Z]{1,3})(\d{1,7})["'][^<>/]*>(?!</)""")
STYLED = re.compile(rb"""<c r="([A-Z]{1,3})(\d{1,7})" s="(\d+)\"""")
UNCOUNTED = re.compile(rb"</f>(?:<v */>|<v></v>)?</c>")
# of the old format: a record of an error, and of a formula whose result is one
OLD_WRONG = re.compile(rb"\x05\x02\x08\x00.{7}\x01|\x06\x00.{8}\x02\x00.\x00\x00\x00\xff\xff", re.DOTALL)
SPLIT = "请把数据拆成几个文件后再导入；数据不多的，请删除远处的空行空列和多余的内容，另存为新的 .xlsx"


@dataclass
class Scanned:
    """By the sheet's number. ``partial``: (row, column) -> how far its date is shown: "month" or "year", as 2024年3月; ``wrong``:
    how many cells show an error, as #N/A; ``uncounted``: how many formulas have no result, for no program has worked them out."""

    partial: dict[int, dict[tuple[int, int], str]] = field(default_factory=dict)
    wrong: Counter[int] = field(default_factory=Counter)
    uncounted: Counter[int] = field(default_factory=Counter)


def scan(path: Path) -> Scanned:
    """Raise RegisterError for what must not be parsed: damaged, encrypted, no workbook, too much of anything."""
    if path.stat().st_size > FILE:
        too_large(path, f"文件超过 {FILE >> 20} MB")
    try:
        with zipfile.ZipFile(path) as archive:
            _check_entries(archive, path)
            return _look(archive, path)
    # NotImplementedError: packed in a way that zipfile does not know
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError, KeyError):
        damaged(path)


def wrong_in_old(path: Path) -> int:
    """How many cells of a .xls show an error, over all its sheets; those of which the file keeps the record in two places are missed."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return sum(1 for _ in OLD_WRONG.finditer(data))


def damaged(path: Path) -> NoReturn:
    raise RegisterError("register.damaged", "文件不完整或已损坏，无法读取", where=path.name,
                        hint="请重新下载或拷贝这个文件；在 Excel 或 WPS 里还能打开的，另存为新的 .xlsx 后再导入") from None


def too_large(path: Path, why: str) -> NoReturn:
    raise RegisterError("register.too-large", f"{why}，没有读取", where=path.name, hint=SPLIT)


def _check_entries(archive: zipfile.ZipFile, path: Path) -> None:
    entries = archive.infolist()
    names = Counter(e.filename.lower() for e in entries)
    if any(e.flag_bits & 1 for e in entries):
        raise RegisterError("register.password", "文件是加密的压缩包，无法读取", where=path.name, hint=sniff.PASSWORD)
    if not any(n.startswith("xl/") and n.endswith("workbook.xml") for n in names):
        sniff.not_a_workbook(path)
    if len(entries) > ENTRIES:
        too_large(path, f"文件里有 {len(entries)} 个部分（至多 {ENTRIES}）")
    if max(names.values()) > 1:
        damaged(path)
    if sum(e.file_size for e in entries) > UNZIPPED:
        too_large(path, f"文件解压后超过 {UNZIPPED >> 20} MB")
    if any(e.file_size > RATIO_FROM and e.file_size > RATIO * max(1, e.compress_size) for e in entries):
        too_large(path, "文件解压后膨胀数百倍，不像是登记表")


def _look(archive: zipfile.ZipFile, path: Path) -> Scanned:
    found, left = Scanned(), UNZIPPED
    partial = _partial_styles(archive)
    sheets = _sheets(archive)
    for entry in archive.infolist():
        if not entry.filename.lower().startswith("xl/worksheets/") and entry.filename not in sheets:
            continue
        rows, columns = 0, 0
        number = sheets.get(entry.filename)
        with archive.open(entry) as part:
            for piece in _pieces(part):
                left -= len(piece)
                if left < 0:  # the directory of the archive told less
                    too_large(path, f"文件解压后超过 {UNZIPPED >> 20} MB")
                rows, columns = _farthest(piece, rows, columns)
                if number is None:
                    continue
                found.wrong[number] += piece.count(b' t="e"')
                found.uncounted[number] += len(UNCOUNTED.findall(piece))
                if partial:
                    found.partial.setdefault(number, {}).update(_shown(piece, partial))
        if rows * columns > CELLS:
            too_large(path, f"工作表的数据一直到第 {rows} 行第 {columns} 列（行数乘列数至多 {CELLS:,}）")
    return found


def _pieces(part: IO[bytes]) -> Iterator[bytes]:
    """A part in pieces that end before a row, or at least before an element."""
    kept = b""
    while chunk := part.read(CHUNK):
        kept += chunk
        cut = kept.rfind(b"<row")
        if cut <= 0:  # rows are no pieces where one is longer than a piece
            cut = kept.rfind(b"<")
        if len(kept) - max(cut, 0) > 4 * CHUNK:
            raise ValueError("an element of several MB")
        if cut > 0:
            yield kept[:cut]
            kept = kept[cut:]
    yield kept


def _farthest(piece: bytes, rows: int, columns: int) -> tuple[int, int]:
    seen = CELL.findall(piece)
    if not seen:
        return rows, columns
    widest = max(map(number_of, {letters for letters, _ in seen}))
    return max(rows, *map(int, {r for _, r in seen})), max(columns, widest)


def number_of(letters: bytes) -> int:
    """A -> 1, XFD -> 16384."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


# -- dates that are shown to the month or the year ---------------------------------------------------------------------------


def _partial_styles(archive: zipfile.ZipFile) -> dict[bytes, str]:
    """Style -> "month" or "year", for the styles whose number format shows no more of a date."""
    text = _whole(archive, "xl/styles.xml")
    formats = {m[1]: _shows(m[2]) for m in re.finditer(rb'<numFmt\s+numFmtId="(\d+)"\s+formatCode="([^"]*)"', text)}
    formats.update({m[2]: _shows(m[1]) for m in re.finditer(rb'<numFmt\s+formatCode="([^"]*)"\s+numFmtId="(\d+)"', text)})
    formats.update({str(i).encode(): "month" for i in MONTHS})
    cells = re.search(rb"<cellXfs\b.*?</cellXfs>", text, re.S)
    styles = re.findall(rb'<xf\b[^>]*?numFmtId="(\d+)"', cells[0]) if cells else []
    return {str(i).encode(): shown for i, f in enumerate(styles) if (shown := formats.get(f))}


def _shows(code: bytes) -> str:
    return shows(html.unescape(code.decode("utf-8", "replace")))


def _shown(piece: bytes, partial: dict[bytes, str]) -> Iterator[tuple[tuple[int, int], str]]:
    for letters, row, style in STYLED.findall(piece):
        if style in partial:
            yield (int(row), number_of(letters)), partial[style]


def _sheets(archive: zipfile.ZipFile) -> dict[str, int]:
    """Part -> number of the sheet, 0-based, in the order of the workbook."""
    targets = dict[bytes, bytes]()
    for tag in re.findall(rb"<Relationship\b[^>]*>", _whole(archive, "xl/_rels/workbook.xml.rels")):
        id, target = re.search(rb'\bId="([^"]*)"', tag), re.search(rb'\bTarget="([^"]*)"', tag)
        if id and target:
            targets[id[1]] = target[1]
    tags = re.findall(rb"<(?:\w+:)?sheet\b[^>]*>", _whole(archive, "xl/workbook.xml"))
    ids = [m[1] for t in tags if (m := re.search(rb':id="([^"]*)"', t))]
    paths = [targets.get(id, b"").decode("utf-8", "replace") for id in ids]
    return {(p.lstrip("/") if p.startswith("/") else f"xl/{p}"): i for i, p in enumerate(paths) if p}


def _whole(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        with archive.open(name) as part:
            return part.read(PART)
    except KeyError:
        return b""
