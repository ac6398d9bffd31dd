"""Coverage of one enterprise, all ways with evidence, beside the same walks in the NetworkX graph; and open store + first answer."""

from __future__ import annotations

import pickle
import statistics
from pathlib import Path
from random import Random

from bench import peer
from bench.district import SEED, District
from bench.measure import Figure, ms, timed, told
from graph.connect import connect
from graph.frame import Frame
from graph.policy_files import policy
from graph.questions.coverage import MATCHES, coverage
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
    paths = [w.path for w in rules.ways if "Enterprise" in w.path.subject.kinds]
    coverage(district.engine, subjects[0], view, why_not=False)
    ours = [timed(coverage, district.engine, s, view, why_not=False) for s in subjects]
    with district.engine.read() as snapshot:
        frame = frame_for(snapshot, view)
    theirs = [timed(peer.coverage, district.graph, s, paths, frame) for s in subjects]
    for (_, answer), (_, found) in zip(ours, theirs, strict=True):
        check(answer, found)
    spent, peers = [s for s, _ in ours], [s for s, _ in theirs]
    ratio = statistics.fmean(peers) / statistics.fmean(spent)
    return Figure(f"coverage of one enterprise, {label} ({len(paths)})", told(spent), f"NetworkX {told(peers)}",
                  f"{ratio:.1f} x as fast (mean)", "≥ 20 x", ratio >= 20)


def check(answer: Coverage, found: list[tuple[list[peer.Walk], str]]) -> None:
    """Equal state, matches, certainty and number of evidence rows, way by way."""
    for way, (walks, state) in zip(answer.ways, found, strict=True):
        assert way.state == state, (answer.subject, way.name, way.state, state)
        theirs = sorted((bodies, sum(len(e["rows"]) for e in edges), certain) for bodies, edges, certain in walks)
        ours = sorted(((m.steps[0].source.id, *(s.target.id for s in m.steps)), sum(len(s.evidence) for s in m.steps), m.certain)
                      for m in way.matches)
        assert ours == theirs or (len(theirs) > MATCHES and set(ours) <= set(theirs)), (answer.subject, way.name, ours, theirs)


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
    peer.coverage(pickle.loads(kept), subject, [w.path for w in frame.view.policy.ways], frame)  # noqa: S301  # our own bytes
