"""The last transaction of a load: what can be told only when all its rows are in force (semantics 4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from graph.engine import Snapshot, Writer
from graph.parts import Edge
from graph.questions.missing import PLAIN, Full
from graph.questions.present import Presenter
from graph.questions.reasons import hop_words
from ingest.asking import bring_up, joined_by, open_of
from ingest.ends import Ended, close, measure, related
from ingest.headers import Register
from ingest.names import Names
from ingest.prepare import Prepared
from ingest.recount import recounted
from ingest.review import WAITING, items, likeliest
from ingest.shared_codes import shared_codes
from schemas.dates import written
from schemas.declarations import Completeness
from schemas.facts import RelationFact
from schemas.metapath import Metapath
from schemas.parts import Step
from schemas.reports import FullRegister, LoadReport, ReviewItem
from schemas.view import View

Reports = dict[Path, LoadReport]
TOLD = 20  # names taken for others, a file
SHOWN = 1_000  # questions and relationships listed a file; all are counted


class Settling:
    """The files of one load, all of which wait for it: if it does not come, the load is completed by doing it again."""

    def __init__(self, fulls: Sequence[Full], names: Names) -> None:
        self.names = names
        self.newest = max((f.as_of for f in fulls), default=0)
        self.known = {f.number for f in fulls}
        self.begin()

    def begin(self) -> None:
        """Forget what was said of a try that the store took back."""
        self.due = dict[int, tuple[Prepared, Mapping[str, Any]]]()
        self.all = list[Prepared]()
        self._settle_anew()

    def _settle_anew(self) -> None:
        self.ended = list[RelationFact]()
        self.made_one = set[str]()
        self.questions, self.joined = list[ReviewItem](), list[ReviewItem]()

    def wait_for(self, p: Prepared, number: int, counted: Mapping[str, Any]) -> None:
        """The import is done only with the last transaction; ``counted`` is what it is then said to have done."""
        self.all.append(p)
        self.due[number] = p, counted

    def settle(self, writer: Writer, reports: Mapping[Path, LoadReport]) -> Reports:
        """Bring up who may be the same, end what the full registers lack, and say that the imports are done; the reports with what
        that did. It may be called again, where a store took back what it did."""
        found = dict[Path, LoadReport]()
        self._settle_anew()
        for number, (p, _) in self.due.items():
            self.made_one |= bring_up(writer, self.names, number, max(self.due), *p.mentioned(), made_up=p.register.synthetic)
        snapshot = writer.snapshot()
        for number, (p, _) in self.due.items():
            waiting, joined = open_of(snapshot, number), joined_by(snapshot, number)
            self.questions += items(snapshot, sorted(waiting, key=likeliest)[:SHOWN])
            self.joined += items(snapshot, joined[:SHOWN])
            report = recounted(snapshot, number, self.made_one, reports[p.register.path]) if self.made_one else reports[p.register.path]
            found[p.register.path] = report.model_copy(update={
                "review": len(waiting), "joined": len(joined), "warnings": (*report.warnings, *_told(writer, snapshot, self.names, p))})
        for number, (p, counted) in self.due.items():
            report = found[p.register.path]
            writer.finish_import(number, "done", {**counted, "created": report.created, "updated": report.updated})
            if p.claim or _declares(p):
                found[p.register.path] = report.model_copy(update={"full": self._close(writer, number, p)})
            elif p.register.as_of < self.newest and (told := self._measure(writer, p)):
                found[p.register.path] = report.model_copy(update={"warnings": (*report.warnings, *told)})
        return found

    def _close(self, writer: Writer, number: int, p: Prepared) -> FullRegister:
        hops = p.claim.hops(p.register.tables, p.stated) if p.claim and isinstance(p.register, Register) else ()
        told = FullRegister(scope=self._words(p), relationships=tuple(dict.fromkeys(_hop_words(h) for h in hops)))
        if why := self._withheld(p, hops):
            return told.model_copy(update={"withheld": why})
        if p.claim and (waiting := len(open_of(writer.snapshot(), number))):
            writer.put_record(WAITING, str(number), {"scope": [str(m) for m in p.claim.scope], "hops": [str(h) for h in hops]})
            why = f"有 {waiting} 处待核定是否同一个对象（jingluo review），核定后即据此结束没有列出的关系"
            return told.model_copy(update={"withheld": why})
        done = close(writer, number, p.claim.scope, hops) if p.claim else close(writer, number)
        self.ended += done.facts
        return told.model_copy(update={"ended": len(done.facts), "kept": len(done.kept),
                                       "kept_relationships": _steps(writer.snapshot(), done.kept[:SHOWN])})

    def _words(self, p: Prepared) -> str:
        as_of = written(p.register.as_of, p.register.as_of_precision)
        return f"{p.claim.words if p.claim else '声明为全量的各项'}，截至 {as_of}"

    def _withheld(self, p: Prepared, hops: Sequence[Metapath]) -> str:
        """Why nothing is ended: a row that was refused may be what seems to be missing."""
        edition = [o for o in self.all if (o.register.source, o.register.as_of) == (p.register.source, p.register.as_of)]
        if refused := sum(len(o.rejects) for o in edition):
            return f"有 {refused} 行被退回，暂不结束任何关系，也不认定名单齐全；改好后再导入即可"
        if p.claim and not hops:
            return "没有填写任何关系列，无从核对"
        return ""

    def _measure(self, writer: Writer, p: Prepared) -> list[str]:
        ids = related(row for batch in p.batches() for row in batch)
        return [self._ended_by(writer, e) for e in measure(writer, ids, as_of=p.register.as_of)]

    def _ended_by(self, writer: Writer, e: Ended) -> str:
        self.ended += e.facts
        i = writer.snapshot().imports()[e.number]
        newer = f"{i.file}，截至 {written(i.as_of, i.as_of_precision)}"
        return f"较新的全量登记表（{newer}）没有列出其中 {len(e.facts)} 个关系，已按其截至日期结束"


def _told(writer: Writer, snapshot: Snapshot, names: Names, p: Prepared) -> list[str]:
    """What a person should look at in what its rows, together with others, say."""
    told = [f"没有名为“{name}”的，按名称核心认作“{named}”" for name, named in _taken(snapshot, p.taken)[:TOLD]]
    told += [f"按名称核心认作已登记的对象的名称共 {len(p.taken)} 个"] if len(p.taken) > TOLD else []
    return [*told, *(shared_codes(writer, Presenter(snapshot, View(PLAIN)), names, p.renamed) if p.renamed else [])]


def _taken(snapshot: Snapshot, taken: Mapping[str, str]) -> list[tuple[str, str]]:
    bodies = snapshot.bodies(taken.values()) if taken else {}
    return [(name, bodies[id].name) for name, id in sorted(taken.items()) if id in bodies]


def _steps(snapshot: Snapshot, edges: Sequence[Edge]) -> tuple[Step, ...]:
    present, bodies = Presenter(snapshot, View(PLAIN)), snapshot.bodies({i for e in edges for i in (e.source, e.target)})
    return tuple(present.step(e, bodies, e.source) for e in edges)


def _hop_words(path: Metapath) -> str:
    return hop_words(replace(path.hops[0], where=()), path.end)


def _declares(p: Prepared) -> bool:
    """Whether it is a file of declarations that speaks of a full register."""
    if isinstance(p.register, Register):
        return False
    return any(isinstance(d, Completeness) and d.full for _, d in p.register.entries)


