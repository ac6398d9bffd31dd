"""The frontier of a path search in the embedded store: what bodies lead to, and how many relationships those have that are too many."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from graph.engines.rows import KIND_BITS
from graph.parts import Frontier, Link, Spread
from schemas.identifiers import kind_of
from schemas.kinds import KINDS
from schemas.relations import BY_NUMBER, RELATIONS

USUAL = 5  # relationships a body that are read without counting them first
SIDES = ((True, "src", "dst"), (False, "dst", "src"))
# type by type and in the order of the index: a search asks for thousands of bodies
BODIES = "b AS MATERIALIZED (SELECT b.id, b.public FROM json_each(:ids) j CROSS JOIN body b ON b.public = j.value ORDER BY b.id)"
FEW = {forward: f"""
    WITH {BODIES} SELECT b.public, f.public, e.type, e.stated, e.since <= :day AND e.until > :day
    FROM json_each(:types) t CROSS JOIN b CROSS JOIN edge e ON e.type = t.value AND e.{near} = b.id LEFT JOIN node f ON f.id = e.{far}
    LIMIT :most""" for forward, near, far in SIDES}
DEGREES = {forward: f"""
    WITH {BODIES} SELECT b.public, t.value, count(*) FROM b CROSS JOIN json_each(:types) t
    CROSS JOIN edge e ON e.type = t.value AND e.{near} = b.id GROUP BY 1, 2""" for forward, near, _ in SIDES}
ENDS = "SELECT b.id FROM json_each(?) j CROSS JOIN body b ON b.public = j.value"
ENDS_GIVEN = "(SELECT value FROM json_each(:ends))"
ONWARD = 3  # beside the reaches of a frontier: what leads on to any body


def spread(db: sqlite3.Connection, asked: Frontier, day: int) -> Spread:
    """See ``Snapshot.links``."""
    links, degrees = list[Link](), dict[str, list[int]]()
    for kind, ids in _by_kind(i for i in asked.bodies if i not in asked.reach):
        links += _few(db, asked, kind, ids, day, degrees)
    some = Some(db, asked, day)
    for kind, ids in _by_kind(i for i in asked.bodies if i in asked.reach):
        many = _many(db, asked, kind, ids)
        degrees |= many
        links += some.links(kind, [i for i in ids if i not in many], asked.types)
    for portion, hubs in zip(asked.portions, asked.hubs, strict=True):
        for kind, ids in _by_kind(hubs):
            links += some.links(kind, ids, portion)
    return Spread(links[:asked.most + 1], degrees)


def _by_kind(ids: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    found = dict[str, list[str]]()
    for id in ids:
        found.setdefault(id[:2], []).append(id)
    return ((kind, some) for some in found.values() if (kind := kind_of(some[0])))


@lru_cache(maxsize=512)
def _leaving(kind: str, types: tuple[str, ...], forward: bool) -> str:
    """The numbers of those types that a body of the kind can have in this direction, as JSON."""
    return json.dumps([RELATIONS[t].number for t in types if RELATIONS[t].others(kind, forward)])


def _few(db: sqlite3.Connection, asked: Frontier, kind: str, ids: Sequence[str], day: int, degrees: dict[str, list[int]]) -> list[Link]:
    """All relationships of those that have few; the degrees of the others go among ``degrees``."""
    rows = _read(db, asked, kind, ids, day, asked.few + USUAL * len(ids))
    if rows is None:
        many = _many(db, asked, kind, ids)
        rows = _read(db, asked, kind, [i for i in ids if i not in many], day, asked.few * len(ids)) or []
    else:
        many = _many(db, asked, kind, [i for i, number in Counter(r[1] for r in rows).items() if number > asked.few])
        rows = [r for r in rows if r[1] not in many]
    degrees |= many
    known = frozenset(asked.known)
    return [_link(*r[:5]) for r in rows if r[5] and r[2] is not None and r[2] not in known]


def _read(db: sqlite3.Connection, asked: Frontier, kind: str, ids: Sequence[str], day: int, most: int) -> list[Any] | None:
    """(forward, near, far, type, stated, whether it holds) of all relationships, ``None`` if there are more than ``most``."""
    rows = list[Any]()
    given = json.dumps(ids)
    for forward, statement in FEW.items():
        types = _leaving(kind, asked.types, forward)
        found = db.execute(statement, {"ids": given, "types": types, "day": day, "most": most + 1 - len(rows)})
        rows += [(forward, *r) for r in found]
    return None if len(rows) > most else rows


def _many(db: sqlite3.Connection, asked: Frontier, kind: str, ids: Sequence[str]) -> dict[str, list[int]]:
    """The degrees of those that have more than few."""
    portion_of = {RELATIONS[t].number: i for i, portion in enumerate(asked.portions) for t in portion}
    found = {id: [0] * len(asked.portions) for id in ids}
    for forward, statement in DEGREES.items() if ids else ():
        for id, number, count in db.execute(statement, {"ids": json.dumps(ids), "types": _leaving(kind, asked.types, forward)}):
            found[id][portion_of[number]] += count
    return {id: degrees for id, degrees in found.items() if sum(degrees) > asked.few}


class Some:
    """Reads what leads on, or to one of the ends."""

    def __init__(self, db: sqlite3.Connection, asked: Frontier, day: int) -> None:
        self.db, self.asked, self.known = db, asked, frozenset(asked.known)
        ends = [r[0] for r in db.execute(ENDS, (json.dumps(asked.ends),))]
        self.given = {"ends": json.dumps(ends), "day": day}

    def links(self, kind: str, ids: Sequence[str], types: tuple[str, ...]) -> Iterator[Link]:
        """Of bodies of a kind, those of the types."""
        by_reach = dict[int, list[str]]()
        for id in ids:
            by_reach.setdefault(self.asked.reach.get(id, ONWARD), []).append(id)
        for reach, some in by_reach.items():
            given = {**self.given, "ids": json.dumps(some)}
            for forward, far_kind, numbers in _ends(kind, types):
                rows = self.db.execute(_leading(far_kind, self.asked.types, forward, reach), {**given, "types": numbers})
                yield from (_link(forward, *r) for r in rows if r[1] not in self.known)


@lru_cache(maxsize=512)
def _ends(kind: str, types: tuple[str, ...]) -> list[tuple[bool, str, str]]:
    """(forward, kind at the other end, the numbers of the types that lead to it, as JSON)."""
    return [(forward, far, json.dumps(some)) for forward in (True, False) for far in KINDS
            if (some := [RELATIONS[t].number for t in types if far in RELATIONS[t].others(kind, forward)])]


@lru_cache(maxsize=512)
def _leading(far_kind: str, types: tuple[str, ...], forward: bool, reach: int) -> str:
    """What of the kind bodies lead to that is one of ``:ends``, or leads to one or on as far as ``reach`` says."""
    near, far = ("src", "dst") if forward else ("dst", "src")
    numbers = {way: _leaving(far_kind, types, way)[1:-1] for way, _, _ in SIDES}
    # "+": tested on what the body leads to, not looked up for all ends
    within = "" if reach == ONWARD else f" AND +x.{{}} IN {ENDS_GIVEN}"
    onward = [f"EXISTS (SELECT 1 FROM edge x WHERE x.type IN ({numbers[way]}) AND x.{here} = f.id AND x.{there} <> b.id"
              f"{within.format(there)})" for way, here, there in SIDES if numbers[way] and reach > 1]
    low = KINDS[far_kind].number << KIND_BITS
    return (f"WITH {BODIES}"
            " SELECT b.public, f.public, e.type, e.stated FROM json_each(:types) t CROSS JOIN b"
            f" CROSS JOIN edge e ON e.type = t.value AND e.{near} = b.id"
            f" AND e.{far} BETWEEN {low} AND {low + (1 << KIND_BITS) - 1} AND e.since <= :day AND e.until > :day"
            f" CROSS JOIN node f ON f.id = e.{far} WHERE {' OR '.join([f'+f.id IN {ENDS_GIVEN}', *onward])}")


def _link(forward: bool, near: str, far: str, number: int, stated: int) -> Link:
    return (near, BY_NUMBER[number].name, far, stated == 1) if forward else (far, BY_NUMBER[number].name, near, stated == 1)
