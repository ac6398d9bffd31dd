"""Everything that is registered of one body: fields, names, relationships in force, with evidence."""

from __future__ import annotations

from typing import Any

from graph.engine import GraphEngine
from graph.parts import Body, Edge
from graph.questions.cursor import encode, offset
from graph.questions.present import Presenter
from graph.questions.search import resolve
from graph.questions.steady import steady
from schemas.answers import Profile
from schemas.kinds import COMMON, KINDS
from schemas.parts import Page
from schemas.relations import RELATIONS
from schemas.view import View

ALL = tuple((r.name, forward) for r in RELATIONS.values() for forward in (True, False))


@steady
def profile(engine: GraphEngine, who: str, view: View, *, limit: int = 50, cursor: str | None = None) -> Profile:
    """Fields by their Chinese labels (personal ones only where the view's role may see them), keys by scheme, and a page of the
    relationships that hold at the view's day or may have begun: by label, then the other end's (sort key, id).

    Raises UnknownBodyError, QuestionError (cursor).

    >>> profile(engine, "分众传媒", view).fields["重点单位"]
    '是'
    """
    with engine.read(view.overlay) as snapshot:
        present = Presenter(snapshot, view)
        body = resolve(snapshot, who)
        at = offset(cursor, "profile", snapshot.version)
        edges = snapshot.step([body.id], ALL, present.frame)
        bodies = snapshot.bodies({body.id, *(_other(e, body.id) for e in edges)})
        edges.sort(key=lambda e: _order(e, body.id, bodies))
        more = encode("profile", snapshot.version, str(at + limit)) if at + limit < len(edges) else None
        return Profile(
            frame=present.document, body=present.body_ref(body), fields=fields_of(present, body), keys=_keys(present, body.id),
            relationships=tuple(present.step(e, bodies, body.id) for e in edges[at:at + limit]),
            page=Page(total=len(edges), limit=limit, truncated=more is not None, cursor=more),
            evidence=tuple(map(present.evidence, body.rows)))


def fields_of(present: Presenter, body: Body) -> dict[str, str]:
    """Label -> value, in the ontology's order; what is inferred says so."""
    shown = [f for f in (*KINDS[body.kind].fields, *COMMON) if f.name in body.values and (not f.personal or present.view.role == "duty")]
    return {f.label: present.value_text(body.kind, f.name, v) + ("（推断）" if v.basis == "inferred" else "")
            for f in shown for v in (body.values[f.name],)}


def _keys(present: Presenter, id: str) -> dict[str, tuple[str, ...]]:
    keys = dict[str, tuple[str, ...]]()
    told = present.snapshot.keys(id)
    for scheme, value in told:
        if scheme != "unnamed" and (scheme != "alias" or ("former", value) not in told):  # says no more than another does
            keys[scheme] = (*keys.get(scheme, ()), value)
    return keys


def _other(edge: Edge, id: str) -> str:
    return edge.target if edge.source == id else edge.source


def _order(edge: Edge, id: str, bodies: dict[str, Body]) -> tuple[Any, ...]:
    other = bodies[_other(edge, id)]
    return RELATIONS[edge.type].number, edge.source != id, other.sort_key, other.id, edge.rank
