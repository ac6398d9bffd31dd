"""Page cursors: opaque text that carries the question, the data version and where the page ended (semantics 22)."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import TypeVar

from schemas.errors import QuestionError
from schemas.parts import Page

T = TypeVar("T")


def encode(question: str, version: int, *at: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([question, version, *at], ensure_ascii=False).encode()).decode().rstrip("=")


def decode(cursor: str, question: str, version: int, length: int) -> tuple[str, ...]:
    """Where the page before ended: ``length`` texts; raise QuestionError if the cursor is broken, of another question or of
    another data version."""
    try:
        asked, own, *at = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError):
        raise _broken() from None
    if asked != question or not isinstance(own, int) or len(at) != length or not all(isinstance(t, str) for t in at):
        raise _broken()
    if own != version:
        raise QuestionError("question.cursor-stale", "数据已更新，翻页标记已失效", hint="请从第一页重新查询")
    return tuple(at)


def offset(cursor: str | None, question: str, version: int) -> int:
    """How many entries of a list the pages before have shown; raise QuestionError as ``decode`` does."""
    if cursor is None:
        return 0
    shown, = decode(cursor, question, version, 1)
    if not (shown.isascii() and shown.isdecimal()):
        raise _broken()
    return int(shown)


def paged(entries: Sequence[T], question: str, version: int, limit: int, cursor: str | None) -> tuple[tuple[T, ...], Page]:
    """The entries of one page of a list that is at hand, and where it was cut; raise QuestionError as ``decode`` does."""
    at, total = offset(cursor, question, version), len(entries)
    more = encode(question, version, str(at + limit)) if at + limit < total else None
    return tuple(entries[at:at + limit]), Page(total=total, limit=limit, truncated=more is not None, cursor=more)


def _broken() -> QuestionError:
    return QuestionError("question.cursor", "翻页标记无法识别", hint="请从第一页重新查询")
