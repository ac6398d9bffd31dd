"""What one batch of the writer reads and writes on a server: few statements, each over many rows, in a fixed order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph.engines.neo4j_ahead import Now, portions
from graph.engines.neo4j_rows import EDGE_NAMES, EdgeRow, Properties
from schemas.dates import OPEN
from schemas.relations import RELATIONS

Target = tuple[str, str, str]  # a body: (id, "", ""); a relationship: (source, type, target)
StoredBody = tuple[str, str, str, int]  # name, data, rows, ended
FORGOTTEN = "REMOVE k.search, k.len, k.grams, k.initials, k.full"  # the key stays in the registry


def by_type(targets: Iterable[Target]) -> dict[str, list[list[str]]]:
    """Ends of relationships by type, in the ontology's order and sorted, so that all writers lock alike."""
    found: dict[str, list[list[str]]] = {r: [] for r in RELATIONS}
    for source, relation, target in sorted(targets):
        found[relation].append([source, target])
    return {r: ends for r, ends in found.items() if ends}


# -- reading ---------------------------------------------------------------------------------------------------------------


def stored_bodies(at: Now, ids: Sequence[str]) -> dict[str, StoredBody | None]:
    """Name, data, rows, ended of each body there is; ``None`` where it is only mentioned."""
    rows = _asked(at, "UNWIND $rows AS id MATCH (n:Body {id: id}) RETURN n.id, n.name, n.data, n.rows, n.ended", ids)
    return {id: (name, data, said, ended) if name is not None else None for id, name, data, said, ended in rows}


BETWEEN = "UNWIND $rows AS e MATCH (a:Body {id: e[0]}) MATCH (b:Body {id: e[1]})"


def spells_between(relation: str) -> str:
    """The subquery has the server look from the end with fewer relationships, where it would walk all those of a hub."""
    return f"{BETWEEN} CALL (a, b) {{ MATCH (a)-[r:{relation}]->(b) RETURN r }}"


def stored_edges(at: Now, targets: Iterable[Target]) -> dict[Target, list[EdgeRow]]:
    """The spells of each relationship, by role and ordinal."""
    found = dict[Target, list[EdgeRow]]()
    columns = ", ".join(f"r.{c}" for c in EDGE_NAMES)
    for relation, ends in by_type(targets).items():
        text = f"{spells_between(relation)} RETURN e[0], e[1], {columns} ORDER BY r.role, r.nth"
        for source, target, *row in _asked(at, text, ends):
            found.setdefault((source, relation, target), []).append((*row[:5], int(row[5]), *row[6:]))
    return found


def stored_claims(at: Now, targets: Iterable[Target]) -> dict[Target, list[int]]:
    """Rows in force of relationships that none of their spells shows, since the end of a body cut it off."""
    text = "UNWIND $rows AS t MATCH (c:Claim {source: t[0], type: t[1], target: t[2]}) RETURN t, c.rows"
    return {(t[0], t[1], t[2]): said for t, said in _asked(at, text, [list(t) for t in sorted(targets)])}


def claims_near(at: Now, ids: Sequence[str]) -> list[Target]:
    """All relationships of these bodies that rows in force assert."""
    rows = at.ask("""
        UNWIND $ids AS id CALL (id) {
            MATCH (:Body {id: id})-[r]-(:Body) RETURN startNode(r).id AS source, type(r) AS type, endNode(r).id AS target
            UNION ALL MATCH (c:Claim {source: id}) RETURN c.source AS source, c.type AS type, c.target AS target
            UNION ALL MATCH (c:Claim {target: id}) RETURN c.source AS source, c.type AS type, c.target AS target
        } RETURN DISTINCT source, type, target""", ids=list(ids)) if ids else []
    said = {*at.said("edges"), *at.said("claims")} if ids else set()
    return list(dict.fromkeys([*map(tuple, rows), *sorted(t for t in said if not {t[0], t[2]}.isdisjoint(ids))]))


def facts_of(at: Now, rows: Iterable[int]) -> dict[int, str]:
    return dict(_asked(at, "UNWIND $rows AS id MATCH (r:Row {id: id}) RETURN r.id, r.facts", sorted(set(rows))))


def closed_of(at: Now, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], bool]:
    """Of pairs of a hop and a body those that a row closes."""
    text = "UNWIND $rows AS x MATCH (c:Closed {sig: x[0], id: x[1]}) RETURN DISTINCT c.sig, c.id"
    return dict.fromkeys(((sig, id) for sig, id in _asked(at, text, [list(p) for p in pairs])), True)


def ends_of(at: Now, ids: Iterable[str]) -> dict[str, int]:
    """When each of the bodies ends; those that there are not are made, without a kind."""
    asked, said = sorted(set(ids)), at.said("bodies")
    found = {id: said[id][3] if said[id] else OPEN for id in asked if id in said}
    text = "UNWIND $rows AS id MATCH (n:Body {id: id}) RETURN id, coalesce(n.ended, 0)"
    found |= {id: ended or OPEN for id, ended in _asked(at, text, [id for id in asked if id not in said])}
    lacking = dict.fromkeys(id for id in asked if id not in found)
    at.make("UNWIND $rows AS id CREATE (:Body {id: id})", list(lacking))
    at.wrote("bodies", lacking)
    return {**found, **dict.fromkeys(lacking, OPEN)}


def _asked(at: Now, text: str, rows: Sequence[Any]) -> Iterable[list[Any]]:
    return (r for part in portions(rows) for r in at.ask(text, rows=part))


# -- writing ---------------------------------------------------------------------------------------------------------------


@dataclass
class BodyWrites:
    """``new``, ``changed``: kind -> properties. ``gone``: kind -> ids, which stay for the relationships that mention them."""

    new: dict[str, list[Properties]] = field(default_factory=dict)
    changed: dict[str, list[Properties]] = field(default_factory=dict)
    gone: dict[str, list[str]] = field(default_factory=dict)
    conflicted: dict[bool, list[str]] = field(default_factory=lambda: {True: [], False: []})
    new_keys: list[Properties] = field(default_factory=list)  # of bodies that the registry has never heard of
    keys: list[Properties] = field(default_factory=list)
    forgotten: list[list[str]] = field(default_factory=list)
    said: dict[str, StoredBody | None] = field(default_factory=dict)  # what is stored of each then

    def write(self, at: Now) -> None:
        at.wrote("bodies", self.said)
        for kind, rows in self.new.items():
            at.make(f"UNWIND $rows AS row CREATE (n:Body:{kind}) SET n = row", rows)
        for kind, rows in self.changed.items():
            at.put(f"UNWIND $rows AS row MATCH (n:Body {{id: row.id}}) SET n = row SET n:{kind}", rows)
        for kind, ids in self.gone.items():
            at.put(f"UNWIND $rows AS id MATCH (n:Body {{id: id}}) REMOVE n:{kind}:Conflicted SET n = {{id: id}}", ids)
        at.put("UNWIND $rows AS id MATCH (n:Body {id: id}) REMOVE n:Conflicted", self.conflicted[False])
        at.put("UNWIND $rows AS id MATCH (n:Body {id: id}) SET n:Conflicted", self.conflicted[True])
        at.put(f"UNWIND $rows AS x MATCH (k:Key {{value: x[0], scheme: x[1], kind: x[2], id: x[3]}}) {FORGOTTEN}", self.forgotten)
        at.make("UNWIND $rows AS row CREATE (k:Key {value: row.value, scheme: row.scheme, kind: row.kind, id: row.id}) SET k += row.more",
               self.new_keys)
        at.put("UNWIND $rows AS row MERGE (k:Key {value: row.value, scheme: row.scheme, kind: row.kind, id: row.id}) SET k += row.more",
              self.keys)


def write_edges(at: Now, gone: Iterable[Target], new: Mapping[str, list[Properties]]) -> None:
    """``new``: type -> {s, t, p}: ids of the ends, properties; the ends are there."""
    for relation, ends in by_type(gone).items():
        at.put(f"{spells_between(relation)} DELETE r", ends)
    for relation in (r for r in RELATIONS if r in new):
        at.put("UNWIND $rows AS row MATCH (a:Body {id: row.s}) MATCH (b:Body {id: row.t})"
               f" CREATE (a)-[r:{relation}]->(b) SET r = row.p", new[relation])


def write_claims(at: Now, claims: Mapping[Target, list[int]]) -> None:
    """Rows that no spell shows; none: the claim goes."""
    rows = [[*t, said] for t, said in sorted(claims.items())]
    at.put("UNWIND $rows AS x MERGE (c:Claim {source: x[0], type: x[1], target: x[2]}) SET c.rows = x[3]", [r for r in rows if r[3]])
    at.put("UNWIND $rows AS x MATCH (c:Claim {source: x[0], type: x[1], target: x[2]}) DELETE c", [r[:3] for r in rows if not r[3]])


def rows_in(text: str) -> list[int]:
    found: list[int] = json.loads(text)
    return found
