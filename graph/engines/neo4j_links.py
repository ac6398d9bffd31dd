"""The frontier of a path search as one statement: what bodies lead to, and how much where that is too much."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from graph.engines.neo4j_rows import Properties
from graph.parts import Frontier, Link, Spread

HOLDS = "f.name IS NOT NULL AND e.since <= $asked.day AND e.until > $asked.day AND NOT f.id IN $asked.known"
LINK = "[startNode(e).id, type(e), endNode(e).id, e.stated]"
ALL, ONWARD = 0, 3  # beside the reaches of a frontier: whatever it leads to; what leads on to any body

DENSE = 200  # a body with more is told without looking for where it leads: each of its neighbours would look through all others


@lru_cache(maxsize=256)
def text(portions: tuple[tuple[str, ...], ...]) -> str:
    """A row is a link, or a body with its degrees. The same text for all frontiers of a kind of question, since a server plans a
    new one for longer than it takes to answer it."""
    every = "|".join(t for portion in portions for t in portion)
    degrees = ", ".join(f"COUNT {{ (n)-[:{'|'.join(portion)}]-() }}" for portion in portions)
    onward = f"EXISTS {{ (f)-[:{every}]-(x) WHERE x <> n AND (reach = {ONWARD} OR x.id IN $asked.ends) }}"
    useful = f"reach = {ALL} OR f.id IN $asked.ends OR (reach > 1 AND (COUNT {{ (f)--() }} > {DENSE} OR {onward}))"
    found = f"WHERE ({useful}) AND {HOLDS} RETURN {LINK} AS row"
    bodies = ("UNWIND $asked.bodies AS asked MATCH (n:Body {id: asked[0]})"
              f" WITH n, asked[1] AS reach, COUNT {{ (n)--() }} <= $asked.few OR COUNT {{ (n)-[:{every}]-() }} <= $asked.few AS few"
              f" CALL (n, reach, few) {{ WITH n, reach, few WHERE few MATCH (n)-[e:{every}]-(f) {found}"
              f" UNION ALL WITH n, few WHERE NOT few RETURN [n.id, [{degrees}]] AS row }} RETURN row")
    hubs = [f"UNWIND $asked.hubs[{i}] AS asked WITH asked[0] AS id, asked[1] AS reach MATCH (n:Body {{id: id}})-[e:{'|'.join(portion)}]-(f)"
            f" {found}" for i, portion in enumerate(portions)]
    return f"CALL () {{ {' UNION ALL '.join([bodies, *hubs])} }} WITH row LIMIT $asked.most RETURN row"


def parameters(asked: Frontier, day: int) -> Properties:
    """As one map: a server plans a statement anew for lists of another size, but not within a map."""
    bodies, *hubs = ([[id, asked.reach.get(id, reach)] for id in ids]
                     for ids, reach in ((asked.bodies, ALL), *((some, ONWARD) for some in asked.hubs)))
    return {"asked": {"bodies": bodies, "few": asked.few, "hubs": hubs, "ends": asked.ends, "known": asked.known, "day": day,
                      "most": asked.most + 1 + len(asked.bodies)}}  # a row for each that only has its degrees told


def spread(rows: list[list[Any]], most: int) -> Spread:
    """What the rows of the statement tell."""
    links: list[Link] = [tuple(r) for r in rows if len(r) == 4]
    return Spread(links[: most + 1], {r[0]: r[1] for r in rows if len(r) == 2})
