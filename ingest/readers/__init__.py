"""One file a format; each gives rows with sheet, row number and cells."""

from __future__ import annotations

from pathlib import Path

from ingest.readers.table import Rows
from schemas.errors import RegisterError

OFFICE = (".xlsx", ".xls", ".et", ".ods")


def read(path: Path) -> Rows:
    """The rows of a register file, by its extension; raise RegisterError for a format that is not read."""
    from ingest.readers import csv_file, json_file  # readers are loaded when a file is read

    suffix = path.suffix.lower()
    if suffix in (".csv", ".txt", ".tsv"):
        return csv_file.read(path)
    if suffix in (".jsonl", ".json", ".ndjson"):
        return json_file.read(path)
    hint = "请在 Excel 或 WPS 中另存为“CSV UTF-8（逗号分隔）”后再导入"
    if suffix not in OFFICE:
        hint = "可导入：.csv、.jsonl、.json（登记表），.toml（声明）"
    raise RegisterError("register.format", f"不能读取 {suffix or '没有扩展名的'} 文件", where=path.name, hint=hint)
