"""Who is who: what a load brings up. Bodies that are one by rule are joined, the others become questions (semantics 5, 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from itertools import count
from typing import Any, Literal

from graph.engine import Snapshot, Writer
from graph.merging import merge_fact
from graph.parts import Body
from ingest.alike import Near, first_of, near, pair, standing
from ingest.names import Names
from ingest.unify import named_ones, neighbours, question
from schemas.facts import Import, Row

REVIEW = "review"  # records: the pair of ids -> the question and what was decided
MERGED = "合并"  # the sheet of the rows by which an import joins bodies
Record = dict[str, Any]
State = Literal["open", "same", "different"]


def bring_up(writer: Writer, names: Names, number: int, last: int, named: Set[str], touched: Set[str], *,
             made_up: bool = False) -> set[str]:
    """Join bodies that rows speak of (``touched``) to those that they are, and note the questions about bodies that only these rows
    name (``named``; not of made-up data, whose names are all alike). ``last``: the last import of the same load. The bodies that were
    joined."""
    joined = unify(writer, touched, lambda *_: number)
    found = [] if made_up else list(near(writer.snapshot(), names, sorted(named), number, last, told_apart(writer.snapshot())))
    joined |= _join_sure(writer, number, last, [n for n in found if n.sure])
    note(writer, number, (n for n in found if not n.sure), last)
    return joined


def ask_again(writer: Writer, names: Names, named: Set[str], touched: Set[str]) -> set[str]:
    """A load has been taken back that described ``named`` and spoke of ``touched``: what it left unclear may be plain now, of what
    waits for a decision, too, and others may be one that were so by way of it. By the import that would have told if the other had
    never been. The bodies that were joined."""
    joined, imports = unify(writer, touched, lambda *both: max(map(first_of, both))), writer.imports
    again = [*open_of(writer.snapshot()), *_joined_with(writer.snapshot(), named)]
    for (number, last), asked in sorted(_by_import(again).items()):
        ids = {i for r in asked for i in (r["one"], r["other"])}
        joined |= bring_up(writer, names, number, last, ids, ids, made_up=imports[number].synthetic)
    return joined


def _joined_with(snapshot: Snapshot, named: Set[str]) -> list[Record]:
    imports = snapshot.imports()
    return [r for r in snapshot.records(REVIEW).values() if r.get("automatic") and named & {r["one"], r["other"]}
            and state_of(r, imports) == "same"]


def _by_import(records: Iterable[Record]) -> dict[tuple[int, int], list[Record]]:
    """(import that asks, last one of its load) -> the questions."""
    found = dict[tuple[int, int], list[Record]]()
    for r in records:
        number: int = r["import"]
        found.setdefault((number, r.get("last", number)), []).append(r)
    return found


def told_apart(snapshot: Snapshot) -> set[str]:
    """The pairs that people have told apart, by the ids that they have now: no program joins them."""
    imports = snapshot.imports()
    said = [r for r in snapshot.records(REVIEW).values() if r["state"] == "different" or in_force(imports, r, "apart")]
    now = {i: b.id for i, b in snapshot.bodies({i for r in said for i in (r["one"], r["other"])}).items()}
    return {pair(now.get(r["one"], r["one"]), now.get(r["other"], r["other"])) for r in said}


def _join_sure(writer: Writer, number: int, last: int, sure: Iterable[Near]) -> set[str]:
    """They are one, by rows of this import, unless people have decided it."""
    known, imports = writer.snapshot().records(REVIEW), writer.imports
    new = {key: n for n in sure if (r := known.get(key := pair(n.id, n.other))) is None or state_of(r, imports) == "open"}
    joined = join(writer, number, [(n.id, n.other) for n in new.values()])
    numbers = _numbers(known)
    for key, n in new.items():
        place = known[key]["n"] if key in known else next(numbers)
        _put(writer, number, n, place, {"state": "same", "as": number, "automatic": True, "at": imports[number].at, "last": last})
    return joined


def join(writer: Writer, number: int, pairs: Sequence[tuple[str, str]]) -> set[str]:
    """Say by rows of the import that each two are one; the bodies that this is about."""
    bodies, last = writer.snapshot().bodies({i for p in pairs for i in p}), writer.last_row(number, MERGED)
    ranked = [sorted((bodies[a], bodies[b]), key=standing) for a, b in pairs]
    rows = [Row(n, pair(into.id, b.id), (merge_fact(b.id, into.id),), MERGED) for n, (into, b) in enumerate(ranked, last + 1)]
    if rows:
        writer.apply(number, rows)
    return set(bodies)


def note(writer: Writer, number: int, found: Iterable[Near], last: int = 0) -> None:
    """Ask what has not been asked before, not even of what the two are called by now."""
    snapshot, asked = writer.snapshot(), list(found)
    known, now = snapshot.records(REVIEW), {i: b.id for i, b in snapshot.bodies({i for n in asked for i in (n.id, n.other)}).items()}
    new = {key: n for n in asked if now[n.id] != now[n.other]
           and not {key := pair(n.id, n.other), pair(now[n.id], now[n.other])} & known.keys()}
    for place, n in zip(_numbers(known), new.values(), strict=False):
        _put(writer, number, n, place, {"state": "open", "last": last or number})


def _numbers(known: Mapping[str, Record]) -> Iterator[int]:
    """Of questions that are new."""
    return count(1 + max((r["n"] for r in known.values()), default=0))


def _put(writer: Writer, number: int, n: Near, place: int, told: Record) -> None:
    writer.put_record(REVIEW, pair(n.id, n.other), {
        "n": place, "one": n.id, "other": n.other, "likeness": n.likeness, "evidence": list(n.evidence), "names": list(n.names),
        "import": number, **told})


def unify(writer: Writer, touched: Set[str], by: Callable[[Body, Body], int]) -> set[str]:
    """Exactly one named body: they are one, and what they are formed in may tell of others; several: a question. ``by``: the import
    that says so of two. The bodies that were joined."""
    joined, about = set[str](), set(touched)
    decided = {key for key, r in writer.snapshot().records(REVIEW).items() if r["state"] == "different"}
    while True:
        found = list(named_ones(writer.snapshot(), about))
        sure = _by(by, ((b, ns[0]) for b, ns in found if len(ns) == 1 and pair(b.id, ns[0].id) not in decided))
        if not sure:
            break
        more = {i for number, pairs in sure.items() for i in join(writer, number, [(b.id, n.id) for b, n in pairs])}
        joined |= more
        about |= more | neighbours(writer.snapshot(), more)
    for number, pairs in _by(by, ((b, n) for b, ns in found if len(ns) > 1 for n in ns)).items():
        note(writer, number, (question(b, n) for b, n in pairs))
    return joined


def _by(by: Callable[[Body, Body], int], pairs: Iterable[tuple[Body, Body]]) -> dict[int, list[tuple[Body, Body]]]:
    found = dict[int, list[tuple[Body, Body]]]()
    for two in pairs:
        found.setdefault(by(*two), []).append(two)
    return found


# -- where a question stands ---------------------------------------------------------------------------------------------------


def state_of(record: Record, imports: Mapping[int, Import]) -> State:
    """A decision lasts as long as the import that carries it out."""
    state: State = record["state"]
    if in_force(imports, record, "apart"):
        return state
    if in_force(imports, record, "as") and (state == "same" or record.get("automatic")):
        return "same"
    return "open" if state == "same" else state


def in_force(imports: Mapping[int, Import], record: Record, name: str) -> bool:
    """Whether the import by which they are one ("as") or two ("apart") is."""
    return name in record and imports[record[name]].state != "undone"


def open_of(snapshot: Snapshot, number: int | None = None) -> list[Record]:
    """The questions that wait: both bodies are in force and not one yet. ``number``: of this load alone."""
    imports = snapshot.imports()
    found = [r for r in snapshot.records(REVIEW).values() if number in (None, r["import"]) and state_of(r, imports) == "open"]
    bodies = snapshot.bodies({id for r in found for id in (r["one"], r["other"])})
    return [r for r in found if r["one"] in bodies and r["other"] in bodies and bodies[r["one"]].id != bodies[r["other"]].id]


def joined_by(snapshot: Snapshot, number: int) -> list[Record]:
    """Whom the import has joined for their names."""
    imports = snapshot.imports()
    return [r for r in snapshot.records(REVIEW).values() if r.get("automatic") and r["as"] == number and state_of(r, imports) == "same"]
