"""Small random districts as imports of rows, with everything that makes answers differ: several sources, inferred and undated
rows, rows that end or correct a spell, fields not recorded, closed and open sets, unnamed bodies, parallel relationships."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from schemas.dates import OPEN, UNKNOWN, Precision, after
from schemas.declarations import Completeness, Count, Exemption
from schemas.facts import Basis, BodyFact, DeclarationFact, Fact, Import, RelationFact, Row, Value
from schemas.identifiers import public_id, unnamed_key
from schemas.kinds import GROUPS, KINDS, Field
from schemas.metapath import Hop, Metapath, Position, Where, parse
from schemas.relations import RELATIONS
from schemas.view import Overlay
from tests.conformance.reference import Loaded

# sorted otherwise by UTF-8 than by UTF-16, alike once normalised, read in two ways, without pinyin
NAMES = ("𠮷野", "Ａ楼", "A楼", "重庆", "长宁", "乐业", "é馆", "甲 乙", "甲乙", "乙甲", "﨑", "b1")
SIZES = {"Enterprise": 4, "SocialOrganization": 2, "PartyOrganization": 4, "BusinessDistrictCommittee": 1, "IndustryAlliance": 2,
         "MassOrganization": 1, "LiaisonTeam": 2, "LiaisonPost": 3, "Department": 1, "Subdistrict": 2, "BusinessDistrict": 1,
         "Building": 3, "Park": 1, "Industry": 1, "Station": 2, "Service": 1}
AS_OFS = (20190601, 20200101, 20200901, 20210315)
DATES = (20180101, 20190301, 20200101, 20200601, 20210101, 20220101)
Ends = tuple[str, str, str]  # (source, relationship type, target)
SHARES: st.SearchStrategy[Basis] = st.sampled_from(("stated", "stated", "stated", "stated", "inferred"))


def named(kind: str, n: int) -> BodyFact:
    """The n-th body of a kind; the last of its kind has no published name, if there are several."""
    if n and n == SIZES[kind] - 1:
        key = unnamed_key("FORMED_IN", True, public_id("Enterprise", "name", NAMES[0]))
        return BodyFact(public_id(kind, "unnamed", key), "", (("unnamed", key),))
    name = NAMES[(n * 5 + KINDS[kind].number) % len(NAMES)]
    return BodyFact(public_id(kind, "name", name), name)


BODIES = tuple(named(k, n) for k, size in SIZES.items() for n in range(size))
BY_ID = {b.id: b for b in BODIES}
KIND_OF = {named(k, n).id: k for k, size in SIZES.items() for n in range(size)}
ENDS = tuple((a.id, r.name, b.id) for r in RELATIONS.values() for a in BODIES for b in BODIES
             if a.id != b.id and KIND_OF[b.id] in r.targets(KIND_OF[a.id]))
BY_TYPE = {r: tuple(e for e in ENDS if e[1] == r) for r in RELATIONS if any(e[1] == r for e in ENDS)}


# -- facts ---------------------------------------------------------------------------------------------------------------------


def legal_values(f: Field) -> list[str]:
    return list(f.choices)[:2] or ["true", "false"]


@st.composite
def values(draw: st.DrawFn, kind: str, asked: Where = ()) -> tuple[tuple[str, Value], ...]:
    """Some of a kind's fields that metapaths ask for, few values each, so that predicates meet them; ``asked`` first."""
    fields = [f for f in KINDS[kind].fields if f.testable and f.type in ("choice", "choices", "flag")]
    chosen = draw(st.lists(st.sampled_from(fields), max_size=3, unique_by=lambda f: f.name)) if fields else []
    found = [(f.name, Value(draw(st.sampled_from((*wanted, *wanted, *legal_values(f)))), draw(SHARES))) for name, wanted in asked
             if (f := KINDS[kind].field(name)) and f.type != "choices"]
    chosen = [f for f in chosen if f.name not in dict(found)]
    for f in chosen:
        if f.type == "choices":
            some = draw(st.lists(st.sampled_from(list(f.choices)[:3]), max_size=2, unique=True))
            complete = draw(st.booleans()) or not some
            found.append((f.name, Value(tuple(sorted(some)), draw(SHARES), complete)))
        else:
            found.append((f.name, Value(draw(st.sampled_from((*legal_values(f), ""))), draw(SHARES))))  # "": the row says 无
    if draw(st.integers(0, 11)) == 0:
        found.append(("ended", Value(draw(st.sampled_from(("2020-01", "2020-06-01", "2021"))))))
    return tuple(found)


@st.composite
def body_facts(draw: st.DrawFn, ids: Sequence[str] = tuple(BY_ID), asked: Where = ()) -> tuple[Fact, ...]:
    body = BY_ID[draw(st.sampled_from(ids))]
    more = draw(st.sampled_from(((), (), (("alias", "小 甲"),), (("brand", "ＣＮ乐"),), (("credit_code", "91310105MA1FW0XY0A"),))))
    name = draw(st.sampled_from((body.name, body.name, body.name + "厅"))) if body.name else ""
    return (BodyFact(body.id, name, (*body.keys, *more), draw(values(KIND_OF[body.id], asked))),)


@st.composite
def spans(draw: st.DrawFn) -> dict[str, Any]:
    """Dates of a relationship row: none, a start, an end, both, or "ended" without a date."""
    shape = draw(st.sampled_from(("none", "none", "start", "start", "end", "both", "ended")))
    start = draw(st.sampled_from(DATES[:-1])) if shape in ("start", "both") else UNKNOWN
    if shape in ("end", "both"):
        precision: Precision = draw(st.sampled_from(("day", "month")))
        end = draw(st.sampled_from([d for d in DATES if d > start]))
        return {"start": start, "end": after(end, precision), "end_precision": precision}
    return {"start": start, "ended": shape == "ended"}


@st.composite
def relation_facts(draw: st.DrawFn, ends: Sequence[Ends], where: Where = ()) -> tuple[Fact, ...]:
    """A relationship and a mention of both its ends, as a register row gives them."""
    source, name, target = draw(st.sampled_from(ends))
    relation, asked = RELATIONS[name], dict(where)
    role = draw(st.sampled_from(("", *relation.roles, *asked.get("role", ())))) if relation.roles else ""
    level = draw(st.sampled_from(("", "district", "subdistrict", *asked.get("level", ())))) if relation.field("level") else ""
    fields = (("level", Value(level, draw(SHARES))),) if level else ()
    fact = RelationFact(source, name, target, role, basis=draw(SHARES), fields=fields, **draw(spans()))
    return (*(BodyFact(b.id, b.name, b.keys) for b in (BY_ID[source], BY_ID[target])), fact)


# -- declarations --------------------------------------------------------------------------------------------------------------


def hops_of(paths: Sequence[Metapath]) -> list[str]:
    """The hops of these metapaths as statements of completeness: as wide as the type allows, as the pattern, and narrower."""
    found = list[str]()
    for p in paths:
        for near, hop, far in zip(p.positions, p.hops, p.positions[1:], strict=False):
            start = Position(tuple(k for k in near.kinds if hop.relation.others(k, hop.forward)))
            bare, wide = Hop(hop.type, hop.forward), Position(far.kinds)
            roles = list(hop.relation.roles)[:1]
            narrow = Hop(hop.type, hop.forward, (("role", (roles[0],)),)) if roles else bare
            pairs = [(bare, wide), (hop, far), (bare, far), (bare, Position(far.kinds, narrower(far))), (narrow, wide)]
            found += [str(Metapath((start, end), (h,))) for h, end in pairs]
    return list(dict.fromkeys(found))


def narrower(at: Position) -> Where:
    """A predicate more than the position has, or fewer values."""
    if at.where:
        return tuple((f, values[:1]) for f, values in at.where)
    fields = [f for f in KINDS[at.kinds[0]].fields if f.choices and f.testable and all(KINDS[k].field(f.name) == f for k in at.kinds)]
    return ((fields[0].name, (next(iter(fields[0].choices)),)),) if fields else ()


@st.composite
def completeness(draw: st.DrawFn, hops: Sequence[str]) -> Completeness:
    hop = draw(st.sampled_from(hops))
    kinds = parse(hop).subject.kinds
    inside = [b.id for b in BODIES if KIND_OF[b.id] in kinds]
    scopes = [f"(:{'|'.join(kinds)})"] * 3 + [f"(:{KIND_OF[b]} {{id: '{b}'}})" for b in inside[:3]]
    if set(kinds) <= {"Enterprise", "SocialOrganization"}:
        scopes += ["(:Unit {key: true})", "(:Unit)-[:LOCATED_IN]->(:Building)"]
    elif kinds == ("Building",):
        scopes += ["(:Building {key: true})", "(:Building)-[:PART_OF]->(:Subdistrict)"]
    start = draw(st.sampled_from(("", "", "2019-01", "2020-03-01")))
    until = draw(st.sampled_from(("", "", "2020-06", "2022-01-01")))
    return Completeness(scope=(draw(st.sampled_from(scopes)),), hop=hop, start=start, until=until)


@st.composite
def exemptions(draw: st.DrawFn, rules: Sequence[str]) -> Exemption:
    units = [b for b in BODIES if KIND_OF[b.id] in GROUPS["Unit"]]
    body, until = draw(st.sampled_from((*units, *units, *BODIES))), draw(st.sampled_from(("", "", "2020-06")))
    return Exemption(body=body.id, rule=draw(st.sampled_from(("coverage", "coverage", *rules))), reason="不适用", until=until)


@st.composite
def counts(draw: st.DrawFn, patterns: Sequence[str]) -> Count:
    id = draw(st.sampled_from(("甲", "乙", "丙")))
    pattern = draw(st.sampled_from((*patterns, ""))) if id != "甲" else patterns[0]
    return Count(id=id, label=id, scope=draw(st.sampled_from(("", "长宁"))), pattern=pattern,
                 comparator=draw(st.sampled_from(("=", ">", ">=", "≈"))), number=draw(st.integers(0, 5)),
                 measure=draw(st.sampled_from(("stock", "stock", "flow"))), period_end=draw(st.sampled_from(("", "", "2020-01"))),
                 part_of=draw(st.sampled_from(("", "甲"))) if id != "甲" else "")


# -- imports -------------------------------------------------------------------------------------------------------------------


@st.composite
def chains(draw: st.DrawFn, path: Metapath) -> tuple[list[st.SearchStrategy[tuple[Fact, ...]]], list[Ends]]:
    """Bodies along a metapath: what rows would state them and their relationships, more or less as asked for."""
    rows, ends, at = list[st.SearchStrategy[tuple[Fact, ...]]](), list[Ends](), ""
    for i, position in enumerate(path.positions):
        hop = path.hops[i - 1] if i else None
        kinds = [k for k in position.kinds if not hop or k in hop.relation.others(KIND_OF[at], hop.forward)]
        named = dict(position.where).get("id", ())
        able = [b for b in BY_ID if KIND_OF[b] in kinds and b != at and (b in named or not named)]
        if not able:
            break
        before, at = at, draw(st.sampled_from(able))
        if hop:
            ends.append((before, hop.type, at) if hop.forward else (at, hop.type, before))
            rows.append(relation_facts(ends[-1:], hop.where))
        if draw(st.booleans()) or position.where:
            rows.append(body_facts([at], tuple((f, v) for f, v in position.where if f not in ("id", "name"))))
    return rows, ends


@st.composite
def districts(draw: st.DrawFn, paths: Sequence[Metapath] = (), rules: Sequence[str] = (), patterns: Sequence[str] = (), *, rows: int = 10,
              pairs: int = 5, imports: int = 3, stated: Sequence[Completeness] = ()) -> list[Loaded]:
    """``paths``: what will be asked, so that the district has chains of that sort, whole and broken, and statements about them, or
    those of ``stated``."""
    along = [draw(chains(p)) for p in paths for _ in range(draw(st.integers(1, 2)))]
    types = sorted({h.type for p in paths for h in p.hops} & set(BY_TYPE)) or sorted(BY_TYPE)
    ends = draw(st.lists(st.sampled_from(types).flatmap(lambda t: st.sampled_from(BY_TYPE[t])), min_size=1, max_size=pairs, unique=True))
    own = list(dict.fromkeys([*ends, *(e for _, es in along for e in es)]))
    kinds, hops = [*[relation_facts(own)] * 5, *[body_facts()] * 2], hops_of(paths)
    if hops:
        kinds += [(st.sampled_from(stated) if stated else completeness(hops)).map(declared)] * 4
    if rules:
        kinds += [exemptions(rules).map(declared)] * 2
    if patterns:
        kinds += [counts(patterns).map(declared)] * 4
    number = draw(st.integers(1, imports))
    facts = [draw(st.lists(st.one_of(kinds), min_size=1, max_size=rows)) for _ in range(number)]
    for row in (r for rs, _ in along for r in rs if draw(st.integers(0, 7))):
        facts[draw(st.integers(0, number - 1))].append(draw(row))
    return [(Import(n, f"摘要{n}", f"{n}.csv", draw(st.sampled_from(("甲源", "乙源"))), draw(st.sampled_from(AS_OFS))),
             tuple(Row(i, str(i), row) for i, row in enumerate(own_facts, 2))) for n, own_facts in enumerate(facts, 1)]


@st.composite
def overlays(draw: st.DrawFn, paths: Sequence[Metapath]) -> Overlay:
    """Relationships of the types asked for, added and taken away."""
    types = sorted({h.type for p in paths for h in p.hops} & set(BY_TYPE)) or ["COVERS"]
    ends = [e for t in types for e in BY_TYPE[t]]
    added = draw(st.lists(relation_facts(ends), max_size=2))
    removed = draw(st.lists(st.sampled_from(ends), max_size=2, unique=True))
    return Overlay(tuple(f for fs in added for f in fs if isinstance(f, RelationFact) and not f.ended), tuple(removed))


def declared(d: Completeness | Exemption | Count) -> tuple[Fact, ...]:
    return (DeclarationFact(d.model_dump()),)


__all__ = ["BODIES", "BY_ID", "ENDS", "KIND_OF", "NAMES", "OPEN", "completeness", "districts", "hops_of", "overlays"]
