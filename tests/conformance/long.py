"""``python -m tests.conformance.long bolt://host:port``: very many random districts, each on every engine and by the reference.

Of each district everything is asked: accounting, projection, coverage, statistics, gaps, liaison paths, search, undo. Each answer
has to be what the reference says, and its document, evidence and reasons included, the same from all engines.

A server takes a hundred times as long to plan a new statement as to run it on a district. So a seed is one random policy, a few
statements of completeness and a few scopes, and so many districts that draw from them: over the seeds everything is mixed, within
one the statements are mostly the same. What a seed gives is the same every time: a run that is cut off goes on with ``--from``,
and a disagreement, which is told with its seed, is seen again with ``--from SEED --districts 1 --shrink``.

A server for it keeps its plans, however often the data is thrown away:

    NEO4J_LOCAL_CONF='server.memory.query_cache.per_db_cache_num_entries=20000
    dbms.cypher.min_replan_interval=1d
    dbms.cypher.statistics_divergence_threshold=1.0' tools/neo4j-local start HOME PORT
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from neo4j import GraphDatabase
from pydantic import BaseModel

from graph.connect import connect
from graph.engine import GraphEngine
from schemas.declarations import Completeness
from schemas.facts import BodyFact
from schemas.policy import Policy
from schemas.view import View
from tests.conformance import checks
from tests.conformance.checks import PLACES, Way
from tests.conformance.districts import BODIES, completeness, districts, hops_of
from tests.conformance.policies import asked_of, policies
from tests.conformance.reference import Asked, Loaded, world
from tests.conformance.support import DAYS
from tests.conformance.test_coverage import BY
from tests.conformance.test_paths_and_search import CONTACT, TEXTS
from tests.conformance.test_projection import content, expected

A_SEED = 100  # districts
STATED, SCOPED = 2, 2  # statements of completeness and scopes of a seed; together they make more statements for the server to plan
WIPE = ("MATCH (n) WHERE NOT n:JingluoStore CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS",
        "MATCH (s:JingluoStore) SET s.version = s.version + 1")
T = TypeVar("T")


@dataclass(frozen=True)
class Scoped:
    """What statistics are broken down by, and the place that they and gaps are asked of."""

    by: str
    place: str | None


@dataclass(frozen=True)
class Mix:
    """What the districts of a seed draw from."""

    policy: Policy
    stated: Sequence[Completeness]
    scopes: Sequence[Scoped]


@dataclass(frozen=True)
class Case:
    """A district and what is asked of it."""

    policy: Policy
    day: date
    loaded: tuple[Loaded, ...]
    scoped: Scoped
    text: str
    kinds: tuple[str, ...]
    way: Way


@st.composite
def mixes(draw: st.DrawFn) -> Mix:
    policy = draw(policies().filter(lambda p: any(path.hops for path in asked_of(p))))
    stated = draw(st.lists(completeness(hops_of(asked_of(policy))), min_size=STATED, max_size=STATED))
    scoped = st.builds(Scoped, BY, st.sampled_from((None, *PLACES)))
    return Mix(policy, stated, [Scoped(draw(BY), None), *draw(st.lists(scoped, min_size=SCOPED - 1, max_size=SCOPED - 1))])


@st.composite
def cases(draw: st.DrawFn, mix: Mix) -> Case:
    policy = mix.policy
    loaded = draw(districts(asked_of(policy)[:6], [r.id for r in policy.requirements], pairs=8, stated=mix.stated))
    spoken_of = sorted({f.id for _, rows in loaded for r in rows for f in r.facts if isinstance(f, BodyFact)})
    ends = spoken_of if len(spoken_of) > 2 else [b.id for b in BODIES]
    start, end, *via = draw(st.lists(st.sampled_from(ends), min_size=2, max_size=3, unique=True))
    avoid = draw(st.sampled_from(((), (), ("Building",), ("LiaisonPost",))))
    way = Way(start, end, via, avoid, draw(st.integers(1, 4)), draw(st.integers(1, 5)), draw(st.booleans()))
    kinds = draw(st.sampled_from(((), (), ("Enterprise",), ("Enterprise", "Building"))))
    return Case(policy.model_copy(update={"contact": draw(CONTACT)}), draw(DAYS), tuple(loaded), draw(st.sampled_from(mix.scopes)),
                draw(TEXTS), kinds, way)


# -- one district --------------------------------------------------------------------------------------------------------------


def same_everywhere(stores: Sequence[GraphEngine], case: Case) -> None:
    """Raises AssertionError: an engine differs from the reference, or from another."""
    asked = Asked(world(case.loaded), View(case.policy, case.day), case.policy.count_inferred)
    first, *others = (answers(store, case, asked) for store in stores)
    for other in others:
        for what, said in first.items():
            assert other[what] == said, f"{what}: the engines differ\n{apart(said, other[what])}"


def apart(one: Any, other: Any) -> str:
    """Where two documents begin to differ."""
    first, second = (d if isinstance(d, str) else repr(d) for d in (one, other))
    at = next((i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second)))
    return "\n".join(d[max(0, at - 200):at + 100] for d in (first, second))


def answers(store: GraphEngine, case: Case, asked: Asked) -> dict[str, Any]:
    """What an engine says, once it is found to be what the reference says."""
    found: dict[str, Any] = {"accounting": load(store, case.loaded), "content": same_content(store, asked)}
    found["coverage"] = plain(checks.coverage_of_every_unit(store, asked))
    found["statistics"] = plain(checks.statistics_by_group(store, asked, case.scoped.by, case.scoped.place))
    found["gaps"] = plain(checks.requirements_and_their_pages(store, asked, case.scoped.place))
    found["search"] = plain(checks.search_ranks(store, asked.world, case.text, case.kinds))
    if {case.way.start, case.way.end, *case.way.via} <= asked.world.things.keys():
        found["paths"] = plain(checks.best_liaison_paths(store, asked, case.way))
    found["undo"] = undone(store, case.loaded, asked)
    return found


def load(store: GraphEngine, loaded: Sequence[Loaded]) -> list[Any]:
    """Each import a batch; the effects of the rows. The same rows again change nothing."""
    effects = list[Any]()
    for record, rows in loaded:
        with store.write() as writer:
            writer.begin_import(record)
            counts = writer.apply(record.number, rows)
            writer.finish_import(record.number, "done", {})
        effects.append((counts.rows, sorted(counts.bodies.items()), sorted(counts.relationships.items())))
    with store.read() as snapshot:
        before = snapshot.version
    for record, rows in loaded[-1:]:
        with store.write() as writer:
            assert set(writer.apply(record.number, rows).rows) == {"unchanged"}
    with store.read() as snapshot:
        assert snapshot.version == before
    return effects


def same_content(store: GraphEngine, asked: Asked) -> list[Any]:
    with store.read() as snapshot:
        assert content(snapshot) == expected(asked.world)
        return list(snapshot.export())


def undone(store: GraphEngine, loaded: Sequence[Loaded], asked: Asked) -> list[Any]:
    """The last import withdrawn."""
    with store.write() as writer:
        writer.withdraw(loaded[-1][0].number)
    return same_content(store, Asked(world(loaded[:-1]), asked.view, asked.inferred_counts))


def plain(answer: BaseModel | Sequence[BaseModel] | None) -> Any:
    """A document without the store's own counters: its data version, and the cursors that carry it."""
    if answer is None:
        return None
    if not isinstance(answer, BaseModel):
        return [plain(a) for a in answer]
    return re.sub(r'"(data_version|cursor)":(\d+|"[^"]*")', "", answer.model_dump_json())


# -- many ----------------------------------------------------------------------------------------------------------------------


def drawn(strategy: st.SearchStrategy[T], seed: int) -> T:
    """One value, the same for the same seed."""
    found = list[T]()

    @seeded(seed)
    @settings(max_examples=8, database=None, phases=[Phase.generate], deadline=None, suppress_health_check=list(HealthCheck))
    @given(strategy)
    def take(value: T) -> None:
        found.append(value)

    take()
    return found[-1]


def tried(fresh: Callable[[], Sequence[GraphEngine]], seed: int, seen: set[int], *, shrink: bool) -> int:
    """The districts of a seed; how many disagree, each told. ``shrink``: raises the smallest disagreement instead."""
    wrong = list[Case]()

    @seeded(seed)
    @settings(max_examples=A_SEED, database=None, deadline=None, phases=[Phase.generate, *([Phase.shrink] if shrink else [])],
              suppress_health_check=list(HealthCheck), report_multiple_bugs=False, print_blob=False)
    @given(cases(drawn(mixes(), seed)))
    def district(case: Case) -> None:
        if (known := hash(repr(case))) in seen:
            return  # Hypothesis repeats itself
        seen.add(known)
        try:
            same_everywhere(fresh(), case)
        except Exception:
            if shrink:
                raise
            wrong.append(case)
            print(f"seed {seed}: {case}\n{traceback.format_exc(limit=-3)}", flush=True)

    district()
    return len(wrong)


@contextmanager
def engines(server: str | None, folder: Path) -> Iterator[Callable[[], Sequence[GraphEngine]]]:
    """Gives the engines with nothing in force, as often as it is called."""
    embedded, served = list[GraphEngine](), connect(server) if server else None
    driver = GraphDatabase.driver(server, notifications_min_severity="OFF") if server else None

    def fresh() -> Sequence[GraphEngine]:
        for old in embedded:
            old.close()
            Path(old.url.removeprefix("sqlite:///")).unlink()
        embedded[:] = [connect(f"sqlite:///{folder / 'district.db'}")]
        if not driver or not served:
            return embedded
        with driver.session() as session:
            for statement in WIPE:
                session.run(statement).consume()
        return [embedded[0], served]

    if driver:
        driver.execute_query("MATCH (n) DETACH DELETE n")
    yield fresh
    for store in [*embedded, *([served] if served else [])]:
        store.close()
    if driver:
        driver.execute_query("MATCH (n) DETACH DELETE n")
        driver.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.conformance.long", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("server", nargs="?", help="a Neo4j server whose data may be thrown away; without it, the embedded store alone")
    parser.add_argument("--districts", type=int, default=10_000)
    parser.add_argument("--from", type=int, default=0, dest="seed", help="the first seed")
    parser.add_argument("--shrink", action="store_true", help="look for the smallest disagreement, which takes minutes")
    given_ = parser.parse_args()
    seen, wrong, seed, begun = set[int](), dict[int, int](), given_.seed, time.monotonic()
    with tempfile.TemporaryDirectory(prefix="districts-") as folder, engines(given_.server, Path(folder)) as fresh:
        try:
            while len(seen) < given_.districts:
                if found := tried(fresh, seed, seen, shrink=given_.shrink):
                    wrong[seed] = found
                seed += 1
                print(f"{len(seen)} districts, seeds {given_.seed}-{seed - 1}, {time.monotonic() - begun:.0f} s, disagreements (seed: number): {wrong}", flush=True)
        except KeyboardInterrupt:
            print(f"cut off; goes on with --from {seed}", flush=True)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
