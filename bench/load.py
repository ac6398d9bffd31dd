"""The load of all registers beside bare ``sqlite3`` inserts of the same final rows into the same tables and indexes."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from bench.district import Loaded
from bench.measure import Figure
from graph.engines.sqlite_schema import open_store
from graph.engines.stored import grams

CHUNK = 50_000


def figures(store: Path, loaded: Loaded) -> list[Figure]:
    cpu = bare(store)
    ratio = loaded.cpu / cpu
    rate = f"{loaded.rows:,} rows, {loaded.rejects} refused"
    return [
        Figure("load of all registers, CPU", f"{loaded.cpu:.1f} s ({loaded.wall:.1f} s wall; {rate})", f"bare inserts {cpu:.1f} s",
               f"{ratio:.1f} x", "≤ 8 x", ratio <= 8),
        Figure("load, peak memory", f"{loaded.peak:.0f} MB", "", "", "≤ 400 MB", loaded.peak <= 400),
    ]


def bare(store: Path) -> float:
    """CPU seconds of ``executemany`` into every table, in one transaction. Reading the rows back is not counted."""
    source = sqlite3.connect(store)
    copy = store.with_name("bare.db")
    target = open_store(copy, create=True)
    target.execute("DELETE FROM meta")
    target.execute("BEGIN")
    spent = sum(_copied(source, target, f"SELECT * FROM {t}", t) for t in _tables(source))
    source.create_function("grams", 1, grams, deterministic=True)
    names = "SELECT rowid, grams(value) FROM name WHERE scheme <> 'credit_code' ORDER BY rowid"  # else by value: FTS5 begins anew each time
    spent += _copied(source, target, names, "gram(rowid, grams)")
    begun = time.process_time()
    target.execute("COMMIT")
    spent += time.process_time() - begun
    assert all(_count(source, t) == _count(target, t) for t in _tables(source))
    target.close()
    copy.unlink()
    return spent


def _copied(source: sqlite3.Connection, target: sqlite3.Connection, select: str, into: str) -> float:
    rows, spent = source.execute(select), 0.0
    insert = f"INSERT INTO {into} VALUES ({', '.join('?' * len(rows.description))})"
    while chunk := rows.fetchmany(CHUNK):
        begun = time.process_time()
        target.executemany(insert, chunk)
        spent += time.process_time() - begun
    return spent


def _tables(db: sqlite3.Connection) -> list[str]:
    found = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid").fetchall()
    return [n for (n,) in found if not n.startswith(("gram", "sqlite_"))]


def _count(db: sqlite3.Connection, table: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
