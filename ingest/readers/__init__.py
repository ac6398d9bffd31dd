"""One file a format; each gives sheets whose rows have a row number and cells."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from ingest.readers.table import Book, Sheet
from schemas.errors import RegisterError

TEXT = (".csv", ".txt", ".tsv")
JSON = (".jsonl", ".json", ".ndjson")
EXCEL = (".xlsx", ".xlsm", ".xls", ".et")


def open_book(path: Path) -> Book:
    """The sheets of a register file, by its extension, which its content must bear out; raise RegisterError for what is not read."""
    from ingest.readers import csv_file, excel_file, json_file, sniff  # readers are loaded when a file is read

    suffix = path.suffix.lower()
    if suffix not in (*TEXT, *JSON, *EXCEL):
        hint = "请在 Excel 或 WPS 中另存为 .xlsx 后再导入" if suffix in sniff.OTHER_OFFICE else \
            "可导入：.xlsx、.xls、.csv、.jsonl、.json（登记表），.toml（声明）"
        raise RegisterError("register.format", f"不能读取 {suffix or '没有扩展名的'} 文件", where=path.name, hint=hint)
    sniff.check(path, suffix)
    if suffix in EXCEL:
        return excel_file.read(path)
    return Book((Sheet("", partial(csv_file.read if suffix in TEXT else json_file.read, path)),))
