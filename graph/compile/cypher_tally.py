"""Coverage statistics in one Cypher statement; the twin of ``sql_tally``."""

from __future__ import annotations

from collections.abc import Sequence

from graph.compile.cypher import NEVER, Cypher, any_open, chain, in_any_scope, labels, satisfies
from graph.compile.cypher_arms import SCORES, Arms, Flags, one_of, scored
from graph.compile.sql_tally import class_ways
from graph.compile.statement import Statement
from graph.frame import Frame
from graph.parts import FALSE, OPEN_HOPS, POSSIBLE, TRUE
from schemas.metapath import Metapath
from schemas.policy import Way

GROUPED = "CASE WHEN least IS NULL THEN '' WHEN least = most THEN least ELSE 'several' END"  # its one group, 'several' or ''


def tally(frame: Frame, subject: Metapath, scope: Sequence[Metapath], groups: Sequence[Metapath] | str) -> Statement:
    """(group, class, own, organisation, work, number): the class is the first TRUE counting way's name, else the status;
    the three others are the scores of the ways of that class alone. Arms say how well a way is matched, that a
    test holds, that it is a subject, or a group of it."""
    cypher, flags, arms = Cypher(frame), Flags(), Arms()
    asked = list(dict.fromkeys(w.path for w in frame.view.policy.ways))
    for i, path in enumerate(asked):
        found = chain(cypher, path, certain=False, first="x")
        arms.either(found.text, found.certain, i * SCORES + TRUE, i * SCORES + POSSIBLE)
    _groups(arms, cypher, subject, groups)
    state, classes = _state(cypher, asked, flags), [_best(cypher, asked, ways, flags) for ways in class_ways(frame)]
    arms.flags(flags)
    at = subject.subject
    tests = [f"x.ended > {cypher.day}", *satisfies(cypher, "x", at)]
    if scope:
        tests.append(in_any_scope(cypher, "x", [m for m in scope if set(m.subject.kinds) & set(at.kinds)]))
    arms.subjects(at.kinds, tests)
    scores = ", ".join(f"{best} AS c{i}" for i, best in enumerate(classes))
    return Statement(f"{arms.rows} WITH x, collect(code) AS codes, min(grp) AS least, max(grp) AS most"
                     f" WITH codes, least, most, count(*) AS number WHERE {one_of(at.kinds)}"
                     f" WITH {GROUPED} AS grp, {state} AS state, {scores}, sum(number) AS number"
                     " RETURN [grp, state, c0, c1, c2, number] AS row", cypher.params)


def _groups(arms: Arms, cypher: Cypher, subject: Metapath, groups: Sequence[Metapath] | str) -> None:
    """The groups of every subject: values of a field, or the ends of metapaths."""
    if isinstance(groups, str):
        arms.groups(f"MATCH (x:{labels(subject.subject)}) UNWIND x.s_{groups} AS value WITH x, value", "value")
        return
    for path in groups:
        found = chain(cypher, path, certain=True, first="x")
        arms.groups(found.text, f"{found.nodes[-1]}.id")


def _state(cypher: Cypher, asked: Sequence[Metapath], flags: Flags) -> str:
    ways = cypher.frame.view.policy.counting_ways
    firsts = " ".join(f"WHEN {scored(asked.index(w.path), TRUE)} THEN {cypher.bind(w.name)}" for w in ways)
    exempt = sorted(cypher.frame.exempt_from("coverage"))
    exempted = f" WHEN {flags.test(f'MATCH (x:Body) WHERE x.id IN {cypher.bind(exempt)}')} THEN 'exempt'" if exempt else ""
    matched = " OR ".join(scored(asked.index(w.path), s) for w in ways for s in (TRUE, POSSIBLE)) or NEVER
    undecided = f"{matched} OR {any_open(cypher, [w.path for w in ways], 'x', flags)}"
    return f"CASE {firsts}{exempted} WHEN {undecided} THEN 'not_known' ELSE 'uncovered' END"


def _best(cypher: Cypher, asked: Sequence[Metapath], ways: Sequence[Way], flags: Flags) -> str:
    """The best score of these ways; whether a hop is open is asked only where none is matched."""
    paths = list(dict.fromkeys(w.path for w in ways))
    scores = "".join(f" WHEN {' OR '.join(scored(asked.index(p), s) for p in paths)} THEN {s}" for s in (TRUE, POSSIBLE) if paths)
    return f"CASE{scores} WHEN {any_open(cypher, paths, 'x', flags)} THEN {OPEN_HOPS} ELSE {FALSE} END"
