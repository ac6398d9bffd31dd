"""What rows that are put into force assert, gathered by target: alike in every store, whatever it calls a body."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from graph.engine import BatchCounts
from graph.engines.rows import IMPORT_BITS
from graph.engines.stored import stronger
from graph.project import Asserted
from schemas.facts import BodyFact, DeclarationFact, Import, RelationFact, Row

Target = TypeVar("Target", tuple[int, int, int], tuple[str, str, str])  # (body, no type, no body) or (source, type, target)


def asserted(imports: Mapping[int, Import], row: int, fact: BodyFact | RelationFact) -> Asserted[Any]:
    i = imports[row >> IMPORT_BITS]
    return Asserted(i.as_of, row, i.source, fact)


@dataclass
class Gathered(Generic[Target]):
    """``touched``: place of a row and a target that it asserts; ``counts`` has the effects of declarations already."""

    counts: BatchCounts
    facts: dict[Target, list[Asserted[Any]]] = field(default_factory=dict)
    touched: list[tuple[int, Target]] = field(default_factory=list)

    def told(self, effects: Mapping[Target, str]) -> BatchCounts:
        """The counts, each row with the strongest effect that it had on a target."""
        rows = self.counts.rows
        for place, target in self.touched:
            if (effect := effects[target]) != rows[place]:
                rows[place] = stronger(rows[place], effect)
        return self.counts


def gather(number: int, rows: Iterable[tuple[int, int, Row]], imports: Mapping[int, Import],
           target_of: Callable[[BodyFact | RelationFact], Target],
           declare: Callable[[int, int, DeclarationFact], str]) -> Gathered[Target]:
    """``number``: of all rows; ``rows``: (place, row id, row) of those that are not in force yet."""
    found = Gathered[Target](BatchCounts(rows=["unchanged"] * number))
    facts, touched = found.facts, found.touched
    for place, id, row in rows:
        i = imports[id >> IMPORT_BITS]
        for position, fact in enumerate(row.facts):
            if isinstance(fact, DeclarationFact):
                found.counts.rows[place] = stronger(found.counts.rows[place], declare(id, position, fact))
                continue
            target = target_of(fact)
            if target[0] != target[2]:  # else it is between two bodies that are one
                facts.setdefault(target, []).append(Asserted(i.as_of, id, i.source, fact))
                touched.append((place, target))
    return found
