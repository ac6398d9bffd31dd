"""The writer of a Neo4j store: rows into force, the projection of what they touch, one transaction a batch."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping, Sequence, Set
from dataclasses import asdict, replace
from functools import cached_property
from typing import Any

from graph.codec import dumps, facts_in, facts_out, loads
from graph.engine import BatchCounts
from graph.engines.gathering import asserted, gather
from graph.engines.neo4j_ahead import Now
from graph.engines.neo4j_asking import import_of
from graph.engines.neo4j_batch import Target, claims_near, closed_of, facts_of, rows_in, stored_bodies, stored_claims, stored_edges
from graph.engines.neo4j_contents import IMPORTS
from graph.engines.neo4j_projection import Facts, Projection
from graph.engines.neo4j_read import Neo4jSnapshot
from graph.engines.neo4j_rows import Properties
from graph.engines.rows import IMPORT_BITS, SHEET_BITS, row_id, span
from graph.engines.stored import begun, grouped, mentioned, single_body
from graph.frame import end_of
from graph.merging import IN_JSON, Merged, affected, is_merge, merged_in
from schemas.dates import read
from schemas.declarations import Completeness
from schemas.facts import ENDS, BodyFact, DeclarationFact, Import, RelationFact, Row
from schemas.identifiers import PUBLIC_ID, kind_of

Declaring = tuple[int, int, DeclarationFact]  # row, position in it
SAME_KEY = "{value: x[2], scheme: x[1], kind: x[4], id: x[0]}"


class Neo4jWriter:
    """See ``graph.engine.Writer``. Holds the store's lock; what it does is undone as a whole or done as a whole."""

    def __init__(self, at: Now, version: int) -> None:
        self.at, self.version, self.changed = at, version, False
        self.last = dict[int, int]()  # import -> the greatest id of its rows

    @cached_property
    def _stored_imports(self) -> list[dict[str, Any]]:
        return [r[0] for r in self.at.ask(IMPORTS)]

    @cached_property
    def imports(self) -> dict[int, Import]:
        return {r["number"]: import_of(r) for r in self._stored_imports}

    @cached_property
    def sheets(self) -> dict[int, list[str]]:
        return {r["number"]: list(r.get("sheets", ())) for r in self._stored_imports}

    @cached_property
    def merged(self) -> Merged:
        return self._merges()

    def finish(self) -> None:
        """The last statement of the transaction."""
        self.at.ask("MATCH (s:JingluoStore {key: 'store'}) SET s.locked = false, s.version = s.version + $step", step=int(self.changed))

    # -- imports -----------------------------------------------------------------------------------------------------------

    def begin_import(self, record: Import) -> Import:
        record = begun(record, self.imports)
        if record.number in self.imports and self.imports[record.number].state == "undone":
            low, high = span(record.number)
            self.at.ask("MATCH (r:Row) WHERE r.id >= $low AND r.id < $high DELETE r", low=low, high=high)
        self._put_import(record)
        return record

    def finish_import(self, number: int, state: str, counts: Mapping[str, Any]) -> None:
        self._put_import(replace(self.imports[number], state=state, counts=dict(counts)))

    def _put_import(self, i: Import) -> None:
        self.imports[i.number] = i
        self.at.ask("MERGE (i:Import {number: $number}) SET i += $more", number=i.number,
                    more={**asdict(i), "counts": dumps(i.counts), "sheets": self.sheets.setdefault(i.number, [])})

    def _targets(self, number: int) -> list[Target]:
        """What the rows of an import are about."""
        low, high = span(number)
        rows = self.at.ask("MATCH (r:Row) WHERE r.id >= $low AND r.id < $high RETURN r.facts", low=low, high=high)
        return list(dict.fromkeys(self._target(f) for (facts,) in rows for f in facts_in(facts) if not isinstance(f, DeclarationFact)))

    def withdraw(self, number: int) -> BatchCounts:
        low, high = span(number)
        counts, before = BatchCounts(), self.merged
        self.at.ask("MATCH (d:Declaration) WHERE d.row >= $low AND d.row < $high DELETE d", low=low, high=high)
        self.at.ask("MATCH (c:Closed) WHERE c.row >= $low AND c.row < $high DELETE c", low=low, high=high)
        self.changed = True
        self._project(self._targets(number), {}, counts, without=range(low, high))
        self._merge_anew(before, counts)
        self._put_import(replace(self.imports[number], state="undone"))
        return counts

    def last_row(self, number: int, sheet: str) -> int:
        if sheet not in self.sheets.get(number, ()):
            return 0
        first = row_id(number, self.sheets[number].index(sheet), 0)
        return max(self._last_of((first, first + (1 << SHEET_BITS))) - first, 0)

    def _last_of(self, span: tuple[int, int]) -> int:
        """The greatest id of a row in the span, 0 if there is none."""
        found = self.at.ask("MATCH (r:Row) WHERE r.id >= $low AND r.id < $high RETURN r.id ORDER BY r.id DESC LIMIT 1",
                            low=span[0], high=span[1])
        return int(found[0][0]) if found else 0

    def needed(self, number: int) -> dict[str, list[int]]:
        own = range(*span(number))
        ids = [t[0] for t in self._targets(number) if not t[1]]
        alone = {id for id, old in stored_bodies(self.at, ids).items() if old and all(r in own for r in rows_in(old[2]))}
        near = claims_near(self.at, sorted(alone))
        said = {t: {r for row in rows for r in rows_in(row[7])} for t, rows in stored_edges(self.at, near).items()}
        for t, rows in stored_claims(self.at, near).items():
            said.setdefault(t, set()).update(rows)
        found = {(end, row) for t, rows in said.items() for end in (t[0], t[2]) if end in alone for row in rows
                 if self._sheet_of(row) != ENDS}  # what a full register lacks refers to nothing
        found |= {(id, row) for id, row in self.at.ask("MATCH (c:Closed) WHERE c.id IN $ids RETURN c.id, c.row", ids=sorted(alone))}
        declared = self.at.ask("MATCH (d:Declaration) WHERE NOT d.data CONTAINS $merge RETURN d.row, d.data", merge=IN_JSON)
        found |= {(id, row) for row, data in declared for id in PUBLIC_ID.findall(data) if id in alone}
        return grouped({(id, row >> IMPORT_BITS) for id, row in found if row not in own})

    def _sheet_of(self, row: int) -> str:
        return self.sheets[row >> IMPORT_BITS][row >> SHEET_BITS & 0xFFF]

    # -- rows --------------------------------------------------------------------------------------------------------------

    def apply(self, number: int, rows: Sequence[Row]) -> BatchCounts:
        new, before = self._new_rows(number, rows), self.merged
        effects = self._declare((id, position, f) for _, id, row in new for position, f in enumerate(row.facts)
                                if isinstance(f, DeclarationFact))
        found = gather(len(rows), new, self.imports, self._target, lambda row, position, _: effects[row, position])
        counts = found.told(self._project(found.facts, found.facts, found.counts))
        if any(is_merge(f) for _, _, row in new for f in row.facts):
            self._merge_anew(before, counts)
        return counts

    def _new_rows(self, number: int, rows: Sequence[Row]) -> list[tuple[int, int, Row]]:
        """(place, id, row) of those that are not in force already. None is that comes after the last one."""
        ids = [row_id(number, self._sheet(number, r.sheet), r.number) for r in rows]
        last = self.last[number] if number in self.last else self._last_of(span(number))
        known = self.at.look("rows", [i for i in ids if i <= last], facts_of)
        self.last[number] = max(last, *ids, 0)
        new = [(place, i, r) for place, (i, r) in enumerate(zip(ids, rows, strict=True)) if i not in known]
        said = {i: facts_out(r.facts) for _, i, r in new}
        self.at.wrote("rows", said)
        self.at.make("UNWIND $rows AS row CREATE (r:Row) SET r = row", [{"id": i, "hash": r.hash, "facts": said[i]} for _, i, r in new])
        return new

    def _sheet(self, number: int, name: str) -> int:
        sheets = self.sheets.setdefault(number, [])
        if name not in sheets:
            sheets.append(name)
            self.at.put("UNWIND $rows AS row MATCH (i:Import {number: row[0]}) SET i.sheets = row[1]", [[number, list(sheets)]])
        return sheets.index(name)

    def _declare(self, said: Iterable[Declaring]) -> dict[tuple[int, int], str]:
        """The effect of each, by row and position: a cell 无 is of the body in whose row it stands, and said once more it is
        confirmed."""
        effects, single, others = dict[tuple[int, int], str](), list[Properties](), list[Properties]()
        for row, position, fact in said:
            effects[row, position], data = "created", fact.data
            if data["type"] == "completeness" and (body := single_body(data)):
                single.append(self._closing(row, position, Completeness.model_validate(data), body))
            else:
                others.append({"row": row, "position": position, "data": dumps(data)})
        known = self.at.look("closed", dict.fromkeys((c["sig"], c["id"]) for c in single), closed_of)
        for c in single:
            effects[c["row"], c["position"]] = "confirmed" if (c["sig"], c["id"]) in known else "updated"
            known[c["sig"], c["id"]] = True
        self.changed = self.changed or bool(effects)
        self.at.wrote("closed", known)
        self.at.make("UNWIND $rows AS row CREATE (c:Closed) SET c = row", single)
        self.at.make("UNWIND $rows AS row CREATE (d:Declaration) SET d = row", others)
        return effects

    def _closing(self, row: int, position: int, d: Completeness, body: str) -> Properties:
        as_of, start = self.imports[row >> IMPORT_BITS].as_of, read(d.start) if d.start else None
        return {"sig": d.hop, "id": self.merged.get(body, body), "start": start[0] if start else as_of,
                "until": end_of(d.until) if d.until else 0, "as_of": as_of, "row": row, "position": position}

    def _target(self, fact: BodyFact | RelationFact) -> Target:
        def now(id: str) -> str:
            return self.merged.get(id, id)

        return (now(fact.id), "", "") if isinstance(fact, BodyFact) else (now(fact.source), fact.type, now(fact.target))

    # -- bodies that are one -----------------------------------------------------------------------------------------------

    def _merges(self) -> Merged:
        return merged_in(d for (d,) in self.at.ask("MATCH (d:Declaration) WHERE d.data CONTAINS $merge RETURN d.data", merge=IN_JSON))

    def _merge_anew(self, old: Merged, counts: BatchCounts) -> None:
        """Where merges came or went, move what rows say from body to body."""
        self.merged = self._merges()
        if old == self.merged:
            return
        bodies = affected(old, self.merged)
        near = [*((b, "", "") for b in sorted(bodies)), *claims_near(self.at, sorted(bodies))]
        rows = {r for stored in stored_bodies(self.at, sorted(bodies)).values() if stored for r in rows_in(stored[2])}
        rows |= {r for spells in stored_edges(self.at, (t for t in near if t[1])).values() for s in spells for r in rows_in(s[7])}
        rows |= {r for said in stored_claims(self.at, (t for t in near if t[1])).values() for r in said}
        new = Facts()
        for row, text in facts_of(self.at, rows).items():
            for f in facts_in(text):
                if not isinstance(f, DeclarationFact) and not bodies.isdisjoint(mentioned(f)) and _apart(target := self._target(f)):
                    new.setdefault(target, []).append(asserted(self.imports, row, f))
        self._close_anew(bodies)
        self._project(dict.fromkeys([*near, *new]), new, counts, without=rows)
        self.changed = True

    def _close_anew(self, bodies: Set[str]) -> None:
        stood = {(row, position) for row, position in self.at.ask(
            "MATCH (c:Closed) WHERE c.id IN $ids WITH c, c.row AS row, c.position AS position DELETE c RETURN row, position",
            ids=sorted(bodies))}
        self._declare((row, position, fact) for row, text in facts_of(self.at, (r for r, _ in stood)).items()
                      for position, fact in enumerate(facts_in(text)) if isinstance(fact, DeclarationFact) and (row, position) in stood)

    def _project(self, targets: Collection[Target], new: Facts, counts: BatchCounts,
                 without: Container[int] = range(0)) -> dict[Target, str]:
        effects = Projection(self.at, self.imports, self._target).project(targets, new, without)
        for target, effect in effects.items():
            if effect != "unchanged":
                names = counts.relationships if target[1] else counts.bodies
                name = f"{target[1] or kind_of(target[0])}.{effect}"
                names[name] = names.get(name, 0) + 1
                self.changed = True
        return effects

    # -- whole stores ------------------------------------------------------------------------------------------------------

    def register(self, added: Sequence[tuple[str, str, str, str]], gone: Sequence[tuple[str, str, str, str]]) -> None:
        self.at.put("UNWIND $rows AS x MERGE (:Body {id: x[0]})"  # a body that there is not has no key, so new ones' are made unasked
                    f" MERGE (k:Key {SAME_KEY}) SET k.original = x[3]", [[*key, kind_of(key[0])] for key in added])
        self.at.put(f"UNWIND $rows AS x MATCH (k:Key {SAME_KEY}) DELETE k", [[*key, kind_of(key[0])] for key in gone])

    def snapshot(self) -> Neo4jSnapshot:
        return Neo4jSnapshot(self.at.on, {})

    # -- records -----------------------------------------------------------------------------------------------------------

    def record(self, collection: str, id: str) -> Any:
        found = self.at.ask("MATCH (r:Record {collection: $collection, id: $id}) RETURN r.value", collection=collection, id=id)
        return loads(found[0][0]) if found else None

    def put_record(self, collection: str, id: str, value: Any) -> None:
        self.at.ask("MERGE (r:Record {collection: $collection, id: $id}) SET r.value = $value",
                    collection=collection, id=id, value=dumps(value))

    def delete_record(self, collection: str, id: str) -> None:
        self.at.ask("MATCH (r:Record {collection: $collection, id: $id}) DELETE r", collection=collection, id=id)


def _apart(target: Target) -> bool:
    """Whether it is no relationship of a body with itself."""
    return target[0] != target[2]
