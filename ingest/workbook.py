"""Writes .xlsx workbooks for people: what is text stays text (no cell is run as a formula, no code loses digits), headers are
frozen and repeated in print, columns as wide as Chinese needs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import xlsxwriter
from rich.cells import cell_len
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from schemas.errors import InputError

LAST_ROW = 1_048_575  # 0-based, as the format has it
NARROWEST, WIDEST = 8, 44  # of a column, in half-width characters
LEGIBLE = 220  # half-width characters side by side on A4 landscape
FONT = "Microsoft YaHei"  # on every office computer; others show their own Chinese font in its place
TEXT = {"num_format": "@", "font_name": FONT, "font_size": 10, "valign": "vcenter"}
GRID = {"border": 1, "border_color": "#BFBFBF"}
STYLES: dict[str, dict[str, Any]] = {
    "text": TEXT,
    "grid": {**TEXT, **GRID, "text_wrap": True},
    "title": {**TEXT, "bold": True, "font_size": 14},
    "note": {**TEXT, "font_color": "#595959", "text_wrap": True, "valign": "top"},
    "hint": {**TEXT, "font_color": "#9C2A00"},
    "label": {**TEXT, "bold": True},
    "header": {**TEXT, **GRID, "bold": True, "bg_color": "#DCE6F1", "text_wrap": True, "align": "center"},
    "needed": {**TEXT, **GRID, "bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF", "text_wrap": True, "align": "center"},
    "sample": {**TEXT, "italic": True, "font_color": "#7F7F7F", "bg_color": "#F2F2F2"},
    "fill": {**TEXT, **GRID, "bg_color": "#FFF8DC", "text_wrap": True},  # a cell that is to be filled in
    "first": {**TEXT, **GRID, "text_wrap": True, "top": 2, "top_color": "#1F4E79"},  # of a group of rows
    "fill_first": {**TEXT, **GRID, "bg_color": "#FFF8DC", "text_wrap": True, "top": 2, "top_color": "#1F4E79"},
    "place": {**TEXT, **GRID, "bold": True, "bg_color": "#F2F2F2"},
    "wrong": {**TEXT, **GRID, "bg_color": "#FCE4D6", "text_wrap": True},
    "reason": {**TEXT, **GRID, "bg_color": "#FCE4D6", "font_color": "#9C2A00", "text_wrap": True},
}
ILLEGAL = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
LONE = re.compile(r"[\ud800-\udfff]")  # half a surrogate pair cannot be stored


class Workbook:
    """A workbook while it is written; leaving the context writes the file.

    ``streamed``: in little memory; sheets and their rows must be written in order. Raises InputError (workbook.unwritable)
    where the file cannot be written."""

    def __init__(self, path: Path, *, streamed: bool = False) -> None:
        self.path = path
        self.book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
                                                    "constant_memory": streamed})
        self.styles = dict[str, Format]()
        self.taken = set[str]()

    def __enter__(self) -> Workbook:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is not None:
            return  # nothing is written of a workbook that failed half-way
        try:
            self.book.close()
        except (FileCreateError, OSError):
            raise InputError("workbook.unwritable", f"文件 {self.path} 无法写入",
                             hint="请检查文件夹是否存在、是否有写权限；文件若正在 Excel 或 WPS 中打开，请先关闭") from None

    def style(self, name: str) -> Format:
        if name not in self.styles:
            self.styles[name] = self.book.add_format(STYLES[name])
        return self.styles[name]

    def sheet(self, name: str) -> Worksheet:
        """A new sheet; its name is shortened and made unique where Excel demands it."""
        sheet = self.book.add_worksheet(self._legal(name))
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{LAST_ROW + 1}"})
        return sheet

    def _legal(self, name: str) -> str:
        plain = ILLEGAL.sub(" ", LONE.sub("", name)).strip().strip("'")[:31].strip() or "表"
        legal, n = plain, 1
        while legal.lower() in self.taken or legal.lower() == "history":  # Excel keeps that name for itself
            n += 1
            legal = f"{plain[:31 - len(f' ({n})')]} ({n})"
        self.taken.add(legal.lower())
        return legal

    def row(self, sheet: Worksheet, at: int, cells: Sequence[str], style: str = "text", *, first: int = 0, empty: bool = False) -> None:
        """A row of texts from column ``first``; ``empty``: cells without text are drawn as well."""
        for i, cell in enumerate(cells, first):
            if cell:
                sheet.write_string(at, i, LONE.sub("�", cell), self.style(style))
            elif empty:
                sheet.write_blank(at, i, None, self.style(style))


def width(texts: Sequence[str], least: int = NARROWEST, most: int = WIDEST) -> int:
    """How wide a column of these texts is to be; a Chinese character counts two."""
    longest = max((cell_len(line) for text in texts for line in text.splitlines()), default=0)
    return min(max(longest + 2, least), most)


def height(cells: Sequence[str], widths: Sequence[int], line: float = 15) -> float:
    """How high a row of wrapped texts in columns of these widths is to be, in points; no line begins with a comma, so fewer fit."""
    lines = (sum(max(1, -(-cell_len(part) // max(1, int(wide * 0.9) - 1))) for part in cell.splitlines() or [""])
             for cell, wide in zip(cells, widths, strict=False))
    return line * max(lines, default=1) + 1


def page(sheet: Worksheet, header: int, widths: Sequence[int], *, rows: int = 1) -> None:
    """A4 landscape with the header (its first row, 0-based, and how many ``rows``) at the top of every page and page numbers below;
    all columns on one page's width where that can be read, else the first column again on every page."""
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.repeat_rows(header, header + rows - 1)
    if sum(widths) <= LEGIBLE:
        sheet.fit_to_pages(1, 0)
    else:
        sheet.repeat_columns(0)
    sheet.set_footer("&C第 &P 页，共 &N 页")
