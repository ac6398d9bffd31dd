"""A Neo4j store beside hand-written Cypher through the same driver, on one server: load, reload, coverage, gaps, paths.

Wall seconds, since the work is the server's; ours and the peer's are asked in turn, so that a busy machine is busy for both.
The server's data are thrown away."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from neo4j import Driver, GraphDatabase

from bench import server_load, server_peer
from bench.coverage import check
from bench.district import SEED, Loaded
from bench.measure import Figure, ms, quantile
from bench.server_answer import Peer, inside
from graph.connect import connect
from graph.engine import GraphEngine
from graph.frame import Frame
from graph.policy_files import policy
from graph.questions.coverage import coverage
from graph.questions.gaps import gaps
from graph.questions.liaison import paths
from graph.questions.present import frame_for
from ingest.synthetic import synthesize
from schemas.view import View

MEASURES = ("load", "coverage", "gaps", "paths")
QUESTIONS, PAIRS, K, WARM = 500, 100, 3, 100
SCANS, WARM_SCANS = 7, 3
FEW, WARM_LOADS = 10_000, 2
RULE = "no-coverage"
WIPE = "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 20000 ROWS"


def figures(url: str, folder: Path, enterprises: int, wanted: set[str]) -> Iterator[Figure]:
    """``wanted``: some of load, coverage, gaps, paths."""
    files = synthesize(folder / "registers", enterprises, SEED)
    with GraphDatabase.driver(url, notifications_min_severity="OFF", telemetry_disabled=True) as driver:
        loaded = None
        if "load" in wanted or not driver.execute_query("MATCH (s:JingluoStore) RETURN s").records:
            _warm(url, driver, folder / "few")
            wipe(driver)
            loaded, again = _load(url, files), _load(url, files)
            yield Figure("Neo4j: reload of the unchanged registers", f"{again.wall:.1f} s", f"first load {loaded.wall:.1f} s",
                         f"{loaded.wall / again.wall:.0f} x as fast", "≥ 5 x", loaded.wall >= 5 * again.wall)
        driver.execute_query("CALL db.awaitIndexes(600)")
        engine = connect(url, create=False)
        yield from _questions(engine, driver, wanted)
        engine.close()
        if loaded:
            yield _loaded(loaded, *server_load.bare(driver, folder))


def wipe(driver: Driver) -> None:
    with driver.session() as session:
        session.run(WIPE).consume()


def _warm(url: str, driver: Driver, folder: Path) -> None:
    """Both ways of loading, so that neither meets a server that has compiled nothing yet."""
    files = synthesize(folder / "registers", FEW, SEED)
    for _ in range(WARM_LOADS):
        wipe(driver)
        _load(url, files)
        server_load.bare(driver, folder)


def _load(url: str, files: list[Path]) -> Loaded:
    command = [sys.executable, "-m", "bench.load_process", url, *map(str, files)]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env={**os.environ}).stdout
    return Loaded(**json.loads(said.splitlines()[-1]))


def _loaded(loaded: Loaded, seconds: float, items: int) -> Figure:
    ratio = seconds / loaded.wall
    rate = f"{items / loaded.wall:,.0f} a second ({loaded.cpu:.1f} s CPU, peak {loaded.peak:.0f} MB)"
    return Figure(f"Neo4j: load of all registers ({loaded.rows:,} rows, {items:,} nodes and relationships)",
                  f"{loaded.wall:.1f} s, {rate}",
                  f"bare UNWIND + MERGE {seconds:.1f} s, {items / seconds:,.0f} a second",
                  f"{ratio:.2f} x as fast", "≥ 0.8 x", ratio >= 0.8)


def _questions(engine: GraphEngine, driver: Driver, wanted: set[str]) -> Iterator[Figure]:
    view = View(policy())
    records = driver.execute_query("MATCH (n:Enterprise) RETURN n.id AS id ORDER BY id").records
    enterprises = [r["id"] for r in records]
    if "coverage" in wanted:
        yield _coverage(engine, driver, view, Random(SEED).sample(enterprises, min(QUESTIONS, len(enterprises))))
    if "gaps" in wanted:
        yield from _gaps(engine, driver, view)
    if "paths" in wanted:
        yield _paths(engine, driver, view, enterprises)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


Both = tuple[tuple[float, Any], tuple[float, Any]]


def in_turn(number: int, ours: Callable[[], Any], theirs: Callable[[], Any]) -> Both:
    """Every other time the peer goes first: who asks second finds what was read in the processor's caches."""
    if number % 2:
        other = timed(theirs)
        return timed(ours), other
    return timed(ours), timed(theirs)


def _coverage(engine: GraphEngine, driver: Driver, view: View, subjects: list[str]) -> Figure:
    """Evidence included; the peer's is one statement with a way an arm, written by hand for the bundled policy."""
    with driver.session(default_access_mode="READ") as session:
        peer = Peer(session, _frame(engine, view))

        def ask(number: int, subject: str) -> Both:
            return in_turn(number, lambda: coverage(engine, subject, view, why_not=False), lambda: peer.coverage(subject))

        both = [ask(i, s) for i, s in enumerate(subjects[:WARM] + subjects)][WARM:]
    for (_, answer), (_, found) in both:
        check(answer, found)
    ours, theirs = [o for (o, _), _ in both], [t for _, (t, _) in both]
    ratio = statistics.median(ours) / statistics.median(theirs)
    return Figure("Neo4j: coverage of one enterprise, all ways, evidence", _told(ours), f"Cypher by hand {_told(theirs)}",
                  f"{ratio:.2f} x (p50)", "≤ 1.3 x", ratio <= 1.3)


def _frame(engine: GraphEngine, view: View) -> Frame:
    with engine.read() as snapshot:
        return frame_for(snapshot, view)


def _gaps(engine: GraphEngine, driver: Driver, view: View) -> Iterator[Figure]:
    """Beside the same answer by hand, which the goal is about, and beside one that takes all that is not known for a gap."""
    frame = _frame(engine, view)
    exempt = sorted(frame.exempt_from(RULE) | frame.exempt_from("coverage"))
    with driver.session(default_access_mode="READ") as session:
        runs = [(*in_turn(i, lambda: gaps(engine, view, rules=(RULE,), limit=0),
                          lambda: server_peer.states(session, view.day, inside(frame), exempt)),
                 timed(lambda: server_peer.gaps(session, view.day))) for i in range(SCANS + WARM_SCANS)][WARM_SCANS:]
    (_, answer), (_, states), (_, (units, covered)) = runs[-1]
    counts = answer.rules[0].counts
    assert {s: n for s, n in counts.items() if n} == states, (counts, states)
    assert (sum(counts.values()), counts["ok"]) == (units, covered), (counts, units, covered)
    ours, theirs, two_valued = (statistics.median(s) for s in zip(*([t for t, _ in run] for run in runs), strict=True))
    yield Figure(f"Neo4j: gap scan of all {units:,} units, three-valued", ms(ours), f"the same by hand, set-wise {ms(theirs)}",
                 f"{ours / theirs:.2f} x", "≤ 2 x", ours <= 2 * theirs)
    yield Figure("the same", ms(ours), f"two-valued by hand, set-wise {ms(two_valued)}", f"{ours / two_valued:.1f} x", "", None)


def _paths(engine: GraphEngine, driver: Driver, view: View, enterprises: list[str]) -> Figure:
    """Between enterprises that have a contact at all."""
    some = Random(SEED).sample(enterprises, min(20 * PAIRS, len(enterprises)))
    with_contact = driver.execute_query(server_peer.WITH_CONTACT, ids=some).records
    chosen = [r["id"] for r in with_contact][:2 * PAIRS]
    pairs = list(zip(chosen[::2], chosen[1::2], strict=False))
    for pair in pairs[:10]:
        paths(engine, *pair, view, k=K)
    runs = [timed(partial(paths, engine, start, end, view, k=K)) for start, end in pairs]
    ours = [s for s, _ in runs]
    outcomes = {o: sum(a.outcome == o for _, a in runs) for o in ("paths", "none", "budget")}
    p95 = quantile(ours, 0.95)
    return Figure(f"Neo4j: {K} best paths enterprise-enterprise ({outcomes})", _told(ours), "", "", "p95 ≤ 300 ms", p95 <= 0.3)


def _told(seconds: list[float]) -> str:
    return f"p50 {ms(statistics.median(seconds))}, p95 {ms(quantile(seconds, 0.95))}"
