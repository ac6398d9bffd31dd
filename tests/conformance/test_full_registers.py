"""What full registers end, against the reference, in random districts and orders of loading; taken back exactly (semantics 4)."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from graph.digest import digest
from graph.engine import GraphEngine
from ingest.ends import close, measure, related
from schemas.metapath import Metapath, parse
from tests.conformance.districts import completeness, districts, hops_of
from tests.conformance.reference import Loaded
from tests.conformance.reference_full import Stated, Store
from tests.conformance.support import Fresh, districts_tried
from tests.conformance.test_projection import content, expected

PATHS = tuple(map(parse, (
    "(:Unit)<-[:FORMED_IN]-(:PartyOrganization)", "(:Unit)-[:LOCATED_IN {role: operating}]->(:Building|Park)",
    "(:Unit)-[:LOCATED_IN]->(:Building)-[:PART_OF]->(:Subdistrict)", "(:Building)<-[:COVERS]-(:PartyOrganization)")))


def plain(hop: str) -> bool:
    path = parse(hop)
    return not path.end.where and all(f == "role" for f, _ in path.hops[0].where)


HOPS = {path: [h for h in hops_of((path,)) if plain(h)] for path in PATHS}


def put(engine: GraphEngine, load: Loaded, full: Stated | None) -> None:
    record, rows = load
    with engine.write() as writer:
        writer.begin_import(record)
        writer.apply(record.number, rows)
        writer.finish_import(record.number, "done", {})
        if full:
            close(writer, record.number, *((p,) for p in map(parse, full)))
        measure(writer, related(rows))


def stored(engine: GraphEngine) -> str:
    with engine.read() as snapshot:
        return digest(snapshot)


def same(engine: GraphEngine, store: Store) -> bool:
    with engine.read() as snapshot:
        return content(snapshot) == expected(store.world)


@st.composite
def loads(draw: st.DrawFn, path: Metapath) -> list[tuple[Loaded, Stated | None]]:
    """Loads in the order in which they come, which is not that of their as-ofs; one or two of them full registers."""
    district = draw(st.permutations(draw(districts(paths=(path,) * 5, rows=3, pairs=1, imports=4))))
    statements = completeness(HOPS[path]).map(lambda d: (d.scope[0], d.hop))
    full = draw(st.sets(st.integers(0, len(district) - 1), min_size=1, max_size=2))
    late = draw(st.sampled_from((20210315, 20210315, 20200901)))
    return [((replace(record, as_of=late), rows[:1]), draw(statements)) if n in full else ((record, rows), None)
            for n, (record, rows) in enumerate(district)]


@districts_tried(40)
@given(data=st.data())
def test_what_is_missing_has_ended(fresh: Fresh, data: st.DataObject) -> None:
    engine, store = fresh(), Store()
    with engine.read() as snapshot:
        base = max(snapshot.imports(), default=0)
    loaded = data.draw(st.sampled_from(PATHS).flatmap(loads))
    for (record, rows), full in loaded:
        load = replace(record, number=base + record.number), rows
        put(engine, load, full)
        store.load(load, full)
        assert same(engine, store)
    before = stored(engine)
    with engine.write() as writer:
        for (record, _), full in loaded:
            if full:  # once more changes nothing
                assert not close(writer, base + record.number, *((p,) for p in map(parse, full))).facts
    assert stored(engine) == before


def take_back(engine: GraphEngine, number: int) -> None:
    with engine.write() as writer:
        ids = related(writer.snapshot().rows(number))
        writer.withdraw(number)
        measure(writer, ids, number=number)


@districts_tried(40)
@given(data=st.data())
def test_any_load_taken_back(fresh: Fresh, data: st.DataObject) -> None:
    """As if it had never been loaded, where no scope depends on it."""
    loaded = data.draw(st.sampled_from(PATHS).flatmap(loads))
    whole = [(load, (str(Metapath((parse(full[1]).subject,), ())), full[1]) if full else None) for load, full in loaded]
    number = data.draw(st.integers(0, len(whole) - 1))
    stores = []
    for without in (True, False):
        engine = fresh()
        with engine.read() as snapshot:
            base = max(snapshot.imports(), default=0)
        for n, ((record, rows), full) in enumerate(whole):
            if n != number or not without:
                put(engine, (replace(record, number=base + n + 1), rows), full)
        if not without:
            take_back(engine, base + number + 1)
        stores.append(stored(engine))
    assert stores[0] == stores[1]


@districts_tried(25)
@given(data=st.data())
def test_the_last_load_taken_back(fresh: Fresh, data: st.DataObject) -> None:
    """The ends go with the load that made them, and with the rows that it took away."""
    loaded = data.draw(st.sampled_from(PATHS).flatmap(loads))
    engine = fresh()
    with engine.read() as snapshot:
        base = max(snapshot.imports(), default=0)
    numbered = [((replace(record, number=base + record.number), rows), full) for (record, rows), full in loaded]
    for load, full in numbered[:-1]:
        put(engine, load, full)
    before = stored(engine)
    put(engine, *numbered[-1])
    take_back(engine, numbered[-1][0][0].number)
    assert stored(engine) == before
