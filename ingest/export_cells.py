"""What the store knows of a body, as the cells of a layout: so written that loading them again asserts the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from graph.engine import Snapshot
from graph.frame import Frame
from graph.parts import Body, Edge
from ingest.mapping import Column, Layout
from ingest.resolve import BRACKET, NAME_SCHEMES
from ingest.values import COMPLETE, NONE, SEPARATORS, STROKES
from schemas.facts import Value
from schemas.identifiers import clean, kind_of, normal
from schemas.kinds import KINDS, STUB, Field
from schemas.relations import RELATIONS

INFERRED, NAMELESS = "推断的内容", "无法用名称指明（或只由推断得知）的对象"
UNREGISTERED = "待补录的对象"  # a row of it would say that it is registered
ODD = "含有顿号、分号的别名"
SEVERAL, DETAILS = "一格只能填一个、却有几个的关系", "几个对象中只有一些写明的楼层、房号"
NESTED = 3  # brackets in brackets


class Cells:
    """Reads the store for an export; counts what a ledger cannot hold."""

    def __init__(self, snapshot: Snapshot, frame: Frame, personal: bool) -> None:
        self.snapshot, self.frame, self.personal = snapshot, frame, personal
        self.missed = Counter[str]()
        self.names = dict[tuple[str, tuple[str, ...]], str]()
        self.hops = set(snapshot.hop_signatures())

    def left_out(self) -> tuple[str, ...]:
        return tuple(f"{what}没有写出：{count} 处" for what, count in sorted(self.missed.items()) if count)

    def rows(self, layout: Layout, ids: Sequence[str], shown: Sequence[Column | None]) -> Iterator[list[str] | None]:
        """The cells of each body; None for one that cannot be named or is not registered."""
        bodies, related = self.snapshot.bodies(ids), self._related(ids, shown)
        closed = {c: self.snapshot.closed_singly(ids, hop, self.frame) for c in shown
                  if c and c.meaning == "relation" and (hop := f"(:{layout.kind}){c.hop}") in self.hops}
        for id in ids:
            body = bodies[id]
            name = "" if STUB in body.values else self.reference(body, (layout.kind,), own=True)
            if not name:
                self.missed[UNREGISTERED if STUB in body.values else NAMELESS] += 1
                yield None
                continue
            keys = self.snapshot.keys(id)
            edges = {c: [e for e in found.get(id, ()) if self._within(c, e, id)] for c, found in related.items()}
            yield [self._cell(c, body, name, keys, edges, id in closed.get(c, ())) if c else "" for c in shown]

    def _related(self, ids: Sequence[str], shown: Iterable[Column | None]) -> dict[Column, dict[str, list[Edge]]]:
        """Relationship column -> body -> its relationships of that type that hold at the day."""
        found = dict[Column, dict[str, list[Edge]]]()
        for column in (c for c in shown if c and c.relation and c.meaning in ("relation", "detail")):
            by_body = found.setdefault(column, {})
            for edge in self.snapshot.step(ids, [(column.relation, column.forward)], self.frame):
                if edge.possible(self.frame.day):
                    by_body.setdefault(edge.source if column.forward else edge.target, []).append(edge)
        return found

    def _within(self, column: Column, edge: Edge, id: str) -> bool:
        other = edge.target if column.forward else edge.source
        return other != id and kind_of(other) in column.to and (not column.role or edge.role == column.role)

    def _cell(self, column: Column, body: Body, name: str, keys: Sequence[tuple[str, str]], edges: dict[Column, list[Edge]],
              closed: bool) -> str:
        if column.meaning == "name":
            return name
        if column.meaning in ("credit_code", "alias", "former", "brand"):
            return self._keys(column.meaning, body, keys)
        if column.meaning == "relation":
            return self._relation(column, edges[column], closed)
        if column.meaning == "detail":
            return self._detail(column, edges[column])
        if column.meaning == "field" and column.field and column.field.name in body.values:
            return self.value(column.field, body.values[column.field.name])
        return ""

    def _keys(self, scheme: str, body: Body, keys: Sequence[tuple[str, str]]) -> str:
        """Other spellings of the name are no other names; one with marks in it would be taken apart."""
        told = list(dict.fromkeys(v for s, v in keys if s == scheme and normal(v) != normal(body.name)))
        whole = [v for v in told if scheme == "credit_code" or not (SEPARATORS.search(v) or v == NONE or clean(v) != v)]
        self.missed[ODD] += len(told) - len(whole)
        return "、".join(whole)

    def value(self, field: Field, value: Value) -> str:
        if field.personal and not self.personal:
            return ""
        if value.basis == "inferred":
            self.missed[INFERRED] += 1
            return ""
        labels = {"true": "是", "false": "否"} if field.type == "flag" else field.choices
        if isinstance(value.value, tuple):
            told = "、".join(labels.get(v, v) for v in value.value)
            return f"仅：{told}" if told and value.complete else told or NONE
        return labels.get(value.value, value.value) or NONE

    def _relation(self, column: Column, edges: Sequence[Edge], closed: bool) -> str:
        stated = self._stated(column, edges)
        if len(stated) > 1 and not column.many:
            self.missed[SEVERAL] += len(stated)
            return ""
        told = "、".join(name for name, _ in stated)
        if not closed or len(stated) < len({e.target if column.forward else e.source for e in edges}):
            return told
        return f"仅：{told}" if told else NONE

    def _stated(self, column: Column, edges: Sequence[Edge]) -> list[tuple[str, Edge]]:
        """(name of the other body, relationship) of what is stated, by name; each body once."""
        others = {(e.target if column.forward else e.source): e for e in edges if e.stated}
        self.missed[INFERRED] += sum(not e.stated for e in edges)
        bodies = self.snapshot.bodies(others)
        named = [(self.reference(bodies[i], column.to), e) for i, e in others.items() if i in bodies]
        self.missed[NAMELESS] += sum(not n for n, _ in named)
        return sorted(((n, e) for n, e in named if n), key=lambda pair: pair[0])

    def _detail(self, column: Column, edges: Sequence[Edge]) -> str:
        """In the order of the names that the column of the relationship has."""
        first = next((k for k in column.to if any(e.stated and kind_of(e.target) == k for e in edges)), "")
        stated = [e for _, e in self._stated(column, [e for e in edges if e.stated and kind_of(e.target) == first])]
        told = [self.value(column.field, e.values[column.field.name]) if column.field and column.field.name in e.values else ""
                for e in stated]
        if not any(told):
            return ""
        if not all(told) or (len(told) > 1 and any(SEPARATORS.search(t) for t in told)):
            self.missed[DETAILS] += 1
            return ""
        return "、".join(told)

    def reference(self, body: Body, kinds: Sequence[str], *, own: bool = False, depth: int = 0) -> str:
        """A text that a load takes for this body and no other; "" where there is none. ``own``: in the name column."""
        key = body.id, (*kinds, "own") if own else tuple(kinds)
        if key not in self.names:
            self.names[key] = self._reference(body, kinds, own, depth)
        return self.names[key]

    def _reference(self, body: Body, kinds: Sequence[str], own: bool, depth: int) -> str:
        if not body.name:
            return self._bracket(body, depth)
        code = next((v for s, v in self.snapshot.keys(body.id) if s == "credit_code"), "")
        schemes = ("name",) if own else NAME_SCHEMES
        found = self.snapshot.identify([(k, s, normal(body.name)) for k in kinds for s in schemes]).values()
        same = {i for ids in found for i in ids}
        odd = clean(body.name) != body.name or body.name == NONE or STROKES.fullmatch(body.name) or BRACKET.fullmatch(body.name)
        if not odd and not COMPLETE.match(body.name) and (len(same) <= 1 or len(self.snapshot.bodies(same)) == 1 or (own and code)):
            return body.name
        return "" if own else code

    def _states(self, id: str, relation: str, forward: bool, other: str) -> bool:
        edges = self.snapshot.step([id], [(relation, forward)], self.frame)
        return any(e.stated and e.holds(self.frame.day) and other in (e.source, e.target) for e in edges)

    def _bracket(self, body: Body, depth: int) -> str:
        """[建于：甲公司]: what an unnamed body is known by, if that is stated: whoever writes it so states it."""
        told = next((v for s, v in self.snapshot.keys(body.id) if s == "unnamed"), "")
        forward = ">" in told
        relation, _, other_id = told.partition("#")[0].partition(">" if forward else "<")
        other = self.snapshot.bodies([other_id]).get(other_id)
        if other is None or relation not in RELATIONS or depth >= NESTED or not self._states(body.id, relation, forward, other_id):
            return ""
        type = RELATIONS[relation]
        others = type.others(KINDS[body.kind].name, forward)
        name = self.reference(other, others[:1] if not other.name and other.kind == others[0] else others, depth=depth + 1)
        return f"[{type.label if forward else type.reverse}：{name}]" if name else ""
