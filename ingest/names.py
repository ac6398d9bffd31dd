"""Names as offices write them: what a name is without legal form and region, and whether two names may be of one body (semantics 6).

The regions are those of the policy: another district states its own."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz
from rapidfuzz.distance import Postfix, Prefix

from schemas.identifiers import normal

FORMS = {  # as it ends -> the form that it states; firms are of any form where they only say that they are firms
    "有限责任公司": "有限公司", "股份有限公司": "股份公司", "集团股份有限公司": "集团", "集团有限责任公司": "集团", "集团有限公司": "集团",
    "集团公司": "集团", "集团": "集团", "有限公司": "有限公司", "分公司": "分公司", "公司": "公司", "有限合伙": "合伙",
    "党支部委员会": "支部", "党支部": "支部", "支部委员会": "支部", "支部": "支部", "党总支委员会": "总支", "党总支": "总支",
    "党委": "委员会", "委员会": "委员会"}
LEGAL = re.compile(f"(?<=..)({'|'.join(sorted(FORMS, key=len, reverse=True))})$")
FIRMS = ("公司", "有限公司", "股份公司", "合伙")
OWN_FORM = ("分公司", "支部", "总支", "委员会")  # never left out: a branch is not its firm, a committee not one of its branches
PARTY = re.compile(r"^(中国共产党|中共)(?=..)")
CITY_NAMED = ("Enterprise", "SocialOrganization", "Building", "Park", "PropertyManager")  # whose names say no rank by a city
TELLING = re.compile(r"[0-9a-z零〇一二两三四五六七八九十百甲乙丙丁戊东南西北中]")  # 第一党支部 is not 第二党支部
NEAR = 75  # per cent: less alike is not asked
OWN_NEAR = 66  # of what two names have not in common with very many others


@dataclass(frozen=True, slots=True)
class Parted:
    """A normalised name without legal form, region and what all organisations of its sort are called. ``region``: the place, from
    1, of the smallest one stated; 0 where it states none, as "" for ``form``."""

    core: str
    form: str
    region: int


class Names:
    """How names are read in a district. ``regions``: what may stand before them, from the greatest to the district itself, each in
    all its forms (``schemas.policy.Policy.regions``)."""

    def __init__(self, regions: Sequence[Sequence[str]]) -> None:
        levels = [sorted(map(normal, forms), key=len, reverse=True) for forms in regions]
        self._region = re.compile("".join(f"({'|'.join(map(re.escape, forms))})?" for forms in levels) + "(?=..)")
        self._district = len(levels)
        self.core = lru_cache(maxsize=1 << 17)(self._core)

    def agree(self, kind: str, one: str, other: str) -> bool:
        """Whether two normalised names of bodies of a kind differ at most in legal form and region, and in nothing that both state."""
        a, b = self._parted(one), self._parted(other)
        return a.core == b.core and _forms_agree(a.form, b.form) and self._regions_agree(kind, {a.region, b.region})

    def _core(self, plain: str) -> str:
        return self._parted(plain).core

    def _parted(self, plain: str) -> Parted:
        rest = PARTY.sub("", plain)
        region = self._region.match(rest)
        rest = rest[region.end():] if region else rest
        form = found[0] if (found := LEGAL.search(rest)) else ""
        core = rest[:len(rest) - len(form)]
        if len(core) < 2:
            return Parted(plain, "", 0)
        return Parted(core, FORMS.get(form, ""), (region and region.lastindex) or 0)

    def _regions_agree(self, kind: str, stated: set[int]) -> bool:
        """``stated``: the regions of two names."""
        return len(stated) == 1 or (0 in stated and (self._district in stated or kind in CITY_NAMED))


def _forms_agree(one: str, other: str) -> bool:
    if one == other:
        return True
    if one in OWN_FORM or other in OWN_FORM:
        return False
    return not one or not other or ("公司" in (one, other) and one in FIRMS and other in FIRMS)


@lru_cache(maxsize=65536)
def telling(plain: str) -> tuple[str, ...]:
    """What tells bodies apart whose names are else alike, in its order."""
    return tuple(TELLING.findall(plain))


def parts(plain: str) -> tuple[str, ...]:
    """What two names must have in common to be compared: two characters, one after the other."""
    return tuple(dict.fromkeys(map("".join, pairwise(plain)))) or (plain,)


def usual(plain: str, common: Collection[str]) -> tuple[int, int]:
    """How many characters at the beginning and at the end of a name stand in parts that are common (智能科技)."""
    pairs = list(map("".join, pairwise(plain)))
    runs = [next((n for n, p in enumerate(order) if p not in common), len(order)) for order in (pairs, pairs[::-1])]
    return runs[0] and runs[0] + 1, runs[1] and runs[1] + 1


def likeness(one: str, other: str, common: tuple[int, int] = (0, 0)) -> int:
    """Of two core names, per cent; 0 where they are not near or differ in what tells bodies apart. ``common``: how many characters of
    the first are ``usual``: what is left of the two without those that they share must be near, too."""
    found = round(fuzz.ratio(one, other))
    if found < NEAR and not (min(len(one), len(other)) > 2 and (one.startswith(other) or other.startswith(one))):
        return 0
    if telling(one) != telling(other):
        return 0
    own = _own(one, other, *common) if any(common) else ("", "")
    return found if not all(own) or fuzz.ratio(*own) >= OWN_NEAR else 0


def _own(one: str, other: str, head: int, tail: int) -> tuple[str, str]:
    head, tail = min(head, Prefix.similarity(one, other)), min(tail, Postfix.similarity(one, other))
    return one[head:len(one) - tail], other[head:len(other) - tail]
