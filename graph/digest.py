"""The content digest: of everything that rows in force say, whatever the engine, the import numbers and the ids (semantics 1, 6)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from graph.codec import dumps
from graph.engine import Snapshot
from schemas.identifiers import PUBLIC_ID

SIZE = 1 << 256


def digest(snapshot: Snapshot) -> str:
    """Two stores have the same digest if and only if the same rows are in force in them and say the same.

    Bodies are named by their keys, since ids tell which load came first; what is said is added up, since the ids would order it."""
    total = 0
    for item in _named(snapshot.export()):
        total += int.from_bytes(hashlib.sha256(dumps(item).encode("utf-8", "surrogatepass")).digest(), "big")
    return f"{total % SIZE:064x}"


def _named(items: Iterator[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """The items, with keys in place of ids. Bodies come first; those whose keys name other bodies wait until all are known."""
    names, waiting = Names(), dict[str, list[Any]]()
    for what, item in items:
        if what == "body" and any(scheme == "unnamed" for scheme, _ in item[3].get("k", ())):
            waiting[item[0]] = item
        elif what == "body":
            yield what, [names.give(item), *item[1:]]
        else:
            yield from _bodies(waiting, names)
            yield what, _told(what, item, names)
    yield from _bodies(waiting, names)


def _bodies(waiting: dict[str, list[Any]], names: Names) -> Iterator[tuple[str, Any]]:
    """Bodies known by a relationship to another one: those first that the others are known by."""
    while waiting:
        ready = [id for id, item in waiting.items() if not any(i in waiting for i in PUBLIC_ID.findall(dumps(item[3]["k"])) if i != id)]
        for id in ready or list(waiting):
            item = waiting.pop(id)
            item = [id, *item[1:3], {**item[3], "k": [[s, names.put(v)] for s, v in item[3]["k"]]}, *item[4:]]
            yield "body", [names.give(item), *item[1:]]


def _told(what: str, item: list[Any], names: Names) -> Any:
    if what == "edge":
        return [item[0], names.known.get(item[1], item[1]), names.known.get(item[2], item[2]), *item[3:]]
    return names.put(dumps(item))


class Names:
    """Public id -> a hash of the body's keys."""

    def __init__(self) -> None:
        self.known = dict[str, str]()
        self.used = set[str]()

    def give(self, item: list[Any]) -> str:
        """The name of a body as exported; of two with the same keys the second keeps its id as well."""
        id, name, keys = item[0], item[1], sorted(item[3].get("k", ()))
        said = dumps([id[:2], name, keys]) if name or keys else id
        found = hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
        if found in self.used:
            found += id
        self.used.add(found)
        self.known[id] = found
        return found

    def put(self, text: str) -> str:
        """The text with names in place of ids."""
        return PUBLIC_ID.sub(lambda m: self.known.get(m[0], m[0]), text)
