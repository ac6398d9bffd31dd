"""The scope of a question: the name of a sub-district, business district, building, park or industry -> metapaths."""

from __future__ import annotations

from graph.engine import Snapshot
from graph.parts import Body
from graph.questions.search import resolve
from schemas.errors import QuestionError
from schemas.identifiers import clean, kind_of
from schemas.kinds import KINDS
from schemas.metapath import Metapath
from schemas.scopes import PATHS, scope_paths


def scope_of(snapshot: Snapshot, name: str | None) -> tuple[Body | None, tuple[Metapath, ...]]:
    """(the body that names the scope, the metapaths of which one must be TRUE); raises UnknownBodyError."""
    if not name:
        return None, ()
    named = snapshot.lookup(None, clean(name))
    other = kind_of(name) or (named and not any(b.kind in PATHS for b in named))  # told below what it is
    body = resolve(snapshot, name, kinds=() if other else tuple(PATHS))
    if body.kind not in PATHS:
        raise QuestionError("question.scope", f"“{body.name}”是{KINDS[body.kind].label}，不能作为统计范围",
                            hint=f"可用：{'、'.join(KINDS[k].label for k in PATHS)}")
    return body, scope_paths(body.kind, body.id)
