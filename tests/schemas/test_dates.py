"""Dates with the precision people write."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.dates import after, asked, day_of, months_before, number, read, written
from schemas.errors import QuestionError

DAYS = st.dates(date(1949, 10, 1), date(2099, 12, 31))


FORMS = ("{0:%Y-%m-%d}", "{0.year}.{0.month}.{0.day}", "{0.year}年{0.month}月{0.day}日", "{0:%Y%m%d}", "{0.year}/{0.month}/{0.day}")


@given(DAYS, st.sampled_from(FORMS))
def test_every_common_form_of_a_day(day: date, form: str) -> None:
    assert read(form.format(day)) == (number(day), "day")


@given(DAYS)
def test_months_and_years_keep_their_precision(day: date) -> None:
    assert read(f"{day:%Y-%m}") == read(f"{day.year}年{day.month}月") == (number(day.replace(day=1)), "month")
    assert read(f"{day.year}") == read(f"{day.year}年") == (number(day.replace(month=1, day=1)), "year")
    assert written(number(day), "month") == f"{day:%Y-%m}"


def test_an_end_is_the_first_day_after() -> None:
    assert after(20200901, "month") == 20201001
    assert after(20201201, "month") == 20210101
    assert after(20200101, "year") == 20210101
    assert after(20200930, "day") == 20200930


@given(DAYS, st.integers(0, 60))
def test_months_before(day: date, months: int) -> None:
    before = months_before(day, months)
    assert (day.year - before.year) * 12 + day.month - before.month == months
    assert before.day <= day.day


@pytest.mark.parametrize("text", ["", "昨天", "2024-13", "2024-02-30", "20240230", "1", "2024-1-1-1"])
def test_what_is_no_date_is_refused(text: str) -> None:
    assert read(text) is None
    with pytest.raises(QuestionError, match="无法识别"):
        asked(text)


def test_today_is_the_districts() -> None:
    assert isinstance(asked(None), date)
    assert day_of(20240301) == date(2024, 3, 1)
