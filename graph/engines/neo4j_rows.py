"""What is projected -> properties of nodes and relationships, in the layout that ``graph/compile/cypher.py`` asks; and back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from neo4j import ManagedTransaction, Query, Result, Session, Transaction

from graph.codec import values_in
from graph.deadline import heed, remaining
from graph.engines.rows import Decoder
from graph.engines.stored import NAME_SCHEMES, grams
from graph.parts import Edge
from graph.project import BodyState
from schemas.facts import Value
from schemas.identifiers import normal
from schemas.kinds import KINDS
from schemas.pinyin import reading
from schemas.relations import RELATIONS

Properties = dict[str, Any]
On = Session | Transaction | ManagedTransaction
READ_SECONDS, STREAM_SECONDS = 60.0, 3600.0  # a statement; one that gives everything
EdgeRow = tuple[Any, ...]  # (role, nth, start, since, until, stated, data, rows), as of ``stored.edge_rows``
EDGE_NAMES = ("role", "nth", "start", "since", "until", "stated", "data", "rows")


def run(on: On, text: str, parameters: Properties, seconds: float | None = None) -> Result:
    """Run a statement; on a session it is a transaction of its own. Its text is made of the ontology's constants; what users
    write is in the parameters."""
    heed()
    if isinstance(on, Session):
        left = remaining()
        limit = seconds or READ_SECONDS
        return on.run(Query(text, timeout=limit if left is None else max(0.01, min(limit, left))), parameters)  # 0 would be no limit
    return on.run(text, parameters)


def ask(on: On, text: str, **parameters: Any) -> list[list[Any]]:
    """All rows of a statement."""
    return [r.values() for r in run(on, text, parameters)]


@dataclass(frozen=True, slots=True)
class Told:
    """What a statement tells, and of which state of the data: ``moved`` if it changed meanwhile; ``loading``: a load is under way."""

    rows: list[Any]
    version: int
    loading: bool
    moved: bool


RUNNING = "EXISTS { MATCH (i:Import) WHERE i.state = 'running' }"


def told_by(on: On, text: str, parameters: Properties) -> Told | None:
    """One round trip: a statement that returns one column, ``row``, and the data version before it and after; ``None``: no store.

    Neo4j reads what is committed, in the midst of a statement too, so the version is read again when all rows are collected."""
    framed = (f"MATCH (s:JingluoStore {{key: 'store'}}) WITH s.version AS version, {RUNNING} AS loading"
              f" OPTIONAL CALL () {{ {text} }} WITH version, loading, collect(row) AS rows"
              " MATCH (t:JingluoStore {key: 'store'}) RETURN version, loading, rows, t.version AS after")
    found = [r.values() for r in run(on, framed, parameters)]
    if not found:
        return None
    version, loading, rows, after = found[0]
    return Told(rows, version, loading, version != after)


# -- reading ---------------------------------------------------------------------------------------------------------------


def edge_of(decoder: Decoder, columns: list[Any], source: str, target: str) -> Edge:
    """From ``cypher_subject.spell_columns``."""
    return decoder.edge((*columns[:-1], RELATIONS[columns[-1]].number), source, target)


# -- writing ---------------------------------------------------------------------------------------------------------------


def body_properties(id: str, kind: str, state: BodyState, data: str, rows: str) -> Properties:
    synthetic = state.values.get("synthetic", Value("false")).value == "true"
    plain = normal(state.name) if state.name else ""
    found: Properties = {"id": id, "name": state.name, "name_normal": plain, "sort_key": reading(plain).sort_key if plain else "~" + id,
                         "ended": state.ended, "unnamed": not state.name, "synthetic": synthetic, "data": data, "rows": rows}
    for name, value in state.values.items():
        field = KINDS[kind].field(name)
        if field and field.testable:
            found |= _asked(name, value)
    return found


def _asked(name: str, value: Value) -> Properties:
    """What metapaths may ask of a field: all values, the stated ones, whether it is closed."""
    many = isinstance(value.value, tuple)
    held = list(dict.fromkeys(value.value)) if isinstance(value.value, tuple) else [value.value]
    stated = value.basis == "stated"
    found: Properties = {f"v_{name}": held}
    if stated:
        found[f"s_{name}"] = held
        found[f"c_{name}"] = value.complete or not many
    return found


def edge_properties(relation: str, row: EdgeRow) -> Properties:
    found = dict(zip(EDGE_NAMES, row, strict=True))
    found["stated"] = bool(found["stated"])
    if '"v"' in found["data"]:
        for name, value in values_in(json.loads(found["data"]).get("v", {})).items():
            field = RELATIONS[relation].field(name)
            if field and field.testable:
                found |= {f"v_{name}": value.value, f"s_{name}": value.basis == "stated"}
    return found


def names_of(name: str, keys: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """(scheme, original) of all names to search by."""
    return list(dict.fromkeys([*([("name", name)] if name else []), *(k for k in keys if k[0] in NAME_SCHEMES)]))


def registered(id: str, kind: str, name: str, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Properties]:
    """The keys of a body in the registry, by (scheme, value), and what search needs of them."""
    keys = list(keys)
    found = dict[tuple[str, str], Properties]()
    for scheme, original in [*names_of(name, keys), *(k for k in keys if k[0] == "unnamed")]:
        value = original if scheme in ("credit_code", "unnamed") else normal(original)
        found.setdefault((scheme, value), {"value": value, "scheme": scheme, "kind": kind, "id": id,
                                           "more": {"original": original, **_searched(scheme, original)}})
    return found


def _searched(scheme: str, original: str) -> Properties:
    if scheme == "unnamed":
        return {}
    value = normal(original)
    found: Properties = {"search": value, "len": len(value)}
    if scheme != "credit_code":
        read = reading(value)
        found |= {"grams": grams(value), "initials": list(read.initials), "full": list(read.full)}
    return found
