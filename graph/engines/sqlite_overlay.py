"""What-if in the embedded store: a temporary view named ``edge`` hides the table of that name, for one transaction."""

from __future__ import annotations

import sqlite3

from graph.engines.stored import edge_rows
from graph.project import Asserted, project_spells
from schemas.errors import QuestionError
from schemas.relations import RELATIONS
from schemas.view import Overlay

TABLES = """
CREATE TEMP TABLE edge_added AS SELECT * FROM main.edge WHERE 0;
CREATE INDEX temp.edge_added_out ON edge_added(type, src, dst);
CREATE INDEX temp.edge_added_in ON edge_added(type, dst, src);
CREATE TEMP TABLE edge_removed(type INTEGER, src INTEGER, dst INTEGER, PRIMARY KEY(type, src, dst)) WITHOUT ROWID;
CREATE TEMP VIEW edge AS
    SELECT * FROM main.edge e WHERE NOT EXISTS (SELECT 1 FROM temp.edge_removed r WHERE r.type = e.type AND r.src = e.src AND r.dst = e.dst)
    UNION ALL SELECT * FROM temp.edge_added
"""
FIRST = 1000  # ordinals of added spells, beside those there are


def lay_over(db: sqlite3.Connection, overlay: Overlay) -> None:
    """Put an overlay over the edges, within the connection's transaction; raise QuestionError for an unknown body."""
    for statement in TABLES.split(";\n"):
        db.execute(statement)
    for source, relation, target in overlay.removed:
        ends = RELATIONS[relation].number, _node(db, source)[0], _node(db, target)[0]
        db.execute("INSERT OR IGNORE INTO edge_removed VALUES (?,?,?)", ends)
    for fact in overlay.added:
        (source_id, source_end), (target_id, target_end) = _node(db, fact.source), _node(db, fact.target)
        spells = project_spells([Asserted(0, 0, "", fact)], min(source_end, target_end))
        db.executemany("INSERT INTO edge_added VALUES (?,?,?,?,?,?,?,?,?,?,?)", (
            (RELATIONS[fact.type].number, source_id, target_id, role, FIRST + nth, start, since, until, stated, data, "[]")
            for role, nth, start, since, until, stated, data, _ in edge_rows(spells)))


def _node(db: sqlite3.Connection, public: str) -> tuple[int, int]:
    """The number of a body and its end, which caps its relationships."""
    row: tuple[int, int] | None = db.execute(
        "SELECT n.id, n.ended FROM body b JOIN node n ON n.id = b.id WHERE b.public = ?", (public,)).fetchone()
    if row is None:
        raise QuestionError("question.overlay", f"推演所指的对象 {public} 不存在", hint="请用 jingluo search 查找对象编号")
    return row
