"""Facts as compact JSON and back: how engines keep what rows assert."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
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


def values_out(values: Sequence[tuple[str, Value]]) -> dict[str, list[Any]]:
    return {f: value_out(v) for f, v in values}


def values_in(values: Mapping[str, Any]) -> dict[str, Value]:
    return {f: value_in(v) for f, v in values.items()}


def fact_out(fact: Fact) -> list[Any]:
    if isinstance(fact, BodyFact):
        return ["b", fact.id, fact.name, [list(k) for k in fact.keys], values_out(fact.fields)]
    if isinstance(fact, DeclarationFact):
        return ["d", fact.data]
    return ["r", fact.source, fact.type, fact.target, fact.role, fact.start, fact.start_precision, fact.end, fact.end_precision,
            1 if fact.basis == "stated" else 0, fact.reason, values_out(fact.fields), 2 if fact.missing else 1 if fact.ended else 0]


def fact_in(data: list[Any]) -> Fact:
    if data[0] == "b":
        return BodyFact(data[1], data[2], tuple((k[0], k[1]) for k in data[3]), tuple(values_in(data[4]).items()))
    if data[0] == "d":
        return DeclarationFact(data[1])
    _, source, kind, target, role, start, sp, end, ep, stated, reason, fields, ended = data
    return RelationFact(source, kind, target, role, start, sp, end, ep, "stated" if stated else "inferred", reason,
                        tuple(values_in(fields).items()), ended == 1, ended == 2)


def facts_out(facts: Sequence[Fact]) -> str:
    return dumps([fact_out(f) for f in facts])


def facts_in(text: str) -> list[Fact]:
    return [fact_in(d) for d in loads(text)]
