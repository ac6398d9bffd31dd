"""A question whose data changed while it was answered is asked once more (semantics 24: an answer sees one state of the data)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from schemas.errors import StoreMovedError

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


def steady(question: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """For stores that read what is committed; raises StoreMovedError if the data changed again."""

    @wraps(question)
    def again(*args: Asked.args, **options: Asked.kwargs) -> Answer:
        try:
            return question(*args, **options)
        except StoreMovedError:
            return question(*args, **options)

    return again
