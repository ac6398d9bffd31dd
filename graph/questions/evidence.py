"""The rows that an answer rests on: those that assert its relationships and the values that were tested (semantics 9)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from graph.engine import Snapshot
from graph.parts import Body, Chain, RowRef
from schemas.facts import BodyFact, Fact
from schemas.metapath import NAME, Metapath


def rests_on(snapshot: Snapshot, path: Metapath, chains: Sequence[Chain], *, certain: bool = False) -> list[RowRef]:
    """The rows of matches of ``path``; ``certain``: only of those that are."""
    rows: list[RowRef] = []
    for chain in chains:
        if chain.certain or not certain:
            for edge in chain.edges:
                rows += edge.rows
            for position, body in zip(path.positions, chain.bodies, strict=True):
                if position.where:
                    rows += asserting(snapshot, body, [name for name, _ in position.where])
    return rows


def asserting(snapshot: Snapshot, body: Body, fields: Iterable[str]) -> Iterable[RowRef]:
    """The rows that assert the values in force of these fields of a body. Where all its rows are of one import they are not told
    apart, since they are as old as each other."""
    recorded = [f for f in fields if f in body.values or (f == NAME and body.name)]
    if not recorded:
        return ()
    if len({number for number, _, _ in body.rows}) == 1:
        return body.rows
    return [ref for ref, facts in snapshot.facts(body.rows).items() if any(_asserts(fact, body, f) for fact in facts for f in recorded)]


def _asserts(fact: Fact, body: Body, field: str) -> bool:
    if not isinstance(fact, BodyFact) or fact.id != body.id:
        return False
    return fact.name == body.name if field == NAME else any(f == field and v.value == body.values[f].value for f, v in fact.fields)
