"""All that is in a Neo4j store, for copies, digests and undo: imports, declarations, rows, registry, every body and relationship."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from graph.codec import facts_in
from graph.engines.neo4j_asking import PRESENT, Asking, import_of
from graph.engines.rows import IMPORT_BITS
from graph.parts import Declared, RowRef
from schemas.facts import Fact, Import, Row
from schemas.kinds import KINDS
from schemas.relations import RELATIONS

IMPORTS = "MATCH (i:Import) RETURN properties(i) AS row ORDER BY i.number"
ROWS_AT_ONCE = 5_000


class Contents(Asking):
    def imports(self) -> Mapping[int, Import]:
        return {i.number: i for i in (import_of(r) for r in self._ask(IMPORTS))}

    def sources(self) -> Mapping[int, Import]:
        return self.known.imports

    def declarations(self) -> Sequence[Declared]:
        return self.known.declared

    def hop_signatures(self) -> Sequence[str]:
        return self.known.signatures

    def records(self, collection: str) -> dict[str, Any]:
        rows = self._ask("MATCH (r:Record) WHERE r.collection = $name AND r.id IS NOT NULL RETURN [r.id, r.value] AS row", name=collection)
        return {id: json.loads(value) for id, value in sorted(rows)}

    def collections(self) -> list[str]:
        return sorted(self._ask("MATCH (r:Record) RETURN DISTINCT r.collection AS row"))

    def registry(self) -> Iterator[tuple[str, str, str, str]]:
        keys = self._stream("MATCH (k:Key) RETURN k.id, k.scheme, k.value, k.original ORDER BY k.id")
        return ((id, scheme, value, original) for id, scheme, value, original in keys)

    def facts(self, refs: Iterable[RowRef]) -> dict[RowRef, tuple[Fact, ...]]:
        ids = [self.known.decoder.id(r) for r in refs]
        rows = self._ask("UNWIND $ids AS id MATCH (r:Row {id: id}) RETURN [r.id, r.facts] AS row", ids=ids) if ids else []
        return {self.known.decoder.ref(id): tuple(facts_in(text)) for id, text in rows}

    def rows(self, number: int) -> Iterator[Row]:
        at, end = number << IMPORT_BITS, (number + 1) << IMPORT_BITS
        while True:  # a page a statement, each within its time
            said = self._ask("MATCH (r:Row) WHERE r.id >= $at AND r.id < $end"
                             " RETURN [r.id, r.hash, r.facts] AS row ORDER BY r.id LIMIT $most", at=at, end=end, most=ROWS_AT_ONCE)
            if not said:
                return
            for id, digest, facts in said:
                _, sheet, place = self.known.decoder.ref(id)
                yield Row(place, digest, tuple(facts_in(facts)), sheet)
                at = id + 1

    def counts(self) -> dict[str, int]:
        kinds = " UNION ALL ".join(f"MATCH (n:{k}) RETURN ['{k}', count(*)] AS row" for k in KINDS)
        types = " UNION ALL ".join(f"MATCH ()-[r:{t}]->() RETURN ['{t}', count(*)] AS row" for t in RELATIONS)
        return {**dict.fromkeys([*KINDS, *RELATIONS], 0), **dict(self._ask(f"{kinds} UNION ALL {types}"))}

    def export(self) -> Iterator[tuple[str, Any]]:
        digests, decoder = {n: i.digest for n, i in self.known.imports.items()}, self.known.decoder

        for id, name, ended, data, rows in self._stream(
                f"MATCH (n:Body) WHERE n.id > '' AND n.{PRESENT} RETURN n.id, n.name, n.ended, n.data, n.rows ORDER BY n.id"):
            yield "body", [id, name, ended, decoder.content(data, digests), decoder.told(rows, digests)]
        for relation in sorted(RELATIONS.values(), key=lambda r: r.number):
            for *ends, stated, data, rows in self._stream(
                    f"MATCH (s:Body)-[e:{relation.name}]->(t:Body) WHERE s.id > '' AND s.{PRESENT} AND t.{PRESENT}"  # by its index
                    " RETURN s.id, t.id, e.role, e.nth, e.start, e.since, e.until, e.stated, e.data, e.rows"
                    " ORDER BY s.id, t.id, e.role, e.nth"):
                yield "edge", [relation.number, *ends, int(stated), decoder.content(data, digests), decoder.told(rows, digests)]
        for declared in self.known.declared:
            number, sheet, row = declared.row
            yield "declaration", [declared.declaration.model_dump(), declared.as_of, digests[number], sheet, row]
        closed = self._ask("MATCH (c:Closed) RETURN [c.sig, c.id, c.start, c.until, c.as_of, c.row] AS row")
        for *said, row in sorted(closed, key=lambda c: (c[0], c[1], c[4], c[5])):
            yield "closed", [*said, *decoder.told(f"[{row}]", digests)]
