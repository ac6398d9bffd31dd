"""Names that are near: which bodies of a load may be ones that are known already (semantics 6). Nothing is written here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product

from graph.engine import Snapshot
from graph.parts import Body
from ingest.blocks import Blocks
from ingest.names import Names
from schemas.identifiers import kind_of, normal
from schemas.kinds import KINDS
from schemas.relations import RELATIONS

AT_ONCE = 2_000  # bodies looked up at once
ASKED = 5  # questions a body
UNASKED = ("Service", "Need", "Document", "Industry")  # whose names are alike by their nature
SHARED = 3  # relationships shown as evidence


@dataclass(frozen=True)
class Near:
    """``id`` may be ``other``, which was there before, or came with the same load; ``sure``: it is, as far as rules can tell."""

    id: str
    other: str
    likeness: int
    evidence: tuple[str, ...]
    names: tuple[str, str] = ("", "")
    sure: bool = False


def pair(one: str, other: str) -> str:
    return "~".join(sorted((one, other)))


def near(snapshot: Snapshot, names: Names, ids: Iterable[str], number: int, last: int = 0, apart: Collection[str] = ()) -> Iterator[Near]:
    """For the named bodies that import ``number`` is the first to assert: those that were there before or came with it whose names
    are near, the nearest first. ``last``: the last import of the same load, which may say that it is not sure who is one, too;
    ``apart``: pairs that people have told apart."""
    blocks, rest = Blocks(snapshot, names), iter(ids)
    while some := list(islice(rest, AT_ONCE)):
        asked = [b for b in snapshot.bodies(some).values() if b.name and b.kind not in UNASKED and first_of(b) == number]
        likely = blocks.likely(asked)
        others = {b.id: b for b in snapshot.bodies({o for hits in likely for o in hits}).values() if first_of(b) <= max(last, number)}
        found = [n for b, hits in zip(asked, likely, strict=True) for n in _near(names, b, number, hits, others, apart)]
        yield from _with_shared(snapshot, found)


def first_of(body: Body) -> int:
    """The first import that asserts it."""
    return min(r[0] for r in body.rows)


def standing(body: Body) -> tuple[bool, bool, int, str]:
    """The least gives the id: the one that has a name, a credit code, that was known longer."""
    return body.unnamed, not _codes(body), min((r[0] for r in body.rows), default=0), body.id


# -- which of them it is -------------------------------------------------------------------------------------------------------


def _near(names: Names, body: Body, number: int, hits: Mapping[str, int], others: Mapping[str, Body],
          apart: Collection[str]) -> Iterator[Near]:
    there = [others[i] for i in hits if i in others]
    sure = _joined(body, number, _one_with(names, body, [o for o in there if hits[o.id] == 100], apart))
    known = [o for o in there if first_of(o) <= number]
    for other in sorted(known, key=lambda o: (o.id not in sure, -hits[o.id], o.id))[:ASKED]:
        if said := _evidence(names, body, other, hits[other.id]):
            yield Near(body.id, other.id, hits[other.id], said, (body.name, other.name), other.id in sure)


def _one_with(names: Names, body: Body, namesakes: Sequence[Body], apart: Collection[str]) -> list[Body]:
    """Of the bodies of the same core name all that are one with it: those that are called as it is, or as one of them is, if any two
    of these are, and nothing says otherwise of any two; else it alone."""
    def alike(a: Body, b: Body) -> bool:
        return pair(a.id, b.id) not in apart and _named_alike(names, a, b)

    found, rest = [body], list(namesakes)
    for one in found:  # which grows
        found += (more := [o for o in rest if alike(one, o)])
        rest = [o for o in rest if not any(o is m for m in more)]
    return found if all(alike(a, b) and _may_be_one(a, b) for a, b in combinations(found, 2)) else [body]


def _joined(body: Body, number: int, group: Sequence[Body]) -> set[str]:
    """Whom import ``number`` says it to be: the one that gives the id, and all that were there before."""
    head = min((o for o in group if first_of(o) <= number), key=standing)
    return {o.id for o in group if o is not body and (head is body or head is o or first_of(o) < number)}


def _named_alike(names: Names, one: Body, other: Body) -> bool:
    """Whether the names are the same but for what only one of them states, and no other names contradict it. That one is called by
    name what the other is only called as well is no more than a reason to ask."""
    called = [[normal(n) for n in (b.name, *(v for scheme, v in b.keys if scheme == "alias"))] for b in (one, other)]
    cores = [names.core(n[0]) for n in called]
    return cores[0] == cores[1] and all(names.agree(one.kind, a, b) for a, b in product(*called) if names.core(a) == names.core(b))


def _may_be_one(one: Body, other: Body) -> bool:
    forms = {v.value for b in (one, other) if (v := b.values.get("legal_form"))}
    return not _differ(one, other) and len(forms) < 2


def _codes(body: Body) -> set[str]:
    return {v for scheme, v in body.keys if scheme == "credit_code"}


def _differ(one: Body, other: Body) -> bool:
    """Whether their credit codes say that they are two."""
    codes = _codes(one), _codes(other)
    return all(codes) and codes[0] != codes[1]


# -- what speaks for it --------------------------------------------------------------------------------------------------------


def _evidence(names: Names, one: Body, other: Body, likeness: int) -> tuple[str, ...]:
    """Nothing where their credit codes say that they are two."""
    if _differ(one, other):
        return ()
    said = ["除公司形式、地区外名称相同" if likeness == 100 else f"名称相近（{likeness}%）"]
    if likeness == 100 and not _named_alike(names, one, other):
        said.append("写明的公司形式或地区不同")
    codes = _codes(one), _codes(other)
    return (*said, *(f"只有一方有信用代码（{min(c)}）" for c, rest in (codes, codes[::-1]) if c and not rest))


def _with_shared(snapshot: Snapshot, found: Sequence[Near]) -> Iterator[Near]:
    """With the relationships that both have."""
    ends = _ends(snapshot, found)
    both = {n: sorted(ends.get(n.id, set()) & ends.get(n.other, set()))[:SHARED] for n in found}
    names = snapshot.bodies({i for shared in both.values() for _, _, i in shared})
    for n, shared in both.items():
        told = (f"都{RELATIONS[t].label if f else RELATIONS[t].reverse}{names[i].name or KINDS[names[i].kind].label}"
                for t, f, i in shared if i in names)
        yield Near(n.id, n.other, n.likeness, (*n.evidence, *told), n.names, n.sure)


def _ends(snapshot: Snapshot, found: Sequence[Near]) -> dict[str, set[tuple[str, bool, str]]]:
    """Body -> (type, whether it goes out, other end) of all its relationships."""
    ids, ends = {i for n in found for i in (n.id, n.other)}, dict[str, set[tuple[str, bool, str]]]()
    kinds = {str(kind_of(i)) for i in ids}
    types = [(r.name, f) for r in RELATIONS.values() for f in (True, False) if any(r.others(k, f) for k in kinds)]
    for e in snapshot.step(ids, types, None) if ids else ():
        for id, forward, other in ((e.source, True, e.target), (e.target, False, e.source)):
            if id in ids:
                ends.setdefault(id, set()).add((e.type, forward, other))
    return ends
