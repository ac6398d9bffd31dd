"""What rows in force come to in a server store: reads what is stored of the targets touched, and writes what has changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from typing import Any

from graph.codec import facts_in, rows_out
from graph.engines.gathering import asserted
from graph.engines.neo4j_ahead import Now
from graph.engines.neo4j_batch import (
    BodyWrites,
    StoredBody,
    Target,
    claims_near,
    ends_of,
    facts_of,
    rows_in,
    stored_bodies,
    stored_claims,
    stored_edges,
    write_claims,
    write_edges,
)
from graph.engines.neo4j_rows import EdgeRow, Properties, body_properties, edge_properties, registered
from graph.engines.stored import body_effect, edge_effect, edge_rows, node_data
from graph.project import Asserted, project_body, project_spells
from schemas.dates import OPEN
from schemas.facts import BodyFact, DeclarationFact, Import, RelationFact
from schemas.identifiers import kind_of

Facts = dict[Target, list[Asserted[Any]]]


class Projection:
    """``target_of``: what a fact is about, as bodies are one now."""

    def __init__(self, at: Now, imports: Mapping[int, Import], target_of: Callable[[BodyFact | RelationFact], Target]) -> None:
        self.at, self.imports, self.target_of = at, imports, target_of

    def project(self, targets: Collection[Target], new: Facts, without: Container[int] = range(0)) -> dict[Target, str]:
        """Project targets from their rows in force and ``new`` ones, but those of ``without``; bodies first, since their ends
        cap relationships. The effect on each."""
        effects, ends, fresh = self._project_bodies([t for t in targets if not t[1]], new, without)
        again = claims_near(self.at, [i for i, (before, now) in ends.items() if before != now and i not in fresh])
        edges = list(dict.fromkeys([*(t for t in targets if t[1]), *again]))
        return effects | self._project_edges(edges, new, without, {i: now for i, (_, now) in ends.items()}, fresh)

    def _in_force(self, rows: Mapping[Target, Iterable[int]], new: Facts, without: Container[int]) -> Facts:
        """What rows in force and new ones assert of each target."""
        kept = {t: [r for r in said if r not in without] for t, said in rows.items()}
        texts = {id: facts_in(text) for id, text in self.at.look("rows", {r for said in kept.values() for r in said}, facts_of).items()}
        by_row = {id: [f for f in facts if not isinstance(f, DeclarationFact)] for id, facts in texts.items()}
        found = {t: [asserted(self.imports, r, f) for r in said for f in by_row[r] if self.target_of(f) == t] for t, said in kept.items()}
        return {t: [*said, *new.get(t, ())] for t, said in found.items()}

    def _project_bodies(self, targets: Sequence[Target], new: Facts,
                        without: Container[int]) -> tuple[dict[Target, str], dict[str, tuple[int, int]], set[str]]:
        """The effect on each, when each ended before and ends now, and the ids of those that nothing was stored of."""
        stored, writes = self.at.look("bodies", [t[0] for t in targets], stored_bodies), BodyWrites()
        facts = self._in_force({t: rows_in(old[2]) if (old := stored.get(t[0])) else [] for t in targets}, new, without)
        effects, ends = dict[Target, str](), dict[str, tuple[int, int]]()
        for target in targets:
            id, old = target[0], stored.get(target[0])
            effects[target], ended = _project_body(id, facts[target], old, id in stored, writes)
            if id in stored or facts[target]:  # else it is not there
                ends[id] = old[3] if old else OPEN, ended
        writes.write(self.at)
        return effects, ends, {t[0] for t in targets if t[0] not in stored}

    def _project_edges(self, targets: Sequence[Target], new: Facts, without: Container[int], ends: Mapping[str, int],
                       fresh: Collection[str]) -> dict[Target, str]:
        """``ends``: when bodies end that were projected just now; ``fresh``: those that had no relationship before."""
        ended = {**ends, **ends_of(self.at, (id for t in targets for id in (t[0], t[2]) if id not in ends))}
        known = [t for t in targets if t[0] not in fresh and t[2] not in fresh]
        stored, claims = self.at.look("edges", known, stored_edges), self.at.look("claims", known, stored_claims)
        said = {t: {r for row in stored.get(t, ()) for r in rows_in(row[7])} | set(claims.get(t, ())) for t in targets}
        facts = self._in_force(said, new, without)
        effects, gone, made = dict[Target, str](), list[Target](), dict[str, list[Properties]]()
        changed, hidden = dict[Target, list[EdgeRow]](), dict[Target, list[int]]()
        for target in sorted(targets):
            source, relation, other = target
            spells = project_spells(facts[target], min(ended[source], ended[other])) if facts[target] else []
            old, rows = stored.get(target, []), edge_rows(spells)
            shown = {r for s in spells for r in s.rows}
            unseen = sorted({a.row for a in facts[target]} - shown)
            if unseen != sorted(claims.get(target, ())):
                hidden[target] = unseen
            effects[target] = edge_effect(old, rows)
            if old != rows:
                gone += [target] if old else []
                made.setdefault(relation, []).extend({"s": source, "t": other, "p": edge_properties(relation, row)} for row in rows)
                changed[target] = rows
        self.at.wrote("edges", changed)
        write_edges(self.at, gone, made)
        write_claims(self.at, hidden)
        return effects


def _project_body(id: str, facts: list[Asserted[BodyFact]], old: StoredBody | None, there: bool, writes: BodyWrites) -> tuple[str, int]:
    """Note what is to be written of one body; the effect, and when the body ends now."""
    kind, state = str(kind_of(id)), project_body(facts)
    before = registered(id, kind, old[0], _keys_in(old[1])) if old else {}
    if state is None:
        if old:
            writes.said[id] = None
            writes.gone.setdefault(kind, []).append(id)
            writes.forgotten += [[value, scheme, kind, id] for scheme, value in before]
        return ("removed" if old else "unchanged"), OPEN
    now: StoredBody = (state.name, node_data(state), rows_out(state.rows), state.ended)
    if now == old:
        return "unchanged", state.ended
    writes.said[id] = now
    (writes.changed if there else writes.new).setdefault(kind, []).append(body_properties(id, kind, state, now[1], now[2]))
    if state.conflicts or old:
        writes.conflicted[bool(state.conflicts)].append(id)
    after = registered(id, kind, state.name, state.keys)
    writes.forgotten += [[value, scheme, kind, id] for scheme, value in before if (scheme, value) not in after]
    (writes.keys if there else writes.new_keys).extend(key for place, key in after.items() if before.get(place) != key)
    return (body_effect(old, now) if old else "created"), state.ended


def _keys_in(data: str) -> list[tuple[str, str]]:
    return [(s, v) for s, v in json.loads(data).get("k", ())] if '"k"' in data else []
