"""Shapes what engines give into what answers show: names, steps, evidence, as-of (semantics 8, 9, 26)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from graph.engine import Snapshot
from graph.frame import Frame, frame
from graph.lock import under_way
from graph.parts import Body, Declared, Edge, RowRef
from schemas.dates import OPEN, day_of, last, months_before, written
from schemas.declarations import Completeness, Doubt, Exemption
from schemas.facts import ENDS, Import, Value
from schemas.identifiers import kind_of
from schemas.kinds import KINDS, STUB, Field
from schemas.parts import AsOf, BodyRef, Evidence, Note, Step
from schemas.parts import Frame as FrameAnswer
from schemas.relations import RELATIONS
from schemas.view import View

UNNAMED = "（名称未公布）"  # stands after what an unnamed body is known by
FRAMES = 64  # kept; a view asked again of the same data is joined once
_frames: dict[tuple[int, int], tuple[View, object, Frame]] = {}


def frame_for(snapshot: Snapshot, view: View) -> Frame:
    """The view joined with the declarations in force."""
    said = snapshot.declarations()
    known = _frames.get((id(view), id(said)))
    if known is None or known[0] is not view or known[1] is not said:
        if len(_frames) >= FRAMES:
            _frames.clear()
        known = _frames[id(view), id(said)] = view, said, _joined(snapshot, view)
    return known[2]


def _joined(snapshot: Snapshot, view: View) -> Frame:
    declared = [(d.declaration, d.as_of) for d in snapshot.declarations() if isinstance(d.declaration, Completeness | Exemption)]
    return frame(view, declared, snapshot.hop_signatures())


class Presenter:
    """Presents what one snapshot holds, in one view."""

    def __init__(self, snapshot: Snapshot, view: View) -> None:
        self.snapshot, self.view = snapshot, view
        self.frame = frame_for(snapshot, view)
        self.imports: Mapping[int, Import] = snapshot.sources()
        self._names: dict[str, BodyRef] = {}
        self.past: dict[tuple[str, bool], dict[str, list[Edge]]] = {}  # type, forward -> body -> what has ever left it

    @cached_property
    def document(self) -> FrameAnswer:
        if self.snapshot.loading:  # which may come to an end, or be found dead, without another data version
            return self._document()
        key = "document", self.snapshot.version
        if key not in self.frame.memo:
            self.frame.memo[key] = self._document()
        known: FrameAnswer = self.frame.memo[key]
        return known

    def _document(self) -> FrameAnswer:
        view = self.view
        return FrameAnswer.of(
            as_of=view.as_of.isoformat(), policy=view.policy.name, policy_version=view.policy.version, data_version=self.snapshot.version,
            assumed=len(view.assume), overlay=bool(view.overlay), loading=under_way(self.snapshot))

    # -- bodies ------------------------------------------------------------------------------------------------------------

    def body_ref(self, body: Body) -> BodyRef:
        known = self._names.get(body.id)
        if known is None:
            name = body.name or self._described(body, 0)
            known = self._names[body.id] = BodyRef.of(id=body.id, kind=body.kind, kind_label=KINDS[body.kind].label, name=name,
                                                                   unnamed=body.unnamed, synthetic=body.synthetic,
                                                                   stub=STUB in body.values)
        return known

    def _described(self, body: Body, depth: int) -> str:
        """What an unnamed body is known by: 分众传媒的党组织（名称未公布）."""
        label = self._sort_label(body)
        key = next((v for s, v in self.snapshot.keys(body.id) if s == "unnamed"), "")
        other = self._other(key)
        if other is None or depth > 2:
            return f"{label}{UNNAMED}"
        name = other.name or self._described(other, depth + 1).removesuffix(UNNAMED)
        return f"{name}的{label}{UNNAMED}"

    def _sort_label(self, body: Body) -> str:
        """The kind's label, or of posts and teams the label of their sort."""
        kind, value = KINDS[body.kind], body.values.get("sort")
        field = kind.field("sort")
        return field.choices.get(str(value.value), kind.label) if field and value else kind.label

    def _other(self, key: str) -> Body | None:
        other = key.partition("#")[0].replace("<", ">").rpartition(">")[2]
        return self.snapshot.bodies([other]).get(other) if kind_of(other) else None

    def value_text(self, kind: str, name: str, value: Value) -> str:
        """A value as people read it; 无 where a multi-valued field lists none."""
        return self._text(KINDS[kind].field(name), value)

    def _text(self, field: Field | None, value: Value) -> str:
        labels = {"true": "是", "false": "否"} if field and field.type == "flag" else (field.choices if field else {})
        values = value.value if isinstance(value.value, tuple) else (value.value,)
        return "、".join(labels.get(v, v) for v in values) or "无"

    # -- relationships -----------------------------------------------------------------------------------------------------

    def step(self, edge: Edge, bodies: Mapping[str, Body], from_id: str) -> Step:
        """An edge as walked from the body ``from_id``."""
        relation = RELATIONS[edge.type]
        forward = edge.source == from_id
        other = edge.target if forward else edge.source
        return Step.of(
            relation=edge.type, label=relation.label if forward else relation.reverse, forward=forward,
            source=self.body_ref(bodies[from_id]), target=self.body_ref(bodies[other]), role=relation.roles.get(edge.role, edge.role),
            since=written(edge.start, edge.start_precision), until=self.until(edge, (bodies[edge.source], bodies[edge.target])),
            basis="stated" if edge.stated else "inferred", reason=edge.reason,
            values={f.label: self._text(f, edge.values[f.name]) for f in relation.fields if f.name in edge.values} if edge.values else {},
            evidence=tuple(map(self.evidence, edge.rows)))

    def until(self, edge: Edge, ends: Iterable[Body]) -> str | None:
        """When it ended, as the source wrote it; where the end of a body at one of its ends has ended it, as that was written."""
        if edge.until == OPEN:
            return None
        told = next((b.values["ended"].value for b in ends if b.ended == edge.until and "ended" in b.values), None)
        return str(told) if told else last(edge.until, edge.until_precision)

    # -- evidence ----------------------------------------------------------------------------------------------------------

    def evidence(self, ref: RowRef) -> Evidence:
        number, sheet, row = ref
        i = self.imports[number]
        return Evidence.of(import_number=number, file=i.file, sheet=sheet, row=row, source=i.source,
                                        as_of=written(i.as_of, i.as_of_precision) or "")

    def place(self, ref: RowRef) -> str:
        """Where a row stands, in words."""
        number, sheet, row = ref
        if sheet == ENDS:
            return f"{self.imports[number].file}（全量核对，未列）"
        return f"{self.imports[number].file}{f' {sheet}' if sheet else ''} 第 {row} 行"

    def as_of(self, rows: Iterable[RowRef]) -> AsOf | None:
        """Oldest and newest as-of of the evidence; without evidence, of all sources in force (semantics 9)."""
        numbers = frozenset(r[0] for r in rows)
        key = "as_of", numbers
        if key not in self.frame.memo:
            self.frame.memo[key] = self._as_of([self.imports[n] for n in numbers] or
                                               [i for i in self.imports.values() if i.dates])
        found: AsOf | None = self.frame.memo[key]
        return found

    def _as_of(self, imports: list[Import]) -> AsOf | None:
        if not imports:
            return None
        oldest, newest = min(imports, key=lambda i: i.as_of), max(imports, key=lambda i: i.as_of)
        stale = months_before(self.view.as_of, self.view.policy.stale_months) > day_of(newest.as_of)
        first, last = (written(i.as_of, i.as_of_precision) or "" for i in (oldest, newest))
        note = f"截至{last}" + (f"（最早 {first}）" if first != last else "") + ("，此后未核实" if stale else "")
        return AsOf.of(oldest=first, newest=last, stale=stale, note=note)

    def notes(self, id: str) -> tuple[Note, ...]:
        """Doubts about a body, and exemptions in force."""
        return tuple(found for declared in self._noted.get(id, ()) if (found := self._note(declared)))

    @property
    def _noted(self) -> Mapping[str, list[Declared]]:
        """Body -> the doubts about it and its exemptions, in force or not."""
        if "noted" not in self.frame.memo:
            found = self.frame.memo["noted"] = dict[str, list[Declared]]()
            for declared in self.snapshot.declarations():
                if isinstance(declared.declaration, Doubt | Exemption):
                    found.setdefault(declared.declaration.body, []).append(declared)
        known: Mapping[str, list[Declared]] = self.frame.memo["noted"]
        return known

    def _note(self, declared: Declared) -> Note | None:
        d = declared.declaration
        if isinstance(d, Doubt):
            return Note(type="doubt", about=d.about, reason=d.reason, evidence=self.evidence(declared.row))
        if isinstance(d, Exemption) and d.body in self.frame.exempt_from(d.rule):
            return Note(type="exemption", about=d.rule, reason=d.reason, evidence=self.evidence(declared.row))
        return None
