"""JSON Lines, and a JSON array: each object a row; its keys are the headers (``来源`` and ``截至`` may come first, in an object
that has only such keys)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.detect import PREAMBLE
from ingest.readers.table import RawRow, Rows, checked
from schemas.errors import RegisterError

HINT = "每行应为一个 JSON 对象，键为登记表的列名"


def read(path: Path) -> Rows:
    """The preamble, a header of all keys in order of appearance, then the rows; raise RegisterError for what is no such file.

    The keys of all objects are collected first, so the file is read twice."""
    headers = dict.fromkeys(k for _, o in _objects(path) if not set(o) <= set(PREAMBLE) for k in o)
    header_given = False
    for number, found in _objects(path):
        if set(found) <= set(PREAMBLE):
            yield from (RawRow("", number, (k, _cell(v, number, path))) for k, v in found.items())
            continue
        if not header_given:
            header_given = True
            yield RawRow("", 0, tuple(headers))
        yield checked(RawRow("", number, tuple(_cell(found.get(h), number, path) for h in headers)), path.name)


def _objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """(1-based number of the line or of the element, object)."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            first = file.read(100).lstrip()[:1]
            file.seek(0)
            lines = ((n, _line(line.strip(), n)) for n, line in enumerate(file, 1) if line.strip())
            found = enumerate(json.load(file), 1) if first == "[" else lines
            for number, item in found:
                if not isinstance(item, dict):
                    raise RegisterError("register.json", f"第 {number} 项不是 JSON 对象", where=path.name, hint=HINT)
                yield number, item
    except UnicodeDecodeError:
        raise RegisterError("register.encoding", "JSON 文件应为 UTF-8 编码", where=path.name, hint="请用 UTF-8 编码另存") from None
    except RecursionError:
        raise RegisterError("register.json", "不是有效的登记表：JSON 嵌套过深", where=path.name, hint=HINT) from None
    except json.JSONDecodeError as error:
        raise RegisterError("register.json", f"不是有效的 JSON（第 {error.lineno} 行：{error.msg}）", where=path.name, hint=HINT) from None


def _line(line: str, number: int) -> Any:
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        raise json.JSONDecodeError(error.msg, "\n" * (number - 1) + line, number - 1 + error.pos) from None


def _cell(value: Any, number: int, path: Path) -> str:
    """A value as a cell: lists by 、, booleans as 是/否, [] as 无, null as not filled in."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(v, dict | list) for v in value)):
        raise RegisterError("register.json", f"第 {number} 项的值里还有对象或列表", where=path.name,
                            hint="值应为文字、数字、是否，或它们的列表")
    if isinstance(value, list):
        return "、".join(map(str, value)) or "无"
    return str(value).encode("utf-8", "replace").decode()  # half a surrogate pair cannot be stored
