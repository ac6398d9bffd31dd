"""JSON Lines, and a JSON array: each object a row; its keys are the headers (``来源`` and ``截至`` may come first, in an object
that has only such keys)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from ingest.detect import PREAMBLE
from ingest.readers.table import CELL, COLUMNS, Lines, RawRow, Rows, checked
from schemas.errors import RegisterError
from schemas.identifiers import shown

ARRAY = 16 << 20  # bytes of an array, which is read as a whole
HINT = "每行应为一个 JSON 对象，键为登记表的列名"


def read(path: Path) -> Rows:
    """The preamble, a header of all keys in order of appearance, then the rows; raise RegisterError for what is no such file.

    The keys of all objects are collected first, so the file is read twice."""
    headers = _keys(path)
    header_given = False
    for number, found in _objects(path):
        if set(found) <= set(PREAMBLE):
            yield from (RawRow("", number, (k, _cell(v, number, path))) for k, v in found.items())
            continue
        if not header_given:
            header_given = True
            yield RawRow("", 0, tuple(headers))
        yield checked(RawRow("", number, tuple(_cell(found.get(h), number, path) for h in headers)), path.name)


def _keys(path: Path) -> dict[str, None]:
    """All keys of objects that are rows, in order of appearance."""
    found = dict[str, None]()
    for number, item in _objects(path):
        if not set(item) <= set(PREAMBLE):
            found |= dict.fromkeys(item)
        if len(found) > COLUMNS:
            raise RegisterError("register.too-large", f"不同的键超过 {COLUMNS:,} 个，没有读取", where=f"{path.name} 第 {number} 项",
                                hint=HINT)
    return found


def _objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """(1-based number of the line or of the element, object)."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            first = next((text[:1] for line in iter(lambda: file.readline(CELL), "") if (text := line.lstrip())), "")
            file.seek(0)
            for number, item in _array(file, path) if first == "[" else _lines(file, path):
                if not isinstance(item, dict):
                    raise RegisterError("register.json", f"第 {number} 项不是 JSON 对象", where=path.name, hint=HINT)
                yield number, item
    except UnicodeDecodeError:
        raise RegisterError("register.encoding", "JSON 文件应为 UTF-8 编码", where=path.name, hint="请用 UTF-8 编码另存") from None
    except RecursionError:
        raise RegisterError("register.json", "不是有效的登记表：JSON 嵌套过深", where=path.name, hint=HINT) from None
    except json.JSONDecodeError as error:
        where = f"{path.name} 第 {error.lineno} 行第 {error.colno} 个字符"
        raise RegisterError("register.json", "不是有效的 JSON", where=where, hint=HINT) from None
    except _Twice as error:
        raise RegisterError("register.column-twice", f"{error.place}一个对象里“{shown(error.key)}”出现了两次", where=path.name,
                            hint="请删除或改名其中一个") from None


def _array(file: IO[str], path: Path) -> Iterable[tuple[int, Any]]:
    if path.stat().st_size > ARRAY:
        raise RegisterError("register.too-large", f"JSON 数组超过 {ARRAY >> 20} MB，没有读取", where=path.name,
                            hint="请改为每行一个对象（JSON Lines，扩展名 .jsonl），那样多大都可以")
    return enumerate(json.load(file, object_pairs_hook=_object, parse_int=str), 1)


def _lines(file: IO[str], path: Path) -> Iterator[tuple[int, Any]]:
    lines = Lines(file, path.name)
    for line in lines:
        lines.row()
        if line.strip():
            yield lines.number, _line(line.strip(), lines.number)


class _Twice(Exception):
    """A key that stands twice in an object: which of the two is meant nobody knows."""

    def __init__(self, key: str, place: str = "") -> None:
        super().__init__(key)
        self.key, self.place = key, place


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = Counter(k for k, _ in pairs)
        raise _Twice(keys.most_common(1)[0][0])
    return found


def _line(line: str, number: int) -> Any:
    try:
        return json.loads(line, object_pairs_hook=_object, parse_int=str)
    except _Twice as error:
        raise _Twice(error.key, f"第 {number} 行，") from None
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
