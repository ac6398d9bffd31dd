"""Writes what an embedded store projects into a real Neo4j server, in the layout that ``graph/compile/cypher.py`` asks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from neo4j import Driver

from graph.engine import Edge
from graph.engines.sqlite_read import SqliteSnapshot
from schemas.facts import Value
from schemas.identifiers import normal
from schemas.kinds import KINDS
from schemas.relations import RELATIONS

Properties = dict[str, Any]


def lists(values: Iterable[tuple[str, Value]]) -> Properties:
    found: Properties = {}
    for name, v in values:
        many = isinstance(v.value, tuple)
        held = list(v.value) if isinstance(v.value, tuple) else [v.value]
        stated = v.basis == "stated"
        found |= {f"v_{name}": held, f"s_{name}": held if stated else [], f"c_{name}": stated and (v.complete or not many)}
    return found


def properties(e: Edge) -> Properties:
    values = {k: v for f, x in e.values.items() for k, v in ((f"v_{f}", x.value), (f"s_{f}", x.basis == "stated"))}
    return {"role": e.role, "start": e.start, "since": e.since, "until": e.until, "stated": e.stated, **values}


def mirror(snapshot: SqliteSnapshot, driver: Driver) -> None:
    """Wipe the server and write all bodies, spells and single-body statements."""
    driver.execute_query("MATCH (n) DETACH DELETE n")
    ids = [r[0] for r in snapshot.db.execute("SELECT public FROM node")]
    by_kind: dict[str, list[Properties]] = {k: [] for k in KINDS}
    for b in snapshot.bodies(ids).values():
        by_kind[b.kind].append({"id": b.id, "name_normal": normal(b.name) if b.name else "", "sort_key": b.sort_key, "ended": b.ended,
                                "unnamed": b.unnamed, **lists(b.values.items())})
    for kind, rows in by_kind.items():
        if rows:
            driver.execute_query(f"UNWIND $rows AS row CREATE (n:Body:{kind}) SET n = row", rows=rows)
    for relation in RELATIONS.values():
        edges = snapshot.step(ids, [(relation.name, True)], None)
        rows = [{"s": e.source, "t": e.target, "p": properties(e)} for e in edges]
        if rows:
            driver.execute_query(f"UNWIND $rows AS row MATCH (a:Body {{id: row.s}}) MATCH (b:Body {{id: row.t}})"
                                 f" CREATE (a)-[r:{relation.name}]->(b) SET r = row.p", rows=rows)
    closed = snapshot.db.execute("SELECT c.sig, b.public, c.start, c.until, c.as_of, c.row FROM closed c JOIN body b ON b.id = c.id")
    rows = [dict(zip(("sig", "id", "start", "until", "as_of", "row"), r, strict=True)) for r in closed]
    driver.execute_query("UNWIND $rows AS row CREATE (c:Closed) SET c = row", rows=rows)
