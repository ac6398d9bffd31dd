"""Who is who: questions that a load brings up, and what people decide. Decisions are kept, honoured by later loads, reversible."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Set
from typing import Any

from graph.engine import Body, GraphEngine, Snapshot, Writer
from graph.lock import WAIT_SECONDS, held
from graph.merging import merge_fact
from graph.policy_files import policy
from graph.questions.cursor import encode, offset
from graph.questions.present import Presenter
from graph.questions.steady import steady
from ingest.alike import Near, near
from ingest.clock import now
from ingest.ends import close
from ingest.unify import named_ones, question
from schemas.dates import number as day_number
from schemas.dates import today
from schemas.errors import ReviewError
from schemas.facts import DECIDED, BodyFact, Import, RelationFact, Row
from schemas.metapath import parse
from schemas.parts import BodyRef, Page
from schemas.reports import ReviewItem, ReviewList
from schemas.view import View

REVIEW = "review"  # records: the pair of ids -> the question and what was decided
WAITING = "full"  # records: number of an import -> the full register that it will be when its questions are decided
MERGED = "合并"  # the sheet of the rows that make an unnamed body the named one
Record = dict[str, Any]


def pair(one: str, other: str) -> str:
    return "~".join(sorted((one, other)))


# -- what a load brings up -----------------------------------------------------------------------------------------------------


def bring_up(writer: Writer, number: int, rows: Iterable[Row], *, made_up: bool = False) -> int:
    """Join unnamed bodies that the rows speak of to the one named body that they are, and note the questions about bodies that
    only these rows name (not of made-up data, whose names are all alike). How many questions of this load are open now."""
    named, touched = set[str](), set[str]()
    for fact in (f for row in rows for f in row.facts):
        if isinstance(fact, BodyFact):
            touched.add(fact.id)
            named |= {fact.id} if fact.name else set()
        elif isinstance(fact, RelationFact):
            touched |= {fact.source, fact.target}
    unify(writer, number, touched)
    note(writer, number, near(writer.snapshot(), () if made_up else sorted(named), number))
    return len(open_of(writer.snapshot(), number))


def note(writer: Writer, number: int, found: Iterable[Near]) -> None:
    known = writer.snapshot().records(REVIEW)
    last = max((r["n"] for r in known.values()), default=0)
    for n in found:
        if (key := pair(n.id, n.other)) not in known:
            last += 1
            known[key] = {"n": last, "one": n.id, "other": n.other, "likeness": n.likeness, "evidence": list(n.evidence),
                          "names": list(n.names), "import": number, "state": "open"}
            writer.put_record(REVIEW, key, known[key])


def unify(writer: Writer, number: int, touched: Set[str]) -> None:
    """Exactly one named body: they are one, by a row of this import; several: a question."""
    snapshot = writer.snapshot()
    found = [(body, named) for body, named in named_ones(snapshot, touched)]
    decided = {key for key, r in snapshot.records(REVIEW).items() if r["state"] == "different"}
    sure = [(b, ns[0]) for b, ns in found if len(ns) == 1 and pair(b.id, ns[0].id) not in decided]
    last = writer.last_row(number, MERGED)
    rows = [Row(n, pair(b.id, o.id), (merge_fact(b.id, o.id),), MERGED) for n, (b, o) in enumerate(sure, last + 1)]
    if rows:
        writer.apply(number, rows)
    note(writer, number, (question(b, n) for b, ns in found if len(ns) > 1 for n in ns))


# -- the list ------------------------------------------------------------------------------------------------------------------


def state_of(record: Record, snapshot: Snapshot) -> Any:
    """A decision lasts as long as the import that carries it out."""
    if record["state"] == "same" and snapshot.imports()[record["as"]].state != "done":
        return "open"
    return record["state"]


def open_of(snapshot: Snapshot, number: int | None = None) -> list[Record]:
    """The questions that wait: both bodies are in force and not one yet. ``number``: of this load alone."""
    found = [r for r in snapshot.records(REVIEW).values() if number in (None, r["import"]) and state_of(r, snapshot) == "open"]
    bodies = snapshot.bodies({id for r in found for id in (r["one"], r["other"])})
    return [r for r in found if r["one"] in bodies and r["other"] in bodies and bodies[r["one"]].id != bodies[r["other"]].id]


@steady
def review(engine: GraphEngine, *, decided: bool = False, limit: int = 20, cursor: str | None = None) -> ReviewList:
    """The questions that wait for a decision, the likeliest first; ``decided``: those that were decided, the latest first."""
    with engine.read() as snapshot:
        waiting = open_of(snapshot)
        done = [r for r in snapshot.records(REVIEW).values() if state_of(r, snapshot) != "open"]
        found = sorted(done, key=lambda r: r["n"], reverse=True) if decided else sorted(waiting, key=lambda r: (-r["likeness"], r["n"]))
        at = offset(cursor, "review", snapshot.version)
        more = encode("review", snapshot.version, str(at + limit)) if at + limit < len(found) else None
        return ReviewList(items=_items(snapshot, found[at:at + limit]), open=len(waiting),
                          page=Page(total=len(found), limit=limit, truncated=more is not None, cursor=more))


def _items(snapshot: Snapshot, records: list[Record]) -> tuple[ReviewItem, ...]:
    present = Presenter(snapshot, View(policy()))
    bodies = snapshot.bodies({id for r in records for id in (r["one"], r["other"])})

    def called(id: str, name: str) -> BodyRef:  # as it was called when it was asked: the two may be one by now
        ref = present.body_ref(bodies[id])
        return ref.model_copy(update={"id": id, "name": name or ref.name})

    return tuple(ReviewItem(
        number=r["n"], one=called(r["one"], r["names"][0]), other=called(r["other"], r["names"][1]), likeness=r["likeness"],
        evidence=tuple(r["evidence"]), state=state_of(r, snapshot), import_number=r["import"], who=r.get("who", ""),
        at=r.get("at", ""), decided_as=r.get("as")) for r in records if r["one"] in bodies and r["other"] in bodies)


# -- decisions -----------------------------------------------------------------------------------------------------------------


def decide(engine: GraphEngine, number: int, *, same: bool, who: str = "", wait: float = WAIT_SECONDS) -> ReviewItem:
    """Decide question ``number``. The same: the two are one from now on, by a row of an import of its own. Raises ReviewError,
    StoreBusyError (a load is under way for longer than ``wait`` seconds)."""
    with held(engine, "核定", wait=wait) as job, engine.write() as writer:
        job.check(writer)
        snapshot = writer.snapshot()
        key, record = _question(snapshot, number)
        if state_of(record, snapshot) != "open":
            raise ReviewError("review.decided", f"第 {number} 个问题已有决定", hint=f"要改，请先 jingluo review undo {number}")
        told: Record = {**record, "state": "same" if same else "different", "who": who, "at": now()}
        told.pop("as", None)
        if same:
            told["as"] = _merge(writer, record, key, who)
        writer.put_record(REVIEW, key, told)
        _close_waiting(writer)
    return _told(engine, key)


def reopen(engine: GraphEngine, number: int, *, wait: float = WAIT_SECONDS) -> ReviewItem:
    """Take the decision back: the two are two again, and the question waits. Raises ReviewError, StoreBusyError."""
    with held(engine, "撤回核定", wait=wait) as job, engine.write() as writer:
        job.check(writer)
        snapshot = writer.snapshot()
        key, record = _question(snapshot, number)
        if state_of(record, snapshot) == "open":
            raise ReviewError("review.open", f"第 {number} 个问题还没有决定", hint="请用 jingluo review 查看")
        if record["state"] == "same":
            writer.withdraw(record["as"])
        writer.put_record(REVIEW, key, {k: v for k, v in record.items() if k not in ("as", "who", "at")} | {"state": "open"})
    return _told(engine, key)


def _question(snapshot: Snapshot, number: int) -> tuple[str, Record]:
    found = next(((k, r) for k, r in snapshot.records(REVIEW).items() if r["n"] == number), None)
    if found is None:
        raise ReviewError("review.unknown", f"没有第 {number} 个问题", hint="请用 jingluo review 查看编号")
    return found


def _merge(writer: Writer, record: Record, key: str, who: str) -> int:
    """The import whose row makes the two one; the one that was known longer, or that has a credit code, gives the id."""
    bodies = writer.snapshot().bodies([record["one"], record["other"]])
    if len(bodies) < 2:
        raise ReviewError("review.gone", "其中一个对象已不在库中", hint="它所在的导入可能已撤回；请用 jingluo review 查看")
    first, second = sorted(bodies.values(), key=_standing)
    at = now()
    digest = hashlib.sha256(f"{key}\x1f{at}".encode()).hexdigest()
    made = writer.begin_import(Import(0, digest, f"核定{record['n']}：{_name(second)} 即 {_name(first)}", DECIDED, day_number(today()),
                                      who=who, at=at))
    writer.apply(made.number, [Row(1, digest[:16], (merge_fact(second.id, first.id),))])
    writer.finish_import(made.number, "done", {"read": 1, "updated": 1, "rejected": 0})
    return made.number


def _name(body: Body) -> str:
    return body.name or "（未公布名称）"


def _standing(body: Body) -> tuple[bool, bool, int, str]:
    codes = any(s == "credit_code" for s, _ in body.keys)
    return body.unnamed, not codes, min((r[0] for r in body.rows), default=0), body.id


def _close_waiting(writer: Writer) -> None:
    """Full registers whose last question has been decided."""
    snapshot = writer.snapshot()
    waiting: Mapping[str, Record] = snapshot.records(WAITING)
    for number, told in waiting.items():
        if snapshot.imports()[int(number)].state == "done" and not open_of(snapshot, int(number)):
            close(writer, int(number), [parse(m) for m in told["scope"]], [parse(h) for h in told["hops"]])
        if not open_of(snapshot, int(number)):
            writer.delete_record(WAITING, number)


def _told(engine: GraphEngine, key: str) -> ReviewItem:
    with engine.read() as snapshot:
        return _items(snapshot, [snapshot.records(REVIEW)[key]])[0]
