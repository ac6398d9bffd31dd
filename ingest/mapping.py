"""Register layouts: which column of which register asserts what. One TOML file a register in ``ingest/mappings``; the fields of
the kind are columns by their Chinese labels without being listed."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from schemas.errors import RegisterError
from schemas.identifiers import normal
from schemas.kinds import COMMON, KINDS, STUB, Field
from schemas.relations import RELATIONS

Meaning = Literal["name", "credit_code", "alias", "former", "brand", "basis", "reason", "start", "end", "over", "field", "relation",
                  "source_kind", "source", "type", "target_kind", "target", "role", "level", "basis_of", "detail",
                  # of a walk through a building (ingest.walk)
                  "kind", "floor", "room", "still", "now_called", "moved_in", "moved_out", "checked", "place_role", "body_id"]


@dataclass(frozen=True)
class Column:
    """What a column means. ``field`` for fields; ``relation``, ``forward``, ``to``, ``role``, ``many`` for relationships; both for
    a detail of the relationships that another column of the row states (楼层 of 所在楼宇)."""

    header: str
    meaning: Meaning
    field: Field | None = None
    relation: str = ""
    forward: bool = True
    to: tuple[str, ...] = ()
    role: str = ""
    many: bool = False
    called: str = ""  # its header in the register's own layout, whatever the file calls it

    def __post_init__(self) -> None:
        object.__setattr__(self, "called", self.called or self.header)

    @property
    def asserts(self) -> tuple[object, ...]:
        """What the column is about, whatever its header: no register has two columns with the same."""
        return self.meaning, *self.about

    @property
    def about(self) -> tuple[object, ...]:
        """The field or relationship; the column and the column of its basis have the same."""
        return self.field, self.relation, self.forward, self.to, self.role

    @property
    def hop(self) -> str:
        """The hop of the column, without its subject: what a cell 无 says to be complete."""
        inner = f"[:{self.relation}{f' {{role: {self.role}}}' if self.role else ''}]"
        return (f"-{inner}->" if self.forward else f"<-{inner}-") + f"(:{'|'.join(self.to)})"


@dataclass(frozen=True)
class Layout:
    """A register: its ``kind`` ("" for the general relationship register), its name headers, all columns by normalised header.

    Of a layout of one's own: ``sheet`` is the name of its sheet, ``ignored`` the normalised headers of what is not imported,
    ``order`` its headers in order, with what they mean."""

    name: str
    label: str
    kind: str
    names: tuple[str, ...]
    columns: dict[str, Column] = field(hash=False)
    own: bool = False
    sheet: str = ""
    title: str = ""
    ignored: frozenset[str] = frozenset()
    order: tuple[tuple[str, Column | None], ...] = ()

    def column(self, header: str) -> Column | None:
        """What a header means; 岗位类别依据 is the basis of the column 岗位类别 alone."""
        name = normal(header)
        if name in self.ignored:
            return None
        of = self.columns.get(name.removesuffix("依据")) if name.endswith("依据") else None
        if name not in self.columns and of and of.meaning in ("field", "relation"):
            return replace(of, header=header, meaning="basis_of", called=header)
        field = KINDS[self.kind].field(header) if self.kind and header != STUB else None  # keys of JSON files may be names of fields
        return self.columns.get(name) or (Column(field.label, "field", field) if field else None)


COMMON_COLUMNS: tuple[tuple[Meaning, tuple[str, ...]], ...] = (
    ("alias", ("别名", "简称")), ("former", ("曾用名",)), ("brand", ("品牌", "品牌名称")), ("basis", ("依据",)), ("reason", ("推断理由",)),
    ("start", ("开始日期", "起始日期")), ("end", ("结束日期",)), ("over", ("是否已结束",)),
)
RELATION_COLUMNS: tuple[tuple[Meaning, tuple[str, ...]], ...] = (
    ("source_kind", ("起点类别",)), ("source", ("起点", "起点名称")), ("type", ("关系", "关系类型")), ("target_kind", ("终点类别",)),
    ("target", ("终点", "终点名称")), ("role", ("角色",)), ("level", ("层级", "联系层级")),
)
RELATION_FIELDS = tuple(dict.fromkeys(f for r in RELATIONS.values() for f in r.fields if f.name != "level"))


@lru_cache(maxsize=1)
def layouts() -> tuple[Layout, ...]:
    """All register layouts; raise RegisterError if a mapping contradicts the ontology."""
    folder = files("ingest").joinpath("mappings")
    read = [(f.name, tomllib.loads(f.read_text(encoding="utf-8"))) for f in folder.iterdir() if f.name.endswith(".toml")]
    return (*(_layout(name, data) for name, data in sorted(read)), _general())


def _layout(name: str, data: dict[str, Any]) -> Layout:
    kind = KINDS[data["kind"]]
    columns = dict[str, Column]()
    codes = tuple(data.get("credit_code", ()))
    keys: tuple[tuple[Meaning, tuple[str, ...]], ...] = (("name", tuple(data["names"])), ("credit_code", codes))
    for meaning, headers in (*keys, *COMMON_COLUMNS):
        columns.update({normal(h): Column(h, meaning) for h in headers})
    for entry in data.get("column", ()):
        column = Column(entry["header"], "relation", None, entry["relation"], entry["forward"], tuple(entry["to"]), entry.get("role", ""),
                        entry.get("many", False))
        _check(name, kind.name, column)
        columns.update({normal(h): column for h in (entry["header"], *entry.get("aliases", ()))})
    for entry in data.get("detail", ()):
        field = RELATIONS[entry["relation"]].field(entry["field"])
        detail = Column(entry["header"], "detail", field, entry["relation"], entry["forward"], tuple(entry["to"]), entry.get("role", ""))
        columns.update({normal(h): detail for h in (entry["header"], *entry.get("aliases", ()))})
    for f in (f for f in (*COMMON, *kind.fields) if f.name != STUB):
        also = data.get("fields", {}).get(f.name, ())
        columns.update({normal(h): Column(f.label, "field", f) for h in (f.label, *also)})
    return Layout(name.removesuffix(".toml"), data["label"], kind.name, tuple(data["names"]), columns)


def _check(name: str, kind: str, column: Column) -> None:
    relation = RELATIONS.get(column.relation)
    if relation is None or not set(column.to) <= set(relation.others(kind, column.forward)):
        raise RegisterError("mapping.not-allowed", where=name,
                            message=f"“{column.header}”列：{kind} 不能以 {column.relation} 连接 {'、'.join(column.to)}")


def _general() -> Layout:
    columns = {normal(h): Column(h, meaning) for meaning, headers in (*RELATION_COLUMNS, *COMMON_COLUMNS[3:]) for h in headers}
    columns.update({normal(f.label): Column(f.label, "field", f) for f in RELATION_FIELDS})
    columns[normal("备注")] = Column("备注", "field", COMMON[1])
    return Layout("relation", "关系登记表", "", ("起点",), columns)
