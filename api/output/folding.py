"""Folds lines as Chinese text is folded: anywhere but inside words and numbers, no closing mark at the start of a line."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from rich.text import Text

CLOSING = "，。、；：？！）》】”’…%"
OPENING = "（《【“‘第]"  # [1] stays with what it numbers
UNITS = "行项个步年月日条"
WORD = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ[]-_.:/=")


def folded(text: Text, width: int) -> Iterator[Text]:
    """``text`` in lines of at most ``width`` columns; a wide sign takes two."""
    rest = text
    while cell_len(rest.plain) > width:
        at = _break(rest.plain, max(width, 2))
        line, rest = rest.divide([at])
        line.rstrip()
        yield line
        rest = rest[len(rest.plain) - len(rest.plain.lstrip(" ")):]
    rest.rstrip()
    yield rest


def _break(line: str, width: int) -> int:
    """The last place within the width where the line may be broken."""
    used, limit = 0, 0
    for limit, sign in enumerate(line):  # noqa: B007 - where the loop stops is what is wanted
        used += cell_len(sign)
        if used > width:
            break
    at = next((i for i in range(limit, limit // 2, -1) if _allowed(line[i - 1], line[i])), limit)
    return max(at, 1)


def _allowed(before: str, after: str) -> bool:
    in_word = before in WORD and (after in WORD or after in UNITS)
    return not in_word and after not in CLOSING and before not in OPENING
