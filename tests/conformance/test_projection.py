"""The projection of rows against the reference, and that it is a function of the rows in force alone (semantics 1-3, 7, 8, 10)."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from graph.digest import digest
from graph.engine import GraphEngine, Snapshot
from graph.parts import Body, Edge
from schemas.facts import BodyFact, Fact, Value
from schemas.relations import RELATIONS
from tests.conformance.districts import BODIES, districts
from tests.conformance.reference import Loaded, Spell, Thing, World, world
from tests.conformance.support import Fresh, apply_ahead, districts_tried, numbered, write

ALL = [(r, True) for r in RELATIONS]


def plain(values: Any) -> dict[str, tuple[Any, str, bool]]:
    def one(v: Value) -> tuple[Any, str, bool]:
        return (frozenset(v.value) if isinstance(v.value, tuple) else v.value, v.basis, v.complete)

    return {f: one(v) for f, v in values.items()}


def of_body(b: Body) -> tuple[Any, ...]:
    lost = {f: sorted((v.value for v, _ in said), key=str) for f, said in b.conflicts.items()}
    return b.id, b.kind, b.name, b.unnamed, (b.sort_key, b.id), b.ended, plain(b.values), lost, sorted(b.rows)


def of_thing(t: Thing) -> tuple[Any, ...]:
    return t.id, t.kind, t.name, not t.name, t.order, t.ended, plain(t.values), t.lost, sorted(t.rows)


def of_spell(s: Edge | Spell) -> tuple[Any, ...]:
    return (s.source, s.type, s.target, s.role, s.start, s.start_precision, s.since, s.until, s.stated, tuple(sorted(s.rows)),
            sorted(plain(s.values).items()))


def content(snapshot: Snapshot) -> tuple[list[Any], list[Any]]:
    bodies = snapshot.bodies(b.id for b in BODIES)
    return [of_body(bodies[i]) for i in sorted(bodies)], sorted(of_spell(e) for e in snapshot.step([b.id for b in BODIES], ALL, None))


def expected(reference: World) -> tuple[list[Any], list[Any]]:
    return [of_thing(t) for _, t in sorted(reference.things.items())], sorted(of_spell(s) for s in reference.spells)


def exported(engine: GraphEngine) -> list[Any]:
    with engine.read() as snapshot:
        return list(snapshot.export())


def version(engine: GraphEngine) -> int:
    with engine.read() as snapshot:
        return snapshot.version


@districts_tried(80)
@given(loaded=districts(rows=12, pairs=3, imports=4))
def test_bodies_and_spells(fresh: Fresh, loaded: list[Loaded]) -> None:
    engine = fresh()
    reference = world(write(engine, loaded))
    with engine.read() as snapshot:
        assert content(snapshot) == expected(reference)
        counts = {k: n for k, n in snapshot.counts().items() if n}
    kinds = {k: len(list(g)) for k, g in groupby(sorted(t.kind for t in reference.things.values()))}
    types = {k: len(list(g)) for k, g in groupby(sorted(s.type for s in reference.spells))}
    assert counts == {**kinds, **types}


@districts_tried(40)
@given(loaded=districts(rows=8, pairs=3, imports=4), data=st.data())
def test_the_order_of_writing_does_not_matter(fresh: Fresh, loaded: list[Loaded], data: st.DataObject) -> None:
    """Imports in any order, rows in any batches: the same export (rule 1). The same rows again change nothing (rule 24)."""
    first = fresh()
    write(first, loaded)
    one = exported(first)
    engine = fresh()
    batches = [(i, row) for i, rows in write_heads(engine, loaded) for row in rows]
    shuffled = data.draw(st.permutations(batches))
    if data.draw(st.booleans()):
        shuffled.sort(key=lambda b: b[0].number)
    for record, group in groupby(shuffled, key=lambda b: b[0]):
        rows, at_once = [row for _, row in group], data.draw(st.integers(1, 4))
        apply_ahead(engine, record.number, [rows[i:i + at_once] for i in range(0, len(rows), at_once)])
    assert exported(engine) == one
    before = version(engine)
    with engine.write() as writer:
        again = [writer.apply(record.number, [row]).rows for record, row in batches]
    assert again == [["unchanged"]] * len(batches)
    assert (version(engine), exported(engine)) == (before, one)


def write_heads(engine: GraphEngine, loaded: list[Loaded]) -> list[Loaded]:
    """Begin all imports, without rows."""
    district = numbered(engine, loaded)
    with engine.write() as writer:
        for record, _ in district:
            writer.begin_import(record)
    return district


@districts_tried(40)
@given(loaded=districts(rows=8, pairs=3, imports=4), data=st.data())
def test_undo_gives_the_former_content_back(fresh: Fresh, loaded: list[Loaded], data: st.DataObject) -> None:
    engine = fresh()
    undone = data.draw(st.integers(0, len(loaded) - 1))
    late = loaded[undone]
    district = write(engine, [*loaded[:undone], *loaded[undone + 1:]])
    before = exported(engine)
    written = write(engine, [(replace(late[0], number=late[0].number + len(loaded)), late[1])])
    with engine.read() as snapshot:
        assert content(snapshot) == expected(world([*district, *written]))
    with engine.write() as writer:
        writer.withdraw(written[0][0].number)
    assert exported(engine) == before
    with engine.read() as snapshot:
        assert content(snapshot) == expected(world(district))
        assert snapshot.imports()[written[0][0].number].state == "undone"
    with engine.write() as writer:  # under the same number, as a copy that was cut off does
        writer.begin_import(written[0][0])
        writer.apply(written[0][0].number, written[0][1])
    with engine.read() as snapshot:
        assert content(snapshot) == expected(world([*district, *written]))


@districts_tried(25)
@given(loaded=districts(rows=6, pairs=3, imports=4), data=st.data())
def test_any_load_taken_back(fresh: Fresh, loaded: list[Loaded], data: st.DataObject) -> None:
    """The digest is that of a store in which the load never happened; who refers to its bodies is told."""
    number = data.draw(st.integers(0, len(loaded) - 1))
    others = [*loaded[:number], *loaded[number + 1:]]
    never = fresh()
    write(never, others)
    with never.read() as snapshot:
        expected_digest = digest(snapshot)
    engine = fresh()
    district = write(engine, loaded)
    with engine.write() as writer:
        told = writer.needed(district[number][0].number)
        writer.withdraw(district[number][0].number)
    with engine.read() as snapshot:
        assert digest(snapshot) == expected_digest
    assert told == referring(district[number], [d for n, d in enumerate(district) if n != number])


def referring(undone: Loaded, others: list[Loaded]) -> dict[str, list[int]]:
    def facts(loaded: Loaded) -> list[Fact]:
        return [f for row in loaded[1] for f in row.facts]

    elsewhere = {f.id for o in others for f in facts(o) if isinstance(f, BodyFact)}
    found = dict[str, list[int]]()
    for id in sorted({f.id for f in facts(undone) if isinstance(f, BodyFact)} - elsewhere):
        numbers = [record.number for record, rows in others if any(id in repr(f) for row in rows for f in row.facts)]
        if numbers:
            found[id] = sorted(numbers)
    return found
