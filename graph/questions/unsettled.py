"""Findings about what waits for people: what full registers lack and others say, and bodies that nobody has registered."""

from __future__ import annotations

from collections.abc import Iterator

from graph.questions.missing import full_registers, lacking
from graph.questions.present import Presenter
from schemas.dates import written
from schemas.kinds import KINDS
from schemas.policy import Requirement
from schemas.relations import RELATIONS
from schemas.reports import Finding


def contradicted(present: Presenter, limit: int) -> Iterator[Finding]:
    """Relationships that a full register lacks and that a source of the same or a later date says (semantics 4)."""
    snapshot = present.snapshot
    for full in full_registers(snapshot):
        kept, own = lacking(snapshot, full).kept, snapshot.sources()[full.number]
        bodies = snapshot.bodies({i for e in kept[:limit] for i in (e.source, e.target)})
        where = f"{own.file}，截至 {written(own.as_of, own.as_of_precision)}"
        for e in kept[:limit]:
            refs = present.body_ref(bodies[e.source]), present.body_ref(bodies[e.target])
            others = "、".join(present.place(r) for r in e.rows)
            yield Finding(code="data.not-listed", level="warning", bodies=refs, where=where,
                          message=f"全量登记表没有列出：{refs[0].name}“{RELATIONS[e.type].label}”{refs[1].name}；同期或更新的来源说有（{others}）")
        if len(kept) > limit:
            yield Finding(code="data.more-not-listed", level="information", where=where,
                          message=f"全量登记表没有列出、别处说有的共 {len(kept)} 个，此处列出前 {limit} 个")


def stubs(present: Presenter, limit: int) -> Iterator[Finding]:
    """Bodies that are only referred to."""
    for kind in KINDS.values():
        none = Requirement(id="stub", label="", subject=f"(:{kind.name} {{stub: true}})", metapath=f"(:{kind.name})", at_most=0)
        page = present.snapshot.scan(none, present.frame, (), ("gap",), None, limit)  # of others it is not known: they are left out
        bodies = present.snapshot.bodies(r.id for r in page.rows)
        for ref in (present.body_ref(bodies[r.id]) for r in page.rows):
            yield Finding(code="data.stub", level="information", bodies=(ref,),
                          message=f"{ref.name}（{kind.label}）待补录：只被提到，还没有登记")
        if page.last:
            yield Finding(code="data.more-stubs", level="information", message=f"待补录的{kind.label}不止 {limit} 个")
