"""Which bodies of a kind there are, with what is registered of each: the register as it stands."""

from __future__ import annotations

from graph.engine import GraphEngine
from graph.parts import Body
from graph.questions.cursor import decode, encode
from graph.questions.present import Presenter
from graph.questions.profile import fields_of
from graph.questions.scopes import scope_of
from graph.questions.steady import steady
from schemas.errors import QuestionError
from schemas.kinds import BY_LABEL, kinds_named
from schemas.overviews import Directory, Listed
from schemas.parts import Page
from schemas.policy import Requirement
from schemas.view import View

PLACED = (("LOCATED_IN", True), ("IN_SUBDISTRICT", True), ("PART_OF", True))


@steady
def directory(engine: GraphEngine, kind: str, view: View, *, scope: str | None = None, limit: int = 50,
              cursor: str | None = None) -> Directory:
    """A page of the bodies of a kind (by name or label) that have not ended at the view's day, by (sort key, id), with their credit
    codes, fields and places.

    ``scope``: only those for which it is TRUE that they belong to a sub-district, business district, building, park or industry.
    Raises QuestionError (kind, cursor, scope), UnknownBodyError (scope).

    >>> [listed.body.name for listed in directory(engine, "行业", view, limit=2).bodies]
    ['广告传媒', '航空服务业']
    """
    kinds = kinds_named(kind)
    if not kinds:
        raise QuestionError("question.kind", f"没有“{kind}”这一类对象", hint=f"可用：{'、'.join(BY_LABEL)}")
    subject = f"(:{'|'.join(kinds)})"
    every = Requirement(id="all", label="", subject=subject, all=(subject,))
    with engine.read(view.overlay) as snapshot:
        present = Presenter(snapshot, view)
        place, paths = scope_of(snapshot, scope)
        after = decode(cursor, "directory", snapshot.version, 2) if cursor else None
        page = snapshot.scan(every, present.frame, paths, ("ok", "exempt"), (after[0], after[1]) if after else None, limit)
        more = encode("directory", snapshot.version, *page.last) if page.last else None
        bodies = snapshot.bodies(s.id for s in page.rows)
        places = _places(present, list(bodies))
        return Directory(
            frame=present.document, kind=kind, scope=present.body_ref(place) if place else None,
            bodies=tuple(_listed(present, bodies[s.id], places.get(s.id, ())) for s in page.rows),
            page=Page(total=sum(page.counts.get(s, 0) for s in ("ok", "exempt")), limit=limit, truncated=more is not None, cursor=more))


def _listed(present: Presenter, body: Body, places: tuple[str, ...]) -> Listed:
    codes = tuple(v for scheme, v in present.snapshot.keys(body.id) if scheme == "credit_code")
    return Listed(body=present.body_ref(body), codes=codes, fields=fields_of(present, body), places=places)


def _places(present: Presenter, ids: list[str]) -> dict[str, tuple[str, ...]]:
    """Where each body is, by its stated relationships."""
    edges = [e for e in present.snapshot.step(ids, PLACED, present.frame) if e.holds(present.frame.day) and e.stated]
    ends = present.snapshot.bodies({e.target for e in edges})
    found = dict[str, list[Body]]()
    for e in edges:
        found.setdefault(e.source, []).append(ends[e.target])
    return {i: tuple(dict.fromkeys(present.body_ref(b).name for b in sorted(own, key=lambda b: (b.sort_key, b.id))))
            for i, own in found.items()}
