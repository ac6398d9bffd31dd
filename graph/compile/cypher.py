"""Metapaths as Cypher for Neo4j. Pure: (what is asked, frame) -> statement and parameters; the twin of ``graph/compile/sql.py``.

The graph: every body is ``(:Body:<Kind> {id, name_normal, sort_key, ended, unnamed})``; what metapaths may ask of it are lists,
``v_<field>`` all values, ``s_<field>`` the stated ones, ``c_<field>`` true where the field is closed. Relationships have the
ontology's types and ``{role, start, since, until, stated}``, whole numbers with the sentinels of ``schemas.dates``, and
``v_<field>``, ``s_<field>`` (stated or not). A completeness statement of one body is ``(:Closed {sig, id, start, until, as_of, row})``.

Labels and types come from the ontology only; all else is a parameter. Written in what Cypher 5 and 25 share, without APOC.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from graph.compile.statement import Binder
from graph.frame import Closing
from schemas.identifiers import normal
from schemas.metapath import ID, NAME, Hop, Metapath, Position


class Cypher(Binder):
    sign = "$"


def labels(position: Position) -> str:
    return "|".join(position.kinds)


# -- positions -------------------------------------------------------------------------------------------------------------

def satisfies(cypher: Cypher, node: str, position: Position) -> list[str]:
    """The predicates hold by stated values (by inferred ones too where the policy counts them)."""
    return [_satisfied(cypher, node, name, values) for name, values in position.where]


def _satisfied(cypher: Cypher, node: str, name: str, values: tuple[str, ...]) -> str:
    if name == ID:
        return f"{node}.id IN {cypher.bind(list(values))}"
    if name == NAME:
        return f"{node}.name_normal IN {cypher.bind([normal(v) for v in values])}"
    held = f"{'v' if cypher.frame.count_inferred else 's'}_{name}"
    return f"any(v IN coalesce({node}.{held}, []) WHERE v IN {cypher.bind(list(values))})"


def may_satisfy(cypher: Cypher, node: str, position: Position) -> list[str]:
    """No stated value contradicts the predicates."""
    found = []
    for name, values in position.where:
        if name == ID:
            found.append(_satisfied(cypher, node, name, values))
        elif name == NAME:
            found.append(f"({_satisfied(cypher, node, name, values)} OR {node}.unnamed)")
        else:
            held = f"any(v IN coalesce({node}.v_{name}, []) WHERE v IN {cypher.bind(list(values))})"
            found.append(f"({held} OR NOT coalesce({node}.c_{name}, false))")
    return found


# -- hops ------------------------------------------------------------------------------------------------------------------

def hop_holds(cypher: Cypher, edge: str, hop: Hop) -> list[str]:
    """The relationship is stated, in force at the day, and its predicates hold by stated values."""
    tests = [f"{edge}.since <= {cypher.day} AND {edge}.until > {cypher.day}"]
    if not cypher.frame.count_inferred:
        tests.append(f"{edge}.stated")
    for name, values in hop.where:
        if name == "role":
            tests.append(f"{edge}.role IN {cypher.bind(list(values))}")
        else:
            stated = "" if cypher.frame.count_inferred else f" AND {edge}.s_{name}"
            tests.append(f"coalesce({edge}.v_{name} IN {cypher.bind(list(values))}{stated}, false)")
    return tests


def hop_may_hold(cypher: Cypher, edge: str, hop: Hop) -> list[str]:
    tests = [f"{edge}.until > {cypher.day} AND ({edge}.since <= {cypher.day} OR {edge}.start = 0)"]
    for name, values in hop.where:
        if name == "role":
            tests.append(f"({edge}.role IN {cypher.bind(list(values))} OR {edge}.role = '')")
        else:
            tests.append(f"(coalesce({edge}.v_{name} IN {cypher.bind(list(values))}, true) OR NOT coalesce({edge}.s_{name}, false))")
    return tests


# -- chains ----------------------------------------------------------------------------------------------------------------

@dataclass
class Chain:
    """``MATCH pattern WHERE tests``; ``certain`` is a test that is true where the match is stated in full."""

    pattern: str
    tests: list[str]
    certain: str
    nodes: list[str]

    @property
    def text(self) -> str:
        return f"MATCH {self.pattern}" + (f" WHERE {' AND '.join(self.tests)}" if self.tests else "")


def chain(cypher: Cypher, path: Metapath, hops: int | None = None, *, certain: bool, first: str = "n0", tag: str = "") -> Chain:
    """The first ``hops`` hops of a metapath (all by default), from the node variable ``first``.

    ``certain``: only matches stated in full; else possible ones too. ``tag`` keeps the variables of nested patterns apart."""
    used = path.hops if hops is None else path.hops[:hops]
    positions = path.positions[: len(used) + 1]
    nodes = [first, *(f"n{tag}{i}" for i in range(1, len(used) + 1))]
    edges = [f"r{tag}{i}" for i in range(1, len(used) + 1)]
    pattern = f"({first}:{labels(positions[0])})"
    for node, edge, hop, position in zip(nodes[1:], edges, used, positions[1:], strict=True):
        inner = f"-[{edge}:{hop.type}]-"
        pattern += (f"{inner}>" if hop.forward else f"<{inner}") + f"({node}:{labels(position)})"
    sure = [t for e, h in zip(edges, used, strict=True) for t in hop_holds(cypher, e, h)]
    sure += [t for n, p in zip(nodes, positions, strict=True) for t in satisfies(cypher, n, p)]
    tests = sure
    if not certain:
        tests = [t for e, h in zip(edges, used, strict=True) for t in hop_may_hold(cypher, e, h)]
        tests += [t for n, p in zip(nodes, positions, strict=True) for t in may_satisfy(cypher, n, p)]
    if not used:
        tests = [f"{first}.ended > {cypher.day}", *tests]
    apart = [f"{nodes[i]} <> {nodes[j]}" for j in range(len(nodes)) for i in range(j) if set(positions[i].kinds) & set(positions[j].kinds)]
    return Chain(pattern, tests + apart, " AND ".join(sure) or "true", nodes)


# -- closedness ------------------------------------------------------------------------------------------------------------

ALWAYS, NEVER = "true", "false"


class Setwise(Protocol):
    """Tests of all subjects ``x`` of a statement at once. Asked subject by subject, as EXISTS, they cost five to ten times as much.
    ``bound``: whether ``x`` is at hand where the tests stand."""

    bound: bool

    def test(self, clause: str) -> str:
        """True of the subjects that the clause yields."""

    def kinds(self, kinds: Sequence[str]) -> str:
        """True of the subjects of these kinds."""


def closed(cypher: Cypher, node: str, hop: Hop, at: Position, target: Position, sets: Setwise | None = None) -> str:
    """Whether a body is closed for the hop: for each kind that it may be, towards each kind that the ontology allows.
    ``sets``: the body is the subject ``x``, asked set-wise."""
    tests = dict[str, list[str]]()
    for kind in at.kinds:
        said = [_closed_to(cypher, node, hop, at, c, sets) for c in cypher.frame.closings(kind, hop, target)]
        test = NEVER if NEVER in said else " AND ".join(dict.fromkeys(said)) or ALWAYS
        tests.setdefault(test, []).append(kind)
    if len(tests) == 1:
        return next(iter(tests))
    own = {test: sets.kinds(kinds) if sets else f"{node}:{'|'.join(kinds)}" for test, kinds in tests.items()}
    return "(" + " OR ".join(f"({own[test]} AND {test})" for test in tests if test != NEVER) + ")"


def _closed_to(cypher: Cypher, node: str, hop: Hop, at: Position, closing: Closing, sets: Setwise | None) -> str:
    tests = [in_scope(cypher, node, scope, sets) for scope in closing.scopes]
    tests += [closed_itself(cypher, node, signature, sets) for signature in closing.signatures]
    if closing.single is not None:
        own = (f"MATCH ({node}:{labels(at)})-[own:{hop.type}]->(:{closing.target}) WHERE own.role = {cypher.bind(closing.single)}"
               f" AND own.stated AND own.since <= {cypher.day} AND own.until > {cypher.day}")
        tests.append(sets.test(own) if sets else f"EXISTS {{ {own} }}")
    return f"({' OR '.join(tests)})" if tests else NEVER


def closed_itself(cypher: Cypher, node: str, signature: str, sets: Setwise | None = None) -> str:
    """A statement of this body alone, until a newer one of the same hop begins."""
    newer = (f"EXISTS {{ MATCH (d:Closed {{sig: c.sig, id: c.id}}) WHERE d.start <= {cypher.day}"
             " AND (d.as_of > c.as_of OR (d.as_of = c.as_of AND d.row > c.row)) }")
    holds = f"c.until > {cypher.day} OR (c.until = 0 AND c.start > {cypher.bind(cypher.frame.single_since)})"
    tests = f"c.start <= {cypher.day} AND ({holds}) AND NOT {newer}"
    stated = f"(c:Closed {{sig: {cypher.bind(signature)}"
    if sets:
        return sets.test(f"MATCH {stated}}}) WHERE {tests} MATCH ({node}:Body {{id: c.id}})")
    return f"EXISTS {{ MATCH {stated}, id: {node}.id}}) WHERE {tests} }}"


def in_scope(cypher: Cypher, node: str, scope: Metapath, sets: Setwise | None = None) -> str:
    """Whether a metapath is TRUE for a body, by stated relationships whatever the policy counts (semantics 4)."""
    found = chain(cypher.stated_only, scope, certain=True, first=node, tag="s")
    if not scope.hops and (sets is None or sets.bound):
        return f"({' AND '.join([f'{node}:{labels(scope.subject)}', *found.tests])})"
    return sets.test(found.text) if sets else f"EXISTS {{ {found.text} }}"


def in_any_scope(cypher: Cypher, node: str, scope: Sequence[Metapath], sets: Setwise | None = None) -> str:
    return f"({' OR '.join(in_scope(cypher, node, m, sets) for m in scope) or NEVER})"


def still_open(cypher: Cypher, path: Metapath, first: str = "n0", sets: Setwise | None = None) -> str:
    """Whether some body that ``first`` reaches is open for its next hop."""
    return any_open(cypher, [path], first, sets)


def any_open(cypher: Cypher, paths: Sequence[Metapath], first: str = "n0", sets: Setwise | None = None) -> str:
    """Whether a hop of any of the paths is; the cheapest tests, of the subject's own hops, come first."""
    longest = max((len(p.hops) for p in paths), default=0)
    found = [_open_at(cypher, p, level, first, sets) for level in range(longest) for p in paths if level < len(p.hops)]
    tests = list(dict.fromkeys(t for t in found if t != NEVER))
    return f"({' OR '.join(tests)})" if tests else NEVER


def _open_at(cypher: Cypher, path: Metapath, level: int, first: str, sets: Setwise | None) -> str:
    """Whether a body reached at ``level`` is not closed for the next hop."""
    reached, at = chain(cypher, path, level, certain=False, first=first), path.positions[level]
    last = reached.nodes[-1]
    test = closed(cypher, last, path.hops[level], at, path.positions[level + 1], sets if not level else None)
    if test == ALWAYS:
        return NEVER
    if level and sets:  # from the open bodies back to the subjects
        begin = f"MATCH ({last}:{labels(at)}) WHERE NOT ({test}) WITH {last} " if test != NEVER else ""
        return sets.test(begin + reached.text)
    if sets:  # a subject is alive
        alike = reached.tests if sets.bound else [sets.test(f"MATCH (x:{labels(at)}) WHERE {' AND '.join(reached.tests)}")]
        alike = alike if at.where else []
        own = sets.kinds(at.kinds)
        tests = [*([own] if own != ALWAYS else []), *alike, *([f"NOT ({test})"] if test != NEVER else [])]
        return f"({' AND '.join(tests) or ALWAYS})"
    if test != NEVER:
        reached.tests.append(f"NOT ({test})")
    if level:
        return f"EXISTS {{ {reached.text} }}"
    return f"({' AND '.join([f'{first}:{labels(path.subject)}', *reached.tests])})"
