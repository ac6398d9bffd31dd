"""Until when an answer is awaited: set once by whoever asks, heeded by engines and long searches."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from schemas.errors import StoreTimeoutError

_until: ContextVar[float | None] = ContextVar("until", default=None)  # monotonic seconds


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Questions asked inside raise StoreTimeoutError when the seconds are over."""
    token = _until.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _until.reset(token)


def remaining() -> float | None:
    """Seconds left, not below 0; None where no deadline is set."""
    until = _until.get()
    return None if until is None else max(0.0, until - time.monotonic())


def over() -> bool:
    return remaining() == 0.0


def heed() -> None:
    """Raise StoreTimeoutError if the time is over."""
    if over():
        raise too_long()


def too_long() -> StoreTimeoutError:
    return StoreTimeoutError("store.timeout", "在规定时间内没有得到回答", hint="请缩小范围后再问，或稍候再试；数据没有变化")
