"""What a row of a register asserts of the body that it describes: names, fields and relationships; or why it is refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from ingest.headers import Table
from ingest.mapping import Column
from ingest.readers.table import RawRow
from ingest.resolve import BRACKET, Bodies
from ingest.row_reader import Dates, Described, RowReader, not_itself, relation_fact, with_field
from ingest.values import AS_TEXT, COMPLETE, FLAGS, LOST_DIGITS, NONE, STROKES, ValueProblem, keeps_digits, reader, several
from ingest.words import NOBODY
from ingest.words import NONE as SUCH_NONE
from schemas.facts import Basis, BodyFact, DeclarationFact, Fact, RelationFact
from schemas.identifiers import BY_PREFIX, clean, credit_code, shown
from schemas.kinds import KINDS

HALF_BRACKET = re.compile(r"[\[［【][^\]］】]*[：:]|[\[［【]+[\]］】]*$")
LONGEST = 300  # characters of a name
CIVIL_AFFAIRS = "5"  # by which the codes begin that a civil affairs bureau gives (GB 32100-2015): to no enterprise
NICKNAMES = ("alias", "former", "brand")
KEPT = 20_000  # cells of a table whose bodies are remembered


class BodyReader(RowReader):
    """Reads the rows of a table that describe a body each."""

    def __init__(self, table: Table) -> None:
        super().__init__(table)
        self.details = [(i, c, c.field.name, reader(c.field)) for i, c in enumerate(table.columns)
                        if c and c.field and c.meaning == "detail"]
        self.nicknames = [m for m in NICKNAMES if m in self.at]
        self.relations: list[tuple[int, Column, dict[str, list[str]]]] = [  # with the bodies that its cells name
            (i, c, {}) for i, c in enumerate(table.columns) if c and c.meaning == "relation"]

    # -- who the row is about ----------------------------------------------------------------------------------------------

    def described(self, row: RawRow) -> Described | None:
        name = clean(self.cell(row, "name"))
        if not self._names(name):
            return None
        nicknames = [(m, n) for m in self.nicknames for n in several(self.cell(row, m)) if n != NONE]
        return Described(self.kind, name, self._code(row), tuple(nicknames))

    def _names(self, name: str) -> bool:
        """Whether a name is one, and not what an unnamed body is known by; raises ValueProblem where it is neither."""
        if not name:
            raise ValueProblem("row.name-missing", "名称是空的", "请填写名称；名称未公布的，写成 [建于：企业名称] 的样子")
        if name == NONE:
            raise ValueProblem("row.name-missing", "名称填的是“无”", "请填写名称；没有这个对象的，删除这一行")
        if len(name) > LONGEST:
            raise ValueProblem("row.name-too-long", f"名称有 {len(name)} 个字符", f"名称至多 {LONGEST} 个字符；请检查引号是否成对")
        if not name.isalpha():
            if BRACKET.fullmatch(name):
                return False
            self._check(name)
        return True

    def _check(self, name: str) -> None:
        """Of a name that has more in it than letters."""
        if HALF_BRACKET.match(name):
            raise ValueProblem("row.brackets", f"“{shown(name)}”的方括号不完整",
                               "未公布名称的写成 [建于：企业名称] 的样子，括号成对，两部分都要有")
        keeps_digits(self.column, name)
        if not any(map(str.isalnum, name)):
            raise ValueProblem("row.name-missing", f"“{name}”不是名称", "请填写名称；没有这个对象的，删除这一行")

    def _code(self, row: RawRow) -> str:
        cell = self.cell(row, "credit_code")
        if not cell or cell == NONE:
            return ""
        if LOST_DIGITS.fullmatch(unicodedata.normalize("NFKC", cell)):
            raise ValueProblem("row.credit-code-number", f"信用代码“{shown(cell)}”是数字格式，末几位已经丢失", AS_TEXT)
        code, wrong = credit_code(cell)
        if wrong:
            raise ValueProblem("row.credit-code", wrong, "请核对营业执照上的统一社会信用代码")
        if self.kind == "Enterprise" and code.startswith(CIVIL_AFFAIRS):
            raise ValueProblem("row.credit-code", f"信用代码以 {CIVIL_AFFAIRS} 开头，是社会组织，不是企业", "请核对，或移到社会组织登记表")
        return code

    # -- what the row asserts ----------------------------------------------------------------------------------------------

    def names(self, row: RawRow, described: Described | None) -> Iterator[tuple[Sequence[str], str]]:
        if not described:
            yield (self.kind,), clean(self.cell(row, "name"))
        for i, column, known in self.relations:
            if (cell := row.cells[i]) and cell not in known:
                yield from ((column.to, part) for part in dict.fromkeys((cell, *(several(cell) if column.many else ()))))

    def facts(self, row: RawRow, described: Described | None, bodies: Bodies) -> tuple[Fact, ...]:
        basis, reason, facts = self._basis(row), clean(self.cell(row, "reason")), list[Fact]()
        cell = self.cell(row, "name")
        if described:
            kind, name, code, nicknames = described
            id = bodies.id_of(kind, name, code)
            keys = (("credit_code", code), *nicknames) if code else nicknames
        else:
            name, keys = "", ()
            id = bodies.reference([self.kind], clean(cell), basis, reason, facts)
        facts.append(BodyFact(id, name, keys, tuple(self._values(row, basis))))
        dates = self._dates(row)
        for i, column, known in self.relations:
            if cell := row.cells[i]:
                self.column = column.header
                own = self._basis_of(row, column, basis) if self.basis_of else basis
                others = known.get(cell)
                if others is None or id in others:
                    self.related(id, column, cell, dates, own, reason, bodies, facts, known)
                else:
                    facts += [_fact(id, column, other, dates, own, reason) for other in others]
        for i, column, name, read in self.details:
            if cell := row.cells[i]:
                self.column = column.header
                for place, fact, part in _detailed(id, column, cell, facts):
                    facts[place] = with_field(fact, name, read(part, basis))
        return tuple(facts)

    def related(self, id: str, column: Column, cell: str, dates: Dates, basis: Basis, reason: str, bodies: Bodies,
                facts: list[Fact], known: dict[str, list[str]]) -> None:
        """What a relationship column says. Bodies that a cell names and that need no facts of their own are remembered in ``known``."""
        only = COMPLETE.match(cell)
        none = cell == NONE or cell in SUCH_NONE
        if none or only:
            hop = f"(:{self.kind}){column.hop}"
            data = {"type": "completeness", "scope": [f"(:{self.kind} {{id: '{id}'}})"], "hop": hop, "basis": basis}
            facts.append(DeclarationFact(data))
        if none:
            return
        if not (names := _names(column, cell[only.end():] if only else cell, bodies)):
            raise ValueProblem("row.value", f"“{column.header}”没有写出任何一个", "没有的填 无；不清楚的留空")
        others, before = list[str](), len(facts)
        for name in names:
            _is_a_name(name, column, bodies)
            keeps_digits(column.header, name)
            others.append(bodies.reference(column.to, name, basis, reason, facts))
            not_itself(id, others[-1], name)
            facts.append(_fact(id, column, others[-1], dates, basis, reason))
        if not only and len(facts) - before == len(others) and len(known) < KEPT:
            known[cell] = others


def _names(column: Column, cell: str, bodies: Bodies) -> list[str]:
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


def _is_a_name(name: str, column: Column, bodies: Bodies) -> None:
    """Raise ValueProblem for what people write where there is no name, unless a body is called so."""
    if STROKES.fullmatch(name):
        raise ValueProblem("row.value", f"“{column.header}”填的是“{name}”，看不出是没有，还是不清楚", "没有的填 无；不清楚的留空")
    if (name.lower() in FLAGS or name in NOBODY) and not bodies.knows(column.to, name):
        raise ValueProblem("row.value", f"“{column.header}”填的是“{name}”，不是名称", "请填写名称；没有的填 无；不清楚的留空")


def _fact(id: str, column: Column, other: str, dates: Dates, basis: Basis, reason: str) -> RelationFact:
    source, target = (id, other) if column.forward else (other, id)
    return relation_fact(source, column.relation, target, column.role, dates, basis, reason)


def _detailed(id: str, column: Column, cell: str, facts: list[Fact]) -> list[tuple[int, RelationFact, str]]:
    """Which relationships that the row states, with their places, a detail is of: 楼层 of 所在楼宇; of several one part each."""
    same = [(i, f) for i, f in enumerate(facts)
            if isinstance(f, RelationFact) and f.source == id and f.type == column.relation and f.role == column.role]
    kinds = [BY_PREFIX[f.target[:2]] for _, f in same]
    first = next((k for k in column.to if k in kinds), "")
    related = [s for s, kind in zip(same, kinds, strict=True) if kind == first]
    parts = [cell] if len(related) == 1 else several(cell)
    if not related or len(parts) != len(related):
        raise _not_as_many(column, len(related), len(parts))
    return [(i, fact, part) for (i, fact), part in zip(related, parts, strict=True)]


def _not_as_many(column: Column, related: int, parts: int) -> ValueProblem:
    """``parts`` of a detail are given for so many relationships."""
    labels = "、".join([KINDS[k].label for k in column.to])
    if not related:
        return ValueProblem("row.value", f"填了“{column.header}”，没有填在哪个{labels}", f"请填写{labels}，或把“{column.header}”留空")
    return ValueProblem("row.value", f"有 {related} 个{labels}，“{column.header}”却有 {parts} 个",
                        f"请按次序每个{labels}填一个，用顿号隔开")
