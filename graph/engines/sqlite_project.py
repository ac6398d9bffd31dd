"""The projection in the embedded store: what rows in force say of the targets of a batch, put into the tables that questions read."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from graph.codec import facts_in, rows_out
from graph.engine import BatchCounts
from graph.engines.gathering import asserted
from graph.engines.rows import KIND_BITS
from graph.engines.sqlite_batch import Ids, Inserts, Target, joined
from graph.engines.sqlite_search import forget_names, index_names
from graph.engines.stored import NAME_SCHEMES, body_effect, edge_alone, edge_effect, edge_rows, node_data
from graph.project import Asserted, BodyState, project_body, project_spells
from schemas.dates import OPEN
from schemas.facts import BodyFact, DeclarationFact, Import, RelationFact, Value
from schemas.identifiers import normal
from schemas.kinds import BY_NUMBER
from schemas.pinyin import reading
from schemas.relations import BY_NUMBER as RELATION_BY_NUMBER

CHUNK = 5000  # targets projected at once
SAID = RelationFact._fields.index("role")  # what is said of a relationship, from here on
Stored = tuple[str, str, str, int]  # of a body: name, data, rows, ended


class Projection:
    """Of one transaction. ``ended``: when bodies end, of those that do."""

    def __init__(self, db: sqlite3.Connection, ids: Ids, inserts: Inserts, imports: Mapping[int, Import]) -> None:
        self.db, self.ids, self.inserts, self.imports = db, ids, inserts, imports
        self.ended = dict[int, int](db.execute("SELECT id, ended FROM node WHERE ended <> 99991231").fetchall())

    def project(self, targets: Iterable[Target], new: Mapping[Target, list[Asserted[Any]]], counts: BatchCounts) -> dict[Target, str]:
        """The effect on each target of its rows in force and ``new`` ones; bodies first, since their ends cap relationships."""
        effects, again = dict[Target, str](), dict[Target, None]()
        ordered = sorted(targets)
        for chunk in chunks([t for t in ordered if not t[1]]):
            in_force, nodes = self._in_force(chunk), self._nodes(chunk)
            for target in chunk:
                facts = [*said, *new.get(target, ())] if (said := in_force.get(target)) else new.get(target, [])
                effects[target] = self._node(target[0], facts, nodes.get(target[0]), again)
            self.inserts.write()
        for chunk in chunks(list(dict.fromkeys([*(t for t in ordered if t[1]), *again]))):
            in_force, edges = self._in_force(chunk), self._edges(chunk)
            for target in chunk:
                facts = [*said, *new.get(target, ())] if (said := in_force.get(target)) else new.get(target, [])
                effects[target] = self._edge(target, facts, edges.get(target, []))
            self.inserts.write()
        _count(effects, counts)
        return effects

    # -- what is stored ----------------------------------------------------------------------------------------------------

    def _stored(self, targets: Sequence[Target]) -> list[Target]:
        """Those of which the store may know something: none of a body that is new in this batch."""
        fresh = self.ids.fresh
        return [t for t in targets if t[0] not in fresh and t[2] not in fresh]

    def _in_force(self, targets: Sequence[Target]) -> dict[Target, list[Asserted[Any]]]:
        """What the rows in force assert of each target."""
        found = dict[Target, list[Asserted[Any]]]()
        rows = joined(self.db, "claim", "t.a, t.type, t.b, r.id, r.facts", self._stored(targets), "a", "b", "JOIN row r ON r.id = t.row")
        for a, number, b, row, text in rows:
            for fact in facts_in(text):
                if not isinstance(fact, DeclarationFact) and self.ids.target(fact) == (a, number, b):
                    found.setdefault((a, number, b), []).append(asserted(self.imports, row, fact))
        return found

    def _nodes(self, targets: Sequence[Target]) -> dict[int, Stored]:
        rows = self.db.execute("SELECT id, name, data, rows, ended FROM node WHERE id IN (SELECT value FROM json_each(?))",
                               (json.dumps([t[0] for t in self._stored(targets)]),))
        return {r[0]: r[1:] for r in rows}

    def _edges(self, targets: Sequence[Target]) -> dict[Target, list[tuple[Any, ...]]]:
        found = dict[Target, list[tuple[Any, ...]]]()
        columns = "t.src, t.type, t.dst, t.role, t.nth, t.start, t.since, t.until, t.stated, t.data, t.rows"
        for row in joined(self.db, "edge", columns, self._stored(targets), "src", "dst", "ORDER BY t.role, t.nth"):
            found.setdefault(row[:3], []).append(row[3:])
        return found

    # -- bodies ------------------------------------------------------------------------------------------------------------

    def _node(self, id: int, facts: list[Asserted[BodyFact]], old: Stored | None, again: dict[Target, None]) -> str:
        state = project_body(facts)
        if state is None:
            if old:
                self._forget(id)
                self._cap_again(id, again)
            return "removed" if old else "unchanged"
        new = (state.name, node_data(state), rows_out(state.rows), state.ended)
        effect = body_effect(old, new) if old else "created"
        if effect == "unchanged":
            return effect
        if old:
            self._forget(id)
        self._put(id, self.ids.merged.get(facts[0].fact.id, facts[0].fact.id), state, new)
        if (old[3] if old else OPEN) != state.ended:
            self._cap_again(id, again)
        return effect

    def _put(self, id: int, public: str, state: BodyState, new: Stored) -> None:
        name, data, rows, ended = new
        made_up = (synthetic := state.values.get("synthetic")) is not None and synthetic.value == "true"
        key = reading(normal(name)).sort_key if name else "~" + public
        self.inserts["node"].append((id, public, name, key, ended, int(not name), int(made_up), data, rows))
        if ended != OPEN:
            self.ended[id] = ended
        values = asked_of(id >> KIND_BITS, tuple(state.values.items()))
        self.inserts["value"].extend([(id, field, value, stated) for field, value, stated in values])
        names = dict.fromkeys([*([("name", name)] if name else ()), *[k for k in state.keys if k[0] in NAME_SCHEMES]])
        index_names(self.inserts, id, names)
        kind, keys = id >> KIND_BITS, [*names, *[k for k in state.keys if k[0] == "unnamed"]]
        self.inserts["key"].extend([(v if s in ("credit_code", "unnamed") else normal(v), s, kind, id, v) for s, v in keys])

    def _forget(self, id: int) -> None:
        self.ended.pop(id, None)
        self.db.execute("DELETE FROM value WHERE id = ?", (id,))
        forget_names(self.db, id)
        self.db.execute("DELETE FROM node WHERE id = ?", (id,))

    def _cap_again(self, id: int, again: dict[Target, None]) -> None:
        """A body's end caps its spells: they are projected anew."""
        if id not in self.ids.fresh:
            again.update(dict.fromkeys(self.db.execute(
                "SELECT a, type, b FROM claim WHERE a = :id AND type > 0 UNION SELECT a, type, b FROM claim WHERE b = :id AND type > 0",
                {"id": id}).fetchall()))

    # -- relationships -----------------------------------------------------------------------------------------------------

    def _edge(self, target: Target, facts: list[Asserted[RelationFact]], old: list[tuple[Any, ...]]) -> str:
        source, number, other = target
        new = _edge_rows(facts, min(self.ended.get(source, OPEN), self.ended.get(other, OPEN)))
        if (effect := edge_effect(old, new)) == "unchanged":
            return effect
        if old:
            self.db.execute("DELETE FROM edge WHERE type = ? AND src = ? AND dst = ?", (number, source, other))
        self.inserts["edge"].extend([(number, source, other, *row) for row in new])
        return effect


def _edge_rows(facts: list[Asserted[RelationFact]], cap: int) -> list[tuple[Any, ...]]:
    if len(facts) != 1:
        return edge_rows(project_spells(facts, cap)) if facts else []
    as_of, row, _, fact = facts[0]
    alone = edge_alone(fact[SAID:], as_of, cap)
    return [(*alone, rows_out((row,)))] if alone else []


def chunks(targets: Sequence[Target]) -> Iterable[Sequence[Target]]:
    return (targets[i:i + CHUNK] for i in range(0, len(targets), CHUNK))


def _count(effects: Mapping[Target, str], counts: BatchCounts) -> None:
    """Add the effects up, by kind and by type."""
    for (kind, type, effect), number in Counter([(t[0] >> KIND_BITS if not t[1] else 0, t[1], e) for t, e in effects.items()]).items():
        if effect != "unchanged":
            told, name = (counts.relationships, RELATION_BY_NUMBER[type].name) if type else (counts.bodies, BY_NUMBER[kind].name)
            told[f"{name}.{effect}"] = told.get(f"{name}.{effect}", 0) + number


@lru_cache(maxsize=8192)
def asked_of(kind: int, fields: tuple[tuple[str, Value], ...]) -> tuple[tuple[str, str, int], ...]:
    """(field, value, stated): what metapaths may ask of a body; '' marks a multi-valued field that lists all."""
    asked, found = BY_NUMBER[kind].named, list[tuple[str, str, int]]()
    for name, value in fields:
        stated = int(value.basis == "stated")
        if isinstance(value.value, tuple):
            found += [(name, v, stated) for v in dict.fromkeys(value.value)]
            if value.complete:
                found.append((name, "", stated))
        elif name in asked:
            found.append((name, value.value, stated))
    return tuple(found)
