"""Facts as compact JSON and back: how engines keep what rows assert.

Texts are put together from parts: what fields say is the same for many bodies and relationships, and is put into JSON once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from json.encoder import encode_basestring as quoted
from typing import Any

from schemas.facts import BodyFact, DeclarationFact, Fact, RelationFact, Value

dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
loads = json.loads


def value_out(v: Value) -> list[Any]:
    return [list(v.value) if isinstance(v.value, tuple) else v.value, 1 if v.basis == "stated" else 0, *([1] if v.complete else [])]


def value_in(v: Sequence[Any]) -> Value:
    return _value(tuple(v[0]) if isinstance(v[0], list) else v[0], v[1] == 1, len(v) > 2)


@lru_cache(maxsize=4096)  # most are choices, the same few for thousands of bodies
def _value(value: str | tuple[str, ...], stated: bool, complete: bool) -> Value:
    return Value(value, "stated" if stated else "inferred", complete)


@lru_cache(maxsize=8192)
def fields_out(fields: tuple[tuple[str, Value], ...]) -> str:
    """{field: value}, by field."""
    return f"{{{','.join([_field(*v) for v in sorted(dict(fields).items())])}}}"


@lru_cache(maxsize=4096)
def _field(name: str, value: Value) -> str:
    return dumps({name: value_out(value)})[1:-1]


def keys_out(keys: Iterable[tuple[str, str]]) -> str:
    return f"[{','.join([f'[{quoted(scheme)},{quoted(value)}]' for scheme, value in keys])}]"


def rows_out(rows: Sequence[int]) -> str:
    return f"[{rows[0]}]" if len(rows) == 1 else f"[{','.join(map(str, rows))}]"


def values_in(values: Mapping[str, Any]) -> dict[str, Value]:
    return {f: value_in(v) for f, v in values.items()}


def fact_out(fact: Fact) -> str:
    if isinstance(fact, BodyFact):
        return f'["b",{quoted(fact.id)},{quoted(fact.name)},{keys_out(fact.keys)},{fields_out(fact.fields)}]'
    if isinstance(fact, DeclarationFact):
        return dumps(["d", fact.data])
    return f'["r",{quoted(fact[0])},{quoted(fact[1])},{quoted(fact[2])},{_relation(fact[3:])}]'


@lru_cache(maxsize=8192)  # but for its ends, what is said of a relationship is mostly the same
def _relation(said: tuple[Any, ...]) -> str:
    role, start, sp, end, ep, basis, reason, fields, ended, missing = said
    return (f'{quoted(role)},{start},{quoted(sp)},{end},{quoted(ep)},{1 if basis == "stated" else 0},{quoted(reason)},'
            f'{fields_out(fields)},{2 if missing else 1 if ended else 0}')


def fact_in(data: list[Any]) -> Fact:
    if data[0] == "b":
        return BodyFact(data[1], data[2], tuple((k[0], k[1]) for k in data[3]), tuple(values_in(data[4]).items()))
    if data[0] == "d":
        return DeclarationFact(data[1])
    _, source, kind, target, role, start, sp, end, ep, stated, reason, fields, ended = data
    return RelationFact(source, kind, target, role, start, sp, end, ep, "stated" if stated else "inferred", reason,
                        tuple(values_in(fields).items()), ended == 1, ended == 2)


def facts_out(facts: Sequence[Fact]) -> str:
    return f"[{','.join([fact_out(f) for f in facts])}]"


def facts_in(text: str) -> list[Fact]:
    return [fact_in(d) for d in loads(text)]
