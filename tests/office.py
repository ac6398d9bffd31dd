"""Workbooks as people treat them: filled in by openpyxl, opened and saved once by LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")


def saved_by_office(files: Sequence[Path], folder: Path) -> list[Path]:
    """Each file opened and saved again by LibreOffice, in its own profile: other tests may be running one."""
    folder.mkdir(exist_ok=True)
    subprocess.run(["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "xlsx", "--outdir", str(folder),
                    *map(str, files)], check=True, capture_output=True, timeout=300)
    return [folder / f.name for f in files]


def filled(path: Path, fill: Callable[[Worksheet], None]) -> Path:
    """The file with its first sheet filled in."""
    book = openpyxl.load_workbook(path)
    fill(book.worksheets[0])
    book.save(path)
    return path


def row_of(sheet: Worksheet, header: str) -> int:
    """The row in which a header stands."""
    return next(c.row for row in sheet.iter_rows() for c in row if c.value == header)


def put(sheet: Worksheet, row: int, **cells: str) -> None:
    """Write cells by their headers."""
    at = row_of(sheet, next(iter(cells)))
    columns = {c.value: c.column for c in sheet[at]}
    for header, text in cells.items():
        sheet.cell(row, columns[header], text)
