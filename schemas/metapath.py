"""Metapaths: chains of typed relationships in the pattern notation of Cypher, checked against the ontology.

    (:Enterprise)-[:LOCATED_IN]->(:Building {key: true})<-[:COVERS]-(:PartyOrganization {form: joint})

A position names one or more kinds (``A|B``) or a group (``Unit``); ``{field: value}`` restricts it, a list means any of.
A hop names one relationship type and its direction. 0 to 6 hops, no variable length (semantics 11).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NoReturn

from schemas.errors import MetapathError
from schemas.kinds import GROUPS, KINDS, Field, expand
from schemas.relations import RELATIONS, Relation

MAX_HOPS = 6
NAME, ID = "name", "id"  # fields of every body beside those of its kind
Where = tuple[tuple[str, tuple[str, ...]], ...]
TOKEN = re.compile(r"""\s*(?:(?P<mark><-\[|-\[|\]->|\]-|[(){}\[\]:,|])|(?P<quoted>'[^']*'|"[^"]*")|(?P<word>[^\s(){}\[\]:,|'"<]+))""")


@dataclass(frozen=True)
class Position:
    """A node of the pattern: a body of one of ``kinds`` whose fields satisfy ``where``."""

    kinds: tuple[str, ...]
    where: Where = ()

    def __str__(self) -> str:
        return f"(:{'|'.join(named(self.kinds))}{predicates(self.where)})"


@dataclass(frozen=True)
class Hop:
    """A relationship of the pattern; ``forward`` is false where it is walked against its direction."""

    type: str
    forward: bool
    where: Where = ()

    @property
    def relation(self) -> Relation:
        return RELATIONS[self.type]

    def __str__(self) -> str:
        inner = f"[:{self.type}{predicates(self.where)}]"
        return f"-{inner}->" if self.forward else f"<-{inner}-"


@dataclass(frozen=True)
class Metapath:
    """``positions`` has one element more than ``hops``; position 0 is the subject."""

    positions: tuple[Position, ...]
    hops: tuple[Hop, ...] = ()

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """Kept, since compiled statements are looked up by their metapaths at every question."""
        return hash((self.positions, self.hops))

    @property
    def subject(self) -> Position:
        return self.positions[0]

    @property
    def end(self) -> Position:
        return self.positions[-1]

    def __str__(self) -> str:
        return self._text

    @cached_property
    def _text(self) -> str:
        return str(self.subject) + "".join(f"{h}{p}" for h, p in zip(self.hops, self.positions[1:], strict=True))


def named(kinds: tuple[str, ...]) -> tuple[str, ...]:
    """The shortest way to write a set of kinds: a group's name where it is exactly that group."""
    return next(((g,) for g, members in GROUPS.items() if set(members) == set(kinds)), kinds)


def predicates(where: Where) -> str:
    def written(values: tuple[str, ...]) -> str:
        quoted = [v if re.fullmatch(r"[\w+-]+", v) else f"'{v}'" for v in values]
        return quoted[0] if len(quoted) == 1 else f"[{', '.join(quoted)}]"

    return " {" + ", ".join(f"{field}: {written(values)}" for field, values in where) + "}" if where else ""


@lru_cache(maxsize=4096)
def parse(text: str) -> Metapath:
    """Read and validate a metapath; raise ``MetapathError`` that points at the wrong step and says what is allowed there."""
    return _Parser(text).metapath()


class _Parser:
    def __init__(self, text: str) -> None:
        self.text, self.at, self.start = text, 0, 0

    def metapath(self) -> Metapath:
        positions, hops = [self.position(None, None)], list[Hop]()
        while self.text[self.at:].strip():
            step = self.at
            if len(hops) == MAX_HOPS:
                self.fail("metapath.too-long", f"元路径最多 {MAX_HOPS} 步", step)
            hop = self.hop(positions[-1])
            hops.append(hop)
            positions.append(self.position(positions[-1], hop))
        return Metapath(tuple(positions), tuple(hops))

    def position(self, before: Position | None, hop: Hop | None) -> Position:
        self.expect("(")
        self.expect(":")
        kinds = self.kinds(before, hop)
        where = self.where(lambda name: self.fields_of(kinds, name))
        self.expect(")")
        return Position(kinds, where)

    def kinds(self, before: Position | None, hop: Hop | None) -> tuple[str, ...]:
        kinds, more = list[str](), True
        while more:
            word, at = self.word(), self.start
            if not (found := expand(word)):
                self.fail("metapath.unknown-kind", f"没有“{word}”这种对象", at, f"可用：{'、'.join([*KINDS, *GROUPS])}")
            if before and hop and not any(k in hop.relation.others(b, hop.forward) for b in before.kinds for k in found):
                allowed = dict.fromkeys(k for b in before.kinds for k in hop.relation.others(b, hop.forward))
                self.fail("metapath.not-allowed", f"{hop.type} 在这个方向上不能连接到 {word}", at, f"此处可用：{'、'.join(allowed)}")
            kinds.extend(k for k in found if k not in kinds)
            more = self.accept("|")
        return tuple(kinds)

    def hop(self, before: Position) -> Hop:
        backward = self.accept("<-[")
        if not backward:
            self.expect("-[")
        self.expect(":")
        name, at = self.word(), self.start
        relation = RELATIONS.get(name)
        if relation is None or not any(relation.others(k, not backward) for k in before.kinds):
            allowed = [r.name for r in RELATIONS.values() if any(r.others(k, not backward) for k in before.kinds)]
            code, said = ("unknown-relation", "没有关系类型") if relation is None else ("not-allowed", "此处不能使用关系")
            self.fail(f"metapath.{code}", f"{said} {name}（{'反向' if backward else '正向'}，自 {'|'.join(before.kinds)}）", at,
                      f"此处可用：{'、'.join(allowed) or '无'}")
        where = self.where(lambda field: self.fields_of_relation(relation, field))
        self.expect("]-" if backward else "]->")
        return Hop(name, not backward, where)

    def where(self, fields_of: Callable[[str], list[Field] | None]) -> Where:
        if not self.accept("{"):
            return ()
        found = list[tuple[str, tuple[str, ...]]]()
        while True:
            name, at = self.word(), self.start
            fields = fields_of(name)
            if fields is None:
                self.fail("metapath.unknown-field", f"此处没有可查询的字段“{name}”", at, self.allowed_fields)
            self.expect(":")
            found.append((name, self.values(fields)))
            if not self.accept(","):
                break
        self.expect("}")
        return tuple(found)

    def values(self, fields: list[Field]) -> tuple[str, ...]:
        values, many = list[str](), self.accept("[")
        while True:
            value, at = self.word(quoted=True), self.start
            for field in fields:
                legal = list(field.choices) or (["true", "false"] if field.type == "flag" else [])
                if legal and value not in legal:
                    self.fail("metapath.unknown-value", f"字段 {field.name} 没有值“{value}”", at, f"可用：{'、'.join(legal)}")
            values.append(value)
            if not (many and self.accept(",")):
                break
        if many:
            self.expect("]")
        return tuple(dict.fromkeys(values))

    def fields_of(self, kinds: tuple[str, ...], name: str) -> list[Field] | None:
        self.allowed_fields = "可用：" + "、".join(
            dict.fromkeys([NAME, ID, *(f.name for k in kinds for f in KINDS[k].fields if f.testable)]))
        if name in (NAME, ID):
            return []
        fields = [KINDS[k].field(name) for k in kinds]
        return [f for f in fields if f and f.testable] if all(f and f.testable for f in fields) else None

    def fields_of_relation(self, relation: Relation, name: str) -> list[Field] | None:
        role = [choice_of_roles(relation)] if relation.roles else []
        fields = [*role, *(f for f in relation.fields if f.testable)]
        self.allowed_fields = "可用：" + ("、".join(f.name for f in fields) or "无")
        return [f for f in fields if f.name == name] or None

    def word(self, quoted: bool = False) -> str:
        match = TOKEN.match(self.text, self.at)
        self.start = match.start(match.lastgroup or 0) if match else self.at
        if not match or match.lastgroup == "mark" or (match.lastgroup == "quoted" and not quoted):
            self.fail("metapath.syntax", "此处应为一个名称" if not quoted else "此处应为一个值", self.start)
        self.at = match.end()
        found = match[match.lastgroup or 0]
        return found[1:-1] if match.lastgroup == "quoted" else found

    def accept(self, mark: str) -> bool:
        match = TOKEN.match(self.text, self.at)
        if match and match["mark"] == mark:
            self.at = match.end()
            return True
        return False

    def expect(self, mark: str) -> None:
        if not self.accept(mark):
            at = len(self.text) - len(self.text[self.at:].lstrip())
            self.fail("metapath.syntax", f"此处应为“{mark}”", at, "写法：(:Enterprise)-[:LOCATED_IN]->(:Building {key: true})")

    def fail(self, code: str, message: str, at: int, hint: str = "") -> NoReturn:
        raise MetapathError(code, message, text=self.text, position=at, hint=hint)


def choice_of_roles(relation: Relation) -> Field:
    return Field(name="role", label="角色", type="choice", choices=relation.roles)
