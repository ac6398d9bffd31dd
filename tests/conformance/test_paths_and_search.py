"""Liaison paths and search against the reference (semantics 20-23)."""

from __future__ import annotations

from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st

from graph.parts import Frontier
from schemas.identifiers import normal
from schemas.policy import Policy
from schemas.relations import RELATIONS
from tests.conformance.checks import Way, best_liaison_paths, search_ranks
from tests.conformance.districts import NAMES, districts
from tests.conformance.reference import Loaded, world
from tests.conformance.reference_projection import Spell
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


@districts_tried(60)
@given(loaded=districts(rows=20, pairs=20), day=DAYS, few=st.integers(0, 3), most=st.sampled_from((0, 2, 1000)), data=st.data())
def test_what_a_search_reads(fresh: Fresh, loaded: list[Loaded], day: date, few: int, most: int, data: st.DataObject) -> None:
    engine, asked = seen(fresh, loaded, Policy(name="p", label="p", version=1), day)
    world = asked.world
    some = st.lists(st.sampled_from(sorted(world.things)), unique=True, max_size=5) if world.things else st.just([])
    types = data.draw(st.permutations(sorted(RELATIONS)))
    portions = tuple(types[:4]), tuple(types[4:12])
    reach = {id: data.draw(st.integers(1, 2)) for id in data.draw(some)}
    frontier = Frontier(portions, data.draw(some), few, [data.draw(some) for _ in portions], reach, data.draw(some), data.draw(some), most)
    with asking(engine, asked.view) as (snapshot, frame):
        found = snapshot.links(frontier, frame)
    beside = {id: [s for s in world.spells if s.type in frontier.types and id in (s.source, s.target)] for id in world.things}

    def useful(near: str, s: Spell, otherwise: int) -> bool:
        far, steps = s.target if s.source == near else s.source, reach.get(near, otherwise)
        beyond = {b for t in beside[far] for b in (t.source, t.target)} - {far, near}
        return steps == 0 or far in frontier.ends or (steps == 2 and not beyond.isdisjoint(frontier.ends)) or (steps == 3 and bool(beyond))

    read = [(id, s) for id in frontier.bodies if len(beside[id]) <= few for s in beside[id] if useful(id, s, 0)]
    read += [(hub, s) for types, hubs in zip(portions, frontier.hubs, strict=True) for hub in hubs for s in beside[hub]
             if s.type in types and useful(hub, s, 3)]
    expected = {(s.source, s.type, s.target, s.stated) for id, s in read
                if s.holds(asked.day) and (s.target if s.source == id else s.source) not in frontier.known}
    assert len(found.links) > most if len(expected) > most else set(found.links) <= expected
    assert set(found.links) == expected or len(found.links) > most
    assert found.degrees == {id: [sum(s.type in types for s in beside[id]) for types in portions]
                             for id in frontier.bodies if len(beside[id]) > few} or len(found.links) > most


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
