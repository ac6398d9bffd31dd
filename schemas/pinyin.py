"""Pinyin of names: the sort key, the initials and the full reading. Computed at ingest; place names by a phrase list."""

from __future__ import annotations

import re
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

PHRASES = {"长宁": ("chang", "ning"), "长宁区": ("chang", "ning", "qu"), "行业": ("hang", "ye"), "银行": ("yin", "hang"),
           "商行": ("shang", "hang"), "重庆": ("chong", "qing"), "厦门": ("xia", "men"), "会计": ("kuai", "ji"),
           "乐业": ("le", "ye"), "音乐": ("yin", "yue"), "朝阳": ("chao", "yang"), "长乐": ("chang", "le"),
           "长征": ("chang", "zheng"), "长江": ("chang", "jiang"), "广厦": ("guang", "sha"), "大厦": ("da", "sha"),
           # in nearly every name of an organisation, and read in one way: 有 is else you or wei, 限 xian or wen, 司 si or ci
           "有限": ("you", "xian"), "公司": ("gong", "si"), "责任": ("ze", "ren"), "股份": ("gu", "fen"), "合伙": ("he", "huo"),
           "科技": ("ke", "ji"), "技术": ("ji", "shu"), "智能": ("zhi", "neng"), "信息": ("xin", "xi"), "软件": ("ruan", "jian"),
           "服务": ("fu", "wu"), "投资": ("tou", "zi"), "传媒": ("chuan", "mei"), "餐饮": ("can", "yin"), "教育": ("jiao", "yu"),
           "社区": ("she", "qu"), "园区": ("yuan", "qu")}


class Reading(NamedTuple):
    """``sort_key`` ASCII, syllables apart; ``initials`` and ``full`` each with their alternative readings."""

    sort_key: str
    initials: tuple[str, ...]
    full: tuple[str, ...]


SYLLABLES = {word: [(s, "") for s in read] for word, read in PHRASES.items()}
PHRASE = re.compile(f"({'|'.join(sorted(PHRASES, key=len, reverse=True))})")
INITIAL = itemgetter(0)


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
    syllables = [s for part in PHRASE.split(name) for s in SYLLABLES.get(part) or map(_char, part)]
    chosen = [usual for usual, _ in syllables]
    readings = [chosen]
    for place, other in [(i, other) for i, (_, other) in enumerate(syllables) if other][:2]:
        readings += [[*r[:place], other, *r[place + 1:]] for r in readings]
    full = dict.fromkeys(["".join(r) for r in readings])
    initials = dict.fromkeys(["".join(map(INITIAL, r)) for r in readings])
    return Reading(" ".join(chosen), tuple(initials), tuple(full))
