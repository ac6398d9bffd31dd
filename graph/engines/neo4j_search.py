"""Name search on a server: exact, prefix, contained (full-text over bigrams), pinyin initials, full pinyin (semantics 23).

The full-text index holds the same ASCII tokens as the embedded store's, so what it finds is what is contained, whatever the
script, and nothing has to be looked at again. Lengths are counted in Python: Neo4j counts UTF-16 units."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from graph.compile.cypher_subject import body_columns
from graph.engines.neo4j_schema import NAMES
from graph.engines.stored import HOWS
from schemas.identifiers import clean, normal

NAMED = f"""
MATCH (k:Key {{search: $q}}) RETURN k, CASE k.scheme WHEN 'credit_code' THEN 0 ELSE 1 END AS how, k.len AS len, k.original AS matched
UNION ALL MATCH (k:Key) WHERE k.search STARTS WITH $q AND k.search <> $q AND k.scheme <> 'credit_code'
RETURN k, 2 AS how, k.len AS len, k.original AS matched
UNION ALL CALL db.index.fulltext.queryNodes('{NAMES}', $phrase) YIELD node AS k RETURN k, 3 AS how, k.len AS len, k.original AS matched
"""
READ = f"""
UNION ALL CALL db.index.fulltext.queryNodes('{NAMES}', $reading) YIELD node AS k
UNWIND [p IN k.initials WHERE p STARTS WITH $q | [4, size(p)]] + [p IN k.full WHERE p STARTS WITH $q | [5, size(p)]] AS hit
RETURN k, hit[0] AS how, hit[1] AS len, '' AS matched
"""


SHARING = f"""
UNWIND $parts AS part
RETURN [part[0], COLLECT {{ CALL db.index.fulltext.queryNodes('{NAMES}', part[1], {{limit: $limit}}) YIELD node AS k
    RETURN [k.id, k.search] }}] AS row
"""


def phrase(value: str) -> str:
    """A query for the names that contain ``value``; its tokens are ASCII letters and digits."""
    codes = [f"{ord(c):x}g" for c in value]
    if len(codes) == 1:
        return f"grams:{codes[0]}*"  # begins the token of every pair and is the last token itself
    return 'grams:"' + " ".join(a + b for a, b in pairwise(codes)) + '"'


def search(ask: Callable[..., list[Any]], text: str, kinds: Sequence[str], after: str | None,
           limit: int) -> tuple[list[tuple[Any, ...]], int, str | None]:
    """(rows (``body_columns``, matched, how), total, cursor of the next page); ``after`` is such a cursor. ``matched`` "": the name.
    ``ask``: what runs a statement and gives its column ``row``."""
    query = normal(clean(text))
    if not query:
        return [], 0, None
    parameters: dict[str, Any] = {"q": query, "phrase": phrase(query), "most": limit + 1}
    letters = query.isascii() and query.isalnum()
    if letters:
        parameters["reading"] = f"initials:{query}* OR full:{query}*"
    page = ""
    if after:
        parameters.update(zip(("rank", "key", "id"), json.loads(after), strict=True))
        page = "WHERE h[0] > $rank OR (h[0] = $rank AND (h[1] > $key OR (h[1] = $key AND h[2] > $id)))"
    kept = f" WHERE n:{'|'.join(kinds)}" if kinds else ""
    total, hits = ask(f"""
        CALL () {{ {NAMED} {READ if letters else ''} }}
        WITH k.id AS id, min([how * 100000000 + len * 10000, matched]) AS best
        MATCH (n:Body {{id: id}}){kept}
        WITH collect([best[0], n.sort_key, n.id, best[1]]) AS hits
        RETURN [size(hits), COLLECT {{ UNWIND hits AS h WITH h {page} WITH h ORDER BY h[0], h[1], h[2] LIMIT $most
            MATCH (n:Body {{id: h[2]}}) WITH h, n ORDER BY h[0], h[1], h[2] RETURN [h, {body_columns('n')}] }}] AS row
        """, **parameters)[0]
    cursor = json.dumps(hits[limit - 1][0][:3]) if len(hits) > limit else None
    return [(columns, matched, HOWS[rank // 100000000]) for (rank, _, _, matched), columns in hits[:limit]], total, cursor
