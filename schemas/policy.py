"""Policies: ordered ways of coverage, classes, requirements, contact distances. Rules as data in TOML, no facts (semantics 15-18)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cached_property
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from schemas.errors import MetapathError, PolicyError
from schemas.identifiers import normal
from schemas.kinds import KINDS
from schemas.metapath import Metapath, parse
from schemas.relations import NO_PASSAGE, RELATIONS
from schemas.validation import in_chinese, toml_of

CoverageClass = Literal["organisation", "work", "contact"]
CLASS_LABELS = {"organisation": "组织覆盖", "work": "工作覆盖", "contact": "服务联系"}
Severity = Literal["gap", "information"]
NAMED = {"ways": "name", "requirements": "id"}  # the sections of entries, and what each entry is called by


class Rule(BaseModel):
    """What ways and requirements share: where the rule comes from, and whether it is only our reading of the source."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    label: str
    source: str = ""
    reading: bool = False


class Way(Rule):
    """One way of coverage. ``own``: by an organisation of the unit itself (asked by the class rate "own")."""

    name: str
    class_: CoverageClass = Field(alias="class")
    metapath: str
    own: bool = False

    @cached_property
    def path(self) -> Metapath:
        return parse(self.metapath)


class Requirement(Rule):
    """Each body of the ``subject`` pattern needs ``metapath`` (or all of ``all``, or ``coverage``) so many times."""

    id: str
    subject: str
    metapath: str = ""
    all: tuple[str, ...] = ()
    coverage: bool = False
    at_least: int | None = None
    at_most: int | None = None
    exactly: int | None = None
    severity: Severity = "gap"
    on: bool = True  # asked when no rule is named
    remedy: str = ""

    @model_validator(mode="after")
    def one_question(self) -> Requirement:
        if sum((bool(self.metapath), bool(self.all), self.coverage)) != 1:
            raise ValueError("metapath、all、coverage 三者须且只须写一个")
        bounds = [b for b in (self.at_least, self.at_most, self.exactly) if b is not None]
        if len(bounds) > 1 or any(b < 0 for b in bounds) or (bounds and not self.metapath):
            raise ValueError("at_least、at_most、exactly 至多写一个，须为非负整数，且只用于 metapath")
        if self.position.hops:
            raise ValueError("subject 应为单个位置，如 (:Building {key: true})")
        return self

    @cached_property
    def position(self) -> Metapath:
        return parse(self.subject)

    @cached_property
    def parts(self) -> tuple[Metapath, ...]:
        """The metapaths asked for; empty for ``coverage``."""
        return tuple(parse(m) for m in (self.all or ((self.metapath,) if self.metapath else ())))

    @property
    def bounds(self) -> tuple[int, int | None]:
        """(least, most) number of distinct end bodies; ``most`` ``None`` = no upper limit."""
        if self.exactly is not None:
            return self.exactly, self.exactly
        if self.at_most is not None:
            return 0, self.at_most
        return (1 if self.at_least is None else self.at_least), None


class Policy(BaseModel):
    """A policy file with what it extends. ``stale_months``: evidence older than that reads 此后未核实;
    ``completeness_months``: how long a completeness statement without an end holds; ``regions``: what may stand before a name or be
    left out, from the greatest to the district itself, each in all its forms."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    label: str
    version: int
    source: str = ""
    extends: str = ""
    covered_by: tuple[CoverageClass, ...] = ("organisation", "work")
    count_inferred: bool = False
    stale_months: int = Field(24, ge=0, le=12_000)
    completeness_months: int = Field(12, ge=0, le=12_000)
    sensitive: tuple[str, ...] = ()  # statistics dimensions whose cells of 1 and 2 are suppressed
    contact: dict[str, int] = {}  # relationship type, or "Kind.TYPE" for one source kind -> contact distance
    no_passage: tuple[str, ...] = NO_PASSAGE
    regions: tuple[tuple[str, ...], ...] = ()
    ways: tuple[Way, ...] = ()
    requirements: tuple[Requirement, ...] = ()

    @model_validator(mode="after")
    def names_exist_and_are_unique(self) -> Policy:
        for names, what in (([w.name for w in self.ways], "ways.name"), ([r.id for r in self.requirements], "requirements.id")):
            if double := next((n for n in names if names.count(n) > 1), None):
                raise ValueError(f"{what} 重复：{double}")
        for key, distance in self.contact.items():
            kind, _, relation = key.rpartition(".")
            if relation not in RELATIONS or (kind and kind not in KINDS) or distance < 1:
                raise ValueError(f"contact.{key}：应为已有的关系类型和正整数")
        if wrong := [k for k in self.no_passage if k not in KINDS]:
            raise ValueError(f"no_passage：没有“{wrong[0]}”这种对象")
        if not all(forms and all(len(normal(f)) > 1 for f in forms) for forms in self.regions):
            raise ValueError('regions：每级写出名称的各种写法，各至少两个字，如 [["上海市", "上海"], ["长宁区"]]')
        return self

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]

    @cached_property
    def by_kind(self) -> dict[str, tuple[tuple[Way, ...], tuple[Metapath, ...]]]:
        """Kind of subject -> the ways that speak of it, and their metapaths."""
        chosen = {k: tuple(w for w in self.ways if k in w.path.subject.kinds) for k in KINDS}
        return {k: (ways, tuple(w.path for w in ways)) for k, ways in chosen.items()}

    @property
    def counting_ways(self) -> tuple[Way, ...]:
        return tuple(w for w in self.ways if w.class_ in self.covered_by)

    def requirement(self, rule: str) -> Requirement:
        found = next((r for r in self.requirements if r.id == rule), None)
        if found is None:
            raise PolicyError("policy.unknown-rule", f"口径 {self.name} 中没有规则“{rule}”",
                              hint=f"可用：{'、'.join(r.id for r in self.requirements)}")
        return found

    def distance(self, relation: str, source_kind: str) -> int | None:
        """The contact distance of a relationship that leaves a body of ``source_kind``; ``None`` = no contact."""
        own = self.contact.get(f"{source_kind}.{relation}", self.contact.get(relation))
        return own if own is not None else RELATIONS[relation].distance(source_kind)


def load(content: str, file: str, extended: Callable[[str], str] | None = None) -> Policy:
    """Read a policy (TOML text) and what it extends (``extended``: name -> TOML text): inherited entries first, those of the
    same name replaced in place; raise ``PolicyError`` naming the entry."""
    return _validated(_inherited(_read(content, file), extended, ()), file)


def _inherited(data: dict[str, Any], extended: Callable[[str], str] | None, heirs: tuple[str, ...]) -> dict[str, Any]:
    base = str(data.get("extends", ""))
    if base in heirs:
        raise PolicyError("policy.extends", f"口径 {base} 经由自身继承", where=f"{heirs[-1]}.toml", hint="请检查各口径的 extends")
    if not base or not extended:
        return data
    above = _inherited(_read(extended(base), f"{base}.toml"), extended, (*heirs, base))
    for section, key in NAMED.items():
        own, inherited = data.get(section, ()), above.get(section, ())
        place = {e.get(key): i for i, e in enumerate(inherited)}
        named = {e.get(key) for e in own}
        data[section] = sorted([*own, *(e for e in inherited if e.get(key) not in named)], key=lambda e: place.get(e.get(key), len(place)))
    return {**above, **data}


def _read(content: str, file: str) -> dict[str, Any]:
    try:
        data = toml_of(content)
    except ValueError as error:
        raise PolicyError("policy.syntax", f"口径文件{error.args[0]}", where=file, hint=error.args[1]) from None
    for section, key in NAMED.items():
        entries = data.get(section, [])
        if not isinstance(entries, list) or not all(isinstance(e, dict) and isinstance(e.get(key, ""), str) for e in entries):
            raise PolicyError("policy.entry", f"{section} 应为若干项，各有文字的 {key}", where=file, hint=f"每项以 [[{section}]] 开头")
    return data


def _validated(data: dict[str, Any], file: str) -> Policy:
    try:
        policy = Policy.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        raise PolicyError("policy.entry", f"{'.'.join(map(str, first['loc'])) or '口径'}：{in_chinese(first)}", where=file) from None
    except MetapathError as error:  # a subject, which is read before the others
        raise PolicyError("policy.metapath", error.message, where=f"{file}：{error.where}", hint=error.hint) from None
    for where, text in (*((f"ways.{w.name}", w.metapath) for w in policy.ways),
                        *((f"requirements.{r.id}", t) for r in policy.requirements for t in (r.subject, r.metapath, *r.all) if t)):
        try:
            parse(text)
        except MetapathError as error:
            raise PolicyError("policy.metapath", error.message, where=f"{file} {where}：{error.where}", hint=error.hint) from None
    for r in policy.requirements:
        if wrong := next((p for p in r.parts if not set(p.subject.kinds) & set(r.position.subject.kinds)), None):
            raise PolicyError("policy.metapath", f"元路径 {wrong} 不从 subject {r.subject} 出发", where=f"{file} requirements.{r.id}",
                              hint="两者的第一个位置应为同一类对象")
    if still := next((w for w in policy.ways if not w.path.hops), None):
        raise PolicyError("policy.metapath", "覆盖方式的元路径至少要有一步", where=f"{file} ways.{still.name}",
                          hint="写法：(:Enterprise)<-[:FORMED_IN]-(:PartyOrganization)")
    return policy
