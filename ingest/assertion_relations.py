"""What a row of the general relationship register asserts: one relationship between two bodies that it names; or why it is refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.headers import Table
from ingest.readers.table import RawRow
from ingest.resolve import Bodies
from ingest.row_reader import Described, RowReader, not_itself, relation_fact
from ingest.values import ValueProblem, legal_values, reader
from schemas.facts import Basis, Fact, Value
from schemas.identifiers import clean, normal, shown
from schemas.kinds import BY_LABEL as KIND_BY_LABEL
from schemas.kinds import KINDS, Kind
from schemas.metapath import choice_of_roles
from schemas.relations import BY_LABEL, RELATIONS, Relation


class RelationReader(RowReader):
    """Reads the rows of the general register; none describes a body."""

    def __init__(self, table: Table) -> None:
        super().__init__(table)
        self.levels = {r.name: reader(field) for r in RELATIONS.values() if (field := r.field("level"))}

    def names(self, row: RawRow, described: Described | None) -> Iterator[tuple[Sequence[str], str]]:
        for end in ("source", "target"):
            if kind := _kind_named(clean(self.cell(row, f"{end}_kind"))):
                yield (kind.name,), clean(self.cell(row, end))

    def facts(self, row: RawRow, described: Described | None, bodies: Bodies) -> tuple[Fact, ...]:
        basis, reason, facts = self._basis(row), clean(self.cell(row, "reason")), list[Fact]()
        kinds = [self._kind(row, m) for m in ("source_kind", "target_kind")]
        relation = self._type(row)
        if kinds[1] not in relation.targets(kinds[0]):
            source, target = (KINDS[k].label for k in kinds)
            raise ValueProblem("row.not-allowed", f"{source}不能“{relation.label}”{target}", f"用法：{_usage(relation)}")
        ids = []
        for meaning, kind in zip(("source", "target"), kinds, strict=True):
            text = clean(self.cell(row, meaning))
            if not text:
                raise ValueProblem("row.name-missing", f"“{self.column}”是空的", "请填写名称")
            ids.append(bodies.reference([kind], text, basis, reason, facts))
        not_itself(ids[0], ids[1], text)
        values = tuple(v for v in self._values(row, basis) if v[0] not in ("remark", "synthetic"))
        if foreign := [c for _, c, name, _ in self.fields for v in values if v[0] == name and not relation.field(name)]:
            self.column = foreign[0].header
            raise ValueProblem("row.value", f"“{relation.label}”没有“{self.column}”", f"请把“{self.column}”留空")
        fact = relation_fact(ids[0], relation.name, ids[1], self._role(row, relation), self._dates(row), basis, reason)
        return (*facts, fact._replace(fields=(*values, *self._level(row, relation, basis))))

    def _kind(self, row: RawRow, meaning: str) -> str:
        cell = clean(self.cell(row, meaning))
        kind = _kind_named(cell)
        if kind is None:
            raise ValueProblem("row.kind", f"“{self.column}”没有“{shown(cell)}”这一类", f"可填：{'、'.join(KIND_BY_LABEL)}")
        return kind.name

    def _type(self, row: RawRow) -> Relation:
        cell = clean(self.cell(row, "type"))
        relation = BY_LABEL.get(cell) or RELATIONS.get(cell)
        if relation is None:
            raise ValueProblem("row.unknown-relation", f"没有“{shown(cell)}”这种关系", f"可填：{'、'.join(BY_LABEL)}")
        return relation

    def _role(self, row: RawRow, relation: Relation) -> str:
        cell = clean(self.cell(row, "role"))
        if not cell:
            return ""
        found = legal_values(choice_of_roles(relation)).get(normal(cell)) if relation.roles else None
        if found is None:
            legal = "、".join(relation.roles.values()) or "（留空）"
            raise ValueProblem("row.value", f"“{relation.label}”没有角色“{shown(cell)}”", f"可填：{legal}")
        return found

    def _level(self, row: RawRow, relation: Relation, basis: Basis) -> Sequence[tuple[str, Value]]:
        if not (cell := clean(self.cell(row, "level"))):
            return ()
        if not (read := self.levels.get(relation.name)):
            raise ValueProblem("row.value", f"“{relation.label}”没有层级", "请把“层级”留空")
        return (("level", read(cell, basis)),)


def _kind_named(cell: str) -> Kind | None:
    return KIND_BY_LABEL.get(cell) or KINDS.get(cell)


def _usage(relation: Relation) -> str:
    return "；".join(f"{'、'.join(KINDS[k].label for k in s)} → {'、'.join(KINDS[k].label for k in t)}" for s, t in relation.ends)
