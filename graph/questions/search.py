"""Find bodies by name, alias, credit code or pinyin; and the one body that a name means (semantics 6, 23)."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from graph.engine import GraphEngine, Snapshot
from graph.parts import Body
from graph.policy_files import policy
from graph.questions.cursor import decode, encode
from graph.questions.present import UNNAMED, Presenter
from graph.questions.steady import steady
from schemas.answers import Hit, SearchResult
from schemas.errors import QuestionError, UnknownBodyError
from schemas.identifiers import clean, kind_of, normal, unnamed_key
from schemas.kinds import BY_LABEL, kinds_named
from schemas.parts import Page
from schemas.relations import RELATIONS
from schemas.view import View

NEAREST = 5
CALLED_BY = 4  # 的 in what an unnamed body is called


@steady
def search(engine: GraphEngine, text: str, *, kinds: Sequence[str] = (), limit: int = 20, cursor: str | None = None) -> SearchResult:
    """Bodies by exact key, exact name, prefix, part of a name (one character is enough), pinyin initials, full pinyin.

    ``kinds``: only these, by name or label. Raises QuestionError (a kind that does not exist, the cursor).

    >>> [h.body.name for h in search(engine, "fzcm").hits]
    ['分众传媒']
    """
    for kind in kinds:
        if not kinds_named(kind):
            raise QuestionError("question.kind", f"没有“{kind}”这一类对象", hint=f"可用：{'、'.join(BY_LABEL)}")
    wanted = tuple(dict.fromkeys(k for kind in kinds for k in kinds_named(kind)))
    with engine.read() as snapshot:
        present = Presenter(snapshot, View(policy()))
        if kind_of(text.strip()) and (exact := snapshot.bodies([text.strip()])):
            hits = tuple(Hit(body=present.body_ref(b), matched=b.id, how="key") for b in exact.values())
            return SearchResult(query=text, hits=hits, page=Page(total=len(hits), limit=limit, truncated=False))
        after = decode(cursor, "search", snapshot.version, 1)[0] if cursor else None
        found, total, more = snapshot.search(text, wanted, after, limit)
        hits = tuple(Hit(body=present.body_ref(f.body), matched=f.matched, how=f.how) for f in found)
        next_page = encode("search", snapshot.version, more) if more else None
        return SearchResult(query=text, hits=hits, page=Page(total=total, limit=limit, truncated=more is not None, cursor=next_page))


def resolve(snapshot: Snapshot, who: str, kinds: Sequence[str] = ()) -> Body:
    """The one body that ``who`` means: a public id, exactly a name, alias, former name, brand or credit code, or what answers
    call a body without a name.

    ``kinds``: only these. Raises UnknownBodyError with the nearest, or with all that have the name."""
    text = who if (public := kind_of(who)) else clean(who)
    if public or kind_of(text):
        if found := snapshot.bodies([text]):
            return next(iter(found.values()))
        raise UnknownBodyError(who)
    bodies = [b for b in snapshot.lookup(None, text) if not kinds or b.kind in kinds]
    named = [b for b in bodies if normal(b.name) == normal(text)] or bodies
    if len(named) == 1:
        return named[0]
    if named:
        raise UnknownBodyError(who, [(b.id, b.name) for b in named], several=True)
    if len(unnamed := [b for b in _unnamed(snapshot, text) if not kinds or b.kind in kinds]) == 1:
        return unnamed[0]
    raise UnknownBodyError(who, [(b.id, text) for b in unnamed] or nearest(snapshot, text, kinds), several=bool(unnamed))


def _unnamed(snapshot: Snapshot, text: str) -> list[Body]:
    """The bodies without a name that answers call so: 分众传媒的党组织（名称未公布）."""
    called = text.removesuffix(UNNAMED)
    if called.count("的") > CALLED_BY:
        return []
    owner = called.rpartition("的")[0]
    others = (snapshot.lookup(None, owner) or _unnamed(snapshot, owner)) if owner else []
    keys = [(kind, "unnamed", unnamed_key(r.name, forward, other.id)) for other in others for r in RELATIONS.values()
            for forward in (True, False) for kind in (r.sources(other.kind) if forward else r.targets(other.kind))]
    present = Presenter(snapshot, View(policy()))
    found = snapshot.bodies(dict.fromkeys(id for ids in snapshot.identify(keys).values() for id in ids))
    return [b for b in found.values() if b.unnamed and present.body_ref(b).name.removesuffix(UNNAMED) == called]


def nearest(snapshot: Snapshot, text: str, kinds: Sequence[str] = ()) -> list[tuple[str, str]]:
    """(id, name) of the bodies whose names are nearest: found whole or by pairs of characters, by likeness."""
    query = normal(text)
    parts = [query, *(query[i:i + 2] for i in range(len(query) - 1))][:12]
    found = {f.body.id: f.body for part in parts for f in snapshot.search(part, kinds, None, 20)[0]}
    likeness = {id: difflib.SequenceMatcher(None, query, normal(b.name)).ratio() for id, b in found.items()}
    best = sorted(found.values(), key=lambda b: (-likeness[b.id], b.sort_key, b.id))
    return [(b.id, b.name) for b in best if b.name][:NEAREST]
