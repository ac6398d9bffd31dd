"""Coverage statistics in one Cypher statement; the twin of ``sql_tally``."""

from __future__ import annotations

from collections.abc import Sequence

from graph.compile.cypher import NEVER, Cypher, any_open, chain, in_any_scope, labels, satisfies
from graph.compile.sql_tally import class_ways
from graph.compile.statement import Statement
from graph.engine import FALSE, OPEN_HOPS, POSSIBLE, TRUE
from graph.frame import Frame
from schemas.metapath import Metapath
from schemas.policy import Way


def tally(frame: Frame, subject: Metapath, scope: Sequence[Metapath], groups: Sequence[Metapath] | str) -> Statement:
    """(group, class, own, organisation, work, number): the class is the first TRUE counting way's name, else the status;
    the three others are the scores of the ways of that class alone. Arms yield (x, way, score, far); the base is way -1."""
    cypher = Cypher(frame)
    asked = list(dict.fromkeys(w.path for w in frame.view.policy.ways))
    arms = [_base(cypher, subject, scope), *(_arm(cypher, p, i) for i, p in enumerate(asked))]
    if not isinstance(groups, str):
        arms += [f"{found.text} RETURN n0 AS x, -2 AS way, 0 AS score, {found.nodes[-1]}.id AS far"
                 for found in (chain(cypher, p, certain=True) for p in groups)]
    bests = "".join(f", max(CASE way WHEN {i} THEN score ELSE 0 END) AS w{i}" for i in range(len(asked)))
    classes = ", ".join(f"{_best(cypher, asked, ways)} AS c{i}" for i, ways in enumerate(class_ways(frame)))
    return Statement(f"CALL () {{ {' UNION ALL '.join(arms)} }}"
                     f" WITH x, max(way = -1) AS based, min(far) AS least, max(far) AS most{bests} WHERE based"
                     f" WITH {_group(groups)} AS grp, {_state(cypher, asked)} AS state, {classes}, count(*) AS number"
                     " RETURN [grp, state, c0, c1, c2, number] AS row", cypher.params)


def _base(cypher: Cypher, subject: Metapath, scope: Sequence[Metapath]) -> str:
    at = subject.subject
    tests = [f"x.ended > {cypher.day}", *satisfies(cypher, "x", at)]
    if scope:
        tests.append(in_any_scope(cypher, "x", [m for m in scope if set(m.subject.kinds) & set(at.kinds)]))
    return f"MATCH (x:{labels(at)}) WHERE {' AND '.join(tests)} RETURN x, -1 AS way, 0 AS score, null AS far"


def _arm(cypher: Cypher, path: Metapath, number: int) -> str:
    """How well subjects are matched by a way."""
    found = chain(cypher, path, certain=False)
    score = f"max(CASE WHEN {found.certain} THEN {TRUE} ELSE {POSSIBLE} END)"
    return f"{found.text} WITH n0 AS x, {score} AS score RETURN x, {number} AS way, score, null AS far"


def _state(cypher: Cypher, asked: Sequence[Metapath]) -> str:
    ways = cypher.frame.view.policy.counting_ways
    firsts = " ".join(f"WHEN w{asked.index(w.path)} = {TRUE} THEN {cypher.bind(w.name)}" for w in ways)
    exempt = sorted(cypher.frame.exempt_from("coverage"))
    exempted = f" WHEN x.id IN {cypher.bind(exempt)} THEN 'exempt'" if exempt else ""
    matched = " OR ".join(f"w{asked.index(w.path)} > 0" for w in ways) or NEVER
    undecided = f"{matched} OR {any_open(cypher, [w.path for w in ways], 'x')}"
    return f"CASE {firsts}{exempted} WHEN {undecided} THEN 'not_known' ELSE 'uncovered' END"


def _best(cypher: Cypher, asked: Sequence[Metapath], ways: Sequence[Way]) -> str:
    """The best score of these ways; whether a hop is open is asked only where none is matched."""
    paths = list(dict.fromkeys(w.path for w in ways))
    scores = "".join(f" WHEN {' OR '.join(f'w{asked.index(p)} = {s}' for p in paths)} THEN {s}" for s in (TRUE, POSSIBLE) if paths)
    return f"CASE{scores} WHEN {any_open(cypher, paths, 'x')} THEN {OPEN_HOPS} ELSE {FALSE} END"


def _group(groups: Sequence[Metapath] | str) -> str:
    """Its one group, 'several' or ''."""
    if isinstance(groups, str):
        held = f"coalesce(x.s_{groups}, [])"
        return f"CASE size({held}) WHEN 0 THEN '' WHEN 1 THEN {held}[0] ELSE 'several' END"
    return "CASE WHEN least IS NULL THEN '' WHEN least = most THEN least ELSE 'several' END"
