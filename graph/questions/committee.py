"""A committee's or an alliance's members by form, against what was published of them (semantics 5, 19)."""

from __future__ import annotations

from graph.engine import GraphEngine
from graph.parts import Body, Edge
from graph.questions.cursor import paged
from graph.questions.present import Presenter
from graph.questions.reconciliation import reconciled
from graph.questions.search import resolve
from graph.questions.steady import steady
from schemas.declarations import Count
from schemas.errors import QuestionError
from schemas.identifiers import normal
from schemas.kinds import KINDS
from schemas.metapath import ID, NAME, parse
from schemas.overviews import Committee, MemberGroup
from schemas.parts import Step
from schemas.view import View

WITH_MEMBERS = ("BusinessDistrictCommittee", "IndustryAlliance")
AROUND = (("ESTABLISHED", False), ("CENTRED_ON", True), ("SERVES", True))
NO_FORM = "组建形式未登记"


@steady
def committee(engine: GraphEngine, who: str, view: View, *, limit: int = 300, cursor: str | None = None) -> Committee:
    """Members of a business-district committee or an alliance: first those of each published count that speaks of its members,
    with the placeholders still to come, then the others by form or kind. A page has ``limit`` members; every group is told on each.

    Raises UnknownBodyError, QuestionError (a body that has no members, cursor).

    >>> [(g.count.published, g.total, g.count.placeholder_low) for g in committee(engine, "天山商圈党委", view).groups]
    [(18, 0, 18), (57, 0, 57)]
    """
    with engine.read(view.overlay) as snapshot:
        present = Presenter(snapshot, view)
        body = resolve(snapshot, who, kinds=WITH_MEMBERS)
        if body.kind not in WITH_MEMBERS:
            raise QuestionError("question.committee", f"“{body.name}”是{KINDS[body.kind].label}，没有成员",
                                hint=f"可用：{'、'.join(KINDS[k].label for k in WITH_MEMBERS)}")
        edges = [e for e in snapshot.step([body.id], (*AROUND, ("MEMBER_OF", False)), present.frame) if e.holds(present.frame.day)]
        bodies = snapshot.bodies({body.id, *(i for e in edges for i in (e.source, e.target))})
        members = _members(edges, bodies)
        grouped = _grouped(present, body, members, bodies)
        ordered, page = paged([i for _, ids in grouped for i in ids], f"committee {body.id}", snapshot.version, limit, cursor)
        shown = set(ordered)
        return Committee(
            frame=present.document, body=present.body_ref(body), around=_around(present, body, edges, bodies), page=page,
            groups=tuple(g.model_copy(update={"total": len(ids), "members": tuple(
                present.step(members[i], bodies, body.id) for i in ids if i in shown)}) for g, ids in grouped),
            as_of=present.as_of([row for e in edges for row in e.rows]))


def _members(edges: list[Edge], bodies: dict[str, Body]) -> dict[str, Edge]:
    """In order; of several memberships of one a stated one."""
    members = dict[str, Edge]()
    for e in sorted(edges, key=lambda e: (bodies[e.source].sort_key, e.source, not e.stated, e.rank)):
        if e.type == "MEMBER_OF":
            members.setdefault(e.source, e)
    return members


def _around(present: Presenter, body: Body, edges: list[Edge], bodies: dict[str, Body]) -> tuple[Step, ...]:
    others = [e for e in edges if e.type != "MEMBER_OF"]
    return tuple(present.step(e, bodies, body.id)
                 for e in sorted(others, key=lambda e: (e.type, bodies[e.source].sort_key, e.source, e.target, e.rank)))


def _grouped(present: Presenter, body: Body, members: dict[str, Edge], bodies: dict[str, Body]) -> list[tuple[MemberGroup, list[str]]]:
    """Empty groups with the members of each: by published count, then by form. A member is in one group only."""
    groups, left = list[tuple[MemberGroup, list[str]]](), list(members)
    for count, compared in reconciled(present, lambda c: _speaks_of(c, body)):
        found = present.snapshot.true_for(parse(count.pattern), left, present.frame) if left else set()
        groups.append((MemberGroup(label=count.label, total=0, members=(), count=compared), [i for i in left if i in found]))
        left = [i for i in left if i not in found]
    rest = dict[str, list[str]]()
    for i in left:
        rest.setdefault(_form(present, bodies[i]), []).append(i)
    return groups + [(MemberGroup(label=label, total=0, members=()), ids) for label, ids in sorted(rest.items())]


def _speaks_of(count: Count, body: Body) -> bool:
    """Whether a count is of the members of just this body."""
    path = parse(count.pattern) if count.pattern else None
    if path is None or not path.hops or (path.hops[0].type, path.hops[0].forward) != ("MEMBER_OF", True):
        return False
    named = dict(path.positions[1].where)
    return named.get(ID) == (body.id,) or [normal(v) for v in named.get(NAME, ())] == [normal(body.name)]


def _form(present: Presenter, member: Body) -> str:
    kind = KINDS[member.kind]
    if kind.field("form") is None:
        return kind.label
    form = member.values.get("form")
    return f"{kind.label}：{present.value_text(member.kind, 'form', form) if form else NO_FORM}"
