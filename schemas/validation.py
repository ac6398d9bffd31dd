"""Policy and declaration files: TOML read, and what pydantic says of a wrong entry, in Chinese."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic_core import ErrorDetails

SIZE = 4 << 20  # characters of a TOML file
SAYINGS = {
    "extra_forbidden": "不认识这一项", "missing": "缺少这一项", "finite_number": "应为整数",
    "string_type": "应为文字（加引号）", "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false", "tuple_type": "应为列表，写在 [ ] 中", "dict_type": "应为一个表", "model_type": "应为一个表",
    "model_attributes_type": "应为一个表", "too_short": "至少写一项",
}
SYNTAX = (  # what tomllib says
    (r"Expected '=' after a key", "键的后面应为 ="),
    (r"Invalid initial character for a key part", "键只能用字母、数字、_ 和 -，其他文字要加引号"),
    (r"Expected '(\]+)' at the end", r"应以 \1 结束"),
    (r"Expected newline or end of document after a statement", "一项写完后应换行（文字要加引号，引号要成对）"),
    (r"Unterminated string|Expected '\"+'|Expected \"'+\"", "文字的引号没有成对"),
    (r"Illegal character|Found invalid character", "有不允许的字符（文字中不能直接换行，控制字符不能使用）"),
    (r"Unescaped|Invalid hex value|Escaped character", "文字里的 \\\\ 应写成 \\\\\\\\"),
    (r"Unclosed array", "列表没有以 ] 结束"),
    (r"Unclosed inline table", "表没有以 } 结束"),
    (r"Cannot declare .* twice|Cannot (?:overwrite|redefine|mutate)|Duplicate inline", "这一项前面已经写过"),
    (r"Invalid date or datetime", "没有这样的日期；日期请写成加引号的文字"),
    (r"Invalid value", "值的写法不对（文字要加引号，是/否写 true/false）"),
    (r"Invalid statement", "行首应为“键 = 值”、[表] 或 # 注释，键用英文"),
)


def text_of(path: Path) -> str | None:
    """The text of a TOML file; None where it is too large. Raises OSError, UnicodeDecodeError, ValueError (a NUL in the path)."""
    with path.open(encoding="utf-8-sig") as file:
        text = file.read(SIZE + 1)
    return None if len(text) > SIZE else text


def toml_of(content: str) -> dict[str, Any]:
    """Read TOML text; raise ValueError(what is wrong, what to do)."""
    try:
        return tomllib.loads(content.lstrip("\ufeff"))
    except RecursionError:
        raise ValueError("格式有误：嵌套过深", "请按 TOML 格式检查") from None
    except ValueError as error:  # TOMLDecodeError, and what it lets through
        raise ValueError(f"格式有误：{_syntax(str(error))}", "请按 TOML 格式检查该行") from None


def _syntax(message: str) -> str:
    """What the TOML reader says: where, and what is wrong there."""
    said = re.fullmatch(r"(.*?)(?: \(at (?:line (\d+), column (\d+)|end of document)\))?", message, re.DOTALL)
    what, line, column = said.groups() if said else (message, None, None)
    place = f"第 {line} 行第 {column} 列，" if line else "文件末尾，" if message.endswith("end of document)") else ""
    return place + next((m.expand(chinese) for english, chinese in SYNTAX if (m := re.match(english, what))), "写法不对")


def in_chinese(error: ErrorDetails) -> str:
    """One error as people read it; what is not known here stays in the validator's words."""
    kind, limits = error["type"], error.get("ctx", {})
    if kind == "value_error":
        return error["msg"].removeprefix("Value error, ")
    if kind.startswith("int_"):
        return "应为整数"
    if kind == "literal_error":
        return "可填：" + str(limits.get("expected", "")).replace(" or ", ", ").replace(", ", "、")
    if kind == "greater_than_equal":
        return f"不得小于 {limits.get('ge')}"
    if kind == "less_than_equal":
        return f"不得大于 {limits.get('le')}"
    return SAYINGS.get(kind, error["msg"])
