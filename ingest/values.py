"""Cells -> values: Chinese labels, 是/否, dates with their precision, several in one cell, 未填 and 无 (semantics 2)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from ingest.words import CHOICES
from schemas.dates import Precision, read, written
from schemas.facts import Basis, Value
from schemas.identifiers import clean, normal, shown
from schemas.kinds import Field

NONE = "无"
COMPLETE = re.compile(r"^仅\s*[:：]\s*")
SEPARATORS = re.compile(r"\s*[、；;]\s*")
STROKES = re.compile(r"[\s/\\—–―－_-]+")  # people strike out a cell, and mean by it that there is none or that they do not know
FLAGS = {**dict.fromkeys(("是", "有", "对", "√", "✓", "✔", "☑", "true", "yes", "1", "y"), "true"),
         **dict.fromkeys(("否", "无", "没有", "不是", "×", "✗", "✘", "✕", "☒", "false", "no", "0", "n"), "false")}
LOST_DIGITS = re.compile(r"\d(\.\d+)?[eE]\+\d+|\d{15,}\.0+")  # how a number of more digits than a number can hold looks
AS_TEXT = "请将该列设为文本格式后重新填写"
CHINESE = str.maketrans("〇零○一二三四五六七八九", "000123456789")
CLOCK = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
SERIAL = range(20_000, 60_000)  # days since 1899-12-30, as spreadsheets count them: 1954 to 2064
AMOUNT = re.compile(r"(\d{1,15}(?:\.\d+)?)([十百千万亿]*)(?:元|人|名|个|家|户|项|次)?")
TIMES = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
BAND = re.compile(r"(\d+)(?:-(\d+)|(\+))?")  # stored values of choices that are bands of a number
Reader = Callable[[str, Basis], Value]
CELLS = 4096  # of a column that are remembered as they were read


class ValueProblem(Exception):
    """A cell that cannot be read: ``code``, ``message`` and ``hint`` for the reject."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


def several(cell: str) -> list[str]:
    """The parts of a cell that holds several: 甲、乙；丙. What stands in square brackets stays together: [建于：甲]、[建于：乙]."""
    if not SEPARATORS.search(cell):
        return [cell.strip()] if cell.strip() else []
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
    """What people may write for a choice -> the stored value: other words for its label, the value itself, the label."""
    return {**{normal(w): v for v, label in field.choices.items() for w in CHOICES.get(label, ())},
            **{normal(v): v for v in field.choices}, **{normal(label): v for v, label in field.choices.items()}}


def reader(field: Field) -> Reader:
    """The function that reads cells of a field; it raises ValueProblem. 无 says that there is none: the empty value, stated.

    What it has read lately it remembers: the cells of a column are the same few for thousands of rows."""
    read_cell = {"flag": _flag, "choice": _choice, "choices": _choices, "date": _date, "number": _number, "text": _text}[field.type](field)
    if field.type not in ("flag", "choices") and normal(NONE) not in legal_values(field):
        return lru_cache(CELLS)(lambda cell, basis: Value("", basis) if cell.strip() == NONE else read_cell(cell, basis))
    return lru_cache(CELLS)(read_cell)


def _text(field: Field) -> Reader:
    def read_cell(cell: str, basis: Basis) -> Value:
        keeps_digits(field.label, cell)
        return Value(clean(cell), basis)

    return read_cell


def keeps_digits(label: str, cell: str) -> None:
    """Raise ValueProblem for a number of more digits than spreadsheets keep."""
    if not cell.isalpha() and LOST_DIGITS.fullmatch(unicodedata.normalize("NFKC", cell).strip()):
        raise ValueProblem("row.digits-lost", f"“{label}”的“{shown(cell)}”是数字格式，末几位已经丢失", AS_TEXT)


def _flag(field: Field) -> Reader:
    def read_cell(cell: str, basis: Basis) -> Value:
        found = FLAGS.get(unicodedata.normalize("NFKC", cell).strip().lower())
        if found is None:
            raise ValueProblem("row.value", f"“{field.label}”应填 是 或 否，实为“{shown(cell)}”", "请填 是 或 否；不清楚的留空")
        return Value(found, basis)

    return read_cell


def _choice(field: Field) -> Reader:
    legal = legal_values(field)

    def read_cell(cell: str, basis: Basis) -> Value:
        return Value(_one(field, legal, cell), basis)

    return read_cell


def _one(field: Field, legal: dict[str, str], cell: str) -> str:
    found = legal.get(normal(cell)) or _band(field, cell)
    if found is None:
        options = "、".join(field.choices.values())
        raise ValueProblem("row.value", f"“{field.label}”没有“{shown(cell)}”这个选项", f"可填：{options}；不清楚的留空")
    return found


def _band(field: Field, cell: str) -> str | None:
    """The band of a plain number, where the choices are bands: 45 is in 10-49."""
    plain = re.sub(r"[\s,]", "", unicodedata.normalize("NFKC", cell)).rstrip("人名个")
    if not plain.isascii() or not plain.isdigit() or len(plain) > 9:
        return None
    for choice in field.choices:
        band = BAND.fullmatch(choice)
        if band and int(band[1]) <= int(plain) <= (int(band[2]) if band[2] else 10 ** 9 if band[3] else int(band[1])):
            return choice
    return None


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


@lru_cache(CELLS)
def date_of(label: str, cell: str) -> tuple[int, Precision]:
    """A date with its precision; raises ValueProblem."""
    found = read(_plain_date(cell))
    if found is None:
        raise ValueProblem("row.date", f"“{label}”的日期“{shown(cell)}”无法识别", "请写成 2024-03-01、2024-03 或 2024")
    return found


def _plain_date(cell: str) -> str:
    """A date in the digits and order that ``schemas.dates.read`` reads: 二〇二〇年九月, 2020.9., 202009, 2020-09-01 00:00:00, 44075."""
    plain = CLOCK.sub("", unicodedata.normalize("NFKC", cell).strip())
    plain = re.sub(r"\s", "", plain).rstrip(".,、-/").replace("號", "日").replace("号", "日").replace("、", ".")
    if re.search("[〇零○一二三四五六七八九十]", plain):
        plain = re.sub("十([一二三四五六七八九]?)", _ten, plain).translate(CHINESE)
    if re.fullmatch(r"(19|20)\d{2}(0[1-9]|1[0-2])", plain):
        return f"{plain[:4]}-{plain[4:]}"
    if re.fullmatch(r"\d{5}(\.\d+)?", plain) and int(plain[:5]) in SERIAL:
        return (date(1899, 12, 30) + timedelta(days=int(plain[:5]))).isoformat()
    return plain


def _ten(match: re.Match[str]) -> str:
    """十, 十二, 二十, 二十三 within a date."""
    before = match.start() > 0 and match.string[match.start() - 1] in "一二三"
    return match[1] or "0" if before else f"1{match[1] or '0'}"


def _number(field: Field) -> Reader:
    def read_cell(cell: str, basis: Basis) -> Value:
        match = AMOUNT.fullmatch(re.sub(r"[\s,]", "", unicodedata.normalize("NFKC", cell)))
        amount = Decimal(match[1]) if match else Decimal("0.5")
        for unit in match[2] if match else "":
            amount *= TIMES[unit]
        if amount != int(amount) or amount >= 10 ** 15:
            raise ValueProblem("row.value", f"“{field.label}”应为整数，实为“{shown(cell)}”", "请只填数字（可写 1.2万）；不清楚的留空")
        return Value(str(int(amount)), basis)

    return read_cell
