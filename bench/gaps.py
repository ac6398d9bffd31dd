"""The three-valued gap scan of all units beside a hand-written, two-valued, set-wise statement on the same store."""

from __future__ import annotations

import sqlite3

from bench.district import District
from bench.measure import Figure, median_of, ms
from graph.policy_files import policy
from graph.questions.gaps import gaps
from schemas.view import View

RULE = "no-coverage"
# what one would write by hand for the counting ways of the bundled policy: kinds 1-2 are units, 3 party organisations, 12-13
# buildings and parks; types 1 LOCATED_IN, 5 FORMED_IN, 6 COVERS, 14 LIAISES_WITH
HAND_WRITTEN = """
WITH joint AS MATERIALIZED (SELECT id FROM value WHERE field = 'form' AND value = 'joint' AND stated),
    post AS MATERIALIZED (SELECT id FROM value WHERE field = 'sort' AND value IN ('instructor', 'liaison') AND stated),
    mass AS MATERIALIZED (SELECT id FROM value WHERE field = 'sort' AND value IN ('trade_union', 'youth_league') AND stated),
    covered AS (
        SELECT dst AS id FROM edge WHERE type = 5 AND src >> 40 = 3 AND stated AND since <= :day AND until > :day
        UNION SELECT e.dst FROM joint j CROSS JOIN edge e ON e.type = 6 AND e.src = j.id AND e.stated AND e.since <= :day AND e.until > :day
        UNION SELECT l.src FROM joint j CROSS JOIN edge e ON e.type = 6 AND e.src = j.id AND e.stated AND e.since <= :day AND e.until > :day
            CROSS JOIN edge l ON l.type = 1 AND l.dst = e.dst AND l.stated AND l.since <= :day AND l.until > :day
        UNION SELECT e.dst FROM post p CROSS JOIN edge e ON e.type IN (5, 14) AND e.src = p.id AND e.stated AND e.since <= :day
            AND e.until > :day
        UNION SELECT e.dst FROM mass m CROSS JOIN edge e ON e.type IN (5, 6) AND e.src = m.id AND e.stated AND e.since <= :day
            AND e.until > :day)
SELECT count(*), sum(id IN covered) FROM node WHERE id >= 1 << 40 AND id < 3 << 40 AND ended > :day
"""


def figures(district: District) -> list[Figure]:
    view = View(policy())
    theirs, (units, covered) = median_of(_by_hand, sqlite3.connect(district.store), view.day)
    ours, answer = median_of(gaps, district.engine, view, rules=(RULE,), limit=0)
    page, _ = median_of(gaps, district.engine, view, rules=(RULE,), limit=50)
    counts = answer.rules[0].counts
    assert (sum(counts.values()), counts["ok"]) == (units, covered), (counts, units, covered)
    found = ", ".join(f"{s} {n:,}" for s, n in counts.items())
    return [
        Figure(f"gap scan of all {units:,} units ({found})", ms(ours), f"two-valued SQL by hand {ms(theirs)}", f"{ours / theirs:.1f} x",
               "≤ 2 x", ours <= 2 * theirs),
        Figure("the same with the first 50 gaps, reasons and evidence", ms(page), "", f"{page / theirs:.1f} x", "", None),
    ]


def _by_hand(db: sqlite3.Connection, day: int) -> tuple[int, int]:
    """(units, covered ones)."""
    row: tuple[int, int] = db.execute(HAND_WRITTEN, {"day": day}).fetchone()
    return row
