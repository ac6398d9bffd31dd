"""Dates as the store keeps them: whole numbers YYYYMMDD, with sentinels instead of NULL (semantics 7, 8)."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from schemas.errors import QuestionError

UNKNOWN = 0  # a start that is not known
OPEN = 99991231  # an end that is not known or not yet
Precision = Literal["day", "month", "year"]
FORM = re.compile(r"(\d{4})(?:\s*[-./年]\s*(\d{1,2})(?:\s*[-./月]\s*(\d{1,2})\s*日?|\s*月?)|\s*年?)|(\d{4})(\d{2})(\d{2})")


def today() -> date:
    """Today where the district is."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def number(day: date) -> int:
    return day.year * 10000 + day.month * 100 + day.day


def day_of(value: int) -> date:
    return date(value // 10000, value // 100 % 100, value % 100)


def read(text: str) -> tuple[int, Precision] | None:
    """``2024``, ``2024-03``, ``2024.3.1``, ``2024年3月1日``, ``20240301`` -> first day and precision; ``None`` if it is no date."""
    match = FORM.fullmatch(text.strip())
    if not match:
        return None
    year, month, day = (match[1] or match[4], match[2] or match[5], match[3] or match[6])
    try:
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return number(first), "day" if day else "month" if month else "year"


def after(value: int, precision: Precision) -> int:
    """An end as it is stored: the first day after a month or year; a day given as an end is exclusive already."""
    first = day_of(value)
    if precision == "day":
        return value
    if first.year == 9999 and (precision == "year" or first.month == 12):
        return OPEN  # 9999 is how registers write 长期
    if precision == "year":
        return (first.year + 1) * 10000 + 101
    following = first + timedelta(days=32)
    return following.year * 10000 + following.month * 100 + 1


@lru_cache(maxsize=4096)
def written(value: int, precision: Precision = "day") -> str | None:
    """ISO text to the precision that is known; ``None`` for the sentinels."""
    if value in (UNKNOWN, OPEN):
        return None
    return day_of(value).isoformat()[: {"day": 10, "month": 7, "year": 4}[precision]]


@lru_cache(maxsize=4096)
def last(value: int, precision: Precision = "day") -> str | None:
    """An end as its source wrote it: the last month or year itself; a day is the first on which it no longer holds."""
    if value == OPEN or precision == "day":
        return written(value)
    before = day_of(value) - timedelta(days=1)
    return written(number(before), precision)


def ended(text: str) -> str:
    """The text of an end within a sentence: 2024-04, 2024-06-30 前 (of which day it is not said whether it still held)."""
    return f"{text} 前" if len(text) == len("2024-06-30") else text


@lru_cache(maxsize=256)
def months_before(day: date, months: int) -> date:
    total = day.year * 12 + day.month - 1 - months
    if total < 12:
        return date.min
    year, month = divmod(total, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def asked(text: str | None) -> date:
    """The date of a question: today by default; raise ``QuestionError`` if it is no date."""
    if text is None:
        return today()
    found = read(text)
    if found is None:
        raise QuestionError("question.date", f"日期“{text}”无法识别", hint="请写成 2024-03-01、2024-03 或 2024")
    return day_of(found[0])
