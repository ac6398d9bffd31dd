"""How engines keep what is projected: the data of a body and the rows of a relationship. Pure, and the same in every store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from graph.codec import dumps, value_out, values_out
from graph.engine import Chain
from graph.project import BodyState, Spell
from schemas.dates import OPEN
from schemas.facts import BodyFact, DeclarationFact, RelationFact
from schemas.identifiers import kind_of
from schemas.metapath import ID, parse

NAME_SCHEMES = ("alias", "former", "brand", "credit_code")  # names to search by, beside the name itself
RANK = {"unchanged": 0, "updated": 1, "created": 2}
HOWS = ("key", "exact", "prefix", "contained", "initials", "pinyin")


def mentioned(fact: BodyFact | RelationFact | DeclarationFact) -> tuple[str, ...]:
    """The public ids that a fact is about."""
    if isinstance(fact, BodyFact):
        return (fact.id,)
    return (fact.source, fact.target) if isinstance(fact, RelationFact) else ()


def single_body(data: Mapping[str, Any]) -> str | None:
    """The public id of the one body that a completeness statement is about, if it is about one."""
    scopes = [parse(s) for s in data["scope"]]
    if len(scopes) != 1 or scopes[0].hops or [f for f, _ in scopes[0].subject.where] != [ID]:
        return None
    values = scopes[0].subject.where[0][1]
    return values[0] if len(values) == 1 and kind_of(values[0]) else None


def node_data(state: BodyState) -> str:
    data: dict[str, Any] = {}
    if state.values:
        data["v"] = values_out(list(state.values.items()))
    if state.keys:
        data["k"] = [list(k) for k in state.keys]
    if state.conflicts:
        data["c"] = {f: [[value_out(v), row] for v, row in said] for f, said in state.conflicts.items()}
    return dumps(data) if data else "{}"


def edge_rows(spells: Sequence[Spell]) -> list[tuple[Any, ...]]:
    found, nth = list[tuple[Any, ...]](), dict[str, int]()
    for s in spells:
        data: dict[str, Any] = {}
        if s.start_precision != "day":
            data["sp"] = s.start_precision
        if s.end_precision != "day" and s.end != OPEN:
            data["up"] = s.end_precision
        if reason := s.reason:
            data["r"] = reason
        if values := s.values:
            data["v"] = values_out(list(values.items()))
        number = nth[s.role] = nth.get(s.role, -1) + 1
        found.append((s.role, number, s.start, s.since, s.end, int(s.stated), dumps(data) if data else "{}", dumps(list(s.rows))))
    return found


def grams(value: str) -> str:
    """A normalised name as ASCII tokens of two characters each, the last alone, so that any part of it is a phrase."""
    codes = [f"{ord(c):x}g" for c in value]
    return " ".join([a + b for a, b in pairwise(codes)] + codes[-1:])


def limited(chains: list[Chain], limit: int) -> tuple[list[Chain], dict[int, int]]:
    """At most ``limit`` matches a path; parallel relationships are more evidence for one match, not more matches."""
    totals, kept, seen = dict[int, int](), list[Chain](), set[tuple[Any, ...]]()
    for c in chains:
        identity = (c.path, *(b.id for b in c.bodies))
        if identity not in seen:
            seen.add(identity)
            totals[c.path] = totals.get(c.path, 0) + 1
        if totals[c.path] <= limit:
            kept.append(c)
    return kept, totals
