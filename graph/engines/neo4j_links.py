"""The frontier of a path search as one statement: what bodies lead to, and how much where that is too much."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from graph.engine import Frontier, Link, Spread
from graph.engines.neo4j_rows import Properties

HOLDS = "f.name IS NOT NULL AND e.since <= $asked.day AND e.until > $asked.day AND NOT f.id IN $asked.known"
LINK = "[startNode(e).id, type(e), endNode(e).id, e.stated]"


@lru_cache(maxsize=256)
def text(portions: tuple[tuple[str, ...], ...]) -> str:
    """A row is a link, or a body with its degrees. The same text for all frontiers of a kind of question, since a server plans a
    new one for longer than it takes to answer it."""
    every = "|".join(t for portion in portions for t in portion)
    degrees = ", ".join(f"COUNT {{ (n)-[:{'|'.join(portion)}]-() }}" for portion in portions)
    bodies = ("UNWIND $asked.bodies AS id MATCH (n:Body {id: id})"
              f" WITH n, COUNT {{ (n)--() }} <= $asked.few OR COUNT {{ (n)-[:{every}]-() }} <= $asked.few AS few"
              f" CALL (n, few) {{ WITH n, few WHERE few MATCH (n)-[e:{every}]-(f) WHERE {HOLDS} RETURN {LINK} AS row"
              f" UNION ALL WITH n, few WHERE NOT few RETURN [n.id, [{degrees}]] AS row }} RETURN row")
    hubs = [f"UNWIND $asked.hubs[{i}] AS id MATCH (n:Body {{id: id}})-[e:{'|'.join(portion)}]-(f) WHERE {HOLDS}"
            f" AND (f.id IN $asked.ends OR EXISTS {{ (f)-[:{every}]-(x) WHERE x <> n }}) RETURN {LINK} AS row"
            for i, portion in enumerate(portions)]
    return f"CALL () {{ {' UNION ALL '.join([bodies, *hubs])} }} WITH row LIMIT $asked.most RETURN row"


def parameters(asked: Frontier, day: int) -> Properties:
    """As one map: a server plans a statement anew for lists of another size, but not within a map."""
    return {"asked": {"bodies": asked.bodies, "few": asked.few, "hubs": asked.hubs, "ends": asked.ends, "known": asked.known, "day": day,
                      "most": asked.most + 1}}


def spread(rows: list[list[Any]]) -> Spread:
    """What the rows of the statement tell."""
    links: list[Link] = [tuple(r) for r in rows if len(r) == 4]
    return Spread(links, {r[0]: r[1] for r in rows if len(r) == 2})
