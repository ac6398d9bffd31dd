"""Policy and declaration files: TOML read, and what pydantic says of a wrong entry, in Chinese."""

from __future__ import annotations

import tomllib
from typing import Any

from pydantic_core import ErrorDetails

SAYINGS = {
    "extra_forbidden": "不认识这一项", "missing": "缺少这一项", "finite_number": "应为整数",
    "string_type": "应为文字（加引号）", "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false", "tuple_type": "应为列表，写在 [ ] 中", "dict_type": "应为一个表", "model_type": "应为一个表",
    "model_attributes_type": "应为一个表", "too_short": "至少写一项",
}


def toml_of(content: str) -> dict[str, Any]:
    """Read TOML text; raise ValueError(what is wrong, what to do)."""
    try:
        return tomllib.loads(content.lstrip("\ufeff"))
    except RecursionError:
        raise ValueError("格式有误：嵌套过深", "请按 TOML 格式检查") from None
    except ValueError as error:  # TOMLDecodeError, and what it lets through
        raise ValueError(f"格式有误：{error}", "请按 TOML 格式检查该行") from None


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
