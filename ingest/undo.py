"""Take one load back: its rows go out of force, and what they had said is projected anew (semantics 1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from graph.engine import BatchCounts, GraphEngine, Snapshot, Writer
from graph.lock import WAIT_SECONDS, held
from graph.policy_files import policy as policy_named
from graph.questions.imports import record_of
from graph.questions.present import Presenter
from ingest.asking import ask_again
from ingest.clock import now
from ingest.ends import measure, related
from ingest.names import Names
from ingest.review import WAITING, close_waiting
from schemas.errors import UndoError
from schemas.facts import BodyFact, Import
from schemas.policy import Policy
from schemas.reports import UndoReport
from schemas.view import View

SHOWN = 5  # bodies named in a refusal


def undo(engine: GraphEngine, number: int, *, who: str = "", wait: float = WAIT_SECONDS, policy: Policy | None = None) -> UndoReport:
    """Take import ``number`` back, in one transaction; afterwards the content digest is that of a store without it.

    Ids once given, records and decisions of the review stay. Loading the file again is a new import. Undoing twice changes nothing.
    One that was cut off can be taken back, too. ``policy``: its regions tell no names apart (without: those of the bundled one).
    Raises UndoError: no such import, or another load refers to a body that only this one asserts; StoreBusyError: a load is under way
    for longer than ``wait`` seconds."""
    names = Names((policy or policy_named()).regions)

    def withdraw(writer: Writer) -> BatchCounts | None:
        before = _checked(engine, number)
        if before.state == "undone":
            return None
        if needed := writer.needed(number):
            raise _refusal(engine, number, needed)
        ids = related(writer.snapshot().rows(number))
        named = {f.id for row in writer.snapshot().rows(number) for f in row.facts if isinstance(f, BodyFact)}
        counts = writer.withdraw(number)
        writer.delete_record(WAITING, str(number))
        ask_again(writer, names, named, ids)
        measure(writer, ids, number=number)  # what it alone had confirmed against a full register
        writer.finish_import(number, "undone", {**before.counts, "undone": {"at": now(), "who": who}})
        close_waiting(writer)
        return counts

    with held(engine, "撤回导入", wait=wait) as job:
        return _report(engine, number, job.transact(engine, withdraw))


def _checked(engine: GraphEngine, number: int) -> Import:
    with engine.read() as snapshot:
        found = snapshot.imports().get(number)
    if found is None:
        raise UndoError("undo.unknown", f"没有第 {number} 次导入", hint="请用 jingluo imports 查看序号")
    return found


def _refusal(engine: GraphEngine, number: int, needed: Mapping[str, list[int]]) -> UndoError:
    numbers = sorted({n for ns in needed.values() for n in ns})
    with engine.read() as snapshot:
        names = _names(snapshot, list(needed)[:SHOWN])
    told = f"第 {'、'.join(map(str, numbers[:SHOWN]))} 次" + (f"等 {len(numbers)} 次" if len(numbers) > SHOWN else "")
    more = f"等 {len(needed)} 个对象" if len(needed) > SHOWN else ""
    return UndoError("undo.needed", f"不能撤回第 {number} 次导入：{told}导入指到了只有它登记的{'、'.join(names)}{more}",
                     hint="请先撤回那几次导入，或先把这些对象另行登记导入")


def _names(snapshot: Snapshot, ids: list[str]) -> list[str]:
    present, bodies = Presenter(snapshot, View(policy_named())), snapshot.bodies(ids)
    return [f"“{ref.name}”（{ref.kind_label}）" for id in ids if id in bodies for ref in (present.body_ref(bodies[id]),)]


def _report(engine: GraphEngine, number: int, counts: BatchCounts | None) -> UndoReport:
    with engine.read() as snapshot:
        record = record_of(snapshot.imports()[number])
    if counts is None:
        return UndoReport(undone=record, changed=False)
    return UndoReport(undone=record, changed=True, bodies=_by_effect(counts.bodies), relationships=_by_effect(counts.relationships))


def _by_effect(counts: Mapping[str, int]) -> dict[str, int]:
    found = Counter[str]()
    for key, value in counts.items():
        found[key.rpartition(".")[2]] += value
    return dict(found)
