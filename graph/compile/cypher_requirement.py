"""Requirements, patterns and matches as one Cypher statement each; the twin of ``sql_score``, ``sql_requirement``, ``sql_subject``.

Every arm yields (x, part, score, low, high, open): a subject, the part of the requirement that the arm speaks of, and how far the
subject gets by it; the arms are joined by UNION ALL and a subject's score of a part is the best (``graph.engine``: TRUE … FALSE).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graph.compile.cypher import ALWAYS, NEVER, Cypher, chain, closed, in_any_scope, labels, may_satisfy, satisfies
from graph.engine import OPEN_HOPS, POSSIBLE, TRUE
from graph.frame import Frame
from schemas.metapath import Metapath
from schemas.policy import Requirement


@dataclass(frozen=True)
class Statement:
    text: str
    params: dict[str, Any]


def true_set(path: Metapath, frame: Frame) -> Statement:
    """Ids of all bodies for which the metapath is TRUE."""
    cypher = Cypher(frame)
    return Statement(f"{chain(cypher, path, certain=True).text} RETURN DISTINCT n0.id AS id", cypher.params)


def path_scores(path: Metapath, frame: Frame, within: Metapath | None = None) -> Statement:
    """(score, number) over the bodies of the first position; ``within``: only those for which another metapath is TRUE."""
    cypher = Cypher(frame)
    body = _scored(cypher, Metapath((path.subject,)), [within] if within else [], [[path]])
    return Statement(f"{body} RETURN score, count(*) AS number", cypher.params)


def scan_counts(requirement: Requirement, frame: Frame, scope: Sequence[Metapath]) -> Statement:
    """(state, number) over all subjects."""
    cypher = Cypher(frame)
    return Statement(f"{states(cypher, requirement, scope)} RETURN state, count(*) AS number", cypher.params)


def scan_page(requirement: Requirement, frame: Frame, scope: Sequence[Metapath], wanted: Sequence[str],
              after: tuple[str, str] | None, limit: int) -> Statement:
    """(id, sort key, state, sure), by (sort key, id); one row more than ``limit`` tells of more. Both keys are ASCII, so the
    order is that of every engine."""
    cypher = Cypher(frame)
    tests = [f"state IN {cypher.bind(list(wanted))}"]
    if after:
        key, id = cypher.bind(after[0]), cypher.bind(after[1])
        tests.append(f"(x.sort_key > {key} OR (x.sort_key = {key} AND x.id > {id}))")
    return Statement(f"{states(cypher, requirement, scope)} WITH x, state, sure WHERE {' AND '.join(tests)}"
                     f" RETURN x.id AS id, x.sort_key AS sort_key, state, sure ORDER BY sort_key, id LIMIT {limit + 1:d}", cypher.params)


def matches(paths: Sequence[Metapath], frame: Frame) -> Statement:
    """Every possible match from the subject ``$subject`` (a public id): path number, certain, ids of its bodies, its relationships."""
    cypher, arms = Cypher(frame), list[str]()
    for number, path in enumerate(paths):
        if not path.hops:
            continue
        found = chain(cypher, path, certain=False)
        found.tests.insert(0, "n0.id = $subject")
        bodies = ", ".join(f"{n}.id" for n in found.nodes)
        edges = ", ".join(f"r{i}" for i in range(1, len(path.hops) + 1))
        arms.append(f"{found.text} RETURN {number} AS path, {found.certain} AS certain, [{bodies}] AS bodies, [{edges}] AS edges")
    return Statement(" UNION ALL ".join(arms), cypher.params)


def states(cypher: Cypher, requirement: Requirement, scope: Sequence[Metapath]) -> str:
    """A clause that leaves x, sure, state of every subject."""
    exempt = cypher.frame.exempt_from(requirement.id) | (cypher.frame.exempt_from("coverage") if requirement.coverage else frozenset())
    exempted = f"WHEN x.id IN {cypher.bind(sorted(exempt))} THEN 'exempt' " if exempt else ""
    parts = [[w.path for w in cypher.frame.view.policy.counting_ways]] if requirement.coverage else [[p] for p in requirement.parts]
    body = _scored(cypher, requirement.position, scope, parts)
    truth = _truth(requirement)
    return (f"{body} WITH x, sure, {truth} AS truth WITH x, sure, CASE WHEN truth = 3 THEN 'ok' {exempted}"
            "WHEN sure AND truth = 0 THEN 'gap' ELSE 'not_known' END AS state")


def _truth(requirement: Requirement) -> str:
    """3 TRUE, 0 FALSE, else not known, from score (existence) or low, high and open (other bounds)."""
    low, high = requirement.bounds
    if requirement.coverage or (low, high) == (1, None):
        return "score"
    met = f"low >= {low}" + (f" AND NOT open AND high <= {high}" if high is not None else "")
    missed = f"(NOT open AND high < {low})" + (f" OR low > {high}" if high is not None else "")
    return f"CASE WHEN {met} THEN 3 WHEN {missed} THEN 0 ELSE 1 END"


def _scored(cypher: Cypher, subject: Metapath, scope: Sequence[Metapath], parts: Sequence[Sequence[Metapath]]) -> str:
    """A clause that leaves x, sure, score (the worst part's), low, high, open of every subject."""
    arms = [_base(cypher, subject, scope, len(parts))]
    for number, paths in enumerate(parts):
        for path in paths:
            arms.append(_counted(cypher, path, number))
            arms += [arm for i in range(len(path.hops)) if (arm := _open(cypher, path, i, number))]
    every = " UNION ALL ".join(arms)
    best = "max(base) AS base, max(sure) AS sure, max(score) AS score, max(low) AS low, max(high) AS high, max(opened) AS opened"
    return (f"CALL () {{ {every} }} WITH x, part, {best} WHERE base = 1"
            " WITH x, max(sure) = 1 AS sure, min(score) AS score, max(low) AS low, max(high) AS high, max(opened) = 1 AS open")


def _row(part: str | int, *, base: str = "0", sure: str = "0", score: str = "0", low: str = "0", high: str = "0", opened: str = "0") -> str:
    return f"{part} AS part, {base} AS base, {sure} AS sure, {score} AS score, {low} AS low, {high} AS high, {opened} AS opened"


def _base(cypher: Cypher, subject: Metapath, scope: Sequence[Metapath], parts: int) -> str:
    """All bodies that are, or may be, of the subject's sort, alive and in scope."""
    at = subject.subject
    tests = [f"x.ended > {cypher.day}", *may_satisfy(cypher, "x", at)]
    if scope:
        tests.append(in_any_scope(cypher, "x", [m for m in scope if set(m.subject.kinds) & set(at.kinds)]))
    sure = f"CASE WHEN {' AND '.join(satisfies(cypher, 'x', at)) or ALWAYS} THEN 1 ELSE 0 END"
    return (f"MATCH (x:{labels(at)}) WHERE {' AND '.join(tests)} UNWIND range(0, {parts - 1}) AS p"
            f" RETURN x, {_row('p', base='1', sure=sure)}")


def _counted(cypher: Cypher, path: Metapath, part: int) -> str:
    """Distinct ends of possible matches, and how many of them are certain."""
    found = chain(cypher, path, certain=False)
    certain = f"max(CASE WHEN {found.certain} THEN 1 ELSE 0 END)"
    score = f"CASE WHEN low > 0 THEN {TRUE} ELSE {POSSIBLE} END"
    return (f"{found.text} WITH n0 AS x, {found.nodes[-1]} AS far, {certain} AS certain WITH x, sum(certain) AS low, count(*) AS high"
            f" RETURN x, {_row(part, score=score, low='low', high='high')}")


def _open(cypher: Cypher, path: Metapath, level: int, part: int) -> str | None:
    """Subjects with a body reached at ``level`` that is not closed for the next hop; ``None`` where every such body is closed."""
    reached = chain(cypher, path, level, certain=False)
    test = closed(cypher, reached.nodes[-1], path.hops[level], path.positions[level], path.positions[level + 1])
    if test == ALWAYS:
        return None
    if test != NEVER:
        reached.tests.append(f"NOT ({test})")
    return f"{reached.text} WITH DISTINCT n0 AS x RETURN x, {_row(part, score=str(OPEN_HOPS), opened='1')}"
