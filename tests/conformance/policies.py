"""Random metapaths, ways and requirements over the kinds of the random districts."""

from __future__ import annotations

from hypothesis import strategies as st

from schemas.kinds import GROUPS, KINDS, Field
from schemas.metapath import Hop, Metapath, Position, Where, choice_of_roles, parse
from schemas.policy import Policy, Requirement, Way
from schemas.relations import RELATIONS
from tests.conformance.districts import BODIES, KIND_OF, SIZES

UNIT = GROUPS["Unit"]
SUBJECTS = ("(:Unit)", "(:Unit {key: true})", "(:Building)", "(:Building {key: true})", "(:Enterprise {status: [operating, moved_away]})",
            "(:PartyOrganization {form: own})", "(:LiaisonPost {training: talent_service})", "(:Station {zone: true})")


@st.composite
def wheres(draw: st.DrawFn, fields: list[Field], chance: int = 3) -> Where:
    """At most one predicate, in one of ``chance`` cases; the values are those that the districts have."""
    fields = [f for f in fields if f.type in ("choice", "choices", "flag")]
    if not fields or draw(st.integers(0, chance)):
        return ()
    field = draw(st.sampled_from(fields))
    legal = list(field.choices)[:3] or ["true", "false"]
    return ((field.name, tuple(draw(st.lists(st.sampled_from(legal), min_size=1, max_size=2, unique=True)))),)


@st.composite
def positions(draw: st.DrawFn, kinds: list[str]) -> Position:
    chosen = tuple(draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=2, unique=True)))
    chosen = next((g for g in GROUPS.values() if set(g) == set(chosen)), chosen)
    own = [b for b in BODIES if KIND_OF[b.id] in chosen]
    if own and draw(st.integers(0, 9)) == 0:
        body = draw(st.sampled_from(own))
        return Position(chosen, (draw(st.sampled_from((("id", (body.id,)), ("name", (body.name or "无名",))))),))
    shared = [f for f in KINDS[chosen[0]].fields if f.testable and all(KINDS[k].field(f.name) == f for k in chosen)]
    return Position(chosen, draw(wheres(shared)))


@st.composite
def metapaths(draw: st.DrawFn, start: tuple[str, ...] = tuple(SIZES), max_hops: int = 3) -> Metapath:
    """A walk through the ontology, from one of the kinds ``start``."""
    at = draw(positions(list(start)))
    found, hops = [at], list[Hop]()
    for _ in range(draw(st.integers(0, max_hops))):
        ways = [(r, f) for r in RELATIONS.values() for f in (True, False)
                if any(o in SIZES for k in at.kinds for o in r.others(k, f))]
        if not ways:
            break
        relation, forward = draw(st.sampled_from(ways))
        fields = [*([choice_of_roles(relation)] if relation.roles else []), *(f for f in relation.fields if f.testable)]
        hops.append(Hop(relation.name, forward, draw(wheres(fields, 1))))
        at = draw(positions(sorted({o for k in at.kinds for o in relation.others(k, forward) if o in SIZES})))
        found.append(at)
    return Metapath(tuple(found), tuple(hops))


WAYS = (  # as policies of the field have them
    ("own", "organisation", "(:Unit)<-[:FORMED_IN]-(:PartyOrganization {form: own})", True),
    ("any", "organisation", "(:Unit)<-[:FORMED_IN]-(:PartyOrganization)", True),
    ("joint", "organisation", "(:Unit)<-[:COVERS]-(:PartyOrganization {form: joint})", False),
    ("building", "organisation", "(:Unit)-[:LOCATED_IN {role: operating}]->(:Building|Park)<-[:COVERS]-(:Organisation)", False),
    ("registered", "organisation", "(:Unit)-[:LOCATED_IN {role: registered}]->(:Building)<-[:COVERS]-(:PartyOrganization)", False),
    ("union", "work", "(:Unit)<-[:FORMED_IN]-(:MassOrganization)", False),
    ("post", "work", "(:Unit)<-[:LIAISES_WITH {level: district}]-(:LiaisonPost)", False),
    ("closed", "work", "(:Unit {status: operating})", False),
    ("alliance", "contact", "(:Unit)-[:MEMBER_OF]->(:IndustryAlliance)", False),
    ("upwards", "organisation", "(:Enterprise)<-[:FORMED_IN]-(:PartyOrganization)-[:SUBORDINATE_TO]->(:PartyOrganization)", False),
)


@st.composite
def ways(draw: st.DrawFn) -> tuple[Way, ...]:
    chosen = draw(st.lists(st.sampled_from(WAYS), max_size=3, unique=True))
    if draw(st.booleans()):
        chosen.append(("random", draw(st.sampled_from(("organisation", "work"))), str(draw(metapaths(UNIT))), False))
    return tuple(Way.model_validate({"name": n, "label": n, "class": c, "metapath": m, "own": o}) for n, c, m, o in chosen)


@st.composite
def requirements(draw: st.DrawFn, id: str) -> Requirement:
    subject = draw(st.sampled_from(SUBJECTS))
    return Requirement.model_validate({"id": id, "label": id, "subject": subject, **draw(_asked(subject))})


@st.composite
def _asked(draw: st.DrawFn, subject: str) -> dict[str, object]:
    kinds = parse(subject).subject.kinds
    shape = draw(st.sampled_from(("count", "count", "all", "coverage")))
    if shape == "coverage" and set(kinds) <= set(UNIT):
        return {"coverage": True}
    if shape == "all":
        return {"all": [str(m) for m in draw(st.lists(metapaths(kinds, 2), min_size=1, max_size=3))]}
    bound = draw(st.sampled_from((("at_least", 1), ("at_least", 2), ("at_most", 1), ("at_most", 0), ("exactly", 1), ("exactly", 2))))
    return {"metapath": str(draw(metapaths(kinds))), bound[0]: bound[1]}


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    both = ("organisation", "work")
    classes = draw(st.sampled_from((both, both, ("organisation",), (*both, "contact"))))
    return Policy(name="任意", label="任意", version=1, ways=draw(ways()), covered_by=classes, count_inferred=draw(st.integers(0, 4)) == 0,
                  requirements=tuple(draw(requirements(f"r{i}")) for i in range(draw(st.integers(0, 3)))),
                  completeness_months=draw(st.sampled_from((6, 12, 12, 24))))


def asked_of(policy: Policy) -> list[Metapath]:
    """Every metapath that the policy asks."""
    return [*(w.path for w in policy.ways), *(p for r in policy.requirements for p in r.parts)]
