"""The peer's answer to a coverage question of a Neo4j store, as one would plainly write it: one statement, and a document with the same
contents as ours (names, steps, evidence, as-of, the state of every way, status and class)."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from neo4j import Session

from bench.peer_answer import as_of
from bench.server_peer import COVERAGE
from graph.engines.neo4j_asking import import_of
from graph.frame import Frame
from schemas.dates import OPEN, written
from schemas.facts import Import
from schemas.identifiers import BY_PREFIX, normal
from schemas.metapath import NAME
from schemas.policy import Way
from schemas.relations import RELATIONS

IMPORTS = "MATCH (i:Import) RETURN properties(i)"
Match = dict[str, Any]


class Peer:
    """Asks on one session, which stands open. What it knows of imports and scopes is read once."""

    def __init__(self, session: Session, frame: Frame) -> None:
        self.session, self.frame, self.day, self.policy = session, frame, frame.day, frame.view.policy
        told = [i for [i] in session.run(IMPORTS).values()]
        self.imports = {i["number"]: import_of(i) for i in told}
        self.sheets = {i["number"]: i["sheets"] for i in told}
        self.inside = inside(frame)
        self._noted = dict[frozenset[int], str]()

    @cached_property
    def _written(self) -> dict[int, str | None]:
        return {n: written(i.as_of, i.as_of_precision) for n, i in self.imports.items()}

    def coverage(self, subject: str) -> dict[str, Any]:
        [body, closed, places, matches] = self.session.run(COVERAGE, id=subject, day=self.day, inside=self.inside).values()[0]
        found = self._matches(body, matches)
        open_beyond = _open_beyond(places, "own" in found)
        ways, counting = [], []
        for way in self.policy.ways:
            told = self._way(way, found.get(way.name, []), closed and way.name not in open_beyond)
            ways.append(told)
            if way.class_ in self.policy.covered_by:
                counting.append(told)
        covered = [w for w in counting if w["state"] == "true"]
        if covered:
            status, statistical = "covered", covered[0]["name"]
        else:
            status = "uncovered" if all(w["state"] == "false" for w in counting) else "not_known"
            status = statistical = "exempt" if subject in self.frame.exempt_from("coverage") else status
        rests = {n for w in covered or counting for n in w["rests"]}
        return {"subject": _body(body), "status": status, "statistical_class": statistical, "ways": ways,
                "probable": status == "not_known" and any(w["matches"] for w in counting),
                "as_of": self._as_of(frozenset(rests or self.imports))}

    def _matches(self, subject: list[Any], rows: list[Any]) -> dict[str, list[Match]]:
        """By way; parallel relationships are one match with the evidence of all."""
        found, seen = dict[str, list[Match]](), dict[tuple[str, ...], Match]()
        for way, certain, bodies, edges in rows:
            key = (way, *(b[0] for b in bodies))
            steps = [self._step(*hop) for hop in zip([subject, *bodies], bodies, edges, strict=False)]
            if key in seen:
                for step, other in zip(seen[key]["steps"], steps, strict=True):
                    step["evidence"] += [e for e in other["evidence"] if e not in step["evidence"]]
                seen[key]["certain"] |= certain
                continue
            seen[key] = {"certain": certain, "steps": steps, "rows": [b[2] for b in bodies]}
            found.setdefault(way, []).append(seen[key])
        return found

    def _step(self, near: list[Any], far: list[Any], edge: list[Any]) -> dict[str, Any]:
        relation, role, start, until, stated, data, rows = edge
        more = json.loads(data) if data != "{}" else {}
        return {"relation": relation, "source": _body(near), "target": _body(far), "role": RELATIONS[relation].roles.get(role, role),
                "since": written(start, more.get("sp", "day")), "until": None if until == OPEN else written(until, more.get("up", "day")),
                "basis": "stated" if stated else "inferred", "reason": more.get("r", ""),
                "evidence": [self._evidence(row) for row in json.loads(rows)]}

    def _evidence(self, row: int) -> dict[str, Any]:
        number = row >> 40
        source: Import = self.imports[number]
        return {"import": number, "file": source.file, "sheet": self.sheets[number][row >> 28 & 0xFFF], "row": row & 0xFFFFFFF,
                "source": source.source, "as_of": self._written[number]}

    def _way(self, way: Way, found: list[Match], closed: bool) -> dict[str, Any]:
        certain = any(m["certain"] for m in found)
        state = "true" if certain else "false" if closed and not found else "not_known"
        rests = {n for m in found if m["certain"] or not certain for n in _rests_on(way, m)}
        return {"name": way.name, "label": way.label, "class": way.class_, "state": state, "matches": found, "total": len(found),
                "rests": rests, "as_of": self._as_of(frozenset(rests)) if found else None}

    def _as_of(self, numbers: frozenset[int]) -> str:
        if numbers not in self._noted:
            self._noted[numbers] = as_of([self.imports[n] for n in numbers], self.frame)
        return self._noted[numbers]


def inside(frame: Frame) -> list[str]:
    """The sub-districts that the district's completeness statements speak of."""
    where = [w for s in frame.statements for scope in s.scope for w in scope.end.where]
    return sorted({normal(value) for name, values in where if name == NAME for value in values})


def _body(columns: list[Any]) -> dict[str, Any]:
    id, name, _ = columns
    return {"id": id, "kind": BY_PREFIX[id[:2]], "name": name}


def _open_beyond(places: list[Any], own: bool) -> set[str]:
    """The ways that stop at a building, park or party organisation of which it is not known what else it has."""
    parks, buildings = ([inside for park, inside in places if park is which] for which in (True, False))
    found = {"joint-building"} if False in buildings else set()
    found |= {"joint-park"} if False in parks else set()
    found |= {"building-worker", "station"} if found else set()
    found |= {"building-team"} if buildings else set()
    return found | ({"district-contact-organisation", "alliance-organisation"} if own else set())


def _rests_on(way: Way, match: Match) -> list[int]:
    """The imports that assert the relationships, and the values that were tested."""
    numbers = [e["import"] for s in match["steps"] for e in s["evidence"]]
    for position, rows in zip(way.path.positions[1:], match["rows"], strict=True):
        if position.where:
            numbers += [row >> 40 for row in json.loads(rows)]
    return numbers
