"""What a row of a register asserts: bodies, their fields and relationships; or why it is refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from ingest.headers import Table
from ingest.mapping import Column
from ingest.readers.table import RawRow
from ingest.resolve import BRACKET, Bodies
from ingest.values import (
    AS_TEXT,
    COMPLETE,
    FLAGS,
    LOST_DIGITS,
    NONE,
    STROKES,
    Reader,
    ValueProblem,
    date_of,
    keeps_digits,
    legal_values,
    reader,
    several,
)
from schemas.dates import OPEN, UNKNOWN, Precision, after
from schemas.facts import Basis, BodyFact, DeclarationFact, Fact, Reject, RelationFact, Value
from schemas.identifiers import clean, credit_code, kind_of, normal
from schemas.kinds import BY_LABEL as KIND_BY_LABEL
from schemas.kinds import KINDS
from schemas.metapath import choice_of_roles
from schemas.relations import BY_LABEL, RELATIONS, Relation

BASES: dict[str, Basis] = {"": "stated", "原文明示": "stated", "明示": "stated", "推断": "inferred"}
HALF_BRACKET = re.compile(r"[\[［【][^\]］】]*[：:]|[\[［【]+[\]］】]*$")
LONGEST = 300  # characters of a name
Dates = tuple[int, Precision, int, Precision, bool]


class RowReader:
    """Reads the rows of one table; the columns are looked up once."""

    def __init__(self, table: Table) -> None:
        self.table, self.kind = table, table.layout.kind
        columns = [(i, c) for i, c in enumerate(table.columns) if c]
        self.at: dict[str, int] = {c.meaning: i for i, c in columns if c.meaning not in ("field", "relation", "basis_of", "detail")}
        self.fields: list[tuple[int, Column, str, Reader]] = [
            (i, c, c.field.name, reader(c.field)) for i, c in columns if c.field and c.meaning == "field"]
        self.details = [(i, c, reader(c.field)) for i, c in columns if c.field and c.meaning == "detail"]
        self.relations = [(i, c) for i, c in columns if c.meaning == "relation"]
        self.free_text = [i for i, c in columns if c.meaning == "reason" or (c.field and c.field.type == "text" and not c.field.personal)]
        bases = [(i, c) for i, c in columns if c.meaning == "basis_of"]
        self.basis_of = {c.about: i for i, c in bases}  # columns that have a basis of their own
        self.column = ""  # the column being read, for the reject

    def cell(self, row: RawRow, meaning: str) -> str:
        """The cell of a column, "" where the register has no such column."""
        i = self.at.get(meaning)
        if i is None or i >= len(row.cells):
            return ""
        column = self.table.columns[i]
        self.column = column.header if column else ""
        return row.cells[i].strip()

    def frames(self, row: RawRow) -> bool:
        """Whether the other rows of the table mean nothing without this one."""
        return False

    # -- who the row is about ----------------------------------------------------------------------------------------------

    def described(self, row: RawRow) -> tuple[str, str, list[str]] | None:
        """(name, credit code, other names) of the body that the row describes, ``None`` for an unnamed one or a relationship.

        Raises ValueProblem."""
        if not self.kind:
            return None
        name = clean(self.cell(row, "name"))
        if not name:
            raise ValueProblem("row.name-missing", "名称是空的", "请填写名称；名称未公布的，写成 [建于：企业名称] 的样子")
        if name == NONE:
            raise ValueProblem("row.name-missing", "名称填的是“无”", "请填写名称；没有这个对象的，删除这一行")
        if len(name) > LONGEST:
            raise ValueProblem("row.name-too-long", f"名称有 {len(name)} 个字符", f"名称至多 {LONGEST} 个字符；请检查引号是否成对")
        if BRACKET.fullmatch(name):
            return None
        if HALF_BRACKET.match(name):
            raise ValueProblem("row.brackets", f"“{name}”的方括号不完整",
                               "未公布名称的写成 [建于：企业名称] 的样子，括号成对，两部分都要有")
        keeps_digits(self.column, name)
        if not any(map(str.isalnum, name)):
            raise ValueProblem("row.name-missing", f"“{name}”不是名称", "请填写名称；没有这个对象的，删除这一行")
        return name, self._code(row), [n for m in ("alias", "former", "brand") for n in several(self.cell(row, m)) if n != NONE]

    def _code(self, row: RawRow) -> str:
        cell = self.cell(row, "credit_code")
        if not cell or cell == NONE:
            return ""
        if LOST_DIGITS.fullmatch(unicodedata.normalize("NFKC", cell)):
            raise ValueProblem("row.credit-code-number", f"信用代码“{cell}”是数字格式，末几位已经丢失", AS_TEXT)
        code, wrong = credit_code(cell)
        if wrong:
            raise ValueProblem("row.credit-code", wrong, "请核对营业执照上的统一社会信用代码")
        return code

    # -- what the row asserts ----------------------------------------------------------------------------------------------

    def facts(self, row: RawRow, bodies: Bodies) -> tuple[Fact, ...]:
        """All that the row asserts; raises ValueProblem."""
        if not self.kind:
            return self._relationship(row, bodies)
        basis, reason, facts = self._basis(row), clean(self.cell(row, "reason")), list[Fact]()
        described = self.described(row)
        if described:
            name, code, _ = described
            self.cell(row, "name")
            id = bodies.id_of(self.kind, name, code)
            keys = [("credit_code", code)] if code else []
            keys += [(m, n) for m in ("alias", "former", "brand") for n in several(self.cell(row, m)) if n != NONE]
        else:
            name, keys = "", []
            self.cell(row, "name")
            id = bodies.reference([self.kind], clean(self.cell(row, "name")), basis, reason, facts)
        facts.append(BodyFact(id, name, tuple(keys), tuple(self._values(row, basis))))
        dates = self._dates(row)
        for i, column in self.relations:
            if i < len(row.cells) and row.cells[i].strip():
                self.column = column.header
                own = self._basis_of(row, column, basis) if self.basis_of else basis
                self._related(id, column, row.cells[i].strip(), dates, own, reason, bodies, facts)
        for i, column, read in self.details:
            if i < len(row.cells) and row.cells[i].strip():
                self.column = column.header
                _detailed(id, column, row.cells[i], read, basis, facts)
        return tuple(facts)

    def _basis(self, row: RawRow) -> Basis:
        return self._read_basis(self.cell(row, "basis"))

    def _basis_of(self, row: RawRow, column: Column, basis: Basis) -> Basis:
        """The basis of one column, the row's where it has none of its own."""
        i = self.basis_of.get(column.about, -1)
        if not (cell := row.cells[i].strip() if 0 <= i < len(row.cells) else ""):
            return basis
        before, self.column = self.column, self.table.columns[i].header  # type: ignore[union-attr]  # it has that column
        own = self._read_basis(cell)
        self.column = before
        return own

    @staticmethod
    def _read_basis(cell: str) -> Basis:
        if cell not in BASES:
            raise ValueProblem("row.basis", f"“依据”没有“{cell}”这个选项", "可填：原文明示、推断；留空视为原文明示")
        return BASES[cell]

    def _values(self, row: RawRow, basis: Basis) -> list[tuple[str, Value]]:
        found = [("synthetic", Value("true"))] if self.table.synthetic else []
        for i, column, name, read in self.fields:
            if i < len(row.cells) and row.cells[i].strip():
                self.column = column.header
                found.append((name, read(row.cells[i], self._basis_of(row, column, basis) if self.basis_of else basis)))
        return found

    def _dates(self, row: RawRow) -> Dates:
        """(start, precision, end, precision, ended without a date)."""
        start, end = UNKNOWN, OPEN
        sp: Precision = "day"
        ep: Precision = "day"
        if cell := self.cell(row, "start"):
            start, sp = date_of("开始日期", cell)
        if cell := self.cell(row, "end"):
            end, ep = date_of("结束日期", cell)
            end = after(end, ep)
        if end <= start:
            raise ValueProblem("row.end-before-start", "结束日期不晚于开始日期", "请核对两个日期")
        over = self.cell(row, "over")
        if over and normal(over) not in FLAGS:
            raise ValueProblem("row.value", f"“{self.column}”应填 是 或 否，实为“{clean(over)}”", "请填 是 或 否；不清楚的留空")
        ended = FLAGS[normal(over)] == "true" if over else False
        if ended and end == OPEN and start >= self.table.as_of:
            raise ValueProblem("row.end-before-start", "截至日期时尚未开始，却写明已经结束", "请核对开始日期，或写明结束日期")
        return start, sp, end, ep, ended

    def _related(self, id: str, column: Column, cell: str, dates: Dates, basis: Basis, reason: str, bodies: Bodies,
                 facts: list[Fact]) -> None:
        only = COMPLETE.match(cell)
        if cell == NONE or only:
            hop = f"(:{self.kind}){column.hop}"
            data = {"type": "completeness", "scope": [f"(:{self.kind} {{id: '{id}'}})"], "hop": hop, "basis": basis}
            facts.append(DeclarationFact(data))
        if cell == NONE:
            return
        if not (names := self._names(column, cell[only.end():] if only else cell, bodies)):
            raise ValueProblem("row.value", f"“{column.header}”没有写出任何一个", "没有的填 无；不清楚的留空")
        for name in names:
            if STROKES.fullmatch(name):
                raise ValueProblem("row.value", f"“{column.header}”填的是“{name}”，看不出是没有，还是不清楚", "没有的填 无；不清楚的留空")
            keeps_digits(column.header, name)
            other = bodies.reference(column.to, name, basis, reason, facts)
            _not_itself(id, other, name)
            source, target = (id, other) if column.forward else (other, id)
            facts.append(_fact(source, column.relation, target, column.role, dates, basis, reason))

    def _names(self, column: Column, cell: str, bodies: Bodies) -> list[str]:
        """The names in a cell. A name may have the marks in it that separate names: what is known only as a whole is not taken apart."""
        if not column.many:
            return [cell] if cell else []
        parts, found = several(cell), list[str]()
        while parts:
            size = 1
            if len(parts) > 1 and not BRACKET.fullmatch(parts[0]) and not bodies.knows(column.to, parts[0]):
                size = next((n for n in range(len(parts), 1, -1) if bodies.knows(column.to, "、".join(parts[:n]))), 1)
            found.append("、".join(parts[:size]))
            del parts[:size]
        return found

    # -- a row of the general register -------------------------------------------------------------------------------------

    def _relationship(self, row: RawRow, bodies: Bodies) -> tuple[Fact, ...]:
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
        _not_itself(ids[0], ids[1], text)
        values = tuple(v for v in self._values(row, basis) if v[0] not in ("remark", "synthetic"))
        if foreign := [c for _, c, name, _ in self.fields for v in values if v[0] == name and not relation.field(name)]:
            self.column = foreign[0].header
            raise ValueProblem("row.value", f"“{relation.label}”没有“{self.column}”", f"请把“{self.column}”留空")
        fact = _fact(ids[0], relation.name, ids[1], self._role(row, relation), self._dates(row), basis, reason)
        level = self._level(row, relation, basis)
        return (*facts, fact._replace(fields=(*values, *level)))

    def _kind(self, row: RawRow, meaning: str) -> str:
        cell = clean(self.cell(row, meaning))
        kind = KIND_BY_LABEL.get(cell) or KINDS.get(cell)
        if kind is None:
            raise ValueProblem("row.kind", f"“{self.column}”没有“{cell}”这一类", f"可填：{'、'.join(KIND_BY_LABEL)}")
        return kind.name

    def _type(self, row: RawRow) -> Relation:
        cell = clean(self.cell(row, "type"))
        relation = BY_LABEL.get(cell) or RELATIONS.get(cell)
        if relation is None:
            raise ValueProblem("row.unknown-relation", f"没有“{cell}”这种关系", f"可填：{'、'.join(BY_LABEL)}")
        return relation

    def _role(self, row: RawRow, relation: Relation) -> str:
        cell = clean(self.cell(row, "role"))
        if not cell:
            return ""
        found = legal_values(choice_of_roles(relation)).get(normal(cell)) if relation.roles else None
        if found is None:
            legal = "、".join(relation.roles.values()) or "（留空）"
            raise ValueProblem("row.value", f"“{relation.label}”没有角色“{cell}”", f"可填：{legal}")
        return found

    def _level(self, row: RawRow, relation: Relation, basis: Basis) -> Sequence[tuple[str, Value]]:
        cell, field = clean(self.cell(row, "level")), relation.field("level")
        if not cell:
            return ()
        if field is None:
            raise ValueProblem("row.value", f"“{relation.label}”没有层级", "请把“层级”留空")
        return (("level", reader(field)(cell, basis)),)


def _fact(source: str, relation: str, target: str, role: str, dates: Dates, basis: Basis, reason: str) -> RelationFact:
    start, sp, end, ep, ended = dates
    return RelationFact(source, relation, target, role, start, sp, end, ep, basis, reason if basis == "inferred" else "", (), ended)


def _detailed(id: str, column: Column, cell: str, read: Reader, basis: Basis, facts: list[Fact]) -> None:
    """Give the relationships that the row states a detail: 楼层 of 所在楼宇; of several one each."""
    same = [(i, f) for i, f in enumerate(facts)
            if isinstance(f, RelationFact) and (f.type, f.role, f.source) == (column.relation, column.role, id)]
    first = next((k for k in column.to if any(kind_of(f.target) == k for _, f in same)), "")
    related, kinds = [(i, f) for i, f in same if kind_of(f.target) == first], "、".join(KINDS[k].label for k in column.to)
    if not related:
        raise ValueProblem("row.value", f"填了“{column.header}”，没有填在哪个{kinds}", f"请填写{kinds}，或把“{column.header}”留空")
    parts = several(cell) if len(related) > 1 else [cell]
    if len(parts) != len(related):
        raise ValueProblem("row.value", f"有 {len(related)} 个{kinds}，“{column.header}”却有 {len(parts)} 个",
                           f"请按次序每个{kinds}填一个，用顿号隔开")
    for (i, fact), part in zip(related, parts, strict=True):
        facts[i] = fact._replace(fields=(*fact.fields, (column.field.name, read(part, basis))))  # type: ignore[union-attr]  # details have one


def _not_itself(one: str, other: str, name: str) -> None:
    if one == other:
        raise ValueProblem("row.itself", f"“{name}”与自己有关系", "请核对，填写另一方的名称")


def _usage(relation: Relation) -> str:
    return "；".join(f"{'、'.join(KINDS[k].label for k in s)} → {'、'.join(KINDS[k].label for k in t)}" for s, t in relation.ends)


def rejected(table: Table, row: RawRow, column: str, problem: ValueProblem) -> Reject:
    return Reject(table.file, row.sheet, row.number, column, problem.code, problem.message, problem.hint)
