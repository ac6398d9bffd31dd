"""Random metapaths that the ontology allows."""

from __future__ import annotations

from hypothesis import strategies as st

from schemas.kinds import GROUPS, KINDS, Field
from schemas.metapath import Hop, Metapath, Position, Where, choice_of_roles
from schemas.relations import RELATIONS


def values(field: Field) -> st.SearchStrategy[tuple[str, ...]]:
    legal = list(field.choices) or (["true", "false"] if field.type == "flag" else ["2020-01", "7"])
    return st.lists(st.sampled_from(legal), min_size=1, max_size=2, unique=True).map(tuple)


@st.composite
def wheres(draw: st.DrawFn, fields: list[Field]) -> Where:
    chosen = draw(st.lists(st.sampled_from(fields), max_size=2, unique_by=lambda f: f.name)) if fields else []
    return tuple((f.name, draw(values(f))) for f in chosen)


@st.composite
def positions(draw: st.DrawFn, kinds: list[str]) -> Position:
    chosen = tuple(draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=2, unique=True)))
    chosen = next((members for members in GROUPS.values() if set(members) == set(chosen)), chosen)
    shared = [f for f in KINDS[chosen[0]].fields if f.testable and all(KINDS[k].field(f.name) == f for k in chosen)]
    return Position(chosen, draw(wheres(shared)))


@st.composite
def metapaths(draw: st.DrawFn, max_hops: int = 4) -> Metapath:
    at = draw(positions(list(KINDS)))
    found, hops = [at], list[Hop]()
    for _ in range(draw(st.integers(0, max_hops))):
        ways = [(r, f) for r in RELATIONS.values() for f in (True, False) if any(r.others(k, f) for k in at.kinds)]
        if not ways:
            break
        relation, forward = draw(st.sampled_from(ways))
        fields = [*([choice_of_roles(relation)] if relation.roles else []), *(f for f in relation.fields if f.testable)]
        hops.append(Hop(relation.name, forward, draw(wheres(fields))))
        at = draw(positions(sorted({k for b in at.kinds for k in relation.others(b, forward)})))
        found.append(at)
    return Metapath(tuple(found), tuple(hops))
