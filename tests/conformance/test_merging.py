"""Bodies that are one, against the reference reading rows that had always called them so; parted again exactly (semantics 6)."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from graph.digest import digest
from graph.engine import GraphEngine
from graph.merging import apart_fact, canonical, merge_fact
from schemas.facts import BodyFact, DeclarationFact, Fact, Import, RelationFact, Row
from tests.conformance.districts import BODIES, KIND_OF, districts
from tests.conformance.reference import Loaded, world
from tests.conformance.support import Fresh, districts_tried, write
from tests.conformance.test_projection import content, expected, exported

Pairs = list[tuple[str, str]]
BY_KIND = {k: [b.id for b in group] for k, group in groupby(sorted(BODIES, key=lambda b: KIND_OF[b.id]), key=lambda b: KIND_OF[b.id])}
SEVERAL = [ids for ids in BY_KIND.values() if len(ids) > 1]
pairs = st.lists(st.sampled_from(SEVERAL).flatmap(lambda ids: st.permutations(ids).map(lambda p: (p[0], p[1]))), min_size=1, max_size=4)


def called(fact: Fact, now: dict[str, str]) -> Fact | None:
    """The fact as if its bodies had always been called so; none of a body's relationships is to itself."""
    if isinstance(fact, BodyFact):
        return fact._replace(id=now.get(fact.id, fact.id))
    if isinstance(fact, DeclarationFact):
        return fact
    found = fact._replace(source=now.get(fact.source, fact.source), target=now.get(fact.target, fact.target))
    return found if found.source != found.target else None


def as_one(loaded: list[Loaded], merged: Pairs) -> list[Loaded]:
    now = dict(canonical(merged))
    return [(i, tuple(row._replace(facts=tuple(f for fact in row.facts if (f := called(fact, now)))) for row in rows)) for i, rows in loaded]


def put(engine: GraphEngine, record: Import, rows: list[Row]) -> int:
    with engine.write() as writer:
        number = writer.begin_import(replace(record, number=0)).number
        writer.apply(number, rows)
        writer.finish_import(number, "done", {})
    return number


def decisions(merged: Pairs) -> list[Row]:
    return [Row(n, str(n), (merge_fact(*pair),)) for n, pair in enumerate(merged, 1)]


def same(engine: GraphEngine, district: list[Loaded], merged: Pairs) -> None:
    now, known = canonical(merged), world(as_one(district, merged))
    with engine.read() as snapshot:
        bodies, edges = content(snapshot)
        assert (sorted({b[0]: b for b in bodies}.values(), key=lambda b: b[0]), edges) == expected(known)
        for id, head in now.items():  # merged ids go on resolving
            assert [b.id for b in snapshot.bodies([id]).values()] == ([head] if head in known.things else [])


@districts_tried(40)
@given(loaded=districts(rows=8, pairs=4, imports=3), merged=pairs, data=st.data())
def test_two_bodies_are_one(fresh: Fresh, loaded: list[Loaded], merged: Pairs, data: st.DataObject) -> None:
    engine = fresh()
    late = data.draw(st.integers(0, len(loaded)))  # so many loads come after the decisions
    first = write(engine, loaded[:len(loaded) - late])
    before = exported(engine)
    number = put(engine, Import(0, "核定", "核定", "核定", 20200101), decisions(merged))
    same(engine, first, merged)
    if not late:
        with engine.write() as writer:
            writer.withdraw(number)
        assert exported(engine) == before
        return
    second = write(engine, [(replace(i, number=n), rows) for n, (i, rows) in enumerate(loaded[len(loaded) - late:], 1)])
    same(engine, [*first, *second], merged)
    with engine.write() as writer:
        for record, _ in second:
            writer.withdraw(record.number)
        writer.withdraw(number)
    assert exported(engine) == before


@districts_tried(25)
@given(loaded=districts(rows=8, pairs=4, imports=3), merged=pairs, data=st.data())
def test_what_people_tell_apart_is_two(fresh: Fresh, loaded: list[Loaded], merged: Pairs, data: st.DataObject) -> None:
    """Whatever rows say that they are one, and until it is taken back."""
    engine, two = fresh(), data.draw(st.sampled_from(merged))
    district = write(engine, loaded)
    put(engine, Import(0, "合并", "合并", "合并", 20200101), decisions(merged))
    number = put(engine, Import(0, "核定", "核定", "核定", 20200101), [Row(1, "1", (apart_fact(*two),))])
    same(engine, district, [p for p in merged if set(p) != set(two)])
    with engine.write() as writer:
        writer.withdraw(number)
    same(engine, district, merged)


@districts_tried(25)
@given(loaded=districts(rows=8, pairs=4, imports=3), merged=pairs)
def test_merges_come_and_go_one_by_one(fresh: Fresh, loaded: list[Loaded], merged: Pairs) -> None:
    engine = fresh()
    district, numbers = write(engine, loaded), list[int]()
    with engine.read() as snapshot:
        apart = digest(snapshot)
    for n, pair in enumerate(merged, 1):
        numbers.append(put(engine, Import(0, f"核定{n}", "核定", "核定", 20200101), decisions([pair])))
        same(engine, district, merged[:n])
    for n, number in enumerate(numbers, 1):
        with engine.write() as writer:
            writer.withdraw(number)
        same(engine, district, merged[n:])
    with engine.read() as snapshot:
        assert digest(snapshot) == apart


def test_relationships_of_one_with_itself_are_none() -> None:
    assert called(RelationFact("a", "COVERS", "b"), {"a": "b"}) is None
    assert canonical([("a", "b"), ("b", "a"), ("c", "d"), ("e", "d")]) == {"b": "a", "c": "d", "e": "d"}
