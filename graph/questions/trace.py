"""Follows a metapath hop by hop from given subjects: what was reached, which hops are open, which is the first that is missing.

Engines decide the state of many subjects in one statement; this tells the reasons for the few that are shown (semantics 13, 14).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from graph.engine import Snapshot
from graph.frame import Frame
from graph.judge import judge_body, judge_edge
from graph.parts import FALSE, OPEN_HOPS, POSSIBLE, TRUE, Body, Chain, Edge
from schemas.kinds import KINDS
from schemas.metapath import Hop, Metapath, Position

CHAINS = 2_000  # a subject; more are cut, and said to be


@dataclass
class Trace:
    """What a subject reached. ``reached``: level -> bodies; ``open``: (body, level of the hop, "") or (body, -1, field)."""

    subject: Body
    reached: list[dict[str, Body]] = field(default_factory=list)
    chains: list[Chain] = field(default_factory=list)
    open: list[tuple[Body, int, str]] = field(default_factory=list)
    truncated: bool = False

    @property
    def score(self) -> int:
        if self.chains:
            return TRUE if any(c.certain for c in self.chains) else POSSIBLE
        return OPEN_HOPS if any(level >= 0 for _, level, _ in self.open) else FALSE


def trace(snapshot: Snapshot, frame: Frame, path: Metapath, subjects: Iterable[Body]) -> dict[str, Trace]:
    """Follow ``path`` from each subject, all subjects one round trip a hop; subject id -> Trace."""
    found = {b.id: Trace(b) for b in subjects}
    for t in found.values():
        score, missing = judge_body(path.subject, t.subject, frame)
        if score:
            t.chains = [Chain(0, (t.subject,), (), score == TRUE)]
        t.open += [(t.subject, -1, name) for name in missing]
        t.reached.append({t.subject.id: t.subject} if score else {})
    for level, hop in enumerate(path.hops):
        _advance(snapshot, frame, path, level, hop, found)
    for t in found.values():
        t.chains.sort(key=lambda c: (not c.certain, [b.id for b in c.bodies], [e.rank for e in c.edges]))
    return found


def _advance(snapshot: Snapshot, frame: Frame, path: Metapath, level: int, hop: Hop, found: dict[str, Trace]) -> None:
    """One hop further for all chains; remember which bodies are open for it."""
    here = {id: b for t in found.values() for id, b in t.reached[level].items()}
    edges = snapshot.step(here, [(hop.type, hop.forward)], frame, path.positions[level + 1].kinds)
    ends = snapshot.bodies({e.target if hop.forward else e.source for e in edges})
    opened = open_bodies(snapshot, frame, hop, path.positions[level + 1], here.values(), edges)
    leaving = dict[str, list[Edge]]()
    for e in sorted(edges, key=lambda e: (e.source, e.target, e.rank)):
        leaving.setdefault(e.source if hop.forward else e.target, []).append(e)
    for t in found.values():
        t.open += [(b, level, "") for id, b in t.reached[level].items() if id in opened]
        longer = [c for chain in t.chains for c in _extended(chain, hop, path, leaving, ends, frame)]
        t.chains, t.truncated = longer[:CHAINS], t.truncated or len(longer) > CHAINS
        t.reached.append({c.bodies[-1].id: c.bodies[-1] for c in t.chains})
        if level + 1 <= len(path.hops):
            for b in t.reached[-1].values():
                t.open += [(b, -1, name) for name in judge_body(path.positions[level + 1], b, frame)[1]]


def _extended(chain: Chain, hop: Hop, path: Metapath, leaving: dict[str, list[Edge]], ends: dict[str, Body], frame: Frame) -> list[Chain]:
    position, longer = path.positions[len(chain.bodies)], list[Chain]()
    for edge in leaving.get(chain.bodies[-1].id, ()):
        body = ends[edge.target if hop.forward else edge.source]
        score = min(judge_edge(hop, edge, frame), judge_body(position, body, frame)[0])
        if score and all(b.id != body.id for b in chain.bodies):
            longer.append(Chain(0, (*chain.bodies, body), (*chain.edges, edge), chain.certain and score == TRUE))
    return longer


def open_bodies(snapshot: Snapshot, frame: Frame, hop: Hop, target: Position, bodies: Iterable[Body], edges: Sequence[Edge]) -> set[str]:
    """Those of ``bodies`` that are not closed for the hop; ``edges`` are the ones that leave them by it."""
    by_kind = dict[str, set[str]]()
    for b in bodies:
        by_kind.setdefault(b.kind, set()).add(b.id)
    opened = set[str]()
    for kind, ids in by_kind.items():
        for closing in frame.closings(kind, hop, target):
            closed = set[str]()
            for scope in closing.scopes:
                closed |= snapshot.true_for(scope, ids - closed, frame.stated_only) if ids - closed else set()
            for signature in closing.signatures:
                closed |= snapshot.closed_singly(ids, signature, frame)
            if closing.single is not None:
                prefix = KINDS[closing.target].prefix + "-"
                closed |= {e.source for e in edges if e.stated and e.holds(frame.day) and e.role == closing.single
                           and e.target.startswith(prefix)}
            opened |= ids - closed
    return opened


def missing_hop(t: Trace) -> int:
    """The level after which nothing was reached: where "why not" points (the hop after the longest prefix)."""
    return max((i for i, level in enumerate(t.reached) if level), default=0)
