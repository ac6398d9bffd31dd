"""What one batch of the writer reads and writes at once: a statement for each row would cost more than the rows."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from graph.engines.rows import KIND_BITS
from graph.merging import Merged
from schemas.facts import BodyFact, RelationFact
from schemas.identifiers import kind_of
from schemas.kinds import KINDS
from schemas.relations import RELATIONS

Target = tuple[int, int, int]  # a body: (id, 0, 0); a relationship: (source, type, target)
TYPES = {r.name: r.number for r in RELATIONS.values()}
KEPT = 200_000  # ids kept in memory; the table remembers the others
# in the order in which they are written
INSERTS = {
    "node": "INSERT INTO node VALUES (?,?,?,?,?,?,?,?,?)",
    "value": "INSERT INTO value VALUES (?,?,?,?)",
    "key": "INSERT OR IGNORE INTO key VALUES (?,?,?,?,?)",
    "name": "INSERT INTO name VALUES (?,?,?,?,?)",
    "gram": "INSERT INTO gram(rowid, grams) VALUES (?,?)",
    "pinyin": "INSERT OR IGNORE INTO pinyin VALUES (?,?,?)",
    "edge": "INSERT INTO edge(type, src, dst, role, nth, start, since, until, stated, data, rows) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
    "claim": "INSERT OR IGNORE INTO claim VALUES (?,?,?,?)",
}


class Inserts(dict[str, list[tuple[Any, ...]]]):
    """Rows to insert, by table; written table by table in the order of their keys."""

    def __init__(self, db: sqlite3.Connection) -> None:
        super().__init__({table: [] for table in INSERTS})
        self.db = db
        self.last_name: int = db.execute("SELECT max(rowid) FROM name").fetchone()[0] or 0

    def next_name(self) -> int:
        """The next number of the table ``name``."""
        self.last_name += 1
        return self.last_name

    def write(self) -> None:
        for table, rows in self.items():
            if rows:
                rows.sort()
                self.db.executemany(INSERTS[table], rows)
                rows.clear()


class Ids(dict[str, int]):
    """Public ids -> the numbers of bodies; one that has none is given one. ``fresh``: those given by ``look_up``, until it is
    cleared: nothing else is stored of them. ``merged``: bodies that are one."""

    def __init__(self, db: sqlite3.Connection, merged: Merged) -> None:
        super().__init__()
        self.db, self.merged = db, merged
        self.last = dict[int, int]()  # kind number -> the last number given
        self.fresh = set[int]()

    def target(self, fact: BodyFact | RelationFact) -> Target:
        """What a fact is about, as bodies are called now."""
        now = self.merged
        if isinstance(fact, BodyFact):
            return self[now.get(fact.id, fact.id)], 0, 0
        return self[now.get(fact.source, fact.source)], TYPES[fact.type], self[now.get(fact.target, fact.target)]

    def look_up(self, publics: Iterable[str]) -> None:
        """Read the numbers of many, and give numbers to those that have none, in order."""
        if len(self) > KEPT:
            self.clear()
        asked = [p for p in dict.fromkeys(publics) if p not in self]
        self.update(self.db.execute("SELECT public, id FROM body WHERE public IN (SELECT value FROM json_each(?))", (json.dumps(asked),)))
        new = [(p, self._next(p)) for p in asked if p not in self]
        self.db.executemany("INSERT INTO body VALUES (?,?)", sorted(new))
        self.update(new)
        self.fresh.update([id for _, id in new])

    def __missing__(self, public: str) -> int:
        row = self.db.execute("SELECT id FROM body WHERE public = ?", (public,)).fetchone()
        if row is None:
            row = (self._next(public),)
            self.db.execute("INSERT INTO body VALUES (?,?)", (public, row[0]))
        return self.setdefault(public, row[0])

    def _next(self, public: str) -> int:
        kind = KINDS[kind_of(public) or ""].number
        if kind not in self.last:
            first = kind << KIND_BITS
            last = self.db.execute("SELECT max(id) FROM body WHERE id >= ? AND id < ?", (first, first + (1 << KIND_BITS))).fetchone()[0]
            self.last[kind] = last or first
        self.last[kind] += 1
        return self.last[kind]


def joined(db: sqlite3.Connection, table: str, columns: str, targets: Sequence[Target], near: str, far: str,
           more: str = "") -> list[tuple[Any, ...]]:
    """SELECT ``columns`` of the table's rows ``t`` of the targets (near end, type, far end)."""
    return db.execute(f"SELECT {columns} FROM json_each(?) j CROSS JOIN {table} t ON t.{near} = j.value ->> 0 AND t.type = j.value ->> 1"
                      f" AND t.{far} = j.value ->> 2 {more}", (json.dumps(targets),)).fetchall()
