"""A question whose data changed while it was answered is asked again (semantics 24: an answer sees one state of the data)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from schemas.errors import StoreMovedError

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
AGAIN = 2  # what is kept of the last answer may be out of date the first time, without a change


def steady(question: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """For stores that read what is committed; raises StoreMovedError if the data changed again, and again."""

    @wraps(question)
    def again(*args: Asked.args, **options: Asked.kwargs) -> Answer:
        for _ in range(AGAIN):
            try:
                return question(*args, **options)
            except StoreMovedError:
                continue
        return question(*args, **options)

    return again
