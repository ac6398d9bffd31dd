"""Metapaths and requirements as SQL for the embedded engine. Pure: (what is asked, frame) -> statement and parameters.

Tables are told in ``graph/engines/sqlite_schema.py``. A kind test is a range of node numbers. An *arm* selects the subjects
that get so far; a subject's score is the best arm it is in (``graph.engine``: TRUE, POSSIBLE, OPEN_HOPS, FALSE).
Set-wise arms start at the far end, where there are fewer bodies; arms for given subjects start at the subject.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graph.compile.statement import Binder
from graph.frame import Closing
from schemas.identifiers import normal
from schemas.kinds import KINDS
from schemas.metapath import ID, NAME, Hop, Metapath, Position
from schemas.relations import RELATIONS

BITS = 40  # node number = kind number << BITS | sequence


class Sql(Binder):
    sign = ":"

    def bind_all(self, values: Sequence[Any]) -> str:
        return f"({', '.join(self.bind(v) for v in values)})"


def in_kinds(node: str, kinds: Sequence[str]) -> str:
    ranges = list[tuple[int, int]]()
    for number in sorted(KINDS[k].number for k in kinds):  # neighbouring kinds, such as those of Unit, are one range
        first = ranges.pop()[0] if ranges and ranges[-1][1] == number else number
        ranges.append((first, number + 1))
    tests = [f"{node} BETWEEN {first << BITS} AND {(end << BITS) - 1}" for first, end in ranges]
    return tests[0] if len(tests) == 1 else f"({' OR '.join(tests)})"


def multi(field_name: str, kinds: Sequence[str]) -> bool:
    return any((f := KINDS[k].field(field_name)) and f.type == "choices" for k in kinds)


# -- positions -------------------------------------------------------------------------------------------------------------

def satisfies(sql: Sql, node: str, position: Position) -> str:
    """The position's predicates hold by stated values (by inferred ones too where the policy counts them)."""
    return " AND ".join(_satisfied(sql, node, name, values) for name, values in position.where) or "1"


def _satisfied(sql: Sql, node: str, name: str, values: tuple[str, ...]) -> str:
    if name in (ID, NAME):
        return f"{node} IN ({_known_by(sql, name, values)})"
    stated = "" if sql.frame.count_inferred else " AND v.stated"
    return (f"EXISTS (SELECT 1 FROM value v WHERE v.id = {node} AND v.field = {sql.bind(name)}"
            f" AND v.value IN {sql.bind_all(values)}{stated})")


def _known_by(sql: Sql, name: str, values: tuple[str, ...]) -> str:
    if name == ID:
        return f"SELECT id FROM body WHERE public IN {sql.bind_all(values)}"
    return f"SELECT id FROM name WHERE value IN {sql.bind_all([normal(v) for v in values])} AND scheme = 'name'"


def may_satisfy(sql: Sql, node: str, position: Position) -> str:
    """No stated value contradicts the position's predicates."""
    return " AND ".join(_maybe(sql, node, name, values, position.kinds) for name, values in position.where) or "1"


def _maybe(sql: Sql, node: str, name: str, values: tuple[str, ...], kinds: tuple[str, ...]) -> str:
    if name == ID:
        return _satisfied(sql, node, name, values)
    if name == NAME:
        return f"({_satisfied(sql, node, name, values)} OR (SELECT unnamed FROM node WHERE id = {node}))"
    closing = " AND v.value = ''" if multi(name, kinds) else ""  # '' marks a multi-valued field that lists all
    return (f"(EXISTS (SELECT 1 FROM value v WHERE v.id = {node} AND v.field = {sql.bind(name)} AND v.value IN {sql.bind_all(values)})"
            f" OR NOT EXISTS (SELECT 1 FROM value v WHERE v.id = {node} AND v.field = {sql.bind(name)} AND v.stated{closing}))")


def alive(sql: Sql, node: str) -> str:
    return f"(SELECT ended FROM node WHERE id = {node}) > {sql.day}"


# -- hops ------------------------------------------------------------------------------------------------------------------

def attribute(edge: str, name: str, part: int) -> str:
    return f"json_extract({edge}.data, '$.v.{name}[{part}]')"


def hop_holds(sql: Sql, edge: str, hop: Hop) -> str:
    """The relationship is stated, in force at the day, and its predicates hold by stated values."""
    tests = [f"{edge}.since <= {sql.day} AND {edge}.until > {sql.day}"]
    if not sql.frame.count_inferred:
        tests.append(f"{edge}.stated")
    for name, values in hop.where:
        if name == "role":
            tests.append(f"{edge}.role IN {sql.bind_all(values)}")
        else:
            stated = "" if sql.frame.count_inferred else f" AND {attribute(edge, name, 1)}"
            tests.append(f"({attribute(edge, name, 0)} IN {sql.bind_all(values)}{stated})")
    return " AND ".join(tests)


def hop_may_hold(sql: Sql, edge: str, hop: Hop) -> str:
    tests = [f"{edge}.until > {sql.day} AND ({edge}.since <= {sql.day} OR {edge}.start = 0)"]
    for name, values in hop.where:
        if name == "role":
            tests.append(f"({edge}.role IN {sql.bind_all(values)} OR {edge}.role = '')")
        else:
            tests.append(f"(COALESCE({attribute(edge, name, 0)} IN {sql.bind_all(values)}, 1) OR NOT {attribute(edge, name, 1)})")
    return " AND ".join(tests)


# -- chains ----------------------------------------------------------------------------------------------------------------

@dataclass
class Chain:
    """A chain of joined edges e1..en; ``nodes`` are the SQL expressions of its bodies, subject first."""

    tables: list[str]
    tests: list[str]
    nodes: list[str]
    certain: str  # 1 where the match is stated in full

    def select(self, what: str) -> str:
        where = " AND ".join(t for t in self.tests if t != "1")
        return f"SELECT {what} FROM {' CROSS JOIN '.join(self.tables)}{f' WHERE {where}' if where else ''}"


def chain(sql: Sql, path: Metapath, hops: int | None = None, *, certain: bool, subjects: str | None = None, node: str | None = None,
          tag: str = "e") -> Chain:
    """The first ``hops`` hops of a metapath (all of them by default; at least one).

    ``certain``: only matches stated in full; else possible ones too. ``subjects``: a SELECT of the subjects to start from;
    ``node``: the one subject to start from, an expression."""
    used = path.hops if hops is None else path.hops[:hops]
    positions = path.positions[: len(used) + 1]
    edges = [f"{tag}{i}" for i in range(1, len(used) + 1)]
    near = [f"{e}.{'src' if h.forward else 'dst'}" for e, h in zip(edges, used, strict=True)]
    far = [f"{e}.{'dst' if h.forward else 'src'}" for e, h in zip(edges, used, strict=True)]
    nodes = [near[0], *far]
    tests, flags = _tests(sql, used, positions, edges, nodes, certain)
    joined = [f"{near[i]} = {far[i - 1]}" for i in range(1, len(used))]
    order = [f"edge {e}" for e in edges]
    if node is not None:
        tests.insert(0, f"{near[0]} = {node}")
    elif subjects is not None:
        order.insert(0, f"({subjects}) s")
        tests.insert(0, f"{near[0]} = s.id")
    else:
        order.reverse()
        if certain and (seed := _seed(sql, positions[-1])):
            order.insert(0, f"({seed}) z")
            tests.insert(0, f"{far[-1]} = z.id")
            if len(positions[-1].where) == 1:  # the seed has tested it
                tests.remove(satisfies(sql, nodes[-1], positions[-1]))
    return Chain(order, [*(f"{e}.type = {RELATIONS[h.type].number}" for e, h in zip(edges, used, strict=True)), *joined, *tests], nodes,
                 " AND ".join(f for f in flags if f != "1") or "1")


def _tests(sql: Sql, hops: Sequence[Hop], positions: Sequence[Position], edges: list[str], nodes: list[str],
           certain: bool) -> tuple[list[str], list[str]]:
    """What every match must satisfy, and what makes it certain."""
    tests, flags = list[str](), list[str]()
    for edge, hop in zip(edges, hops, strict=True):
        tests.append(hop_holds(sql, edge, hop) if certain else hop_may_hold(sql, edge, hop))
        flags.append("1" if certain else hop_holds(sql, edge, hop))
    for i, (node, position) in enumerate(zip(nodes, positions, strict=True)):
        if not _implied(i, hops, positions):
            tests.append(in_kinds(node, position.kinds))
        tests.append(satisfies(sql, node, position) if certain else may_satisfy(sql, node, position))
        flags.append("1" if certain else satisfies(sql, node, position))
    tests += [f"{nodes[i]} <> {nodes[j]}" for j in range(len(nodes)) for i in range(j)
              if set(positions[i].kinds) & set(positions[j].kinds)]
    return tests, flags


def _implied(i: int, hops: Sequence[Hop], positions: Sequence[Position]) -> bool:
    """Whether the ontology leaves no other kind at position i than the pattern's, given the neighbouring hop and the kinds at its
    other end. Position 0 rests on position 1 only where that one is tested itself."""
    if i == 0 and _implied(1, hops, positions):
        return False
    hop, other = (hops[i - 1], positions[i - 1]) if i else (hops[0], positions[1])
    leaving = hop.forward if i else not hop.forward
    reachable = {k for o in other.kinds for k in hop.relation.others(o, leaving)}
    return reachable <= set(positions[i].kinds)


def _seed(sql: Sql, end: Position) -> str | None:
    """A SELECT of the few bodies that the end's first predicate leaves."""
    if not end.where:
        return None
    name, values = next(((n, v) for n, v in end.where if n in (ID, NAME)), end.where[0])
    if name in (ID, NAME):
        return _known_by(sql, name, values)
    stated = "" if sql.frame.count_inferred else " AND v.stated"
    kinds = in_kinds("v.id", end.kinds)
    return f"SELECT DISTINCT v.id FROM value v WHERE v.field = {sql.bind(name)} AND v.value IN {sql.bind_all(values)}{stated} AND {kinds}"


# -- closedness ------------------------------------------------------------------------------------------------------------

ALWAYS, NEVER = "1", "0"


def closed(sql: Sql, node: str, hop: Hop, at: Position, target: Position, *, few: bool = False) -> str:
    """Whether a body is closed for the hop; ``few``: asked for few bodies, so scopes are tested one body at a time."""
    tests = dict[str, list[str]]()
    for kind in at.kinds:
        said = [_closed_to(sql, node, hop, c, few) for c in sql.frame.closings(kind, hop, target)]
        test = NEVER if NEVER in said else " AND ".join(dict.fromkeys(s for s in said if s != ALWAYS)) or ALWAYS
        tests.setdefault(test, []).append(kind)
    if len(tests) == 1:
        test = next(iter(tests))
        return test if test in (ALWAYS, NEVER) else f"({test})"
    return "(" + " OR ".join(f"({in_kinds(node, kinds)} AND {test})" for test, kinds in tests.items() if test != NEVER) + ")"


def _closed_to(sql: Sql, node: str, hop: Hop, closing: Closing, few: bool) -> str:
    tests = in_scopes(sql, node, closing.scopes, few=few)
    tests += [closed_itself(sql, node, signature) for signature in closing.signatures]
    if closing.single is not None:
        tests.append(f"EXISTS (SELECT 1 FROM edge x WHERE x.type = {RELATIONS[hop.type].number} AND x.src = {node}"
                     f" AND x.role = {sql.bind(closing.single)} AND x.stated AND x.since <= {sql.day} AND x.until > {sql.day}"
                     f" AND {in_kinds('x.dst', [closing.target])})")
    return f"({' OR '.join(tests)})" if tests else NEVER


def closed_itself(sql: Sql, node: str, signature: str) -> str:
    """A statement of this body alone, until a newer one of the same hop begins."""
    newer = (f"SELECT 1 FROM closed d WHERE d.sig = c.sig AND d.id = c.id AND d.start <= {sql.day}"
             " AND (d.as_of, d.row) > (c.as_of, c.row)")
    return (f"EXISTS (SELECT 1 FROM closed c WHERE c.sig = {sql.bind(signature)} AND c.id = {node} AND c.start <= {sql.day}"
            f" AND (c.until > {sql.day} OR (c.until = 0 AND c.start > {sql.bind(sql.frame.single_since)})) AND NOT EXISTS ({newer}))")


def in_scopes(sql: Sql, node: str, scopes: Sequence[Metapath], *, few: bool) -> list[str]:
    """Tests of which one must hold; scopes with hops as one set for all subjects, built and looked up once."""
    if few:
        return [in_scope(sql, node, scope, few=True) for scope in scopes]
    stated = sql.stated_only
    arms = [chain(stated, scope, certain=True, tag="c") for scope in scopes if scope.hops]
    sets = [f"{node} IN ({' UNION ALL '.join(a.select(a.nodes[0]) for a in arms)})"] if arms else []
    return [*(in_scope(sql, node, scope) for scope in scopes if not scope.hops), *sets]


def in_scope(sql: Sql, node: str, scope: Metapath, *, few: bool = False) -> str:
    """Whether a metapath is TRUE for a body, by stated relationships whatever the policy counts (semantics 4)."""
    sql = sql.stated_only
    if not scope.hops:
        return f"({in_kinds(node, scope.subject.kinds)} AND {satisfies(sql, node, scope.subject)} AND {alive(sql, node)})"
    if few:
        one = chain(sql, scope, certain=True, node=node, tag="c")
        return f"EXISTS ({one.select('1')})"
    arm = chain(sql, scope, certain=True, tag="c")
    return f"{node} IN ({arm.select(arm.nodes[0])})"

