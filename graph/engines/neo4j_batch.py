"""What one batch of the writer reads and writes on a server: few statements, each over many rows, in a fixed order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from neo4j import Transaction

from graph.engines.neo4j_rows import EDGE_NAMES, EdgeRow, Properties, ask
from schemas.dates import OPEN
from schemas.relations import RELATIONS

Target = tuple[str, str, str]  # a body: (id, "", ""); a relationship: (source, type, target)
StoredBody = tuple[str, str, str, int]  # name, data, rows, ended
AT_ONCE = 10_000  # rows a statement
FORGOTTEN = "REMOVE k.search, k.len, k.grams, k.initials, k.full"  # the key stays in the registry


def portions(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (rows[i:i + AT_ONCE] for i in range(0, len(rows), AT_ONCE))


def by_type(targets: Iterable[Target]) -> dict[str, list[list[str]]]:
    """Ends of relationships by type, in the ontology's order and sorted, so that all writers lock alike."""
    found: dict[str, list[list[str]]] = {r: [] for r in RELATIONS}
    for source, relation, target in sorted(targets):
        found[relation].append([source, target])
    return {r: ends for r, ends in found.items() if ends}


# -- reading ---------------------------------------------------------------------------------------------------------------


def stored_bodies(tx: Transaction, ids: Sequence[str]) -> dict[str, StoredBody | None]:
    """Name, data, rows, ended of each body there is; ``None`` where it is only mentioned."""
    rows = (r for part in portions(ids) for r in ask(
        tx, "UNWIND $ids AS id MATCH (n:Body {id: id}) RETURN n.id, n.name, n.data, n.rows, n.ended", ids=part))
    return {id: (name, data, said, ended) if name is not None else None for id, name, data, said, ended in rows}


def stored_edges(tx: Transaction, targets: Iterable[Target]) -> dict[Target, list[EdgeRow]]:
    """The spells of each relationship, by role and ordinal."""
    found = dict[Target, list[EdgeRow]]()
    columns = ", ".join(f"r.{c}" for c in EDGE_NAMES)
    for relation, ends in by_type(targets).items():
        for part in portions(ends):
            for source, target, *row in ask(
                    tx, "UNWIND $ends AS e MATCH (a:Body {id: e[0]}) MATCH (b:Body {id: e[1]})"
                        f" MATCH (a)-[r:{relation}]->(b) RETURN e[0], e[1], {columns} ORDER BY r.role, r.nth", ends=part):
                found.setdefault((source, relation, target), []).append((*row[:5], int(row[5]), *row[6:]))
    return found


def stored_claims(tx: Transaction, targets: Iterable[Target]) -> dict[Target, list[int]]:
    """Rows in force of relationships that none of their spells shows, since the end of a body cut it off."""
    rows = (r for part in portions([list(t) for t in sorted(targets)]) for r in ask(
        tx, "UNWIND $targets AS t MATCH (c:Claim {source: t[0], type: t[1], target: t[2]}) RETURN t, c.rows", targets=part))
    return {(t[0], t[1], t[2]): said for t, said in rows}


def claims_near(tx: Transaction, ids: Sequence[str]) -> list[Target]:
    """All relationships of these bodies that rows in force assert."""
    rows = ask(tx, """
        UNWIND $ids AS id CALL (id) {
            MATCH (:Body {id: id})-[r]-(:Body) RETURN startNode(r).id AS source, type(r) AS type, endNode(r).id AS target
            UNION ALL MATCH (c:Claim {source: id}) RETURN c.source AS source, c.type AS type, c.target AS target
            UNION ALL MATCH (c:Claim {target: id}) RETURN c.source AS source, c.type AS type, c.target AS target
        } RETURN DISTINCT source, type, target""", ids=list(ids)) if ids else []
    return [(source, relation, target) for source, relation, target in rows]


def facts_of(tx: Transaction, rows: Iterable[int]) -> dict[int, str]:
    asked = sorted(set(rows))
    return {id: facts for part in portions(asked) for id, facts in ask(
        tx, "UNWIND $rows AS id MATCH (r:Row {id: id}) RETURN r.id, r.facts", rows=part)}


def ends_of(tx: Transaction, ids: Iterable[str]) -> dict[str, int]:
    """When each of the bodies ends; those that there are not are made, without a kind."""
    asked = sorted(set(ids))
    return {id: ended for part in portions(asked) for id, ended in ask(
        tx, "UNWIND $ids AS id MERGE (n:Body {id: id}) RETURN id, coalesce(n.ended, $open)", ids=part, open=OPEN)}


# -- writing ---------------------------------------------------------------------------------------------------------------


@dataclass
class BodyWrites:
    """``new``, ``changed``: kind -> properties. ``gone``: kind -> ids, which stay for the relationships that mention them."""

    new: dict[str, list[Properties]] = field(default_factory=dict)
    changed: dict[str, list[Properties]] = field(default_factory=dict)
    gone: dict[str, list[str]] = field(default_factory=dict)
    conflicted: dict[bool, list[str]] = field(default_factory=lambda: {True: [], False: []})
    keys: list[Properties] = field(default_factory=list)
    forgotten: list[list[str]] = field(default_factory=list)

    def write(self, tx: Transaction) -> None:
        for kind, rows in self.new.items():
            _each(tx, f"UNWIND $rows AS row CREATE (n:Body:{kind}) SET n = row", rows)
        for kind, rows in self.changed.items():
            _each(tx, f"UNWIND $rows AS row MATCH (n:Body {{id: row.id}}) SET n = row SET n:{kind}", rows)
        for kind, ids in self.gone.items():
            _each(tx, f"UNWIND $rows AS id MATCH (n:Body {{id: id}}) REMOVE n:{kind}:Conflicted SET n = {{id: id}}", ids)
        _each(tx, "UNWIND $rows AS id MATCH (n:Body {id: id}) REMOVE n:Conflicted", self.conflicted[False])
        _each(tx, "UNWIND $rows AS id MATCH (n:Body {id: id}) SET n:Conflicted", self.conflicted[True])
        _each(tx, f"UNWIND $rows AS x MATCH (k:Key {{value: x[0], scheme: x[1], kind: x[2], id: x[3]}}) {FORGOTTEN}", self.forgotten)
        _each(tx, "UNWIND $rows AS row MERGE (k:Key {value: row.value, scheme: row.scheme, kind: row.kind, id: row.id}) SET k += row.more",
              self.keys)


def write_edges(tx: Transaction, gone: Iterable[Target], new: Mapping[str, list[Properties]]) -> None:
    """``new``: type -> {s, t, p}: ids of the ends, properties; the ends are there."""
    for relation, ends in by_type(gone).items():
        _each(tx, "UNWIND $rows AS e MATCH (a:Body {id: e[0]}) MATCH (b:Body {id: e[1]})"
                  f" MATCH (a)-[r:{relation}]->(b) DELETE r", ends)
    for relation in (r for r in RELATIONS if r in new):
        _each(tx, "UNWIND $rows AS row MATCH (a:Body {id: row.s}) MATCH (b:Body {id: row.t})"
                  f" CREATE (a)-[r:{relation}]->(b) SET r = row.p", new[relation])


def write_claims(tx: Transaction, claims: Mapping[Target, list[int]]) -> None:
    """Rows that no spell shows; none: the claim goes."""
    rows = [[*t, said] for t, said in sorted(claims.items())]
    _each(tx, "UNWIND $rows AS x MERGE (c:Claim {source: x[0], type: x[1], target: x[2]}) SET c.rows = x[3]", [r for r in rows if r[3]])
    _each(tx, "UNWIND $rows AS x MATCH (c:Claim {source: x[0], type: x[1], target: x[2]}) DELETE c", [r[:3] for r in rows if not r[3]])


def _each(tx: Transaction, text: str, rows: Sequence[Any]) -> None:
    for part in portions(rows):
        ask(tx, text, rows=part)


def rows_in(text: str) -> list[int]:
    found: list[int] = json.loads(text)
    return found
