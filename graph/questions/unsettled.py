"""Findings about what waits for people: what full registers lack and others say, codes under several names, bodies that nobody has
registered."""

from __future__ import annotations

from collections.abc import Iterator

from graph.engine import Snapshot
from graph.parts import Body, RowRef
from graph.questions.missing import full_registers, lacking
from graph.questions.present import Presenter
from schemas.dates import written
from schemas.facts import BodyFact
from schemas.identifiers import normal
from schemas.kinds import KINDS
from schemas.policy import Requirement
from schemas.relations import RELATIONS
from schemas.reports import Finding

SHARED_CODES = "codes"  # records: a body and its code -> the names that are not near; a hint, the rows in force tell whether it is so
NICKNAMES = ("alias", "former", "brand")
ROWS = 3  # shown of one name
Named = dict[str, list[RowRef]]  # normalised name -> the rows that say it


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


def shared_codes(present: Presenter, limit: int) -> Iterator[Finding]:
    """One body by its credit code, of which rows say names that are not near, and none that it was or is also called so."""
    snapshot, found = present.snapshot, list[Finding]()
    for noted in snapshot.records(SHARED_CODES).values():
        for body in snapshot.bodies([noted["body"]]).values():
            said = named_by_code(snapshot, body).get(noted["code"], {})
            if len(named := {n: said[n] for n in noted["names"] if n in said}) > 1:
                found.append(Finding(code="data.code-names", level="warning", bodies=(present.body_ref(body),),
                                     message=code_words(present, noted["code"], named)))
    yield from found[:limit]
    if len(found) > limit:
        yield Finding(code="data.more-code-names", level="information",
                      message=f"一个信用代码有几个相差很大的名称的，共 {len(found)} 个，此处列出前 {limit} 个")


def named_by_code(snapshot: Snapshot, body: Body) -> dict[str, Named]:
    """Credit code -> names that rows in force give to the body together with it; without names that a row says are other names."""
    said = [(ref, f) for ref, facts in sorted(snapshot.facts(body.rows).items()) for f in facts if isinstance(f, BodyFact)]
    others = {normal(v) for _, f in said for scheme, v in f.keys if scheme in NICKNAMES}
    found = dict[str, Named]()
    for ref, f in said:
        for code in (v for scheme, v in f.keys if scheme == "credit_code" and f.name and normal(f.name) not in others):
            found.setdefault(code, {}).setdefault(normal(f.name), []).append(ref)
    return found


def code_words(present: Presenter, code: str, named: Named) -> str:
    names = "、".join(f"{name}（{_places(present, rows)}）" for name, rows in named.items())
    return f"信用代码 {code} 有几个相差很大的名称：{names}，算作同一个；改了名的请填写曾用名，填错代码的请改正后再导入"


def _places(present: Presenter, rows: list[RowRef]) -> str:
    return "；".join(map(present.place, rows[:ROWS])) + (f"等 {len(rows)} 处" if len(rows) > ROWS else "")


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
