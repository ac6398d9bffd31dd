"""Names that are near: which bodies of a load may be ones that are known already. Nothing is decided here (semantics 6)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from graph.engine import Body, Snapshot
from schemas.identifiers import normal
from schemas.kinds import KINDS
from schemas.relations import RELATIONS

LEGAL = re.compile("(?<=..)(有限责任公司|股份有限公司|集团有限公司|有限合伙|有限公司|集团公司|分公司|公司|集团|"
                   "党支部委员会|党支部|党总支|党委|支部委员会|委员会|支部)$")
PLACES = re.compile(r"^(中国共产党|中共|上海市|上海|长宁区)(?=..)")
TELLING = re.compile(r"[0-9a-z零〇一二两三四五六七八九十百甲乙丙丁戊东南西北中]")  # 第一党支部 is not 第二党支部
NEAR = 75  # per cent: less alike is not asked
AT_ONCE, CANDIDATES, ASKED = 500, 20, 5  # bodies looked up at once; names a part; questions a body
UNASKED = ("Service", "Need", "Document", "Industry")  # whose names are alike by their nature
SHARED = 3  # relationships shown as evidence


@dataclass(frozen=True)
class Near:
    """``id`` may be ``other``, which was there before, or came with the same load."""

    id: str
    other: str
    likeness: int
    evidence: tuple[str, ...]
    names: tuple[str, str] = ("", "")


@lru_cache(maxsize=65536)
def core(plain: str) -> str:
    """A normalised name without legal form, region and what all organisations of its sort are called."""
    short = LEGAL.sub("", PLACES.sub("", PLACES.sub("", plain)))
    return short if len(short) > 1 else plain


def parts(plain: str) -> tuple[str, ...]:
    """Of a core name, what a name that differs in one place still contains."""
    n = len(plain)
    found = (plain,) if n < 3 else (plain[:-1], plain[1:]) if n < 4 else (plain[:-1], plain[1:], plain[:n // 2], plain[n // 2:])
    return tuple(dict.fromkeys(p for p in found if len(p) > 1)) or (plain,)


def near(snapshot: Snapshot, ids: Iterable[str], number: int) -> Iterator[Near]:
    """For the named bodies that only import ``number`` asserts: those of the store whose names are near, the nearest first."""
    asked = list(ids)
    for some in (asked[i:i + AT_ONCE] for i in range(0, len(asked), AT_ONCE)):
        bodies = [b for b in snapshot.bodies(some).values() if b.name and b.kind not in UNASKED and all(r[0] == number for r in b.rows)]
        names = [core(normal(b.name)) for b in bodies]
        hits = snapshot.alike([(b.kind, parts(c)) for b, c in zip(bodies, names, strict=True)], CANDIDATES)
        likely = [[(like, id) for id, name in told if id != b.id and (like := likeness(own, core(name)))]
                  for b, own, told in zip(bodies, names, hits, strict=True)]
        others = snapshot.bodies({id for told in likely for _, id in told})
        for b, told in zip(bodies, likely, strict=True):
            best = {id: like for like, id in sorted(told)}
            for id in sorted(best, key=lambda i: (-best[i], i))[:ASKED]:
                if id in others and (said := _evidence(snapshot, b, others[id], best[id])):
                    yield Near(b.id, id, best[id], said, (b.name, others[id].name))


def likeness(one: str, other: str) -> int:
    """Per cent, 0 where the names differ in what tells bodies apart."""
    if TELLING.findall(one) != TELLING.findall(other):
        return 0
    found = round(fuzz.ratio(one, other))
    return found if found >= NEAR or (min(len(one), len(other)) > 2 and (one.startswith(other) or other.startswith(one))) else 0


def _evidence(snapshot: Snapshot, one: Body, other: Body, likeness: int) -> tuple[str, ...]:
    """What speaks for it; nothing where their credit codes say that they are two."""
    codes = [{v for s, v in b.keys if s == "credit_code"} for b in (one, other)]
    if all(codes) and codes[0] != codes[1]:
        return ()
    said = ["除公司形式、地区外名称相同" if core(normal(one.name)) == core(normal(other.name)) else f"名称相近（{likeness}%）"]
    said += [f"只有一方有信用代码（{next(iter(c))}）" for c, rest in (codes, codes[::-1]) if c and not rest]
    return (*said, *_shared(snapshot, one, other))


def _shared(snapshot: Snapshot, one: Body, other: Body) -> list[str]:
    """Relationships that both have."""
    types = [(r.name, f) for r in RELATIONS.values() for f in (True, False) if r.others(one.kind, f)]
    ends: tuple[set[tuple[str, bool, str]], set[tuple[str, bool, str]]] = (set(), set())
    for e in snapshot.step([one.id, other.id], types, None):
        for at, id in enumerate((one.id, other.id)):
            if id in (e.source, e.target):
                ends[at].add((e.type, e.source == id, e.target if e.source == id else e.source))
    both = sorted(ends[0] & ends[1])[:SHARED]
    names = snapshot.bodies(i for _, _, i in both)
    return [f"都{RELATIONS[t].label if f else RELATIONS[t].reverse}{names[i].name or KINDS[names[i].kind].label}"
            for t, f, i in both if i in names]
