"""Full registers: what they lack is ended, by rows of their own import, and what they declare is closed (semantics 4)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from graph.engine import Writer
from graph.parts import Edge
from graph.questions.missing import Full, Lacking, full_registers, lacking
from schemas.declarations import Completeness
from schemas.facts import ENDS, DeclarationFact, Fact, RelationFact, Row
from schemas.metapath import Metapath

COUNTED = "ends"  # in the counts of an import: how many rows it has on the sheet ``ENDS``


@dataclass(frozen=True)
class Ended:
    """``facts``: what was ended now; ``kept``: relationships that it lacks and a source of the same or a later date confirms."""

    number: int
    facts: tuple[RelationFact, ...]
    kept: tuple[Edge, ...]


def close(writer: Writer, number: int, scope: Sequence[Metapath] = (), hops: Sequence[Metapath] = ()) -> Ended:
    """Declare the import the full register of the scope (unless it has declared itself one), and end what it lacks. Once done, doing
    it again changes nothing."""
    said = [Completeness(scope=tuple(map(str, scope)), hop=str(hop), full=True) for hop in hops]
    fulls = _fulls(writer).get(number)
    if not fulls:
        _add(writer, number, [(DeclarationFact(d.model_dump(mode="json")),) for d in said])
        fulls = _fulls(writer)[number]
    return _end(writer, fulls, None)


def measure(writer: Writer, ids: Collection[str], *, as_of: int = 0, number: int = 0) -> list[Ended]:
    """Measure what is now said of these bodies against the full registers in force, the oldest first: those with an as-of after
    ``as_of`` that were loaded after import ``number``."""
    later = [fulls for n, fulls in _fulls(writer).items() if n > number and any(f.as_of > as_of for f in fulls)]
    return [e for fulls in later if (e := _end(writer, fulls, ids)).facts]


def _fulls(writer: Writer) -> dict[int, list[Full]]:
    """What is declared full, by import, the oldest first."""
    found = dict[int, list[Full]]()
    for f in full_registers(writer.snapshot()):
        found.setdefault(f.number, []).append(f)
    return found


def related(rows: Iterable[Row]) -> set[str]:
    """The bodies whose relationships the rows speak of."""
    return {i for row in rows for f in row.facts if isinstance(f, RelationFact) for i in (f.source, f.target)}


def _end(writer: Writer, fulls: Sequence[Full], among: Collection[str] | None) -> Ended:
    snapshot = writer.snapshot()
    found = [lacking(snapshot, f, among) for f in fulls]
    facts = tuple(dict.fromkeys(_facts(found)))
    _add(writer, fulls[0].number, [(f,) for f in facts])
    return Ended(fulls[0].number, facts, tuple(e for f in found for e in f.kept))


def _facts(found: Iterable[Lacking]) -> Iterable[RelationFact]:
    return (RelationFact(e.source, e.type, e.target, e.role, basis="inferred", missing=True) for lack in found for e in lack.ended)


def _add(writer: Writer, number: int, facts: Sequence[tuple[Fact, ...]]) -> None:
    record, before = writer.snapshot().imports()[number], writer.last_row(number, ENDS)
    rows = [Row(n, hashlib.blake2b(repr(f).encode(), digest_size=8).hexdigest(), f, ENDS) for n, f in enumerate(facts, before + 1)]
    if rows:
        writer.apply(number, rows)
        writer.finish_import(number, record.state, {**record.counts, COUNTED: before + len(rows)})
