"""What engines do alike in every store: how a projected body and relationship are kept, how imports are numbered, which compiled
statements are kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from json.encoder import encode_basestring as quoted
from operator import add
from typing import Any, TypeVar

from graph.codec import dumps, fields_out, keys_out, rows_out, value_out
from graph.engines.rows import Decoder
from graph.frame import Frame
from graph.merging import Merged
from graph.parts import Chain, Declared
from graph.project import Asserted, BodyState, Spell, project_spells
from graph.walk import Kept
from schemas.dates import OPEN
from schemas.facts import BodyFact, DeclarationFact, Import, RelationFact
from schemas.identifiers import kind_of
from schemas.metapath import ID, parse

NAME_SCHEMES = ("alias", "former", "brand", "credit_code")  # names to search by, beside the name itself
EFFECTS = ("unchanged", "confirmed", "updated", "created")  # of a row
HOWS = ("key", "exact", "prefix", "contained", "initials", "pinyin")


@dataclass
class Known:
    """What a snapshot reads once a data version and keeps: imports, sheets, declarations, hop signatures, bodies that are one."""

    version: int
    imports: dict[int, Import]
    decoder: Decoder
    declared: list[Declared]
    signatures: list[str]
    merged: Merged
    near: Kept = field(default_factory=Kept)


def stronger(one: str, other: str) -> str:
    """The stronger of the effects of a row on two targets; what it takes away it updates."""
    return max(one, "updated" if other == "removed" else other, key=EFFECTS.index)


def mentioned(fact: BodyFact | RelationFact | DeclarationFact) -> tuple[str, ...]:
    """The public ids that a fact is about."""
    if isinstance(fact, BodyFact):
        return (fact.id,)
    return (fact.source, fact.target) if isinstance(fact, RelationFact) else ()


def single_body(data: Mapping[str, Any]) -> str | None:
    """The public id of the one body that a completeness statement is about, if it is about one."""
    scopes = [parse(s) for s in data["scope"]]
    if data.get("full") or len(scopes) != 1 or scopes[0].hops or [f for f, _ in scopes[0].subject.where] != [ID]:
        return None
    values = scopes[0].subject.where[0][1]
    return values[0] if len(values) == 1 and kind_of(values[0]) else None


def node_data(state: BodyState) -> str:
    """{"c": what other sources say, "k": keys, "v": values}, of each what there is."""
    parts = list[str]()
    if state.conflicts:
        told = {f: [[value_out(v), row] for v, row in said] for f, said in state.conflicts.items()}
        parts.append(f'"c":{dumps(told)}')
    if state.keys:
        parts.append(f'"k":{keys_out(state.keys)}')
    if state.values:
        parts.append(f'"v":{fields_out(tuple(state.values.items()))}')
    return f"{{{','.join(parts)}}}"


def edge_rows(spells: Sequence[Spell]) -> list[tuple[Any, ...]]:
    found, nth = list[tuple[Any, ...]](), dict[str, int]()
    for s in spells:
        number = nth[s.role] = nth.get(s.role, -1) + 1
        found.append((s.role, number, s.start, s.since, s.end, int(s.stated), _edge_data(s), rows_out(s.rows)))
    return found


@lru_cache(maxsize=8192)
def edge_alone(said: tuple[Any, ...], as_of: int, cap: int) -> tuple[Any, ...] | None:
    """The row of a relationship of which one row of a register says something, as of most, without the number of that row. ``said``: the
    fact but for its ends, which is the same for many."""
    rows = edge_rows(project_spells([Asserted(as_of, 0, "", RelationFact("", "", "", *said))], cap))
    return rows[0][:-1] if rows else None


def _edge_data(s: Spell) -> str:
    """{"r": reason, "sp", "up": precision of start and end, "v": values}, of each what there is."""
    parts = list[str]()
    if reason := s.reason:
        parts.append(f'"r":{quoted(reason)}')
    if s.start_precision != "day":
        parts.append(f'"sp":"{s.start_precision}"')
    if s.end_precision != "day" and s.end != OPEN:
        parts.append(f'"up":"{s.end_precision}"')
    if values := s.values:
        parts.append(f'"v":{fields_out(tuple(values.items()))}')
    return f"{{{','.join(parts)}}}"


def body_effect(old: tuple[str, str, str, int], new: tuple[str, str, str, int]) -> str:
    """The effect on a stored body (name, data, rows, ended): values that only have one more row behind them are confirmed."""
    if old == new:
        return "unchanged"
    same = old[0] == new[0] and old[3] == new[3] and (old[1] == new[1] or _said(old[1]) == _said(new[1]))
    return "confirmed" if same else "updated"


def _said(data: str) -> dict[str, Any]:
    """Stored data without the rows of what other sources say."""
    found: dict[str, Any] = json.loads(data)
    if "c" in found:
        found["c"] = {f: [v for v, _ in said] for f, said in found["c"].items()}
    return found


def edge_effect(old: Sequence[tuple[Any, ...]], new: Sequence[tuple[Any, ...]]) -> str:
    """The effect on the stored spells of a relationship, both may be none; the last column holds the rows."""
    if old == new:
        return "unchanged"
    if not old or not new:
        return "created" if new else "removed"
    return "confirmed" if [s[:-1] for s in old] == [s[:-1] for s in new] else "updated"


class _Codes(dict[str, str]):
    def __missing__(self, char: str) -> str:
        return self.setdefault(char, f"{ord(char):x}g")


CODES = _Codes()  # a character -> what it is called in tokens


def grams(value: str) -> str:
    """A normalised name as ASCII tokens of two characters each, the last alone, so that any part of it is a phrase."""
    codes = [CODES[c] for c in value]
    return " ".join([*map(add, codes, codes[1:]), *codes[-1:]])


def limited(chains: list[Chain], limit: int) -> tuple[list[Chain], dict[int, int]]:
    """At most ``limit`` matches a path; parallel relationships are more evidence for one match, not more matches."""
    totals: dict[int, int] = {}
    kept: list[Chain] = []
    seen: set[tuple[Any, ...]] = set()
    for c in chains:
        identity = (c.path, *(b.id for b in c.bodies))
        if identity not in seen:
            seen.add(identity)
            totals[c.path] = totals.get(c.path, 0) + 1
        if totals[c.path] <= limit:
            kept.append(c)
    return kept, totals


def begun(record: Import, imports: Mapping[int, Import]) -> Import:
    """The import with its number, running: its own, or that of the same file, which was loaded meanwhile, or the next."""
    same = next((n for n, i in imports.items() if i.digest == record.digest and i.state != "undone"), 0)
    return replace(record, number=record.number or same or 1 + max(imports, default=0), state="running")


def grouped(found: set[tuple[str, int]]) -> dict[str, list[int]]:
    """(id, number) -> id -> its numbers."""
    told = dict[str, list[int]]()
    for id, number in sorted(found):
        told.setdefault(id, []).append(number)
    return told


KEPT = 500  # compiled statements
Compiled = TypeVar("Compiled")


def kept(cache: dict[str, Any], what: str, asked: Any, frame: Frame, make: Callable[[Any, Frame], Compiled]) -> Compiled:
    """A compiled statement, kept in an engine's cache as long as its frame is the same."""
    statements: dict[Any, tuple[Frame, Compiled]] = cache.setdefault("statements", {})
    known = statements.get((what, asked, id(frame)))
    if known is None or known[0] is not frame:
        if len(statements) > KEPT:
            statements.clear()
        known = statements[what, asked, id(frame)] = frame, make(asked, frame)
    return known[1]
