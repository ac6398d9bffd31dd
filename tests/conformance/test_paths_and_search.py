"""Liaison paths and search against the reference (semantics 20-23)."""

from __future__ import annotations

from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st

from schemas.identifiers import normal
from schemas.policy import Policy
from schemas.relations import RELATIONS
from tests.conformance.checks import Way, best_liaison_paths, search_ranks
from tests.conformance.districts import NAMES, districts
from tests.conformance.reference import Loaded, world
from tests.conformance.support import DAYS, Fresh, asking, districts_tried, seen, write

CONTACT = st.dictionaries(st.sampled_from(("COVERS", "OFFERS", "LiaisonPost.STATIONED_AT", "LOCATED_IN")), st.integers(1, 4), max_size=2)
TEXTS = st.sampled_from((*NAMES, "甲", "乙", "楼", "野", "𠮷", "厅", "甲乙厅", "小甲", "b", "é", "zq", "cq", "zhongqing", "chongqing",
                         "cn", "ly", "91310105MA1FW0XY0A", "91310105"))


@districts_tried(60)
@given(loaded=districts(rows=20, pairs=20), day=DAYS, contact=CONTACT, k=st.integers(1, 4), hops=st.integers(1, 6), stated=st.booleans(),
       data=st.data())
def test_the_best_liaison_paths(fresh: Fresh, loaded: list[Loaded], day: date, contact: dict[str, int], k: int, hops: int, stated: bool,
                                data: st.DataObject) -> None:
    policy = Policy(name="p", label="p", version=1, contact=contact)
    engine, asked = seen(fresh, loaded, policy, day)
    bodies = sorted(asked.world.things)
    assume(len(bodies) > 2)
    start, end, *via = data.draw(st.lists(st.sampled_from(bodies), min_size=2, max_size=3, unique=True))
    avoid = data.draw(st.lists(st.sampled_from([*(b for b in bodies if b not in via), "Building", "LiaisonPost"]), max_size=1))
    best_liaison_paths(engine, asked, Way(start, end, via, avoid, k, hops, stated))


@districts_tried(40)
@given(loaded=districts(rows=20, pairs=20), day=DAYS, types=st.lists(st.tuples(st.sampled_from(sorted(RELATIONS)), st.booleans()), unique=True),
       data=st.data())
def test_what_a_search_reads(fresh: Fresh, loaded: list[Loaded], day: date, types: list[tuple[str, bool]], data: st.DataObject) -> None:
    engine, asked = seen(fresh, loaded, Policy(name="p", label="p", version=1), day)
    some = st.lists(st.sampled_from(sorted(asked.world.things)), unique=True, max_size=5) if asked.world.things else st.just([])
    ids, known = data.draw(some), data.draw(some)
    with asking(engine, asked.view) as (snapshot, frame):
        found = snapshot.links(ids, types, frame, 1000, known)
    held = [s for s in asked.world.spells if s.holds(asked.day)]
    ends = {True: lambda s: (s.source, s.target), False: lambda s: (s.target, s.source)}
    expected = {(s.source, s.type, s.target, s.stated) for s in held for t, forward in types
                if s.type == t and ends[forward](s)[0] in ids and ends[forward](s)[1] not in known}
    assert set(found) == expected


@districts_tried(60)
@given(loaded=districts(rows=16), text=TEXTS, kinds=st.sampled_from(((), (), ("Enterprise",), ("Enterprise", "Building"))))
def test_search_ranks_alike(fresh: Fresh, loaded: list[Loaded], text: str, kinds: tuple[str, ...]) -> None:
    engine = fresh()
    search_ranks(engine, world(write(engine, loaded)), text, kinds)


@districts_tried(40)
@given(loaded=districts(rows=16), texts=st.lists(TEXTS.map(normal), unique=True, max_size=5), most=st.integers(1, 6))
def test_who_has_part_of_a_name(fresh: Fresh, loaded: list[Loaded], texts: list[str], most: int) -> None:
    engine = fresh()
    known = world(write(engine, loaded))
    names = {(scheme, normal(n), id) for id, thing in known.things.items() for scheme, n in
             [*thing.names, *([("name", thing.name)] if thing.name else [])] if scheme not in ("credit_code", "unnamed")}
    having = {t: sorted((id, n) for _, n, id in names if t in n) for t in texts}
    with engine.read() as snapshot:
        found = {t: sorted(hits) for t, hits in snapshot.sharing(texts, most).items()}
    assert found == {t: hits for t, hits in having.items() if len(hits) <= most}
