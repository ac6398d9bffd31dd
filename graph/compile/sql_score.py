"""The score of metapaths for many subjects as SQL expressions (``graph.engine``: TRUE, POSSIBLE, OPEN_HOPS, FALSE)."""

from __future__ import annotations

from collections.abc import Sequence

from graph.compile.sql import ALWAYS, NEVER, Sql, chain, closed, in_kinds, in_scope, may_satisfy, satisfies
from graph.parts import FALSE, OPEN_HOPS, POSSIBLE, TRUE
from schemas.metapath import Metapath

IN = "\x00"  # marks an arm that is a SELECT of subjects rather than a test

def score(sql: Sql, node: str, paths: Sequence[Metapath], subjects: str | None = None) -> str:
    """An expression: the best score that any of the paths gives the subject ``node``.

    ``subjects``: a SELECT of the few subjects asked for; without it the arms are sets over all subjects."""
    return (f"CASE WHEN {reached(sql, node, paths, subjects, certain=True)} THEN {TRUE}"
            f" WHEN {reached(sql, node, paths, subjects, certain=False)} THEN {POSSIBLE}"
            f" WHEN {still_open(sql, node, paths, subjects)} THEN {OPEN_HOPS} ELSE {FALSE} END")


def reached(sql: Sql, node: str, paths: Sequence[Metapath], subjects: str | None = None, *, certain: bool) -> str:
    """Whether one of the paths has a match that is certain, or one that is not: of subjects without the first, the others are
    asked after it."""
    return _any(node, [_arm(sql, node, p, len(p.hops), subjects, certain=certain) for p in paths])


def still_open(sql: Sql, node: str, paths: Sequence[Metapath], subjects: str | None = None) -> str:
    return _any(node, [o for p in paths for i in range(len(p.hops)) if (o := _open(sql, node, p, i, subjects)) != NEVER])


def _any(node: str, arms: list[str]) -> str:
    """Tests are joined by OR, sets by one UNION, so that they are built once and looked up once."""
    tests = list(dict.fromkeys(a for a in arms if not a.startswith(IN)))
    sets = [a[1:] for a in arms if a.startswith(IN)]
    if sets:
        tests.append(f"{node} IN ({' UNION ALL '.join(dict.fromkeys(sets))})")
    return " OR ".join(tests) or "0"


def _arm(sql: Sql, node: str, path: Metapath, hops: int, subjects: str | None, *, certain: bool) -> str:
    if not path.hops:
        kinds, test = in_kinds(node, path.subject.kinds), satisfies if certain else may_satisfy
        return f"({kinds} AND {test(sql, node, path.subject)})"
    arm = chain(sql, path, hops, certain=certain, subjects=subjects)
    if not certain and arm.certain != "1":
        arm.tests.insert(0, f"({arm.certain}) IS NOT TRUE")  # NULL where a field is not recorded
    return IN + arm.select(arm.nodes[0])


def _open(sql: Sql, node: str, path: Metapath, level: int, subjects: str | None) -> str:
    """Subjects with a body reached at ``level`` that is not closed for the next hop."""
    at = path.positions[level]
    few = subjects is not None
    hop, target = path.hops[level], path.positions[level + 1]
    if level == 0:
        test = closed(sql, node, hop, at, target, few=few)
        could = may_satisfy(sql, node, at)
        if test == ALWAYS:
            return NEVER
        inner = "" if test == NEVER else f"NOT {test}"
        return " AND ".join(t for t in (in_kinds(node, at.kinds), inner, could if could != "1" else "") if t)
    arm = chain(sql, path, level, certain=False, subjects=subjects)
    test = closed(sql, arm.nodes[-1], hop, at, target, few=few)
    if test == ALWAYS:
        return NEVER
    if test != NEVER:
        arm.tests.append(f"NOT {test}")
    return IN + arm.select(arm.nodes[0])


def counts(sql: Sql, path: Metapath, subjects: str) -> str:
    """A SELECT (id, low, high): distinct ends stated and possible, for the subjects that have any."""
    if not path.hops:
        return (f"SELECT s.id AS id, {satisfies(sql, 's.id', path.subject)} AS low, {may_satisfy(sql, 's.id', path.subject)} AS high"
                f" FROM ({subjects}) s WHERE {in_kinds('s.id', path.subject.kinds)}")
    arm = chain(sql, path, certain=False, subjects=subjects)
    ends = arm.select(f"{arm.nodes[0]} AS id, {arm.nodes[-1]} AS far, max({arm.certain}) AS sure")
    return f"SELECT id, sum(sure) AS low, count(*) AS high FROM ({ends} GROUP BY 1, 2) GROUP BY id"


def subject_select(sql: Sql, subject: Metapath, scope: Sequence[Metapath]) -> str:
    """SELECT id, sure of all bodies that are, or may be, of the subject's sort, and in scope."""
    at = subject.subject
    tests = [in_kinds("n.id", at.kinds), f"n.ended > {sql.day}"]
    if at.where:
        tests.append(may_satisfy(sql, "n.id", at))
    if scope:
        kinds = [m for m in scope if set(m.subject.kinds) & set(at.kinds)]
        tests.append("(" + (" OR ".join(in_scope(sql, "n.id", m) for m in kinds) or "0") + ")")
    return f"SELECT n.id AS id, {satisfies(sql, 'n.id', at)} AS sure FROM node n WHERE {' AND '.join(tests)}"
