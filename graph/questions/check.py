"""The ontology, the policy and the data against each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial

from graph.engine import GraphEngine
from graph.parts import Body
from graph.questions.cursor import encode, offset
from graph.questions.namesakes import circles, namesakes
from graph.questions.present import Presenter
from graph.questions.reasons import field_label
from graph.questions.steady import steady
from graph.questions.unsettled import contradicted, shared_codes, stubs
from schemas.declarations import Completeness, Count, Doubt, Exemption
from schemas.metapath import ID, NAME, parse
from schemas.parts import Page
from schemas.relations import RELATIONS
from schemas.reports import CheckReport, Finding
from schemas.view import View

EACH = 1_000  # findings of one sort that are looked up


@steady
def check(engine: GraphEngine, view: View, *, limit: int = 50, cursor: str | None = None) -> CheckReport:
    """Findings, the gravest first: values that only one can hold, codes and names of several bodies, circles of rank,
    codes under several names, sources that disagree, full registers that lack what others say, stubs, declarations that speak of nothing.

    >>> [f.level for f in check(engine, view).findings if f.level == "error"]
    []
    """
    with engine.read(view.overlay) as snapshot:
        present = Presenter(snapshot, view)
        found = [*_policy(view), *_declarations(present), *_doubled(present), *_conflicts(present),
                 *namesakes(present, EACH), *circles(present, EACH), *shared_codes(present, EACH),
                 *contradicted(present, EACH), *stubs(present, EACH)]
        found.sort(key=lambda f: ("error", "warning", "information").index(f.level))
        at = offset(cursor, "check", snapshot.version)
        more = encode("check", snapshot.version, str(at + limit)) if at + limit < len(found) else None
        return CheckReport(frame=present.document, findings=tuple(found[at:at + limit]),
                           page=Page(total=len(found), limit=limit, truncated=more is not None, cursor=more))


def _policy(view: View) -> Iterator[Finding]:
    policy = view.policy
    if not policy.counting_ways:
        yield Finding(code="policy.no-counting-way", level="error", message="口径中没有任何计入覆盖的方式", where=policy.name)
    for way in policy.counting_ways:
        for other in policy.counting_ways:
            if other is not way and other.path == way.path:
                yield Finding(code="policy.same-way", level="warning", where=policy.name,
                              message=f"覆盖方式 {way.name} 与 {other.name} 相同")


def _declarations(present: Presenter) -> Iterator[Finding]:
    rules = {"coverage", *(r.id for r in present.view.policy.requirements)}
    said = present.snapshot.declarations()
    counts = {d.declaration.id: d.declaration for d in said if isinstance(d.declaration, Count)}
    known = present.snapshot.bodies({d.declaration.body for d in said if isinstance(d.declaration, Exemption | Doubt)})
    lookup = cache(partial(present.snapshot.lookup, "name"))  # declarations name the same places again and again
    for declared in said:
        d, where = declared.declaration, present.place(declared.row)
        if isinstance(d, Exemption) and d.rule not in rules:
            yield Finding(code="declaration.unknown-rule", level="warning", message=f"不纳入统计的规则“{d.rule}”不在口径中", where=where)
        if isinstance(d, Exemption | Doubt) and d.body not in known:
            yield Finding(code="declaration.unknown-body", level="warning", message=f"声明所指的对象 {d.body} 不存在", where=where)
        for text in (*((d.pattern,) if isinstance(d, Count) and d.pattern else ()), *(d.scope if isinstance(d, Completeness) else ())):
            yield from _names(present, lookup, text, where)
        if isinstance(d, Count) and d.part_of:
            yield from _part(d, counts, where)


def _part(d: Count, counts: dict[str, Count], where: str) -> Iterator[Finding]:
    whole = counts.get(d.part_of)
    if whole is None:
        yield Finding(code="declaration.part-of-nothing", level="warning", where=where,
                      message=f"“{d.label}”所属的公布数 {d.part_of} 不存在")
    elif (total := sum(c.number for c in counts.values() if c.part_of == d.part_of)) > whole.number and whole.comparator == "=":
        yield Finding(code="declaration.parts-exceed", level="warning", where=where,
                      message=f"“{whole.label}”公布 {whole.number}，各分项合计 {total}")


def _names(present: Presenter, lookup: Callable[[str], list[Body]], text: str, where: str) -> Iterator[Finding]:
    """Names in a declaration's metapath that no body has."""
    for position in parse(text).positions:
        for field, values in position.where:
            for value in values:
                known = (lookup(value) if field == NAME else
                         list(present.snapshot.bodies([value]).values()) if field == ID else [None])
                if not known:
                    yield Finding(code="declaration.unknown-name", level="warning", message=f"声明中的“{value}”没有登记", where=where)


def _doubled(present: Presenter) -> Iterator[Finding]:
    doubled = present.snapshot.doubled(present.frame, EACH)
    bodies = present.snapshot.bodies({i for source, _, targets in doubled for i in (source, *targets)})
    for source, relation, targets in doubled:
        refs = tuple(present.body_ref(bodies[i]) for i in (source, *targets))
        yield Finding(code="data.doubled", level="error", bodies=refs,
                      message=f"{refs[0].name}同时“{RELATIONS[relation].label}”{'、'.join(r.name for r in refs[1:])}，应只有一个")


def _conflicts(present: Presenter) -> Iterator[Finding]:
    bodies, total = present.snapshot.conflicting(EACH)
    for body in bodies:
        yield from _conflict(present, body)
    if total > EACH:
        yield Finding(code="data.more-conflicts", level="information", message=f"来源不一致的对象共 {total} 个，此处列出前 {EACH} 个")


def _conflict(present: Presenter, body: Body) -> Iterator[Finding]:
    ref = present.body_ref(body)
    for name, said in body.conflicts.items():
        others = "；".join(f"{present.value_text(body.kind, name, v)}（{present.place(r)}）" for v, r in said)
        ours = present.value_text(body.kind, name, body.values[name])
        yield Finding(code="data.conflict", level="warning", bodies=(ref,),
                      message=f"{ref.name}的“{field_label(body.kind, name)}”来源不一致：采用 {ours}，另有 {others}")
