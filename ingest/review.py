"""Who is who: what people decide. Decisions are kept, honoured by later loads, reversible (semantics 6)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from graph.engine import GraphEngine, Snapshot, Writer
from graph.lock import WAIT_SECONDS, held
from graph.merging import apart_fact, merge_fact
from graph.parts import Body
from graph.policy_files import policy
from graph.questions.cursor import encode, offset
from graph.questions.present import Presenter
from graph.questions.steady import steady
from ingest.alike import pair, standing
from ingest.asking import REVIEW, Record, in_force, open_of, state_of
from ingest.clock import now
from ingest.ends import close
from schemas.dates import number as day_number
from schemas.dates import today
from schemas.errors import ReviewError
from schemas.facts import DECIDED, Fact, Import, Row
from schemas.metapath import parse
from schemas.parts import BodyRef, Page
from schemas.reports import ReviewItem, ReviewList
from schemas.view import View

WAITING = "full"  # records: number of an import -> the full register that it will be when its questions are decided


# -- the list ------------------------------------------------------------------------------------------------------------------


def likeliest(record: Record) -> tuple[int, int]:
    return -record["likeness"], record["n"]


@steady
def review(engine: GraphEngine, *, decided: bool = False, limit: int = 20, cursor: str | None = None) -> ReviewList:
    """The questions that wait for a decision, the likeliest first; ``decided``: those that were decided, the latest first."""
    with engine.read() as snapshot:
        waiting, imports = open_of(snapshot), snapshot.imports()
        done = [r for r in snapshot.records(REVIEW).values() if state_of(r, imports) != "open"]
        found = sorted(done, key=lambda r: r["n"], reverse=True) if decided else sorted(waiting, key=likeliest)
        at = offset(cursor, "review", snapshot.version)
        more = encode("review", snapshot.version, str(at + limit)) if at + limit < len(found) else None
        return ReviewList(items=items(snapshot, found[at:at + limit]), open=len(waiting),
                          page=Page(total=len(found), limit=limit, truncated=more is not None, cursor=more))


def items(snapshot: Snapshot, records: Sequence[Record]) -> tuple[ReviewItem, ...]:
    present = Presenter(snapshot, View(policy()))
    bodies, imports = snapshot.bodies({id for r in records for id in (r["one"], r["other"])}), snapshot.imports()

    def called(id: str, name: str) -> BodyRef:  # as it was called when it was asked: the two may be one by now
        ref = present.body_ref(bodies[id])
        return ref.model_copy(update={"id": id, "name": name or ref.name})

    return tuple(ReviewItem(
        number=r["n"], one=called(r["one"], r["names"][0]), other=called(r["other"], r["names"][1]), likeness=r["likeness"],
        evidence=tuple(r["evidence"]), state=state_of(r, imports), import_number=r["import"], who=r.get("who", ""),
        at=r.get("at", ""), decided_as=r.get("as"),
        automatic=bool(r.get("automatic"))) for r in records if r["one"] in bodies and r["other"] in bodies)


# -- decisions -----------------------------------------------------------------------------------------------------------------


def decide(engine: GraphEngine, number: int, *, same: bool, who: str = "", wait: float = WAIT_SECONDS) -> ReviewItem:
    """Decide question ``number``. The same: the two are one from now on, by a row of an import of its own. Raises ReviewError,
    StoreBusyError (a load is under way for longer than ``wait`` seconds)."""
    def decided(writer: Writer) -> str:
        key, record = _question(writer.snapshot(), number)
        if state_of(record, writer.imports) != "open":
            raise ReviewError("review.decided", f"第 {number} 个问题已有决定", hint=f"要改，请先 jingluo review undo {number}")
        told: Record = {**record, "state": "same" if same else "different", "who": who, "at": now()}
        if same:
            _make_one(writer, told, who)
        writer.put_record(REVIEW, key, told)
        close_waiting(writer)
        return key

    with held(engine, "核定", wait=wait) as job:
        return _told(engine, job.transact(engine, decided))


def reopen(engine: GraphEngine, number: int, *, who: str = "", wait: float = WAIT_SECONDS) -> ReviewItem:
    """Take the decision back, that of a load, too: the two are two again, and the question waits. Raises ReviewError, StoreBusyError."""
    def reopened(writer: Writer) -> str:
        key, record = _question(writer.snapshot(), number)
        state = state_of(record, writer.imports)
        if state == "open":
            raise ReviewError("review.open", f"第 {number} 个问题还没有决定", hint="请用 jingluo review 查看")
        told = {k: v for k, v in record.items() if k not in ("who", "at")} | {"state": "open"}
        if state == "same":
            _make_two(writer, told, who)
        writer.put_record(REVIEW, key, told)
        return key

    with held(engine, "撤回核定", wait=wait) as job:
        return _told(engine, job.transact(engine, reopened))


def _question(snapshot: Snapshot, number: int) -> tuple[str, Record]:
    found = next(((k, r) for k, r in snapshot.records(REVIEW).items() if r["n"] == number), None)
    if found is None:
        raise ReviewError("review.unknown", f"没有第 {number} 个问题", hint="请用 jingluo review 查看编号")
    return found


def _make_one(writer: Writer, record: Record, who: str) -> None:
    """By an import whose row says so; where a load had joined them already, by taking back what keeps them apart. The one that was
    known longer, or that has a credit code, gives the id."""
    if in_force(writer.imports, record, "apart"):
        writer.withdraw(record.pop("apart"))
        if in_force(writer.imports, record, "as"):
            return
    bodies = writer.snapshot().bodies([record["one"], record["other"]])
    if len(bodies) < 2:
        raise ReviewError("review.gone", "其中一个对象已不在库中", hint="它所在的导入可能已撤回；请用 jingluo review 查看")
    first, second = sorted(bodies.values(), key=standing)
    record.pop("automatic", None)
    record["as"] = _decided(writer, record, f"{_name(second)} 即 {_name(first)}", merge_fact(second.id, first.id), who)


def _make_two(writer: Writer, record: Record, who: str) -> None:
    """What people joined is taken back; of what a load joined a row says that it is not so."""
    if record.get("automatic"):
        names = [n or "（未公布名称）" for n in record["names"]]
        record["apart"] = _decided(writer, record, f"{names[0]} 不是 {names[1]}", apart_fact(record["one"], record["other"]), who)
    else:
        writer.withdraw(record.pop("as"))


def _decided(writer: Writer, record: Record, words: str, fact: Fact, who: str) -> int:
    """The number of the import that holds a decision."""
    at = now()
    digest = hashlib.sha256(f"{pair(record['one'], record['other'])}\x1f{words}\x1f{at}".encode()).hexdigest()
    made = writer.begin_import(Import(0, digest, f"核定{record['n']}：{words}", DECIDED, day_number(today()), who=who, at=at))
    writer.apply(made.number, [Row(1, digest[:16], (fact,))])
    writer.finish_import(made.number, "done", {"read": 1, "updated": 1, "rejected": 0})
    return made.number


def _name(body: Body) -> str:
    return body.name or "（未公布名称）"


def close_waiting(writer: Writer) -> None:
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
        return items(snapshot, [snapshot.records(REVIEW)[key]])[0]
