"""The writer of the embedded store: rows into force, the projection of what they touch, one transaction a batch."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from graph.codec import dumps, facts_in, facts_out, value_out, values_out
from graph.engine import BatchCounts
from graph.engines.sqlite_rows import IMPORT_BITS, KIND_BITS, import_of, kind_name, row_id
from graph.engines.sqlite_search import forget_names, index_names
from graph.project import Asserted, BodyState, Spell, project_body, project_spells
from schemas.dates import OPEN, read
from schemas.declarations import Completeness
from schemas.facts import BodyFact, DeclarationFact, Import, RelationFact, Row, Value
from schemas.identifiers import kind_of, normal
from schemas.kinds import KINDS
from schemas.metapath import ID, parse
from schemas.pinyin import reading
from schemas.relations import RELATIONS

Target = tuple[int, int, int]  # a body: (id, 0, 0); a relationship: (source, type, target)
RANK = {"unchanged": 0, "updated": 1, "created": 2}
NAME_SCHEMES = ("alias", "former", "brand", "credit_code")


class SqliteWriter:
    """See ``graph.engine.Writer``."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db, self.changed = db, False
        self.ids = dict[str, int]()
        self.imports = {i.number: i for i in map(import_of, db.execute("SELECT * FROM import"))}
        self.sheets = {(n, name): p for n, p, name in db.execute("SELECT import, position, name FROM sheet")}
        self.ended = dict(db.execute("SELECT id, ended FROM node WHERE ended <> 99991231").fetchall())

    # -- imports -----------------------------------------------------------------------------------------------------------

    def begin_import(self, record: Import) -> Import:
        number = record.number or 1 + max(self.imports, default=0)
        record = replace(record, number=number, state="running")
        self._put_import(record)
        return record

    def finish_import(self, number: int, state: str, counts: Mapping[str, Any]) -> None:
        self._put_import(replace(self.imports[number], state=state, counts=dict(counts)))

    def _put_import(self, i: Import) -> None:
        self.imports[i.number] = i
        self.db.execute("INSERT OR REPLACE INTO import VALUES (?,?,?,?,?,?,?,?,?,?,?)", (
            i.number, i.digest, i.file, i.source, i.as_of, i.as_of_precision, i.who, i.at, i.state, dumps(i.counts), int(i.synthetic)))

    def withdraw(self, number: int) -> None:
        low, high = number << IMPORT_BITS, (number + 1) << IMPORT_BITS
        targets = self.db.execute("SELECT DISTINCT a, type, b FROM claim WHERE row >= ? AND row < ?", (low, high)).fetchall()
        for table in ("claim", "declaration", "closed"):
            self.db.execute(f"DELETE FROM {table} WHERE row >= ? AND row < ?", (low, high))
        self.changed = True
        self._project(targets, {}, BatchCounts())
        self._put_import(replace(self.imports[number], state="undone"))

    # -- rows --------------------------------------------------------------------------------------------------------------

    def apply(self, number: int, rows: Sequence[Row]) -> BatchCounts:
        counts, asserted = BatchCounts(rows=["unchanged"] * len(rows)), dict[Target, list[Asserted[Any]]]()
        touched = list[tuple[int, Target]]()
        for place, (id, row) in enumerate(self._new_rows(number, rows)):
            if id is None:
                continue
            for position, fact in enumerate(row.facts):
                if isinstance(fact, DeclarationFact):
                    self._declare(id, position, fact)
                    counts.rows[place] = "created"
                else:
                    target = self._target(fact)
                    asserted.setdefault(target, []).append(self._asserted(id, fact))
                    touched.append((place, target))
        effects = self._project(asserted, asserted, counts)
        self.db.executemany("INSERT OR IGNORE INTO claim VALUES (?,?,?,?)", ((*t, a.row) for t, facts in asserted.items() for a in facts))
        for place, target in touched:
            counts.rows[place] = max(counts.rows[place], effects[target], key=RANK.__getitem__)
        return counts

    def _new_rows(self, number: int, rows: Sequence[Row]) -> list[tuple[int | None, Row]]:
        """Each row with its id, or ``None`` where it is in force already."""
        ids = [row_id(number, self._sheet(number, r.sheet), r.number) for r in rows]
        known = {i for (i,) in self.db.execute("SELECT id FROM row WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(ids),))}
        new = [(None if i in known else i, r) for i, r in zip(ids, rows, strict=True)]
        self.db.executemany("INSERT INTO row VALUES (?,?,?)", ((i, r.hash, facts_out(r.facts)) for i, r in new if i is not None))
        return new

    def _sheet(self, number: int, name: str) -> int:
        if (number, name) not in self.sheets:
            position = sum(1 for n, _ in self.sheets if n == number)
            self.sheets[number, name] = position
            self.db.execute("INSERT INTO sheet VALUES (?,?,?)", (number, position, name))
        return self.sheets[number, name]

    def _asserted(self, row: int, fact: BodyFact | RelationFact) -> Asserted[Any]:
        i = self.imports[row >> IMPORT_BITS]
        return Asserted(i.as_of, row, i.source, fact, i.as_of_precision)

    def _target(self, fact: BodyFact | RelationFact) -> Target:
        if isinstance(fact, BodyFact):
            return self._id(fact.id), 0, 0
        return self._id(fact.source), RELATIONS[fact.type].number, self._id(fact.target)

    def _id(self, public: str) -> int:
        """The number of a body; a new body gets the next of its kind."""
        if public in self.ids:
            return self.ids[public]
        row: tuple[int] | None = self.db.execute("SELECT id FROM body WHERE public = ?", (public,)).fetchone()
        if row is None:
            first = KINDS[kind_of(public) or ""].number << KIND_BITS
            last = self.db.execute("SELECT max(id) FROM body WHERE id >= ? AND id < ?", (first, first + (1 << KIND_BITS))).fetchone()[0]
            row = (int(last or first) + 1,)
            self.db.execute("INSERT INTO body VALUES (?,?)", (public, row[0]))
        if len(self.ids) > 200_000:  # bounds memory; the table remembers
            self.ids.clear()
        self.ids[public] = row[0]
        return row[0]

    def _declare(self, row: int, position: int, fact: DeclarationFact) -> None:
        self.changed = True
        data = fact.data
        if data["type"] == "completeness" and (body := single_body(data)):
            d = Completeness.model_validate(data)
            as_of = self.imports[row >> IMPORT_BITS].as_of
            start, until = read(d.start) if d.start else None, read(d.until) if d.until else None
            self.db.execute("INSERT OR IGNORE INTO closed VALUES (?,?,?,?,?,?,?)", (
                d.hop, self._id(body), start[0] if start else as_of, until[0] if until else 0, as_of, row, position))
        else:
            self.db.execute("INSERT OR IGNORE INTO declaration VALUES (?,?,?)", (row, position, dumps(data)))

    # -- projection --------------------------------------------------------------------------------------------------------

    def _project(self, targets: Iterable[Target], new: Mapping[Target, list[Asserted[Any]]], counts: BatchCounts) -> dict[Target, str]:
        """Project targets from their rows in force and ``new`` ones; bodies first, since their ends cap relationships."""
        effects, again = dict[Target, str](), dict[Target, None]()
        ordered = sorted(targets)
        for target in (t for t in ordered if not t[1]):
            effects[target] = self._project_node(target, [*self._in_force(target), *new.get(target, ())], again)
            name = kind_name(target[0])
            if effects[target] != "unchanged":
                counts.bodies[f"{name}.{effects[target]}"] = counts.bodies.get(f"{name}.{effects[target]}", 0) + 1
        relationships = [t for t in ordered if t[1]]
        for target in (*relationships, *(t for t in again if t not in effects and t not in new)):
            effects[target] = self._project_edge(target, [*self._in_force(target), *new.get(target, ())])
            name = relation_name(target[1])
            if effects[target] != "unchanged":
                counts.relationships[f"{name}.{effects[target]}"] = counts.relationships.get(f"{name}.{effects[target]}", 0) + 1
        self.changed = self.changed or any(e != "unchanged" for e in effects.values())
        return effects

    def _in_force(self, target: Target) -> list[Asserted[Any]]:
        found = list[Asserted[Any]]()
        for (row,) in self.db.execute("SELECT row FROM claim WHERE a = ? AND type = ? AND b = ?", target).fetchall():
            facts = facts_in(self.db.execute("SELECT facts FROM row WHERE id = ?", (row,)).fetchone()[0])
            found += [self._asserted(row, f) for f in facts if not isinstance(f, DeclarationFact) and self._target(f) == target]
        return found

    def _project_node(self, target: Target, facts: list[Asserted[BodyFact]], again: dict[Target, None]) -> str:
        id = target[0]
        state = project_body(facts)
        old = self.db.execute("SELECT name, data, rows, ended FROM node WHERE id = ?", (id,)).fetchone()
        if state is None:
            if old:
                self._forget_node(id)
                self._cap_again(id, again)
            return "updated" if old else "unchanged"
        new = (state.name, node_data(state), dumps(list(state.rows)), state.ended)
        if old == new:
            return "unchanged"
        if old:
            self._forget_node(id)
        self._put_node(id, facts[0].fact.id, state, new)
        if (old[3] if old else OPEN) != state.ended:
            self._cap_again(id, again)
        return "updated" if old and old[:2] != new[:2] else "created" if not old else "updated" if old[2] != new[2] else "unchanged"

    def _put_node(self, id: int, public: str, state: BodyState, new: tuple[str, str, str, int]) -> None:
        name, data, rows, ended = new
        synthetic = state.values.get("synthetic", Value("false")).value == "true"
        key = reading(normal(name)).sort_key if name else "~" + public
        self.db.execute("INSERT INTO node VALUES (?,?,?,?,?,?,?,?,?)",
                        (id, public, name, key, ended, int(not name), int(synthetic), data, rows))
        if ended != OPEN:
            self.ended[id] = ended
        self.db.executemany("INSERT INTO value VALUES (?,?,?,?)", node_values(id, state))
        names = ([("name", name)] if name else []) + [k for k in state.keys if k[0] in NAME_SCHEMES]
        index_names(self.db, id, list(dict.fromkeys(names)))
        keys = [*names, *(k for k in state.keys if k[0] == "unnamed")]
        self.db.executemany("INSERT OR IGNORE INTO key VALUES (?,?,?,?,?)", (
            (v if s in ("credit_code", "unnamed") else normal(v), s, id >> KIND_BITS, id, v) for s, v in keys))

    def _forget_node(self, id: int) -> None:
        self.ended.pop(id, None)
        self.db.execute("DELETE FROM value WHERE id = ?", (id,))
        forget_names(self.db, id)
        self.db.execute("DELETE FROM node WHERE id = ?", (id,))

    def _cap_again(self, id: int, again: dict[Target, None]) -> None:
        """A body's end caps its spells: they are projected anew."""
        for r in RELATIONS.values():
            for near in ("a", "b"):
                if near == "a" or r.sources(kind_name(id)):
                    again.update(dict.fromkeys(self.db.execute(
                        f"SELECT a, type, b FROM claim WHERE {near} = ? AND type = ?", (id, r.number)).fetchall()))

    def _project_edge(self, target: Target, facts: list[Asserted[RelationFact]]) -> str:
        source, number, other = target
        old = self.db.execute("SELECT role, nth, start, since, until, stated, data, rows FROM edge WHERE type = ? AND src = ? AND dst = ?"
                              " ORDER BY role, nth", (number, source, other)).fetchall()
        spells = project_spells(facts, min(self.ended.get(source, OPEN), self.ended.get(other, OPEN))) if facts else []
        new = edge_rows(spells)
        if old == new:
            return "unchanged"
        if old:
            self.db.execute("DELETE FROM edge WHERE type = ? AND src = ? AND dst = ?", (number, source, other))
        self.db.executemany("INSERT INTO edge(type, src, dst, role, nth, start, since, until, stated, data, rows)"
                            " VALUES (?,?,?,?,?,?,?,?,?,?,?)", ((number, source, other, *row) for row in new))
        return "updated" if old else "created"

    # -- records -----------------------------------------------------------------------------------------------------------

    def put_record(self, collection: str, id: str, value: Any) -> None:
        self.db.execute("INSERT OR REPLACE INTO record VALUES (?,?,?)", (collection, id, dumps(value)))

    def delete_record(self, collection: str, id: str) -> None:
        self.db.execute("DELETE FROM record WHERE collection = ? AND id = ?", (collection, id))


def single_body(data: Mapping[str, Any]) -> str | None:
    """The public id of the one body that a completeness statement is about, if it is about one."""
    scopes = [parse(s) for s in data["scope"]]
    if len(scopes) != 1 or scopes[0].hops or [f for f, _ in scopes[0].subject.where] != [ID]:
        return None
    values = scopes[0].subject.where[0][1]
    return values[0] if len(values) == 1 and kind_of(values[0]) else None


def relation_name(number: int) -> str:
    return next(r.name for r in RELATIONS.values() if r.number == number)


def node_data(state: BodyState) -> str:
    data: dict[str, Any] = {}
    if state.values:
        data["v"] = values_out(list(state.values.items()))
    if state.keys:
        data["k"] = [list(k) for k in state.keys]
    if state.conflicts:
        data["c"] = {f: [[value_out(v), row] for v, row in said] for f, said in state.conflicts.items()}
    return dumps(data) if data else "{}"


def node_values(id: int, state: BodyState) -> Iterable[tuple[int, str, str, int]]:
    """What metapaths may ask; '' marks a multi-valued field that lists all."""
    for name, value in state.values.items():
        stated = int(value.basis == "stated")
        if isinstance(value.value, tuple):
            yield from ((id, name, v, stated) for v in dict.fromkeys(value.value))
            if value.complete:
                yield id, name, "", stated
        elif KINDS[kind_name(id)].field(name) is not None:
            yield id, name, value.value, stated


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
