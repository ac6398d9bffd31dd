"""What stores keep of bodies and relationships -> the port's values, and row numbers -> where a row stands in its file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, overload

from graph.codec import value_in, values_in
from graph.parts import Body, Edge, RowRef
from schemas.facts import ENDS, Import, Value
from schemas.identifiers import BY_PREFIX
from schemas.relations import BY_NUMBER

IMPORT_BITS, SHEET_BITS = 40, 28
KIND_BITS = 40
NOTHING: Mapping[str, Any] = {}


def row_id(number: int, sheet: int, row: int) -> int:
    return number << IMPORT_BITS | sheet << SHEET_BITS | row


def span(number: int) -> tuple[int, int]:
    """The ids of an import's rows: from the first (inclusive) to the second (exclusive)."""
    return number << IMPORT_BITS, (number + 1) << IMPORT_BITS


class Values(Mapping[str, Value]):
    """A body's values, read from what is stored when one is asked for: most answers show names only."""

    def __init__(self, data: str) -> None:
        self.data = data

    @cached_property
    def stored(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.data)
        return found

    @cached_property
    def told(self) -> dict[str, Value]:
        return values_in(self.stored.get("v", NOTHING))

    def __getitem__(self, name: str) -> Value:
        return self.told[name]

    def __contains__(self, name: object) -> bool:
        return f'"{name}":' in self.data and name in self.told  # most have not what is asked for, and reading JSON is dear

    def __iter__(self) -> Iterator[str]:
        return iter(self.told)

    def __len__(self) -> int:
        return len(self.told)


class Keys(Sequence[tuple[str, str]]):
    """The keys of a body, read when they are asked for, like its values."""

    def __init__(self, values: Values) -> None:
        self.values = values

    @cached_property
    def told(self) -> tuple[tuple[str, str], ...]:
        return tuple((scheme, key) for scheme, key in self.values.stored.get("k", ()))

    @overload
    def __getitem__(self, at: int) -> tuple[str, str]: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[tuple[str, str], ...]: ...
    def __getitem__(self, at: int | slice) -> tuple[str, str] | tuple[tuple[str, str], ...]:
        return self.told[at]

    def __len__(self) -> int:
        return len(self.told)


class Decoder:
    """Decodes with the sheets of one data version: ``sheets``: (import, position) -> name."""

    def __init__(self, sheets: dict[tuple[int, int], str]) -> None:
        self.sheets = sheets
        self.places = {(number, name): place for (number, place), name in sheets.items()}

    def id(self, ref: RowRef) -> int:
        """The row number of a reference; of one that does not exist, one that no row has."""
        number, sheet, row = ref
        return row_id(number, self.places.get((number, sheet), (1 << IMPORT_BITS - SHEET_BITS) - 1), row)

    def ref(self, row: int) -> RowRef:
        number, sheet = row >> IMPORT_BITS, row >> SHEET_BITS & 0xFFF
        return number, self.sheets.get((number, sheet), ""), row & 0xFFFFFFF

    def refs(self, text: str) -> tuple[RowRef, ...]:
        if "," not in text:  # most have one row, and a path reads thousands: half the price of json
            return (self.ref(int(text[1:-1])),) if text != "[]" else ()
        return tuple(self.ref(r) for r in json.loads(text))

    def content(self, data: str, digests: Mapping[int, str]) -> dict[str, Any]:
        """What is stored of a body or relationship, for the content digest."""
        found: dict[str, Any] = json.loads(data)
        if "c" in found:
            found["c"] = {f: [[v, self.told(f"[{row}]", digests)] for v, row in said] for f, said in found["c"].items()}
        return found

    def told(self, rows: str, digests: Mapping[int, str]) -> list[Any]:
        """Rows as (file digest, sheet, number); in what order a full register came to end things says nothing."""
        return sorted([digests[n], sheet, row if sheet != ENDS else 0] for n, sheet, row in self.refs(rows))

    def body(self, columns: tuple[Any, ...]) -> Body:
        """From the columns ``sql_subject.NODE_COLUMNS``."""
        public, name, sort_key, ended, unnamed, synthetic, data, rows = columns
        kind = BY_PREFIX[public[:2]]
        if data == "{}":
            return Body(public, kind, name, sort_key, ended, unnamed == 1, synthetic == 1, rows=self.refs(rows))
        values = Values(data)
        conflicts = self._conflicts(values.stored["c"]) if '"c":' in data and "c" in values.stored else NOTHING
        keys = Keys(values) if '"k":' in data else ()
        return Body(public, kind, name, sort_key, ended, unnamed == 1, synthetic == 1, values, self.refs(rows), conflicts, keys)

    def _conflicts(self, stored: Mapping[str, Any]) -> dict[str, tuple[tuple[Value, RowRef], ...]]:
        return {f: tuple((value_in(v), self.ref(r)) for v, r in said) for f, said in stored.items()}

    def edge(self, columns: tuple[Any, ...], source: str, target: str) -> Edge:
        """From the columns ``sql_subject.EDGE_COLUMNS``."""
        role, start, since, until, stated, data, rows, number = columns
        if data == "{}":
            return Edge(source, BY_NUMBER[number].name, target, role, start, since, until, stated == 1, rows=self.refs(rows))
        more = json.loads(data)
        return Edge(source, BY_NUMBER[number].name, target, role, start, since, until, stated == 1,
                    more.get("sp", "day"), more.get("up", "day"), more.get("r", ""), values_in(more.get("v", {})), self.refs(rows))


def import_of(row: tuple[Any, ...]) -> Import:
    number, digest, file, source, as_of, precision, who, at, state, counts, synthetic = row
    return Import(number, digest, file, source, as_of, precision, who, at, state, json.loads(counts), bool(synthetic))
