"""Coverage of one enterprise, all ways with evidence, beside the same walks in the NetworkX graph; and open store + first answer."""

from __future__ import annotations

import gc
import pickle
import statistics
from pathlib import Path
from random import Random
from typing import Any

from bench import peer_answer
from bench.district import SEED, District
from bench.measure import Figure, ms, timed, told
from graph.connect import connect
from graph.frame import Frame
from graph.policy_files import policy
from graph.questions.coverage import coverage
from graph.questions.present import frame_for
from schemas.answers import Coverage
from schemas.policy import Policy
from schemas.view import View

HUB = Path(__file__).with_name("policy.toml")
QUESTIONS, OPENINGS = 500, 20


def figures(district: District) -> list[Figure]:
    return [_one(district, policy(), "changning's ways"), _one(district, policy(str(HUB)), "and one through the industry"), _open(district)]


def _one(district: District, rules: Policy, label: str) -> Figure:
    """All of ours, then all of the peer's, so that neither finds the processor's caches full of the other's data."""
    view, subjects = View(rules), district.sample(QUESTIONS)
    gc.collect()
    gc.freeze()  # or Python's collector goes over the peer's graph, at whoever's cost it happens to be
    coverage(district.engine, subjects[0], view, why_not=False)
    ours = [timed(coverage, district.engine, s, view, why_not=False) for s in subjects]
    with district.engine.read() as snapshot:
        frame = frame_for(snapshot, view)
    theirs = [timed(peer_answer.coverage, district.graph, s, frame) for s in subjects]
    for (_, answer), (_, found) in zip(ours, theirs, strict=True):
        check(answer, found)
    spent, peers = [s for s, _ in ours], [s for s, _ in theirs]
    ratio, middle = (f(peers) / f(spent) for f in (statistics.fmean, statistics.median))
    return Figure(f"coverage of one enterprise, {label} ({len(ours[0][1].ways)})", told(spent), f"NetworkX {told(peers)}",
                  f"{ratio:.1f} x as fast (mean; p50 {middle:.1f} x)", "≥ 20 x", ratio >= 20)


def check(answer: Coverage, found: dict[str, Any]) -> None:
    """Equal status, as-of and ways: state, as-of, and matches with their bodies, certainty and rows of evidence."""
    head = answer.subject.name, answer.status, answer.statistical_class, answer.probable, answer.as_of and answer.as_of.note
    parts = ("status", "statistical_class", "probable", "as_of")
    assert head == (found["subject"]["name"], *(found[part] for part in parts)), (head, found)
    for way, other in zip(answer.ways, found["ways"], strict=True):
        told = way.name, way.state, way.total, way.as_of and way.as_of.note
        assert told == (other["name"], other["state"], other["total"], other["as_of"]), (answer.subject, told, other)
        theirs = sorted(((s["source"]["id"], s["target"]["id"], s["target"]["name"], s["role"], *map(_row, s["evidence"])), m["certain"])
                        for m in other["matches"] for s in m["steps"])
        ours = sorted(((s.source.id, s.target.id, "" if s.target.unnamed else s.target.name, s.role,
                        *(_row(e.model_dump()) for e in s.evidence)), m.certain) for m in way.matches for s in m.steps)
        assert ours == theirs or (way.truncated and set(ours) <= set(theirs)), (answer.subject, way.name, ours, theirs)


def _row(evidence: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(evidence[k] for k in ("file", "sheet", "row", "source", "as_of"))


def _open(district: District) -> Figure:
    """In a process that has answered before: connect, first answer, close."""
    view, subjects = View(policy()), Random(SEED + 1).sample(district.enterprises, min(OPENINGS, len(district.enterprises)))
    kept = pickle.dumps(district.graph, protocol=5)
    ours = [timed(_opened, district.store, s, view)[0] for s in subjects]
    with district.engine.read() as snapshot:
        theirs, _ = timed(_unpickled, kept, subjects[0], frame_for(snapshot, view))
    middle = statistics.median(ours)
    return Figure("open store + first answer", f"median {ms(middle)}", f"NetworkX, unpickle + answer {ms(theirs)}",
                  f"{theirs / middle:.0f} x as fast", "≤ 20 ms", middle <= 0.020)


def _opened(store: Path, subject: str, view: View) -> None:
    engine = connect(f"sqlite:///{store}", create=False)
    coverage(engine, subject, view, why_not=False)
    engine.close()


def _unpickled(kept: bytes, subject: str, frame: Frame) -> None:
    peer_answer.coverage(pickle.loads(kept), subject, frame)  # noqa: S301  # our own bytes
