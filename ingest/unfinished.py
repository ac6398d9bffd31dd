"""Loads that were cut off and files with refused rows: what of them is in force already, and what the store held before them.

The facts of a row depend on what was registered when it was loaded (which body a name means). A load that is completed must say what
the undisturbed one would have said, so it looks at the store without what it has put there itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from graph.engine import Snapshot, Writer
from graph.frame import Frame
from graph.parts import Body, Edge, RowRef
from ingest.prepare import Prepared
from schemas.facts import Import

LOADS = "load"  # records: number of the first import -> the numbers of all new ones of a load, until all of them are done
SETTLED = ("done", "undone")


@dataclass(frozen=True)
class CutOff:
    """``numbers``: the imports, done ones too, of loads that were cut off and are completed now."""

    numbers: frozenset[int] = frozenset()

    def before(self, snapshot: Snapshot) -> Snapshot:
        return cast(Snapshot, _Earlier(snapshot, self.numbers)) if self.numbers else snapshot


def cut_off(snapshot: Snapshot, files: Iterable[Import]) -> CutOff:
    """Of the imports of the files that are loaded now, those of loads that were cut off."""
    loads, states = [set(n) for n in snapshot.records(LOADS).values()], {i.number: i.state for i in snapshot.imports().values()}
    given = {i.number for i in files}
    ours = [load & given for load in loads]
    return CutOff(frozenset().union(*(load for load in ours if any(states[n] not in SETTLED for n in load))))


class _Earlier:
    """A snapshot without what only these imports assert."""

    def __init__(self, snapshot: Snapshot, numbers: Collection[int]) -> None:
        self.snapshot, self.numbers = snapshot, numbers

    def __getattr__(self, name: str) -> Any:
        return getattr(self.snapshot, name)

    def bodies(self, ids: Iterable[str]) -> dict[str, Body]:
        return {id: body for id, body in self.snapshot.bodies(ids).items() if self._before(body.rows)}

    def step(self, ids: Iterable[str], types: Sequence[tuple[str, bool]], frame: Frame | None) -> list[Edge]:
        return [e for e in self.snapshot.step(ids, types, frame) if self._before(e.rows)]

    def _before(self, rows: Sequence[RowRef]) -> bool:
        return any(number not in self.numbers for number, _, _ in rows)


def settle(p: Prepared, before: Import, snapshot: Snapshot) -> bool:
    """Rows that are in force stay so, whatever is thought of them now. Whether the file has rows that are not in force yet."""
    in_force = {(row.sheet, row.number) for row in snapshot.rows(before.number)}
    refused = {place: reject for place, reject in p.rejects.items() if (reject.sheet, reject.row) not in in_force}
    p.standing, p.rejects = len(p.rejects) - len(refused), refused
    return any((row.sheet, row.number) not in in_force for batch in p.batches() for row in batch)


def note_begun(writer: Writer, records: Sequence[Import], known: Collection[int]) -> dict[str, list[int]]:
    """Remember which imports are one load; ``known``: those that were there before. What is remembered."""
    new = [i.number for i in records if i.number not in known]
    if not new:
        return {}
    writer.put_record(LOADS, str(new[0]), new)
    return {str(new[0]): new}


def note_done(writer: Writer, loads: dict[str, list[int]]) -> None:
    """Forget the loads all of whose imports are done. ``loads``: what is remembered."""
    for id, numbers in loads.items():
        if all(writer.imports[n].state in SETTLED for n in numbers):
            writer.delete_record(LOADS, id)
