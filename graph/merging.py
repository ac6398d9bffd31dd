"""Bodies that are one: merges are rows like any other, and the merged ids go on resolving (semantics 6). Pure functions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from schemas.facts import DeclarationFact, Fact
from schemas.identifiers import PUBLIC_ID

MERGE = "merge"
IN_JSON = '"type":"merge"'  # as it stands in what engines keep of a declaration
Merged = Mapping[str, str]  # merged id -> the id that all of them have now


def merge_fact(id: str, into: str) -> DeclarationFact:
    """A row says that the body ``id`` is the body ``into``."""
    return DeclarationFact({"type": MERGE, "id": id, "into": into})


def apart_fact(id: str, other: str) -> DeclarationFact:
    """A row says that the two are not one, whatever others say."""
    return DeclarationFact({"type": MERGE, "id": id, "into": other, "apart": True})


def is_merge(fact: Fact) -> bool:
    return isinstance(fact, DeclarationFact) and fact.data["type"] == MERGE


def merged_in(declarations: Iterable[str]) -> Merged:
    """What the merges among declarations, as JSON, come to; a function of which are in force, not of their order."""
    said = [d for d in map(json.loads, declarations) if d["type"] == MERGE]
    apart = {frozenset((d["id"], d["into"])) for d in said if d.get("apart")}
    return canonical((d["id"], d["into"]) for d in said if frozenset((d["id"], d["into"])) not in apart)


def canonical(pairs: Iterable[tuple[str, str]]) -> Merged:
    """Of each group of bodies that are one: the least id of those that were merged into nothing (of all, if they all were)."""
    groups, merged_away = dict[str, set[str]](), set[str]()
    for id, into in pairs:
        merged_away.add(id)
        both = groups.get(id, {id}) | groups.get(into, {into})
        groups.update(dict.fromkeys(both, both))
    heads = {id: min(group - merged_away or group) for id, group in groups.items()}
    return {id: head for id, head in heads.items() if id != head}


def affected(old: Merged, new: Merged) -> set[str]:
    """The bodies whose rows are to be joined or parted when merges change."""
    changed = {i for i in {*old, *new} if old.get(i, i) != new.get(i, i)}
    heads = {m.get(i, i) for i in changed for m in (old, new)}
    return {i for i in {*old, *new} if old.get(i, i) in heads or new.get(i, i) in heads} | heads | changed


def renamed(text: str, merged: Merged) -> str:
    """A text with the ids that bodies have now."""
    return PUBLIC_ID.sub(lambda m: merged.get(m[0], m[0]), text) if merged else text
