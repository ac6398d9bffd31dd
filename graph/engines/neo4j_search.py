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

INDEX = f"CALL db.index.fulltext.queryNodes('{NAMES}', {{}}) YIELD node AS k"
ORIGINAL = "k.len AS len, k.original AS matched"
NAMED = (
    ("MATCH (k:Key {search: $q})", f"CASE k.scheme WHEN 'credit_code' THEN 0 ELSE 1 END AS how, {ORIGINAL}"),
    ("MATCH (k:Key) WHERE k.search STARTS WITH $q AND k.search <> $q AND k.scheme <> 'credit_code'", f"2 AS how, {ORIGINAL}"),
    (INDEX.format("$phrase"), f"3 AS how, {ORIGINAL}"),
)
READ = (
    (INDEX.format("$reading") + " UNWIND [p IN k.initials WHERE p STARTS WITH $q | [4, size(p)]]"
     " + [p IN k.full WHERE p STARTS WITH $q | [5, size(p)]] AS hit", "hit[0] AS how, hit[1] AS len, '' AS matched"),
)
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
    ``ask``: what runs a statement and gives its column ``row``.

    The hits are read twice, to be counted and to be ordered: kept as a list beside the ordered rows, the server counts the list as
    memory once a row, which for a character of every name is more than it may use."""
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
        page = "WHERE rank > $rank OR (rank = $rank AND (key > $key OR (key = $key AND id > $id)))"
    arms = NAMED + READ if letters else NAMED
    counted = " UNION ALL ".join(f"{keys} RETURN k" for keys, _ in arms)
    ranked = " UNION ALL ".join(f"{keys} RETURN k, {rank}" for keys, rank in arms)
    total, hits = ask(f"""
        CALL () {{ CALL () {{ {counted} }} WITH k{' WHERE k.kind IN $kinds' if kinds else ''} RETURN count(DISTINCT k.id) AS total }}
        CALL () {{ CALL () {{ {ranked} }} WITH k.id AS id, min([how * 100000000 + len * 10000, matched]) AS best
            MATCH (n:Body {{id: id}}){f" WHERE n:{'|'.join(kinds)}" if kinds else ''}
            WITH n, id, best[0] AS rank, n.sort_key AS key, best[1] AS matched {page} WITH * ORDER BY rank, key, id LIMIT $most
            RETURN collect([[rank, key, id, matched], {body_columns('n')}]) AS hits }}
        RETURN [total, hits] AS row
        """, kinds=list(kinds), **parameters)[0]
    cursor = json.dumps(hits[limit - 1][0][:3]) if len(hits) > limit else None
    return [(columns, matched, HOWS[rank // 100000000]) for (rank, _, _, matched), columns in hits[:limit]], total, cursor
