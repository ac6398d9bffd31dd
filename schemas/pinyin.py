"""Pinyin of names: the sort key, the initials and the full reading. Computed at ingest; place names by a phrase list."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

PHRASES = {"长宁": ("chang", "ning"), "长宁区": ("chang", "ning", "qu"), "行业": ("hang", "ye"), "银行": ("yin", "hang"),
           "商行": ("shang", "hang"), "重庆": ("chong", "qing"), "厦门": ("xia", "men"), "会计": ("kuai", "ji"),
           "乐业": ("le", "ye"), "音乐": ("yin", "yue"), "朝阳": ("chao", "yang"), "长乐": ("chang", "le"),
           "长征": ("chang", "zheng"), "长江": ("chang", "jiang"), "广厦": ("guang", "sha"), "大厦": ("da", "sha")}


class Reading(NamedTuple):
    """``sort_key`` ASCII, syllables apart; ``initials`` and ``full`` each with their alternative readings."""

    sort_key: str
    initials: tuple[str, ...]
    full: tuple[str, ...]


STARTS = frozenset(p[0] for p in PHRASES)


@lru_cache(maxsize=32768)
def _char(char: str) -> tuple[str, str]:
    """The usual syllable of a character, and the next one where they begin with different letters, else ""."""
    from pypinyin import Style, pinyin  # 30 MB and 0.1 s: only where names are read

    found = list(dict.fromkeys(pinyin(char, style=Style.NORMAL, heteronym=True)[0])) or [char]
    usual = found[0] if len(found[0]) > 1 else _ascii(found[0])
    return usual, found[1] if len({s[0] for s in found}) > 1 else ""


def _ascii(char: str) -> str:
    return char if char.isascii() else f"u{ord(char):06x}"


@lru_cache(maxsize=1024)
def reading(name: str) -> Reading:
    """Read a normalised name. The usual reading first; at most 4 alternatives, where a character has several."""
    chosen, others, i = list[str](), list[tuple[int, str]](), 0
    while i < len(name):
        if name[i] in STARTS and (phrase := next((name[i:i + n] for n in (3, 2) if name[i:i + n] in PHRASES), None)):
            chosen.extend(PHRASES[phrase])
            i += len(phrase)
            continue
        usual, other = _char(name[i])
        if other:
            others.append((i, other))
        chosen.append(usual)
        i += 1
    readings = [chosen]
    for place, other in others[:2]:
        readings += [[*r[:place], other, *r[place + 1:]] for r in readings]
    full = tuple(dict.fromkeys("".join(r) for r in readings))
    initials = tuple(dict.fromkeys("".join([s[0] for s in r]) for r in readings))
    return Reading(" ".join(chosen), initials, full)
