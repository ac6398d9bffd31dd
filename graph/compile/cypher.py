"""Metapaths as Cypher for Neo4j. Pure: (what is asked, frame) -> statement and parameters; the twin of ``graph/compile/sql.py``.

The graph: every body is ``(:Body:<Kind> {id, name_normal, sort_key, ended, unnamed})``; what metapaths may ask of it are lists,
``v_<field>`` all values, ``s_<field>`` the stated ones, ``c_<field>`` true where the field is closed. Relationships have the
ontology's types and ``{role, start, since, until, stated}``, whole numbers with the sentinels of ``schemas.dates``, and
``v_<field>``, ``s_<field>`` (stated or not). A completeness statement of one body is ``(:Closed {sig, id, start, until, as_of, row})``.

Labels and types come from the ontology only; all else is a parameter. Written in what Cypher 5 and 25 share, without APOC.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from graph.compile.statement import Binder
from graph.frame import Closing
from schemas.identifiers import normal
from schemas.kinds import KINDS
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
FLAGS, SCORES = 1000, 4  # the first code of a flag; codes a part of what is asked
SURE, UNSURE, GROUP = -100, -200, -1  # less the kind's number: a subject, a body that may be one; -1: a group of the subject


def scored(part: int, score: int) -> str:
    """Whether a subject with ``codes`` has this score of a part."""
    return f"{part * SCORES + score} IN codes"


@dataclass
class Flags:
    """Tests of all subjects ``x`` of a statement at once: each is a clause that yields those for which it holds, with a code. Asked
    subject by subject, as EXISTS, the same costs five to ten times as much."""

    clauses: dict[str, int] = field(default_factory=dict)

    def test(self, clause: str) -> str:
        """True of the subjects that ``clause`` yields, once their ``codes`` are collected."""
        return f"{self.clauses.setdefault(clause, FLAGS + len(self.clauses))} IN codes"


def one_of(kinds: Sequence[str], *codes: int) -> str:
    """Whether a subject with ``codes`` is of one of these kinds; ``codes``: SURE, UNSURE."""
    return f"({' OR '.join(f'{c - KINDS[k].number} IN codes' for k in kinds for c in codes or (SURE, UNSURE))})"


@dataclass
class Arms:
    """Clauses that yield subjects ``x``, each with what it says of them as a code. Each is collected by itself: rows go through a
    UNION of a dozen arms five times as slowly."""

    calls: list[str] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    more: bool = False

    def add(self, clause: str, code: int) -> None:
        self._put(clause, [("x", code)])

    def either(self, clause: str, test: str, yes: int, no: int) -> None:
        """``yes`` where the test is true, else ``no``."""
        self._put(clause, [(f"CASE WHEN {test} THEN x END", yes), (f"CASE WHEN {test} THEN null ELSE x END", no)])

    def with_more(self, clause: str, code: str, a: str, b: str = "null") -> None:
        """Subjects of which the clause says something beside: it is ``a``, ``b`` of the rows; ``code`` may be an expression."""
        self.more = True
        name = f"s{len(self.lists)}"
        self.calls.append(f"CALL () {{ {clause} RETURN collect([x, {code}, {a}, {b}]) AS {name} }}")
        self.lists.append(f"[{name}, null]")

    def subjects(self, kinds: Sequence[str], tests: Sequence[str], certain: Sequence[str] = ()) -> None:
        """What is asked about: a code a kind; ``certain``: tests that hold where the body surely is one."""
        for kind in kinds:
            clause, number = f"MATCH (x:{kind}) WHERE {' AND '.join(tests)}", KINDS[kind].number
            if certain:
                self.either(clause, " AND ".join(certain), SURE - number, UNSURE - number)
            else:
                self.add(clause, SURE - number)

    def flags(self, flags: Flags) -> None:
        for clause, code in flags.clauses.items():
            self.add(clause, code)

    def _put(self, clause: str, said: Sequence[tuple[str, int]]) -> None:
        names = [f"s{len(self.lists) + i}" for i in range(len(said))]
        told = ", ".join(f"collect({what}) AS {name}" for name, (what, _) in zip(names, said, strict=True))
        self.calls.append(f"CALL () {{ {clause} RETURN {told} }}")
        self.lists += [f"[{name}, {code}]" for name, (_, code) in zip(names, said, strict=True)]

    @property
    def rows(self) -> str:
        """A clause that leaves x, code of every arm's subjects, and a, b."""
        each = f"{' '.join(self.calls)} UNWIND [{', '.join(self.lists)}] AS s UNWIND s[0] AS e"
        if not self.more:
            return f"{each} WITH e AS x, s[1] AS code"
        return (f"{each} WITH CASE WHEN s[1] IS NULL THEN e[0] ELSE e END AS x, CASE WHEN s[1] IS NULL THEN e[1] ELSE s[1] END AS code,"
                " CASE WHEN s[1] IS NULL THEN e[2] END AS a, CASE WHEN s[1] IS NULL THEN e[3] END AS b")


def closed(cypher: Cypher, node: str, hop: Hop, at: Position, target: Position, flags: Flags | None = None) -> str:
    """Whether a body is closed for the hop: for each kind that it may be, towards each kind that the ontology allows.
    ``flags``: the body is the subject ``x``, asked set-wise."""
    tests = dict[str, list[str]]()
    for kind in at.kinds:
        said = [_closed_to(cypher, node, hop, at, c, flags) for c in cypher.frame.closings(kind, hop, target)]
        test = NEVER if NEVER in said else " AND ".join(dict.fromkeys(said)) or ALWAYS
        tests.setdefault(test, []).append(kind)
    if len(tests) == 1:
        return next(iter(tests))
    own = {test: one_of(kinds) if flags else f"{node}:{'|'.join(kinds)}" for test, kinds in tests.items()}
    return "(" + " OR ".join(f"({own[test]} AND {test})" for test in tests if test != NEVER) + ")"


def _closed_to(cypher: Cypher, node: str, hop: Hop, at: Position, closing: Closing, flags: Flags | None) -> str:
    tests = [in_scope(cypher, node, scope, flags) for scope in closing.scopes]
    tests += [closed_itself(cypher, node, signature, flags) for signature in closing.signatures]
    if closing.single is not None:
        own = (f"MATCH ({node}:{labels(at)})-[own:{hop.type}]->(:{closing.target}) WHERE own.role = {cypher.bind(closing.single)}"
               f" AND own.stated AND own.since <= {cypher.day} AND own.until > {cypher.day}")
        tests.append(flags.test(own) if flags else f"EXISTS {{ {own} }}")
    return f"({' OR '.join(tests)})" if tests else NEVER


def closed_itself(cypher: Cypher, node: str, signature: str, flags: Flags | None = None) -> str:
    """A statement of this body alone, until a newer one of the same hop begins."""
    newer = (f"EXISTS {{ MATCH (d:Closed {{sig: c.sig, id: c.id}}) WHERE d.start <= {cypher.day}"
             " AND (d.as_of > c.as_of OR (d.as_of = c.as_of AND d.row > c.row)) }")
    holds = f"c.until > {cypher.day} OR (c.until = 0 AND c.start > {cypher.bind(cypher.frame.single_since)})"
    tests = f"c.start <= {cypher.day} AND ({holds}) AND NOT {newer}"
    stated = f"(c:Closed {{sig: {cypher.bind(signature)}"
    if flags:
        return flags.test(f"MATCH {stated}}}) WHERE {tests} MATCH ({node}:Body {{id: c.id}})")
    return f"EXISTS {{ MATCH {stated}, id: {node}.id}}) WHERE {tests} }}"


def in_scope(cypher: Cypher, node: str, scope: Metapath, flags: Flags | None = None) -> str:
    """Whether a metapath is TRUE for a body, by stated relationships whatever the policy counts (semantics 4)."""
    found = chain(cypher.stated_only, scope, certain=True, first=node, tag="s")
    if not scope.hops and not flags:
        return f"({' AND '.join([f'{node}:{labels(scope.subject)}', *found.tests])})"
    return flags.test(found.text) if flags else f"EXISTS {{ {found.text} }}"


def in_any_scope(cypher: Cypher, node: str, scope: Sequence[Metapath]) -> str:
    return f"({' OR '.join(in_scope(cypher, node, m) for m in scope) or NEVER})"


def still_open(cypher: Cypher, path: Metapath, first: str = "n0", flags: Flags | None = None) -> str:
    """Whether some body that ``first`` reaches is open for its next hop."""
    return any_open(cypher, [path], first, flags)


def any_open(cypher: Cypher, paths: Sequence[Metapath], first: str = "n0", flags: Flags | None = None) -> str:
    """Whether a hop of any of the paths is; the cheapest tests, of the subject's own hops, come first."""
    longest = max((len(p.hops) for p in paths), default=0)
    found = [_open_at(cypher, p, level, first, flags) for level in range(longest) for p in paths if level < len(p.hops)]
    tests = list(dict.fromkeys(t for t in found if t != NEVER))
    return f"({' OR '.join(tests)})" if tests else NEVER


def open_tests(cypher: Cypher, path: Metapath) -> list[str]:
    """A test a hop that may be open: whether a body that the subject ``n0`` reaches is open for it."""
    return [t for level in range(len(path.hops)) if (t := _open_at(cypher, path, level, "n0", None)) != NEVER]


def _open_at(cypher: Cypher, path: Metapath, level: int, first: str, flags: Flags | None) -> str:
    """Whether a body reached at ``level`` is not closed for the next hop."""
    reached, at = chain(cypher, path, level, certain=False, first=first), path.positions[level]
    last = reached.nodes[-1]
    test = closed(cypher, last, path.hops[level], at, path.positions[level + 1], flags if not level else None)
    if test == ALWAYS:
        return NEVER
    if level and flags:  # from the open bodies back to the subjects
        begin = f"MATCH ({last}:{labels(at)}) WHERE NOT ({test}) WITH {last} " if test != NEVER else ""
        return flags.test(begin + reached.text)
    if flags:  # a subject is alive
        alike = [flags.test(f"MATCH (x:{labels(at)}) WHERE {' AND '.join(reached.tests)}")] if at.where else []
        return f"({' AND '.join([one_of(at.kinds), *alike, *([f'NOT ({test})'] if test != NEVER else [])])})"
    if test != NEVER:
        reached.tests.append(f"NOT ({test})")
    if level:
        return f"EXISTS {{ {reached.text} }}"
    return f"({' AND '.join([f'{first}:{labels(path.subject)}', *reached.tests])})"
