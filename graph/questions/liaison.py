"""Through whom to reach a body: the k best paths over relationships that are contacts (semantics 20, 21)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

from graph.engine import GraphEngine
from graph.parts import Body, Edge
from graph.questions.contacts import Contacts
from graph.questions.kbest import Found, Route
from graph.questions.present import Presenter
from graph.questions.reach import best_paths
from graph.questions.search import resolve
from graph.questions.steady import steady
from schemas.answers import LiaisonPath, Paths
from schemas.errors import QuestionError
from schemas.kinds import KINDS, kinds_named
from schemas.parts import Step
from schemas.view import View

MOST_HOPS, MOST_PATHS = 12, 100
SHOWN = 20  # direct contacts of each end; the total is told


@steady
def paths(engine: GraphEngine, start: str, end: str, view: View, *, k: int = 3, via: Sequence[str] = (), avoid: Sequence[str] = (),
          max_hops: int = 6, stated_only: bool = False, budget: int = 200_000) -> Paths:
    """The ``k`` best paths from ``start`` to ``end``, by (cost, hops, public ids); without one, what each end is connected to.

    ``via``: bodies to pass in this order. ``avoid``: bodies, or kinds by name or label, that no path passes (the ends may be
    such). ``stated_only``: no inferred relationships. ``budget``: relationships read at most; where it is used up, the outcome
    is "budget" and the paths may not be the best. Raises UnknownBodyError (any of the bodies), QuestionError (a number out of
    range, the same body at both ends).

    >>> [[s.target.name for s in p.steps] for p in paths(engine, "区税务局", "分众传媒", view, k=1).paths]
    [['行业党建载体服务团队', '广告传媒行业党建联盟', '分众传媒']]
    """
    if not 1 <= k <= MOST_PATHS or not 1 <= max_hops <= MOST_HOPS:
        raise QuestionError("question.path-range", "联系渠道的条数或步数超出范围", hint=f"条数 1-{MOST_PATHS}，步数 1-{MOST_HOPS}")
    with engine.read(view.overlay) as snapshot:
        present = Presenter(snapshot, view)
        first, last, *between = (resolve(snapshot, name) for name in (start, end, *via))
        if first.id == last.id:
            raise QuestionError("question.same-ends", f"起点和终点都是“{present.body_ref(first).name}”", hint="请给出两个不同的对象")
        barred = {*(KINDS[k].prefix for k in view.policy.no_passage), *(b for text in avoid for b in _barred(present, text))}
        stops = _stops(first.id, [b.id for b in between], last.id)
        contacts = Contacts(snapshot, present.frame, stops, barred, stated_only=stated_only)
        passable = not any({b.id, b.id[:2]} & barred for b in between if b.id in stops[1:-1])
        possible = passable and len(set(stops)) == len(stops)
        found = best_paths(contacts, stops, k, max_hops, budget) if possible else Found([], True)
        return _answer(present, contacts, found, first, last, max_hops)


def _barred(present: Presenter, text: str) -> tuple[str, ...]:
    """The prefixes of the kinds that a name or label of a kind or group means, else the body that it names."""
    return tuple(KINDS[k].prefix for k in kinds_named(text)) or (resolve(present.snapshot, text).id,)


def _stops(start: str, via: list[str], end: str) -> list[str]:
    """All bodies to pass; an end named as the first or last to pass is passed anyway."""
    stops = [start, *(via[1:] if via[:1] == [start] else via)]
    return stops if len(stops) > 1 and stops[-1] == end else [*stops, end]


def _answer(present: Presenter, contacts: Contacts, found: Found, start: Body, end: Body, max_hops: int) -> Paths:
    shown = _shaped(present, contacts, found.routes)
    told = Paths(frame=present.document, start=present.body_ref(start), end=present.body_ref(end), outcome="paths", paths=shown,
                 relationships_read=contacts.read)
    if not found.complete:
        return told.model_copy(update={
            "outcome": "budget", "exact": False, "truncated": True,
            "message": "查找范围已达上限，" + ("可能还有更近的联系渠道" if shown else "尚未查清有无联系渠道")})
    if shown:
        return told
    (ours, ours_total), (theirs, theirs_total) = _direct(present, contacts, (start, end))
    return told.model_copy(update={
        "outcome": "none", "message": f"{max_hops} 步以内没有登记这样的联系渠道",
        "start_contacts": ours, "start_contacts_total": ours_total, "end_contacts": theirs, "end_contacts_total": theirs_total})


def _shaped(present: Presenter, contacts: Contacts, routes: Sequence[Route]) -> tuple[LiaisonPath, ...]:
    bodies = present.snapshot.bodies({i for r in routes for i in r.ids})
    edges = contacts.edges([pair for r in routes for pair in pairwise(r.ids)])
    ends = list(accumulate(r.hops for r in routes))
    return tuple(_path(present, r, edges[end - r.hops:end], bodies) for r, end in zip(routes, ends, strict=True))


def _path(present: Presenter, route: Route, edges: Sequence[Edge], bodies: dict[str, Body]) -> LiaisonPath:
    return LiaisonPath(cost=route.cost, hops=route.hops, stated=all(e.stated for e in edges),
                       steps=tuple(present.step(e, bodies, at) for e, at in zip(edges, route.ids, strict=False)),
                       as_of=present.as_of(r for e in edges for r in e.rows))


def _direct(present: Presenter, contacts: Contacts, ends: Sequence[Body]) -> list[tuple[tuple[Step, ...], int]]:
    """The first direct contacts of each end by (sort key, id), those too that no path passes, and how many there are."""
    edges = contacts.direct([b.id for b in ends])
    bodies = present.snapshot.bodies({i for e in edges for i in (e.source, e.target)})
    found = list[tuple[tuple[Step, ...], int]]()
    for end in ends:
        own = {e.target if e.source == end.id else e.source: e for e in edges if end.id in (e.source, e.target)}
        nearest = sorted(own, key=lambda i: (bodies[i].sort_key, i))[:SHOWN]
        found.append((tuple(present.step(own[i], bodies, end.id) for i in nearest), len(own)))
    return found
