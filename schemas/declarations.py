"""Declarations: published counts, completeness statements, exemptions and doubts (semantics 4). Data, never rules."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator, model_validator

from schemas.dates import after, read
from schemas.errors import DeclarationError, MetapathError
from schemas.metapath import parse
from schemas.validation import in_chinese, toml_of

Comparator = Literal["=", ">", ">=", "≈"]


class Base(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    note: str = ""
    basis: Literal["stated", "inferred"] = "stated"


class Count(Base):
    """A published count. ``pattern``: the bodies in its first position are counted; empty where the things are no bodies.
    ``part_of``: the ``id`` of the count of which this one is a part. ``period``: free text of the period;
    ``period_end`` (exclusive) ends it, after which it is shown and not compared."""

    type: Literal["count"] = "count"
    id: str
    label: str
    scope: str = ""
    pattern: str = ""
    comparator: Comparator = "="
    number: int = Field(ge=0, le=10**12, strict=True)
    unit: str = ""
    measure: Literal["stock", "flow"] = "stock"
    period: str = ""
    period_end: str = ""
    part_of: str = ""

    @field_validator("pattern")
    @classmethod
    def pattern_is_a_metapath(cls, value: str) -> str:
        return str(parse(value)) if value else ""

    @field_validator("period_end")
    @classmethod
    def is_a_date(cls, value: str) -> str:
        return checked_date(value)

    @model_validator(mode="after")
    def is_no_part_of_itself(self) -> Self:
        if self.part_of == self.id:
            raise ValueError("part_of 不能是自己的 id")
        return self


class Dated(Base):
    """A declaration that holds from ``start`` to ``until``, as far as they are given."""

    start: str = ""
    until: str = ""

    @field_validator("start", "until")
    @classmethod
    def is_a_date(cls, value: str) -> str:
        return checked_date(value)

    @model_validator(mode="after")
    def ends_after_its_start(self) -> Self:
        first, last = (read(day) if day else None for day in (self.start, self.until))
        if first and last and after(*last) <= first[0]:
            raise ValueError("until 不晚于 start")
        return self


class Completeness(Dated):
    """For the bodies of the ``scope`` (a set of metapaths; a body is in it if one is TRUE) all relationships of ``hop``
    are registered. ``hop`` is a metapath of one hop, e.g. ``(:Unit)<-[:FORMED_IN]-(:PartyOrganization)``.
    ``start`` defaults to the as-of of the source; a missing ``until`` stays missing (the policy's months apply). ``full``: the rows
    of that source and as-of are a full register, so what they do not list has ended by then."""

    type: Literal["completeness"] = "completeness"
    scope: tuple[str, ...] = Field(min_length=1)
    hop: str
    full: bool = False

    @field_validator("scope")
    @classmethod
    def scope_is_metapaths(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(str(parse(v)) for v in value)

    @field_validator("hop")
    @classmethod
    def hop_is_one_hop(cls, value: str) -> str:
        if len(parse(value).hops) != 1:
            raise ValueError("hop 应为恰好一步的元路径")
        if parse(value).subject.where:
            raise ValueError("hop 的起点不能带条件；条件请写入 scope")
        return str(parse(value))

    @model_validator(mode="after")
    def a_full_register_lists_whole_columns(self) -> Self:
        hop = parse(self.hop)
        if self.full and (hop.end.where or any(f != "role" for f, _ in hop.hops[0].where)):
            raise ValueError("全量（full）的 hop 只能带角色，不能带其他条件")
        return self


class Exemption(Dated):
    """``body`` is not counted for ``rule`` (a requirement's id, or ``coverage``)."""

    type: Literal["exemption"] = "exemption"
    body: str
    rule: str
    reason: str


class Doubt(Base):
    """口径待核实: shown with answers about ``body``, changes no status."""

    type: Literal["doubt"] = "doubt"
    body: str
    about: str
    reason: str


Declaration = Annotated[Count | Completeness | Exemption | Doubt, Field(discriminator="type")]
ADAPTER: TypeAdapter[Count | Completeness | Exemption | Doubt] = TypeAdapter(Declaration)
SECTIONS = {"count": "公布数", "completeness": "完整性声明", "exemption": "不纳入统计", "doubt": "口径待核实"}


class DeclarationFile(BaseModel):
    """A declaration file as read: its source, as-of and declarations, each with its 1-based number in the file."""

    model_config = ConfigDict(frozen=True)
    source: str
    as_of: str
    synthetic: bool = False
    declarations: tuple[tuple[int, Declaration], ...]


def checked_date(value: str) -> str:
    if value and read(value) is None:
        raise ValueError(f"日期“{value}”无法识别，请写成 2024-03-01、2024-03 或 2024")
    return value


def read_file(content: str, file: str) -> DeclarationFile:
    """Read a TOML declaration file (``source``, ``as_of``, then ``[[count]]``, ``[[completeness]]``, ``[[exemption]]``,
    ``[[doubt]]``); raise ``DeclarationError`` naming the file and the entry."""
    try:
        data = toml_of(content)
    except ValueError as error:
        raise DeclarationError("declaration.syntax", f"声明文件{error.args[0]}", where=file, hint=error.args[1]) from None
    for required in ("source", "as_of"):
        if not isinstance(data.get(required), str) or not data[required]:
            raise DeclarationError("declaration.header", f"声明文件缺少 {required}", where=file,
                                   hint='请在文件开头写明 source = "来源" 和 as_of = "2020-09"')
    if read(data["as_of"]) is None:
        raise DeclarationError("declaration.date", f"as_of“{data['as_of']}”无法识别", where=file, hint="请写成 2024-03-01、2024-03 或 2024")
    if unknown := set(data) - {"source", "as_of", "synthetic", *SECTIONS}:
        raise DeclarationError("declaration.section", f"不认识的内容：{'、'.join(sorted(unknown))}", where=file,
                               hint=f"可用：{'、'.join(f'[[{s}]]' for s in SECTIONS)}")
    if wrong := [s for s in SECTIONS if not isinstance(data.get(s, []), list) or any(not isinstance(e, dict) for e in data.get(s, []))]:
        raise DeclarationError("declaration.section", f"{wrong[0]} 应为若干项", where=file, hint=f"每项以 [[{wrong[0]}]] 开头")
    entries = [(section, number, entry) for section in SECTIONS for number, entry in enumerate(data.get(section, ()), 1)]
    found = [(i, _entry(s, n, e, file)) for i, (s, n, e) in enumerate(entries, 1)]
    return DeclarationFile(source=data["source"], as_of=data["as_of"], synthetic=bool(data.get("synthetic")),
                           declarations=tuple(found))


def _entry(section: str, number: int, entry: dict[str, Any], file: str) -> Count | Completeness | Exemption | Doubt:
    where = f"{file} [[{section}]] 第 {number} 项"
    try:
        return ADAPTER.validate_python({**entry, "type": section})
    except MetapathError as error:
        raise DeclarationError("declaration.metapath", error.message, where=f"{where}：{error.where}", hint=error.hint) from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"][1:]))
        raise DeclarationError("declaration.entry", (f"{place}：" if place else "") + in_chinese(first), where=where) from None
