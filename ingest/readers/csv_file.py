"""CSV as offices have it: UTF-8 with or without a mark, GB18030, UTF-16; comma, semicolon or tab."""

from __future__ import annotations

import codecs
import csv
from itertools import chain
from pathlib import Path

from ingest.readers.table import CELL, Lines, RawRow, Rows, checked
from schemas.errors import RegisterError

CHUNK = 1 << 20  # bytes
END = "\0"  # put after the last line, which no text holds: swallowed by a quote that nobody closed
DELIMITERS = ",\t;；，"
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read(path: Path) -> Rows:
    """The rows of a CSV file, streamed; raise RegisterError where it is no text or no table."""
    encoding = encoding_of(path)
    with path.open(encoding=encoding, newline="") as file:
        delimiter = _delimiter([file.readline(CELL) for _ in range(20)])
        file.seek(0)
        yield from _rows(Lines(file, path.name), delimiter, path.name)


def _rows(lines: Lines, delimiter: str, file: str) -> Rows:
    reader = csv.reader(chain(lines, [END]), delimiter=delimiter)
    number = 0
    try:
        for cells in reader:
            if cells == [END]:
                return
            number += 1
            lines.row()
            if cells and cells[-1].endswith(END):
                raise RegisterError("register.quote", f"第 {number} 行的引号没有成对，其后各行都被当作同一格", where=file,
                                    hint="请补上或删去这个引号（半角双引号）；此文件没有导入")
            yield checked(RawRow("", number, tuple(cells)), file)
    except csv.Error as error:
        if "field limit" in str(error):
            raise RegisterError("register.cell-too-long", f"单元格超过 {CELL} 个字符", where=f"{file} 第 {number + 1} 行",
                                hint="请检查引号是否成对，或文件是否不是登记表") from None
        raise RegisterError("register.csv", f"第 {number + 1} 行附近不是有效的 CSV", where=file,
                            hint="请用 Excel 或 WPS 打开后另存为 CSV UTF-8") from None


def encoding_of(path: Path) -> str:
    """By mark, by the pattern of NULs (UTF-16), strict UTF-8, then GB18030; raise RegisterError if it is none of them."""
    with path.open("rb") as file:
        head = file.read(CHUNK)
    if not head.strip():
        raise RegisterError("register.empty", "文件是空的", where=path.name, hint="请检查是否选错了文件")
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return _strict(path, encoding) or _refuse(path)
    if b"\0" in head:
        ascii_in = {e: sum(c.isascii() for c in head[:2000].decode(e, "ignore")) for e in ("utf-16-le", "utf-16-be")}
        found = max(ascii_in, key=lambda e: ascii_in[e])
        lines = {"\n", "\r"} & set(head.decode(found, "ignore"))  # other encodings, with a NUL in them, come out without
        return (_strict(path, found) if lines else None) or _refuse(path)
    return _strict(path, "utf-8") or _strict(path, "gb18030") or _refuse(path)


def _strict(path: Path, encoding: str) -> str | None:
    """The encoding, if the whole file is valid in it and holds no NUL."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                if "\0" in decoder.decode(chunk):
                    return None
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    return encoding


def _refuse(path: Path) -> str:
    raise RegisterError("register.encoding", "文件编码无法识别，或不是文本文件（有乱码或空字符）", where=path.name,
                        hint="请用 Excel 或 WPS 打开后另存为“CSV UTF-8（逗号分隔）”")


def _delimiter(lines: list[str]) -> str:
    """The mark that stands in most lines; csv.Sniffer fails on one column and on full-width marks."""
    counts = {d: sum(1 for line in lines if d in line) for d in DELIMITERS}
    return max(DELIMITERS, key=lambda d: counts[d]) if any(counts.values()) else ","
