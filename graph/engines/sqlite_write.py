"""The writer of the embedded store: rows into force, the projection of what they touch, one transaction a batch."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from typing import Any

from graph.codec import dumps, facts_in, facts_out, loads
from graph.engine import BatchCounts
from graph.engines.gathering import asserted, gather
from graph.engines.rows import IMPORT_BITS, KIND_BITS, SHEET_BITS, import_of, kind_name, row_id, span
from graph.engines.sqlite_batch import INSERTS, Ids, Inserts, joined
from graph.engines.sqlite_needed import needed
from graph.engines.sqlite_read import SqliteSnapshot
from graph.engines.sqlite_search import forget_names, index_names
from graph.engines.stored import NAME_SCHEMES, begun, body_effect, edge_effect, edge_rows, mentioned, node_data, single_body
from graph.frame import end_of
from graph.merging import IN_JSON, Merged, affected, merged_in
from graph.project import Asserted, BodyState, project_body, project_spells
from schemas.dates import OPEN, read
from schemas.declarations import Completeness
from schemas.facts import BodyFact, DeclarationFact, Fact, Import, RelationFact, Row, Value
from schemas.identifiers import kind_of, normal
from schemas.kinds import KINDS
from schemas.pinyin import reading
from schemas.relations import RELATIONS

Target = tuple[int, int, int]  # a body: (id, 0, 0); a relationship: (source, type, target)
CHUNK = 5000  # targets projected at once


class SqliteWriter:
    """See ``graph.engine.Writer``."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db, self.changed = db, False
        self.ids, self.inserts = Ids(db), Inserts(db)
        self.imports = {i.number: i for i in map(import_of, db.execute("SELECT * FROM import"))}
        self.sheets: dict[tuple[int, str], int] = {(n, name): p for n, p, name in db.execute("SELECT import, position, name FROM sheet")}
        self.ended = dict(db.execute("SELECT id, ended FROM node WHERE ended <> 99991231").fetchall())
        self.merged = self._merges()

    # -- imports -----------------------------------------------------------------------------------------------------------

    def begin_import(self, record: Import) -> Import:
        record = begun(record, self.imports)
        if self._state(record.number) == "undone":
            self.db.execute("DELETE FROM row WHERE id >= ? AND id < ?", span(record.number))
        self._put_import(record)
        return record

    def finish_import(self, number: int, state: str, counts: Mapping[str, Any]) -> None:
        self._put_import(replace(self.imports[number], state=state, counts=dict(counts)))

    def _put_import(self, i: Import) -> None:
        self.imports[i.number] = i
        self.db.execute("INSERT OR REPLACE INTO import VALUES (?,?,?,?,?,?,?,?,?,?,?)", (
            i.number, i.digest, i.file, i.source, i.as_of, i.as_of_precision, i.who, i.at, i.state, dumps(i.counts), int(i.synthetic)))

    def _state(self, number: int) -> str:
        return self.imports[number].state if number in self.imports else ""

    def withdraw(self, number: int) -> BatchCounts:
        counts = BatchCounts()
        targets = self.db.execute("SELECT DISTINCT a, type, b FROM claim WHERE row >= ? AND row < ?", span(number)).fetchall()
        for table in ("claim", "declaration", "closed"):
            self.db.execute(f"DELETE FROM {table} WHERE row >= ? AND row < ?", span(number))
        self.changed = True
        self._project(targets, {}, counts)
        self._merge_anew(counts)
        self._put_import(replace(self.imports[number], state="undone"))
        return counts

    def last_row(self, number: int, sheet: str) -> int:
        if (number, sheet) not in self.sheets:
            return 0
        first = row_id(number, self.sheets[number, sheet], 0)
        found = self.db.execute("SELECT max(id) FROM row WHERE id >= ? AND id < ?", (first, first + (1 << SHEET_BITS))).fetchone()[0]
        return (found or first) - first

    def needed(self, number: int) -> dict[str, list[int]]:
        return needed(self.db, number)

    # -- rows --------------------------------------------------------------------------------------------------------------

    def apply(self, number: int, rows: Sequence[Row]) -> BatchCounts:
        self.ids.look_up(p for row in rows for fact in row.facts for p in mentioned(fact))
        found = gather(len(rows), self._new_rows(number, rows), self.imports, self._target, self._declare)
        effects = self._project(found.facts, found.facts, found.counts)
        self.inserts.add("claim", ((*t, a.row) for t, facts in found.facts.items() for a in facts))
        self.inserts.write()
        self.ids.fresh.clear()
        counts = found.told(effects)
        self._merge_anew(counts)
        return counts

    def _new_rows(self, number: int, rows: Sequence[Row]) -> list[tuple[int, int, Row]]:
        """(place, id, row) of those that are not in force already."""
        ids = [row_id(number, self._sheet(number, r.sheet), r.number) for r in rows]
        known = {i for (i,) in self.db.execute("SELECT id FROM row WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(ids),))}
        new = [(place, i, r) for place, (i, r) in enumerate(zip(ids, rows, strict=True)) if i not in known]
        self.db.executemany("INSERT INTO row VALUES (?,?,?)", ((i, r.hash, facts_out(r.facts)) for _, i, r in new))
        return new

    def _sheet(self, number: int, name: str) -> int:
        if (number, name) not in self.sheets:
            position = sum(1 for n, _ in self.sheets if n == number)
            self.sheets[number, name] = position
            self.db.execute("INSERT INTO sheet VALUES (?,?,?)", (number, position, name))
        return self.sheets[number, name]

    def _target(self, fact: BodyFact | RelationFact) -> Target:
        if isinstance(fact, BodyFact):
            return self._number(fact.id), 0, 0
        return self._number(fact.source), RELATIONS[fact.type].number, self._number(fact.target)

    def _number(self, public: str) -> int:
        return self.ids[self.merged.get(public, public)]

    def _declare(self, row: int, position: int, fact: DeclarationFact) -> str:
        """The effect: a cell 无 is of the body in whose row it stands, and said once more it is confirmed."""
        self.changed = True
        data = fact.data
        if data["type"] == "completeness" and (body := single_body(data)):
            d = Completeness.model_validate(data)
            as_of = self.imports[row >> IMPORT_BITS].as_of
            start = read(d.start) if d.start else None
            known = self.db.execute("SELECT 1 FROM closed WHERE sig = ? AND id = ? LIMIT 1", (d.hop, self._number(body))).fetchone()
            self.db.execute("INSERT OR IGNORE INTO closed VALUES (?,?,?,?,?,?,?)", (
                d.hop, self._number(body), start[0] if start else as_of, end_of(d.until) if d.until else 0, as_of, row, position))
            return "confirmed" if known else "updated"
        self.db.execute("INSERT OR IGNORE INTO declaration VALUES (?,?,?)", (row, position, dumps(data)))
        return "created"

    # -- bodies that are one -----------------------------------------------------------------------------------------------

    def _merges(self) -> Merged:
        return merged_in(d for (d,) in self.db.execute("SELECT data FROM declaration WHERE instr(data, ?)", (IN_JSON,)))

    def _merge_anew(self, counts: BatchCounts) -> None:
        """Where merges came or went, move what rows say from body to body."""
        old, self.merged = self.merged, self._merges()
        if old == self.merged:
            return
        bodies = affected(old, self.merged)
        near = json.dumps(sorted(self.ids[b] for b in bodies))
        claims = self.db.execute(
            "SELECT c.a, c.type, c.b, c.row FROM json_each(:near) j CROSS JOIN claim c ON c.a = j.value"
            " UNION SELECT c.a, c.type, c.b, c.row FROM json_each(:near) j CROSS JOIN claim c ON c.b = j.value AND c.type > 0",
            {"near": near}).fetchall()
        self.db.executemany("DELETE FROM claim WHERE a = ? AND type = ? AND b = ? AND row = ?", claims)
        moved = self._moved({r for *_, r in claims}, bodies)
        self.db.executemany("INSERT OR IGNORE INTO claim VALUES (?,?,?,?)", sorted(moved))
        self._close_anew(near)
        self._project({t[:3] for t in (*claims, *moved)}, {}, counts)
        self.changed = True

    def _facts_of(self, rows: Iterable[int]) -> Iterable[tuple[int, list[Fact]]]:
        for row, text in self.db.execute("SELECT id, facts FROM row WHERE id IN (SELECT value FROM json_each(?))",
                                         (json.dumps(sorted(rows)),)).fetchall():
            yield row, facts_in(text)

    def _moved(self, rows: Iterable[int], bodies: Set[str]) -> set[tuple[int, int, int, int]]:
        """The claims of these rows on these bodies, as the bodies are called now."""
        said = ((row, f) for row, facts in self._facts_of(rows) for f in facts if not isinstance(f, DeclarationFact))
        found = {(*self._target(f), row) for row, f in said if not bodies.isdisjoint(mentioned(f))}
        return {claim for claim in found if claim[0] != claim[2]}

    def _close_anew(self, near: str) -> None:
        here = "FROM closed WHERE id IN (SELECT value FROM json_each(?))"
        stood = set(self.db.execute(f"SELECT row, position {here}", (near,)).fetchall())
        self.db.execute(f"DELETE {here}", (near,))
        for row, facts in self._facts_of({r for r, _ in stood}):
            for position, fact in enumerate(facts):
                if isinstance(fact, DeclarationFact) and (row, position) in stood:
                    self._declare(row, position, fact)

    # -- projection --------------------------------------------------------------------------------------------------------

    def _project(self, targets: Iterable[Target], new: Mapping[Target, list[Asserted[Any]]], counts: BatchCounts) -> dict[Target, str]:
        """Project targets from their rows in force and ``new`` ones; bodies first, since their ends cap relationships."""
        effects, again = dict[Target, str](), dict[Target, None]()
        ordered = sorted(targets)
        for chunk in chunks([t for t in ordered if not t[1]]):
            in_force, nodes = self._in_force(chunk), self._nodes(chunk)
            for target in chunk:
                facts = [*in_force.get(target, ()), *new.get(target, ())]
                effects[target] = self._project_node(target[0], facts, nodes.get(target[0]), again)
                _count(counts.bodies, kind_name(target[0]), effects[target])
            self.inserts.write()
        for chunk in chunks(list(dict.fromkeys([*(t for t in ordered if t[1]), *again]))):
            in_force, edges = self._in_force(chunk), self._edges(chunk)
            for target in chunk:
                effects[target] = self._project_edge(target, [*in_force.get(target, ()), *new.get(target, ())], edges.get(target, []))
                _count(counts.relationships, relation_name(target[1]), effects[target])
            self.inserts.write()
        self.changed = self.changed or any(e != "unchanged" for e in effects.values())
        return effects

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
                if not isinstance(fact, DeclarationFact) and self._target(fact) == (a, number, b):
                    found.setdefault((a, number, b), []).append(asserted(self.imports, row, fact))
        return found

    def _nodes(self, targets: Sequence[Target]) -> dict[int, tuple[Any, ...]]:
        rows = self.db.execute("SELECT id, name, data, rows, ended FROM node WHERE id IN (SELECT value FROM json_each(?))",
                               (json.dumps([t[0] for t in self._stored(targets)]),))
        return {r[0]: r[1:] for r in rows}

    def _edges(self, targets: Sequence[Target]) -> dict[Target, list[tuple[Any, ...]]]:
        found = dict[Target, list[tuple[Any, ...]]]()
        columns = "t.src, t.type, t.dst, t.role, t.nth, t.start, t.since, t.until, t.stated, t.data, t.rows"
        for row in joined(self.db, "edge", columns, self._stored(targets), "src", "dst", "ORDER BY t.role, t.nth"):
            found.setdefault(row[:3], []).append(row[3:])
        return found

    def _project_node(self, id: int, facts: list[Asserted[BodyFact]], old: tuple[Any, ...] | None, again: dict[Target, None]) -> str:
        state = project_body(facts)
        if state is None:
            if old:
                self._forget_node(id)
                self._cap_again(id, again)
            return "removed" if old else "unchanged"
        new = (state.name, node_data(state), dumps(list(state.rows)), state.ended)
        effect = body_effect(old, new) if old else "created"
        if effect == "unchanged":
            return effect
        if old:
            self._forget_node(id)
        self._put_node(id, self.merged.get(facts[0].fact.id, facts[0].fact.id), state, new)
        if (old[3] if old else OPEN) != state.ended:
            self._cap_again(id, again)
        return effect

    def _put_node(self, id: int, public: str, state: BodyState, new: tuple[str, str, str, int]) -> None:
        name, data, rows, ended = new
        synthetic = state.values.get("synthetic", Value("false")).value == "true"
        key = reading(normal(name)).sort_key if name else "~" + public
        self.inserts.add("node", [(id, public, name, key, ended, int(not name), int(synthetic), data, rows)])
        if ended != OPEN:
            self.ended[id] = ended
        self.inserts.add("value", node_values(id, state))
        names = ([("name", name)] if name else []) + [k for k in state.keys if k[0] in NAME_SCHEMES]
        index_names(self.inserts, id, list(dict.fromkeys(names)))
        keys = [*names, *(k for k in state.keys if k[0] == "unnamed")]
        self.inserts.add("key", ((v if s in ("credit_code", "unnamed") else normal(v), s, id >> KIND_BITS, id, v) for s, v in keys))

    def _forget_node(self, id: int) -> None:
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

    def _project_edge(self, target: Target, facts: list[Asserted[RelationFact]], old: list[tuple[Any, ...]]) -> str:
        source, number, other = target
        spells = project_spells(facts, min(self.ended.get(source, OPEN), self.ended.get(other, OPEN))) if facts else []
        new = edge_rows(spells)
        if (effect := edge_effect(old, new)) == "unchanged":
            return effect
        if old:
            self.db.execute("DELETE FROM edge WHERE type = ? AND src = ? AND dst = ?", (number, source, other))
        self.inserts.add("edge", ((number, source, other, *row) for row in new))
        return effect

    def snapshot(self) -> SqliteSnapshot:
        return SqliteSnapshot(self.db, {})

    # -- whole stores ------------------------------------------------------------------------------------------------------

    def register(self, added: Sequence[tuple[str, str, str, str]], gone: Sequence[tuple[str, str, str, str]]) -> None:
        self.ids.look_up(id for id, *_ in added)
        keys = [(value, scheme, KINDS[kind_of(id) or ""].number, self.ids[id], original) for id, scheme, value, original in added]
        self.db.executemany(INSERTS["key"], keys)
        self.db.executemany("DELETE FROM key WHERE id = ? AND scheme = ? AND value = ?", [(self.ids[id], s, v) for id, s, v, _ in gone])

    def go_on_from(self, version: int) -> None:
        """Let the data version be greater than ``version``, unless that is of a store that never held anything."""
        if version:
            self.db.execute("UPDATE meta SET value = max(value, ?) + 1 WHERE key = 'version'", (version,))

    # -- records -----------------------------------------------------------------------------------------------------------

    def record(self, collection: str, id: str) -> Any:
        row = self.db.execute("SELECT value FROM record WHERE collection = ? AND id = ?", (collection, id)).fetchone()
        return loads(row[0]) if row else None

    def put_record(self, collection: str, id: str, value: Any) -> None:
        self.db.execute("INSERT OR REPLACE INTO record VALUES (?,?,?)", (collection, id, dumps(value)))

    def delete_record(self, collection: str, id: str) -> None:
        self.db.execute("DELETE FROM record WHERE collection = ? AND id = ?", (collection, id))


def chunks(targets: Sequence[Target]) -> Iterable[Sequence[Target]]:
    return (targets[i:i + CHUNK] for i in range(0, len(targets), CHUNK))


def _count(counts: dict[str, int], name: str, effect: str) -> None:
    if effect != "unchanged":
        counts[f"{name}.{effect}"] = counts.get(f"{name}.{effect}", 0) + 1


def relation_name(number: int) -> str:
    return next(r.name for r in RELATIONS.values() if r.number == number)


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
