"""Cells -> values: Chinese labels, 是/否, dates with their precision, several in one cell, 未填 and 无 (semantics 2)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from schemas.dates import Precision, read, written
from schemas.facts import Basis, Value
from schemas.identifiers import clean, normal
from schemas.kinds import Field

NONE = "无"
COMPLETE = re.compile(r"^仅\s*[:：]\s*")
SEPARATORS = re.compile(r"\s*[、；;]\s*")
FLAGS = {"是": "true", "有": "true", "√": "true", "true": "true", "1": "true", "y": "true",
         "否": "false", "无": "false", "×": "false", "false": "false", "0": "false", "n": "false"}
Reader = Callable[[str, Basis], Value]


class ValueProblem(Exception):
    """A cell that cannot be read: ``code``, ``message`` and ``hint`` for the reject."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


def several(cell: str) -> list[str]:
    """The parts of a cell that holds several: 甲、乙；丙. What stands in square brackets stays together: [建于：甲]、[建于：乙]."""
    parts, depth = list[str](), 0
    for part in SEPARATORS.split(cell.strip()):
        if depth > 0:
            parts[-1] += f"、{part}"
        elif part:
            parts.append(part)
        depth += sum(map(part.count, "[［【")) - sum(map(part.count, "]］】"))
    return parts if depth == 0 else [p for p in SEPARATORS.split(cell.strip()) if p]


@lru_cache(maxsize=256)
def legal_values(field: Field) -> dict[str, str]:
    """What people may write for a choice -> the stored value: its label, or the value itself."""
    return {**{normal(v): v for v in field.choices}, **{normal(label): v for v, label in field.choices.items()}}


def reader(field: Field) -> Reader:
    """The function that reads cells of a field; it raises ValueProblem."""
    return {"flag": _flag, "choice": _choice, "choices": _choices, "date": _date, "number": _number, "text": _text}[field.type](field)


def _text(field: Field) -> Reader:
    return lambda cell, basis: Value(clean(cell), basis)


def _flag(field: Field) -> Reader:
    def read_cell(cell: str, basis: Basis) -> Value:
        found = FLAGS.get(unicodedata.normalize("NFKC", cell).strip().lower())
        if found is None:
            raise ValueProblem("row.value", f"“{field.label}”应填 是 或 否，实为“{clean(cell)}”", "请填 是 或 否；不清楚的留空")
        return Value(found, basis)

    return read_cell


def _choice(field: Field) -> Reader:
    legal = legal_values(field)

    def read_cell(cell: str, basis: Basis) -> Value:
        return Value(_one(field, legal, cell), basis)

    return read_cell


def _one(field: Field, legal: dict[str, str], cell: str) -> str:
    found = legal.get(normal(cell))
    if found is None:
        options = "、".join(field.choices.values())
        raise ValueProblem("row.value", f"“{field.label}”没有“{clean(cell)}”这个选项", f"可填：{options}；不清楚的留空")
    return found


def _choices(field: Field) -> Reader:
    legal = legal_values(field)

    def read_cell(cell: str, basis: Basis) -> Value:
        if cell.strip() == NONE:
            return Value((), basis, True)
        complete = COMPLETE.match(cell.strip())
        parts = several(cell.strip()[complete.end():] if complete else cell)
        if not parts:
            raise ValueProblem("row.value", f"“{field.label}”没有写出任何一项", "没有的填 无；不清楚的留空")
        return Value(tuple(sorted({_one(field, legal, p) for p in parts})), basis, complete is not None)

    return read_cell


def _date(field: Field) -> Reader:
    def read_cell(cell: str, basis: Basis) -> Value:
        return Value(written(*date_of(field.label, cell)) or "", basis)

    return read_cell


def date_of(label: str, cell: str) -> tuple[int, Precision]:
    """A date with its precision; raises ValueProblem."""
    found = read(unicodedata.normalize("NFKC", cell).replace(" ", ""))
    if found is None:
        raise ValueProblem("row.date", f"“{label}”的日期“{clean(cell)}”无法识别", "请写成 2024-03-01、2024-03 或 2024")
    return found


def _number(field: Field) -> Reader:
    def read_cell(cell: str, basis: Basis) -> Value:
        digits = unicodedata.normalize("NFKC", cell).strip().replace(",", "")
        if not re.fullmatch(r"[0-9]{1,15}(\.0+)?", digits):
            raise ValueProblem("row.value", f"“{field.label}”应为整数，实为“{clean(cell)}”", "请只填数字；不清楚的留空")
        return Value(str(int(digits.partition(".")[0])), basis)

    return read_cell
