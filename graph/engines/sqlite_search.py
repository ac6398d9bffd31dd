"""Name search in the embedded store: exact, prefix, contained (FTS5 over bigrams), pinyin initials, full pinyin (semantics 23)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from graph.engines.rows import KIND_BITS
from graph.engines.sqlite_batch import Inserts
from graph.engines.stored import HOWS, grams
from schemas.identifiers import clean, normal
from schemas.kinds import KINDS
from schemas.pinyin import reading

LAST = "\U0010ffff"


def phrase(value: str) -> str:
    codes = [f"{ord(c):x}g" for c in value]
    if len(codes) == 1:
        return f'"{codes[0]}" *'  # begins the token of every pair and is the last token itself
    return '"' + " ".join(a + b for a, b in pairwise(codes)) + '"'


HITS = """
SELECT id, 0 AS how, length(value) AS len, original FROM name WHERE value = :q AND scheme = 'credit_code'
UNION ALL SELECT id, 1, length(value), original FROM name WHERE value = :q AND scheme <> 'credit_code'
UNION ALL SELECT id, 2, length(value), original FROM name WHERE value > :q AND value < :end AND scheme <> 'credit_code'
UNION ALL SELECT id, 3, length(value), original FROM name WHERE rowid IN (SELECT rowid FROM gram WHERE grams MATCH :phrase)
    AND scheme <> 'credit_code'
UNION ALL SELECT p.id, CASE p.how WHEN 'i' THEN 4 ELSE 5 END, length(p.value), n.name FROM pinyin p JOIN node n ON n.id = p.id
    WHERE :letters AND p.value >= :letters_q AND p.value < :letters_end
"""
# the bare column original belongs to the row of the minimum (SQLite's rule for a single min())
BEST = "SELECT id, min(how * 100000000 + len * 10000 + 0) AS rank, original FROM hits GROUP BY id"


def search(db: sqlite3.Connection, text: str, kinds: Sequence[str], after: str | None,
           limit: int) -> tuple[list[tuple[Any, ...]], int, str | None]:
    """(rows (public id, matched, how), total, cursor of the next page); ``after`` is such a cursor."""
    query = normal(clean(text))
    if not query:
        return [], 0, None
    letters = "".join(c for c in query if c.isascii() and c.isalnum())
    params: dict[str, Any] = {"q": query, "end": query + LAST, "phrase": phrase(query), "letters": int(letters == query),
                              "letters_q": letters, "letters_end": letters + "~"}
    test = " OR ".join(f"h.id BETWEEN {KINDS[k].number << KIND_BITS} AND {((KINDS[k].number + 1) << KIND_BITS) - 1}" for k in kinds) or "1"
    common = f"WITH hits AS ({HITS}), best AS ({BEST}) "
    total = db.execute(f"{common} SELECT count(*) FROM best h WHERE {test}", params).fetchone()[0]
    page = "1"
    if after:
        params.update(zip(("rank", "key", "public"), json.loads(after), strict=True))
        page = "(h.rank, n.sort_key, n.public) > (:rank, :key, :public)"
    rows = db.execute(f"{common} SELECT n.public, h.original, h.rank, n.sort_key FROM best h JOIN node n ON n.id = h.id"
                      f" WHERE ({test}) AND {page} ORDER BY h.rank, n.sort_key, n.public LIMIT {limit + 1}", params).fetchall()
    cursor = json.dumps([rows[limit - 1][2], rows[limit - 1][3], rows[limit - 1][0]]) if len(rows) > limit else None
    return [(p, original, HOWS[rank // 100000000]) for p, original, rank, _ in rows[:limit]], total, cursor


def sharing(db: sqlite3.Connection, parts: Sequence[str], most: int) -> dict[str, list[tuple[str, str]]]:
    """See ``graph.engine.Snapshot.sharing``. It stops where there are too many."""
    found = dict[str, list[tuple[str, str]]]()
    for part in parts:
        hits = db.execute(
            "SELECT b.public, n.value FROM gram g CROSS JOIN name n ON n.rowid = g.rowid JOIN body b ON b.id = n.id"
            " WHERE g.grams MATCH ? LIMIT ?", (phrase(part), most + 1)).fetchall()
        if len(hits) <= most:
            found[part] = hits
    return found


def index_names(inserts: Inserts, id: int, names: Iterable[tuple[str, str]]) -> None:
    """Put a body's (scheme, original) names into the search tables."""
    spelt = dict[tuple[str, str], str]()
    for scheme, original in names:
        spelt.setdefault((scheme, normal(original)), original)
    for (scheme, value), original in spelt.items():
        number = inserts.next_name()
        inserts["name"].append((number, id, value, scheme, original))
        if scheme != "credit_code":
            read = reading(value)
            inserts["gram"].append((number, grams(value)))
            inserts["pinyin"].extend([(v, "i", id) for v in read.initials])
            inserts["pinyin"].extend([(v, "f", id) for v in read.full])


def forget_names(db: sqlite3.Connection, id: int) -> None:
    for rowid, value, scheme in db.execute("SELECT rowid, value, scheme FROM name WHERE id = ?", (id,)).fetchall():
        if scheme != "credit_code":
            db.execute("INSERT INTO gram(gram, rowid, grams) VALUES ('delete', ?, ?)", (rowid, grams(value)))
    db.execute("DELETE FROM name WHERE id = ?", (id,))
    db.execute("DELETE FROM pinyin WHERE id = ?", (id,))
