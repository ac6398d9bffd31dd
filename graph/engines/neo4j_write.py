"""The writer of a Neo4j store: rows into force, the projection of what they touch, one transaction a batch."""

from __future__ import annotations

import json
from collections.abc import Collection, Container, Iterable, Mapping, Sequence, Set
from dataclasses import asdict, replace
from typing import Any

from neo4j import Transaction

from graph.codec import dumps, facts_in, facts_out, loads, rows_out
from graph.engine import BatchCounts
from graph.engines.gathering import asserted, gather
from graph.engines.neo4j_asking import import_of
from graph.engines.neo4j_batch import (
    BodyWrites,
    StoredBody,
    Target,
    claims_near,
    ends_of,
    facts_of,
    rows_in,
    stored_bodies,
    stored_claims,
    stored_edges,
    write_claims,
    write_edges,
)
from graph.engines.neo4j_contents import IMPORTS
from graph.engines.neo4j_read import Neo4jSnapshot
from graph.engines.neo4j_rows import Properties, ask, body_properties, edge_properties, registered
from graph.engines.rows import IMPORT_BITS, SHEET_BITS, row_id, span
from graph.engines.stored import begun, body_effect, edge_effect, edge_rows, grouped, mentioned, node_data, single_body
from graph.frame import end_of
from graph.merging import IN_JSON, Merged, affected, merged_in
from graph.project import Asserted, project_body, project_spells
from schemas.dates import OPEN, read
from schemas.declarations import Completeness
from schemas.facts import ENDS, BodyFact, DeclarationFact, Import, RelationFact, Row
from schemas.identifiers import PUBLIC_ID, kind_of

Facts = dict[Target, list[Asserted[Any]]]


class Neo4jWriter:
    """See ``graph.engine.Writer``. Holds the store's lock; what it does is undone as a whole or done as a whole."""

    def __init__(self, tx: Transaction) -> None:
        self.tx, self.changed = tx, False
        stored = [r[0] for r in ask(tx, IMPORTS)]
        self.imports = {r["number"]: import_of(r) for r in stored}
        self.sheets: dict[int, list[str]] = {r["number"]: list(r.get("sheets", ())) for r in stored}
        self.merged = self._merges()

    def finish(self) -> None:
        """The last statement of the transaction."""
        ask(self.tx, "MATCH (s:JingluoStore {key: 'store'}) SET s.locked = false, s.version = s.version + $step", step=int(self.changed))

    # -- imports -----------------------------------------------------------------------------------------------------------

    def begin_import(self, record: Import) -> Import:
        record = begun(record, self.imports)
        if record.number in self.imports and self.imports[record.number].state == "undone":
            low, high = span(record.number)
            ask(self.tx, "MATCH (r:Row) WHERE r.id >= $low AND r.id < $high DELETE r", low=low, high=high)
        self._put_import(record)
        return record

    def finish_import(self, number: int, state: str, counts: Mapping[str, Any]) -> None:
        self._put_import(replace(self.imports[number], state=state, counts=dict(counts)))

    def _put_import(self, i: Import) -> None:
        self.imports[i.number] = i
        ask(self.tx, "MERGE (i:Import {number: $number}) SET i += $more", number=i.number,
            more={**asdict(i), "counts": dumps(i.counts), "sheets": self.sheets.setdefault(i.number, [])})

    def _targets(self, number: int) -> list[Target]:
        """What the rows of an import are about."""
        low, high = span(number)
        rows = ask(self.tx, "MATCH (r:Row) WHERE r.id >= $low AND r.id < $high RETURN r.facts", low=low, high=high)
        return list(dict.fromkeys(self._target(f) for (facts,) in rows for f in facts_in(facts) if not isinstance(f, DeclarationFact)))

    def withdraw(self, number: int) -> BatchCounts:
        low, high = span(number)
        counts = BatchCounts()
        ask(self.tx, "MATCH (d:Declaration) WHERE d.row >= $low AND d.row < $high DELETE d", low=low, high=high)
        ask(self.tx, "MATCH (c:Closed) WHERE c.row >= $low AND c.row < $high DELETE c", low=low, high=high)
        self.changed = True
        self._project(self._targets(number), {}, counts, without=range(low, high))
        self._merge_anew(counts)
        self._put_import(replace(self.imports[number], state="undone"))
        return counts

    def last_row(self, number: int, sheet: str) -> int:
        if sheet not in self.sheets.get(number, ()):
            return 0
        first = row_id(number, self.sheets[number].index(sheet), 0)
        found = ask(self.tx, "MATCH (r:Row) WHERE r.id >= $first AND r.id < $end RETURN max(r.id)",
                    first=first, end=first + (1 << SHEET_BITS))
        return (found[0][0] or first) - first

    def needed(self, number: int) -> dict[str, list[int]]:
        own = range(*span(number))
        ids = [t[0] for t in self._targets(number) if not t[1]]
        alone = {id for id, old in stored_bodies(self.tx, ids).items() if old and all(r in own for r in rows_in(old[2]))}
        near = claims_near(self.tx, sorted(alone))
        said = {t: {r for row in rows for r in rows_in(row[7])} for t, rows in stored_edges(self.tx, near).items()}
        for t, rows in stored_claims(self.tx, near).items():
            said.setdefault(t, set()).update(rows)
        found = {(end, row) for t, rows in said.items() for end in (t[0], t[2]) if end in alone for row in rows
                 if self._sheet_of(row) != ENDS}  # what a full register lacks refers to nothing
        found |= {(id, row) for id, row in ask(self.tx, "MATCH (c:Closed) WHERE c.id IN $ids RETURN c.id, c.row", ids=sorted(alone))}
        declared = ask(self.tx, "MATCH (d:Declaration) WHERE NOT d.data CONTAINS $merge RETURN d.row, d.data", merge=IN_JSON)
        found |= {(id, row) for row, data in declared for id in PUBLIC_ID.findall(data) if id in alone}
        return grouped({(id, row >> IMPORT_BITS) for id, row in found if row not in own})

    def _sheet_of(self, row: int) -> str:
        return self.sheets[row >> IMPORT_BITS][row >> SHEET_BITS & 0xFFF]

    # -- rows --------------------------------------------------------------------------------------------------------------

    def apply(self, number: int, rows: Sequence[Row]) -> BatchCounts:
        found = gather(len(rows), self._new_rows(number, rows), self.imports, self._target, self._declare)
        counts = found.told(self._project(found.facts, found.facts, found.counts))
        self._merge_anew(counts)
        return counts

    def _new_rows(self, number: int, rows: Sequence[Row]) -> list[tuple[int, int, Row]]:
        """(place, id, row) of those that are not in force already."""
        ids = [row_id(number, self._sheet(number, r.sheet), r.number) for r in rows]
        known = facts_of(self.tx, ids)
        new = [(place, i, r) for place, (i, r) in enumerate(zip(ids, rows, strict=True)) if i not in known]
        ask(self.tx, "UNWIND $rows AS row CREATE (r:Row) SET r = row",
            rows=[{"id": i, "hash": r.hash, "facts": facts_out(r.facts)} for _, i, r in new])
        return new

    def _sheet(self, number: int, name: str) -> int:
        sheets = self.sheets.setdefault(number, [])
        if name not in sheets:
            sheets.append(name)
            ask(self.tx, "MATCH (i:Import {number: $number}) SET i.sheets = $sheets", number=number, sheets=sheets)
        return sheets.index(name)

    def _declare(self, row: int, position: int, fact: DeclarationFact) -> str:
        """The effect: a cell 无 is of the body in whose row it stands, and said once more it is confirmed."""
        self.changed = True
        data = fact.data
        if data["type"] == "completeness" and (body := single_body(data)):
            d, as_of = Completeness.model_validate(data), self.imports[row >> IMPORT_BITS].as_of
            start = read(d.start) if d.start else None
            (known,), = ask(self.tx, "OPTIONAL MATCH (c:Closed {sig: $it.sig, id: $it.id}) WITH count(c) AS known"
                                     " CREATE (c:Closed) SET c = $it RETURN known", it={
                "sig": d.hop, "id": self.merged.get(body, body), "start": start[0] if start else as_of,
                "until": end_of(d.until) if d.until else 0,
                "as_of": as_of, "row": row, "position": position})
            return "confirmed" if known else "updated"
        ask(self.tx, "CREATE (d:Declaration) SET d = $it", it={"row": row, "position": position, "data": dumps(data)})
        return "created"

    def _target(self, fact: BodyFact | RelationFact) -> Target:
        def now(id: str) -> str:
            return self.merged.get(id, id)

        return (now(fact.id), "", "") if isinstance(fact, BodyFact) else (now(fact.source), fact.type, now(fact.target))

    # -- bodies that are one -----------------------------------------------------------------------------------------------

    def _merges(self) -> Merged:
        return merged_in(d for (d,) in ask(self.tx, "MATCH (d:Declaration) WHERE d.data CONTAINS $merge RETURN d.data", merge=IN_JSON))

    def _merge_anew(self, counts: BatchCounts) -> None:
        """Where merges came or went, move what rows say from body to body."""
        old, self.merged = self.merged, self._merges()
        if old == self.merged:
            return
        bodies = affected(old, self.merged)
        near = [*((b, "", "") for b in sorted(bodies)), *claims_near(self.tx, sorted(bodies))]
        rows = {r for stored in stored_bodies(self.tx, sorted(bodies)).values() if stored for r in rows_in(stored[2])}
        rows |= {r for spells in stored_edges(self.tx, (t for t in near if t[1])).values() for s in spells for r in rows_in(s[7])}
        rows |= {r for said in stored_claims(self.tx, (t for t in near if t[1])).values() for r in said}
        new = Facts()
        for row, text in facts_of(self.tx, rows).items():
            for f in facts_in(text):
                if not isinstance(f, DeclarationFact) and not bodies.isdisjoint(mentioned(f)) and _apart(target := self._target(f)):
                    new.setdefault(target, []).append(asserted(self.imports, row, f))
        self._close_anew(bodies)
        self._project(dict.fromkeys([*near, *new]), new, counts, without=rows)
        self.changed = True

    def _close_anew(self, bodies: Set[str]) -> None:
        stood = {(row, position) for row, position in ask(
            self.tx, "MATCH (c:Closed) WHERE c.id IN $ids WITH c, c.row AS row, c.position AS position DELETE c RETURN row, position",
            ids=sorted(bodies))}
        for row, text in facts_of(self.tx, (r for r, _ in stood)).items():
            for position, fact in enumerate(facts_in(text)):
                if isinstance(fact, DeclarationFact) and (row, position) in stood:
                    self._declare(row, position, fact)

    # -- projection --------------------------------------------------------------------------------------------------------

    def _project(self, targets: Collection[Target], new: Facts, counts: BatchCounts,
                 without: Container[int] = range(0)) -> dict[Target, str]:
        """Project targets from their rows in force and ``new`` ones, but those of ``without``; bodies first, since their ends
        cap relationships."""
        effects, ended, fresh = self._project_bodies([t for t in targets if not t[1]], new, without)
        again = claims_near(self.tx, [i for i in ended if i not in fresh])
        edges = list(dict.fromkeys([*(t for t in targets if t[1]), *again]))
        effects |= self._project_edges(edges, new, without, fresh)
        for target, effect in effects.items():
            if effect != "unchanged":
                names = counts.relationships if target[1] else counts.bodies
                name = f"{target[1] or kind_of(target[0])}.{effect}"
                names[name] = names.get(name, 0) + 1
                self.changed = True
        return effects

    def _in_force(self, rows: Mapping[Target, Iterable[int]], new: Facts, without: Container[int]) -> Facts:
        """What rows in force and new ones assert of each target."""
        kept = {t: [r for r in said if r not in without] for t, said in rows.items()}
        texts = {id: facts_in(text) for id, text in facts_of(self.tx, (r for said in kept.values() for r in said)).items()}
        by_row = {id: [f for f in facts if not isinstance(f, DeclarationFact)] for id, facts in texts.items()}
        found = {t: [asserted(self.imports, r, f) for r in said for f in by_row[r] if self._target(f) == t] for t, said in kept.items()}
        return {t: [*said, *new.get(t, ())] for t, said in found.items()}

    def _project_bodies(self, targets: Sequence[Target], new: Facts,
                        without: Container[int]) -> tuple[dict[Target, str], list[str], set[str]]:
        """The effect on each, the ids of those whose end has changed, and of those that nothing was stored of."""
        stored, writes = stored_bodies(self.tx, [t[0] for t in targets]), BodyWrites()
        facts = self._in_force({t: rows_in(old[2]) if (old := stored.get(t[0])) else [] for t in targets}, new, without)
        effects, capped = dict[Target, str](), list[str]()
        for target in targets:
            id, old = target[0], stored.get(target[0])
            effects[target], ended = _project_body(id, facts[target], old, id in stored, writes)
            if ended != (old[3] if old else OPEN):
                capped.append(id)
        writes.write(self.tx)
        return effects, capped, {t[0] for t in targets if t[0] not in stored}

    def _project_edges(self, targets: Sequence[Target], new: Facts, without: Container[int], fresh: Collection[str]) -> dict[Target, str]:
        """``fresh``: bodies that had no relationship before."""
        ended = ends_of(self.tx, (id for t in targets for id in (t[0], t[2])))
        known = [t for t in targets if t[0] not in fresh and t[2] not in fresh]
        stored, claims = stored_edges(self.tx, known), stored_claims(self.tx, known)
        said = {t: {r for row in stored.get(t, ()) for r in rows_in(row[7])} | set(claims.get(t, ())) for t in targets}
        facts = self._in_force(said, new, without)
        effects, gone, made, hidden = dict[Target, str](), list[Target](), dict[str, list[Properties]](), dict[Target, list[int]]()
        for target in sorted(targets):
            source, relation, other = target
            spells = project_spells(facts[target], min(ended[source], ended[other])) if facts[target] else []
            old, rows = stored.get(target, []), edge_rows(spells)
            shown = {r for s in spells for r in s.rows}
            unseen = sorted({a.row for a in facts[target]} - shown)
            if unseen != sorted(claims.get(target, ())):
                hidden[target] = unseen
            effects[target] = edge_effect(old, rows)
            if old != rows:
                gone += [target] if old else []
                made.setdefault(relation, []).extend({"s": source, "t": other, "p": edge_properties(relation, row)} for row in rows)
        write_edges(self.tx, gone, made)
        write_claims(self.tx, hidden)
        return effects

    # -- whole stores ------------------------------------------------------------------------------------------------------

    def register(self, added: Sequence[tuple[str, str, str, str]], gone: Sequence[tuple[str, str, str, str]]) -> None:
        ask(self.tx, "UNWIND $rows AS x MERGE (k:Key {value: x[2], scheme: x[1], kind: x[4], id: x[0]}) SET k.original = x[3]",
            rows=[[*key, kind_of(key[0])] for key in added])
        ask(self.tx, "UNWIND $rows AS x MATCH (k:Key {value: x[2], scheme: x[1], kind: x[4], id: x[0]}) DELETE k",
            rows=[[*key, kind_of(key[0])] for key in gone])

    def snapshot(self) -> Neo4jSnapshot:
        return Neo4jSnapshot(self.tx, {})

    # -- records -----------------------------------------------------------------------------------------------------------

    def record(self, collection: str, id: str) -> Any:
        found = ask(self.tx, "MATCH (r:Record {collection: $collection, id: $id}) RETURN r.value", collection=collection, id=id)
        return loads(found[0][0]) if found else None

    def put_record(self, collection: str, id: str, value: Any) -> None:
        ask(self.tx, "MERGE (r:Record {collection: $collection, id: $id}) SET r.value = $value",
            collection=collection, id=id, value=dumps(value))

    def delete_record(self, collection: str, id: str) -> None:
        ask(self.tx, "MATCH (r:Record {collection: $collection, id: $id}) DELETE r", collection=collection, id=id)


def _project_body(id: str, facts: list[Asserted[BodyFact]], old: StoredBody | None, there: bool, writes: BodyWrites) -> tuple[str, int]:
    """Note what is to be written of one body; the effect, and when the body ends now."""
    kind, state = str(kind_of(id)), project_body(facts)
    before = registered(id, kind, old[0], _keys_in(old[1])) if old else {}
    if state is None:
        if old:
            writes.gone.setdefault(kind, []).append(id)
            writes.forgotten += [[value, scheme, kind, id] for scheme, value in before]
        return ("removed" if old else "unchanged"), OPEN
    now: StoredBody = (state.name, node_data(state), rows_out(state.rows), state.ended)
    if now == old:
        return "unchanged", state.ended
    (writes.changed if there else writes.new).setdefault(kind, []).append(body_properties(id, kind, state, now[1], now[2]))
    if state.conflicts or old:
        writes.conflicted[bool(state.conflicts)].append(id)
    after = registered(id, kind, state.name, state.keys)
    writes.forgotten += [[value, scheme, kind, id] for scheme, value in before if (scheme, value) not in after]
    writes.keys += [key for place, key in after.items() if before.get(place) != key]
    return (body_effect(old, now) if old else "created"), state.ended


def _apart(target: Target) -> bool:
    """Whether it is no relationship of a body with itself."""
    return target[0] != target[2]


def _keys_in(data: str) -> list[tuple[str, str]]:
    return [(s, v) for s, v in json.loads(data).get("k", ())] if '"k"' in data else []
