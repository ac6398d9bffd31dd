"""Which rows are the same body: by credit code, else by normalised name; and which body a name in a cell means (semantics 5, 6)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence

from graph.engine import Snapshot
from ingest.alike import UNASKED
from ingest.cores import CoreNames, only
from ingest.names import Names
from ingest.registry import CODE, Key, Registry
from ingest.values import ValueProblem
from schemas.dates import OPEN
from schemas.facts import Basis, BodyFact, Fact, RelationFact, Value
from schemas.identifiers import clean, normal, public_id, shown, unnamed_key
from schemas.kinds import KINDS, STUB
from schemas.relations import RELATIONS, Relation

NAME_SCHEMES = ("name", "alias", "former", "brand")
BRACKET = re.compile(r"[\[［【](?P<label>[^：:\[\]［］]+)[：:](?P<other>.+)[\]］】]")
AMBIGUOUS = "row.ambiguous-reference"
NESTED = 4  # brackets in brackets
SUGGESTIONS = 200  # rows that are told the nearest names: a register of nothing but strangers must not take an hour
LONGEST_STUB = 100  # characters of a name
STUBS = "；还没有登记表的，加 --stubs 记为待补录"
ONE_KIND = "；要记为待补录，须知道是哪一类：在映射文件里把这一列的 to 只写一类"
COMPARED = 5_000  # names looked through for the nearest


def _is_name(plain: str) -> bool:
    """Whether a stub may be called so: no code, no number, no 无."""
    return 1 < len(plain) <= LONGEST_STUB and not plain.isascii() and plain != "无"


class Bodies:
    """The bodies of one load and of the store. First ``add`` every row that describes one, then ask."""

    def __init__(self, snapshot: Snapshot, names: Names, *, stubs: bool = False) -> None:
        self.snapshot, self.names, self.stubs = snapshot, names, stubs
        self.registry = Registry(snapshot)
        self.codes = dict[tuple[str, str], str | None]()  # (kind, name) -> the one code it has in this load; None: several
        self.nicknames = dict[tuple[str, str], set[tuple[str, str]]]()  # (kind, alias) -> (name, code)
        self.by_code = dict[tuple[str, str], str]()  # (kind, code) -> name
        self.shared = set[tuple[str, str]]()  # (kind, code) of several names in this load
        self.suggested = 0
        self.cores = CoreNames(None if self.registry.empty else snapshot, names, self.codes, self.nicknames)
        self.by_core = dict[tuple[tuple[str, ...], str], str | None]()
        self.taken = dict[str, str]()  # name in a cell -> whom it was taken for, for the core of its name

    def add(self, kind: str, name: str, code: str, nicknames: Iterable[str] = ()) -> None:
        key = kind, normal(name)
        before = self.codes.get(key, "")
        self.codes[key] = before if not code or before == code else code if before == "" else None
        if code:
            if self.by_code.get((kind, code), key[1]) != key[1]:
                self.shared.add((kind, code))
            self.by_code[kind, code] = key[1]
        for nickname in nicknames:
            self.nicknames.setdefault((kind, normal(nickname)), set()).add((key[1], code))

    def foresee_described(self) -> None:
        """Tell that all described bodies will be asked."""
        self.registry.foresee((k, "credit_code", code) for k, code in self.by_code)
        self.registry.foresee((k, "name", n) for (k, n), code in self.codes.items()
                              if not code or not self.registry.stored(k, "credit_code", code))

    def foresee(self, named: Iterable[tuple[Sequence[str], str]]) -> None:
        """Tell whom cells will name, (kinds, text) of each, so that the store is asked in blocks. Changes no answer."""
        self.registry.foresee(key for kinds, text in named for key in self._keys(kinds, text))

    def _keys(self, kinds: Sequence[str], text: str) -> Iterator[Key]:
        plain, code = normal(text), text.strip().upper()
        for kind in kinds:
            if (kind, plain) not in self.codes:
                yield from ((kind, scheme, plain) for scheme in NAME_SCHEMES)
                if len(code) == CODE:
                    yield kind, "credit_code", code

    def id_of(self, kind: str, name: str, code: str) -> str:
        """The id of the body that a row describes; raises ValueProblem where the name alone does not tell."""
        plain = normal(name)
        own = code or self.codes.get((kind, plain), "")
        if own is None:
            raise ValueProblem(AMBIGUOUS, f"本次导入中有几个同名的{KINDS[kind].label}“{name}”", "请填写统一社会信用代码以示区别")
        if own:
            codes = self.registry.codes
            if found := [i for i in self.registry.stored(kind, "credit_code", own) if own in codes(i) or not codes(i)]:
                return min(found, key=lambda i: (own not in codes(i), i))
            if self.codes.get((kind, plain), "") is None:  # several of this name: none of them takes over the one without a code
                return public_id(kind, "credit_code", own)
            same = [i for i in self.registry.in_force(kind, "name", plain) if not codes(i)]
            return same[0] if len(same) == 1 else public_id(kind, "credit_code", own)
        named = self.registry.in_force(kind, "name", plain)
        if len(named) > 1:
            raise ValueProblem(AMBIGUOUS, f"已登记几个同名的{KINDS[kind].label}“{name}”", "请填写统一社会信用代码以示区别")
        return named[0] if named else public_id(kind, "name", plain)

    def renamed(self, kind: str, name: str, code: str) -> bool:
        """Whether a body has another name with this code, in this load or the store."""
        if not code or (kind, code) in self.shared:
            return bool(code)
        stored = self.registry.stored(kind, "credit_code", code)
        return bool(stored) and any(self.registry.name(i) not in (None, normal(name)) for i in stored)

    def reference(self, kinds: Sequence[str], text: str, basis: Basis, reason: str, facts: list[Fact]) -> str:
        """The id of the body that a cell names; an unnamed one adds its facts. Raises ValueProblem: unknown or ambiguous."""
        if match := BRACKET.fullmatch(text.strip()):
            if sum(text.count(c) for c in "[［【") > NESTED:
                raise ValueProblem("row.brackets", f"方括号套了 {NESTED} 层以上", "请先登记其中的对象，再用它的名称")
            return self._unnamed(kinds, match["label"].strip(), match["other"], basis, reason, facts)
        plain = normal(text)
        found = list(dict.fromkeys(i for k in kinds for i in self._named(k, plain, text)))
        if len(found) == 1:
            return found[0]
        if found:
            raise ValueProblem(AMBIGUOUS, f"“{shown(text)}”对应多个对象", "请改用全称或统一社会信用代码")
        if id := self._meant(tuple(kinds), plain):
            self.taken[clean(text)] = id
            return id
        labels = "对象" if len(kinds) == len(KINDS) else "、".join(KINDS[k].label for k in kinds)
        if self.stubs and len(kinds) == 1 and _is_name(plain):
            id = public_id(kinds[0], "name", plain)
            facts.append(BodyFact(id, clean(text), (), ((STUB, Value("true")),)))
            return id
        near = self._nearest(kinds, plain) if self.suggested < SUGGESTIONS else []
        self.suggested += 1
        raise ValueProblem("row.unknown-reference", f"没有名为“{shown(text)}”的{labels}",
                           (f"是否指：{'、'.join(near)}；否则" if near else "") + "请先登记它，或在同一次导入中附上它的登记表"
                           + self._stub_hint(kinds, plain))

    def _stub_hint(self, kinds: Sequence[str], plain: str) -> str:
        """What stubs would do, or ask for, where one could be made of the name."""
        if not _is_name(plain):
            return ""
        return (ONE_KIND if len(kinds) > 1 else "") if self.stubs else STUBS if len(kinds) == 1 else ""

    def knows(self, kinds: Sequence[str], text: str) -> bool:
        """Whether a body of one of the kinds, of this load or the store, is called so."""
        plain, code = normal(text), text.strip().upper()
        return any((k, plain) in self.codes or (k, plain) in self.nicknames or (k, code) in self.by_code
                   or any(self.registry.in_force(k, s, plain) for s in NAME_SCHEMES) or self.registry.with_code(k, code) for k in kinds)

    def called(self, kind: str, name: str) -> set[str]:
        """The ids of the bodies of a kind, of this load or the store, that are called so or have been."""
        return set(self._named(kind, normal(name), name))

    def _named(self, kind: str, plain: str, text: str) -> list[str]:
        if (kind, plain) in self.codes:
            return [self.id_of(kind, text, "")]
        if (kind, text.strip().upper()) in self.by_code:
            return [self.id_of(kind, self.by_code[kind, text.strip().upper()], text.strip().upper())]
        nicknames = [self.id_of(kind, name, code) for name, code in self.nicknames.get((kind, plain), ())]
        stored = [i for s in NAME_SCHEMES for i in self.registry.in_force(kind, s, plain)]
        stored += self.registry.with_code(kind, text.strip().upper())
        return [*nicknames, *(i for i in dict.fromkeys(stored) if i not in nicknames)]

    def _meant(self, kinds: tuple[str, ...], plain: str) -> str | None:
        """Whom a name means that nobody has: the one that is called so but for legal form and region; looked up once a load."""
        if (kinds, plain) not in self.by_core:
            try:
                found = [id for k in kinds if k not in UNASKED and (id := self._of_core(k, plain))]
            except ValueProblem:  # several of one name
                found = []
            self.by_core[kinds, plain] = found[0] if len(found) == 1 else None
        return self.by_core[kinds, plain]

    def _of_core(self, kind: str, plain: str) -> str | None:
        called, proper = dict[str, set[str]](), set[str]()
        for name in self.cores.of(kind, self.names.core(plain)):
            for id in self._named(kind, name, name):
                called.setdefault(id, set()).add(name)
                proper |= {id} if (kind, name) in self.codes or id in self.registry.in_force(kind, "name", name) else set()
        return only(self.names, kind, plain, called, proper)

    def _nearest(self, kinds: Sequence[str], plain: str) -> list[str]:
        """Names near a name that nobody has; of this load (of very many those that share its beginning or end) and of the store."""
        names = [n for k, n in self.codes if k in kinds]
        if len(names) > COMPARED:
            names = [n for n in names if plain[:2] in n or plain[-2:] in n][:COMPARED]
        stored = [] if self.registry.empty else [f.body.name for f in self.snapshot.search(plain[:2], tuple(kinds), None, 20)[0]]
        return difflib.get_close_matches(plain, dict.fromkeys([*names, *stored]), 3, 0.6)

    # -- bodies without a published name -----------------------------------------------------------------------------------

    def _unnamed(self, kinds: Sequence[str], label: str, other: str, basis: Basis, reason: str, facts: list[Fact]) -> str:
        """The body of the kind known only by one relationship; the named one, if the store has exactly one with it."""
        kind, relation, forward = self._described(kinds, label)
        others = relation.others(kind, forward)
        nested = BRACKET.fullmatch(other.strip()) is not None
        ordered = sorted(others, key=lambda k: k != "PartyOrganization") if nested else others
        inner = self.reference(ordered[:1] if nested else ordered, other, basis, reason, facts)
        key = unnamed_key(relation.name, forward, inner)
        id = self._become(kind, relation, forward, inner, key) or public_id(kind, "unnamed", key)
        ends = (id, inner) if forward else (inner, id)
        facts.append(BodyFact(id, "", (("unnamed", key),)))
        facts.append(RelationFact(ends[0], relation.name, ends[1], basis=basis, reason=reason if basis == "inferred" else ""))
        return id

    def _described(self, kinds: Sequence[str], label: str) -> tuple[str, Relation, bool]:
        for kind in kinds:
            for relation in RELATIONS.values():
                for forward in (True, False):
                    names = (relation.label if forward else relation.reverse, relation.name)
                    if label in names and relation.others(kind, forward):
                        return kind, relation, forward
        legal = "、".join(self._labels(kinds[0]))
        raise ValueProblem("row.unknown-relation", f"不认识关系“{label}”", f"{KINDS[kinds[0]].label}可用：{legal}")

    @staticmethod
    def _labels(kind: str) -> list[str]:
        return [r.label if f else r.reverse for r in RELATIONS.values() for f in (True, False) if r.others(kind, f)]

    def _become(self, kind: str, relation: Relation, forward: bool, inner: str, key: str) -> str | None:
        there = self.snapshot.bodies(stored) if (stored := self.registry.stored(kind, "unnamed", key)) else {}
        if known := [i for i in stored if i in there and ("unnamed", key) in there[i].keys]:
            return known[0]
        if self.registry.empty:
            return None
        edges = [e for e in self.snapshot.step([inner], [(relation.name, not forward)], None) if e.stated and e.until == OPEN]
        ids = {e.source if forward else e.target for e in edges}
        named = [b.id for b in self.snapshot.bodies(ids).values() if b.kind == kind and not b.unnamed]
        return named[0] if len(named) == 1 else None
