"""Who refers to what only one import asserts, in the embedded store: an undo would leave them speaking of nothing."""

from __future__ import annotations

import json
import sqlite3

from graph.engines.rows import IMPORT_BITS, SHEET_BITS, span
from graph.engines.stored import grouped
from graph.merging import IN_JSON
from schemas.facts import ENDS
from schemas.identifiers import PUBLIC_ID

# bodies that rows of the import assert, and no other rows in force
ALONE = """
SELECT DISTINCT c.a FROM claim c WHERE c.type = 0 AND c.row >= :low AND c.row < :high
    AND NOT EXISTS (SELECT 1 FROM claim o WHERE o.a = c.a AND o.type = 0 AND o.b = 0 AND (o.row < :low OR o.row >= :high))
"""
# what a full register lacks refers to nothing
MADE = f"SELECT import << {IMPORT_BITS - SHEET_BITS} | position FROM sheet WHERE name = '{ENDS}'"
SAID = f"AND c.row >> {SHEET_BITS} NOT IN ({MADE})"
REFERRING = f"""
SELECT b.public, r.number FROM (
    SELECT j.value AS id, c.row >> {IMPORT_BITS} AS number FROM json_each(:alone) j
        CROSS JOIN claim c ON c.a = j.value AND c.type > 0 {SAID}
    UNION SELECT j.value, c.row >> {IMPORT_BITS} FROM json_each(:alone) j CROSS JOIN claim c ON c.b = j.value AND c.type > 0 {SAID}
    UNION SELECT id, row >> {IMPORT_BITS} FROM closed WHERE id IN (SELECT value FROM json_each(:alone))
) r JOIN body b ON b.id = r.id WHERE r.number <> :number
"""


def needed(db: sqlite3.Connection, number: int) -> dict[str, list[int]]:
    """See ``graph.engine.Writer.needed``."""
    low, high = span(number)
    alone = json.dumps([a for (a,) in db.execute(ALONE, {"low": low, "high": high})])
    found = set(db.execute(REFERRING, {"alone": alone, "number": number}).fetchall())
    ours = {p for (p,) in db.execute("SELECT public FROM body WHERE id IN (SELECT value FROM json_each(?))", (alone,))}
    others = db.execute("SELECT row, data FROM declaration WHERE (row < ? OR row >= ?) AND NOT instr(data, ?)", (low, high, IN_JSON))
    for row, data in others:
        found |= {(id, row >> IMPORT_BITS) for id in PUBLIC_ID.findall(data) if id in ours}
    return grouped(found)
