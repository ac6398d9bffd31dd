"""Page cursors: opaque text that carries the data version and where the page ended (semantics 22)."""

from __future__ import annotations

import base64
import binascii
import json

from schemas.errors import QuestionError


def encode(version: int, *at: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([version, *at], ensure_ascii=False).encode()).decode().rstrip("=")


def decode(cursor: str, version: int, length: int) -> tuple[str, ...]:
    """Where the page before ended: ``length`` texts; raise QuestionError if it is broken or of another data version."""
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        own, at = found[0], tuple(found[1:])
        if not isinstance(own, int) or len(at) != length or not all(isinstance(t, str) for t in at):
            raise ValueError(cursor)
    except (ValueError, TypeError, KeyError, IndexError, binascii.Error):
        raise QuestionError("question.cursor", "翻页标记无法识别", hint="请从第一页重新查询") from None
    if own != version:
        raise QuestionError("question.cursor-stale", "数据已更新，翻页标记已失效", hint="请从第一页重新查询")
    return at
