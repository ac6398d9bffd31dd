"""A filled-in sheet of a walk through a building (扫楼): which units are still there, which moved in and which moved out.

A register of its own, whose rows say what was seen: what the sheet told the walker beforehand asserts nothing when it comes back.
"""

from __future__ import annotations

from dataclasses import dataclass

from graph.parts import Body
from ingest.assertion import BodyReader
from ingest.assertion_relations import RelationReader
from ingest.headers import Table
from ingest.readers.table import RawRow
from ingest.resolve import Bodies
from ingest.row_reader import Described, RowReader
from ingest.values import FLAGS, ValueProblem, date_of
from ingest.walk_layout import NAME, PLACE_ROW, ROLES, UNITS
from schemas.dates import OPEN, Precision, after, number, today, written
from schemas.facts import BodyFact, Fact, RelationFact, Value
from schemas.identifiers import clean, kind_of, normal, shown
from schemas.kinds import GROUPS
from schemas.relations import RELATIONS

LOCATED = RELATIONS["LOCATED_IN"]


def reader_of(table: Table) -> RowReader:
    if table.layout.name == NAME:
        return WalkReader(table)
    return BodyReader(table) if table.layout.kind else RelationReader(table)


@dataclass(frozen=True)
class _Seen:
    """What a row says was seen: ``still`` there, or gone (by ``out``, else by the day of the walk); ``None``: not looked at."""

    still: bool | None
    out: int
    out_precision: Precision
    checked: str  # the day, ISO


class WalkReader(BodyReader):
    """Reads the rows of a walk; the building is told by a row of its own, wherever that was sorted to."""

    def __init__(self, table: Table) -> None:
        super().__init__(table)
        places = LOCATED.targets(self.kind)
        self.place = next((id for row in table.rows() if kind_of(id := self._known(row)) in places), "")

    def frames(self, row: RawRow) -> bool:
        return self.place != "" and self._known(row) == self.place

    def described(self, row: RawRow) -> Described | None:
        """Only units that the sheet did not know are described by it; the others are known by their number."""
        if self._known(row):
            return None
        kind, described = self._kind(row), super().described(row)
        return described and described._replace(kind=kind)

    def _kind(self, row: RawRow) -> str:
        cell = clean(self.cell(row, "kind"))
        if cell == PLACE_ROW:
            raise self._without_place()
        if cell and cell not in UNITS:
            raise ValueProblem("row.kind", f"“类别”没有“{shown(cell)}”这一类", f"可填：{'、'.join(UNITS)}")
        return UNITS.get(cell, "Enterprise")

    def facts(self, row: RawRow, described: Described | None, bodies: Bodies) -> tuple[Fact, ...]:
        """What was seen of one unit; nothing where the row was left as it was. Raises ValueProblem."""
        if not self.place:
            raise self._without_place()
        known = self._known(row)
        if known == self.place:
            return ()
        seen, values, facts = self._seen(row), self._values(row, "stated"), list[Fact]()
        if known and seen.still is None:
            unit = self._stored(known, row, bodies).id
            return (BodyFact(unit, fields=tuple(values)),) if values else ()
        name, keys = "", tuple[tuple[str, str], ...]()
        if known:
            body = self._stored(known, row, bodies)
            unit, (name, keys) = body.id, self._renamed(row, body, bodies)
        else:
            unit, name, code = self._new(row, described, seen, bodies, facts)
            keys = (("credit_code", code),) if code else ()
        facts.append(BodyFact(unit, name, keys, (("confirmed", Value(seen.checked)), *values)))
        return (*facts, *self._located(row, unit, seen))

    def _new(self, row: RawRow, described: Described | None, seen: _Seen, bodies: Bodies,
             facts: list[Fact]) -> tuple[str, str, str]:
        """(id, name, credit code) of a unit that the sheet did not know; it may be registered elsewhere."""
        if seen.still is False:
            raise ValueProblem("row.walk", "原表没有的单位，写的是已经不在", "没有登记过、也已不在的单位不必填写")
        kind, name = self._kind(row), clean(self.cell(row, "name"))
        if described:
            return bodies.id_of(kind, described.name, described.code), described.name, described.code
        return bodies.reference([kind], name, "stated", "", facts), "", ""

    @staticmethod
    def _without_place() -> ValueProblem:
        return ValueProblem("row.place", "工作表里没有写明是哪座楼宇", f"请保留“类别”为“{PLACE_ROW}”的那一行和它的编号，或重新生成工作表")

    def _known(self, row: RawRow) -> str:
        return clean(self.cell(row, "body_id"))

    def _renamed(self, row: RawRow, body: Body, bodies: Bodies) -> tuple[str, tuple[tuple[str, str], ...]]:
        """(name, keys) of a unit that is called otherwise now: what it was called is its former name. Empty for others."""
        told = clean(self.cell(row, "now_called"))
        if not told or normal(told) == normal(body.name):
            return "", ()
        if not self._names(told):
            raise ValueProblem("row.walk", f"“现名称”{told}不是名称", "请写单位现在的名称；不清楚的留空")
        if bodies.called(body.kind, told) - {body.id}:
            raise ValueProblem("row.walk", f"“{told}”已登记，是另一家",
                               "换了别家的：这一行“是否仍在”填 否，另起一行写那一家；确是同一家的，请在企业登记表里写明曾用名")
        return told, (("former", body.name),) if body.name else ()

    def _stored(self, id: str, row: RawRow, bodies: Bodies) -> Body:
        """The unit of a row that the sheet knew; what it is called must not have been changed, for that would be lost."""
        body = bodies.snapshot.bodies([id]).get(id)
        if body is None or body.kind not in GROUPS["Unit"]:
            raise ValueProblem("row.unknown-reference", f"没有编号为“{id}”的单位", "编号请勿改动；新入驻的单位编号留空")
        shown = clean(self.cell(row, "name"))
        if body.name and shown and normal(shown) != normal(body.name) and not any(normal(shown) == normal(v) for _, v in body.keys):
            raise ValueProblem("row.walk", f"“{body.name}”的名称被改成了“{shown}”",
                               "请把名称改回；只是改了名的，把新的写进“现名称”；换了别家的：这一行“是否仍在”填 否，另起一行写新单位")
        return body

    def _seen(self, row: RawRow) -> _Seen:
        still, moved_in = self._flag(row, "still"), self._flag(row, "moved_in")
        out, precision = self._date(row, "moved_out")
        checked, _ = self._date(row, "checked")
        if out and (still or moved_in):
            raise ValueProblem("row.walk", "既写明仍在（或新入驻），又写了迁出日期", "请只填其中一项")
        if renamed := self.cell(row, "now_called"):
            if still is False or out or not self._known(row):
                raise ValueProblem("row.walk", f"填了现名称“{clean(renamed)}”，却不是仍在的单位", "新来的写在“单位名称”；已不在的留空")
            still = True
        if still is None:
            still = False if out else True if moved_in or not self._known(row) else None
        if checked and still is None:
            self.cell(row, "checked")
            raise ValueProblem("row.walk", "填了核实日期，没有填是否仍在", "请在“是否仍在”填 是 或 否")
        return _Seen(still, out, precision, written(checked or self.table.as_of) or "")

    def _flag(self, row: RawRow, meaning: str) -> bool | None:
        cell = self.cell(row, meaning)
        if not cell:
            return None
        if normal(cell) not in FLAGS:
            raise ValueProblem("row.value", f"“{self.column}”应填 是 或 否，实为“{clean(cell)}”", "请填 是 或 否；没有看的留空")
        return FLAGS[normal(cell)] == "true"

    def _date(self, row: RawRow, meaning: str) -> tuple[int, Precision]:
        cell = self.cell(row, meaning)
        if not cell:
            return 0, "day"
        day, precision = date_of(self.column, cell)
        if day > number(today()):
            raise ValueProblem("row.date", f"“{self.column}”{clean(cell)}在今天之后", "请核对日期")
        return day, precision

    def _located(self, row: RawRow, unit: str, seen: _Seen) -> tuple[RelationFact, ...]:
        """That the unit is there, or was until; a registered address is neither confirmed nor ended by looking."""
        registered = clean(self.cell(row, "place_role")) == ROLES["registered"]
        role = "operating" if registered or not self._known(row) or clean(self.cell(row, "place_role")) else ""
        if seen.still:
            details = tuple((m, Value(text)) for m in ("floor", "room") if (text := clean(self.cell(row, m))))
            return (RelationFact(unit, LOCATED.name, self.place, role, fields=details),)
        if registered:
            return ()
        end = after(seen.out, seen.out_precision) if seen.out else OPEN
        return (RelationFact(unit, LOCATED.name, self.place, role, end=end, end_precision=seen.out_precision, ended=not seen.out),)
