"""Requirements and patterns over all their subjects as one Cypher statement each; the twin of ``sql_score``, ``sql_requirement``.

What is asked of subjects is collected as sets (``cypher_sets``): those that match a part, that a completeness statement closes, that
reach something open. Then the subjects ``x`` are gone through once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from graph.compile.cypher import ALWAYS, Cypher, any_open, chain, in_any_scope, labels, may_satisfy, satisfies, still_open
from graph.compile.cypher_sets import Sets
from graph.compile.statement import Statement
from graph.frame import Frame
from graph.parts import FALSE, OPEN_HOPS, POSSIBLE, TRUE
from schemas.metapath import Metapath, Position
from schemas.policy import Requirement
from schemas.relations import RELATIONS


def path_scores(path: Metapath, frame: Frame, within: Metapath | None = None) -> Statement:
    """(score, number) over the bodies of the first position; ``within``: only those for which another metapath is TRUE."""
    cypher, sets = Cypher(frame), Sets(path.subject.kinds)
    certain, possible, opened = _part(cypher, [path], sets)
    subjects = _subjects(cypher, path.subject, [within] if within else [], sets)
    return Statement(f"{sets.text} {subjects} WITH CASE WHEN {certain} THEN {TRUE} WHEN {possible} THEN {POSSIBLE}"
                     f" WHEN {opened} THEN {OPEN_HOPS} ELSE {FALSE} END AS score, count(*) AS number RETURN [score, number] AS row",
                     cypher.params)


def scan_counts(requirement: Requirement, frame: Frame, scope: Sequence[Metapath]) -> Statement:
    """(state, number) over all subjects."""
    cypher = Cypher(frame)
    return Statement(f"{states(cypher, requirement, scope)} WITH state, count(*) AS number RETURN [state, number] AS row", cypher.params)


def all_states(requirement: Requirement, frame: Frame) -> Statement:
    """(id, state) of every subject, by id."""
    cypher = Cypher(frame)
    return Statement(f"{states(cypher, requirement, ())} WITH x.id AS id, state RETURN id, state ORDER BY id", cypher.params)


def scan(requirement: Requirement, frame: Frame, scope: Sequence[Metapath], wanted: Sequence[str],
         after: tuple[str, str] | None, limit: int) -> Statement:
    """The first row has the counts, as [state, number]; the others are [id, sort key, state, sure] of the page, by (sort key, id); one
    more than ``limit`` tells of a next page. Both keys are ASCII, so the order is that of every engine.

    Rows that are ordered must not hold the lists, or the server counts those as memory once a row; grouping leaves them behind."""
    cypher = Cypher(frame)
    page = ""
    if after:
        key, id = cypher.bind(after[0]), cypher.bind(after[1])
        page = f" WITH s, x WHERE x IS NULL OR x.sort_key > {key} OR (x.sort_key = {key} AND x.id > {id})"
    return Statement(
        f"{states(cypher, requirement, scope)}"
        f" WITH state, sure, count(*) AS number, collect(CASE WHEN state IN {cypher.bind(list(wanted))} THEN x END) AS xs"
        " WITH collect([state, number]) AS counts, collect([state, sure, xs]) AS some"
        f" UNWIND [[counts, null, [null]]] + some AS s UNWIND s[2] AS x{page}"
        f" WITH x, s[0] AS state, s[1] AS sure, count(*) AS once ORDER BY x IS NOT NULL, x.sort_key, x.id LIMIT {limit + 2:d}"
        " RETURN [x.id, x.sort_key, state, sure] AS row", cypher.params)


def scan_details(requirement: Requirement, frame: Frame) -> Statement:
    """(id, low, high, open) of each subject in ``$few`` (public ids), a row a part; for coverage a row a way."""
    cypher = Cypher(frame)
    paths = [w.path for w in frame.view.policy.counting_ways] if requirement.coverage else requirement.parts
    arms = [_detail(cypher, path) for path in paths] or ["RETURN 0 AS low, 0 AS high, false AS opened"]  # no way counts
    each = f"CALL (n0) {{ {' UNION ALL '.join(arms)} }}"
    return Statement(f"UNWIND $few AS id MATCH (n0:Body {{id: id}}) {each} RETURN [id, low, high, opened] AS row", cypher.params)


def _detail(cypher: Cypher, path: Metapath) -> str:
    found = chain(cypher, path, certain=False)
    certain = f"max(CASE WHEN {found.certain} THEN 1 ELSE 0 END)"
    return (f"{found.text} WITH {found.nodes[-1]} AS far, {certain} AS certain"
            f" WITH sum(certain) AS low, count(far) AS high RETURN low, high, {still_open(cypher, path)} AS opened")


def doubled(frame: Frame, limit: int) -> list[Statement]:
    """One statement a type and role that a body has only once: (source, type, targets), at the day."""
    found = []
    for relation in RELATIONS.values():
        for role in relation.single:
            cypher = Cypher(frame)
            kinds = dict.fromkeys(k for _, targets in relation.ends for k in targets if not relation.single_to or k in relation.single_to)
            which = " ".join(f"WHEN t:{k} THEN {i}" for i, k in enumerate(kinds))
            found.append(Statement(
                f"MATCH (n:Body)-[e:{relation.name}]->(t:{'|'.join(kinds)}) WHERE e.role = {cypher.bind(role)}"
                f" AND e.since <= {cypher.day} AND e.until > {cypher.day}"
                f" WITH n, CASE {which} END AS which, collect(DISTINCT t.id) AS targets WHERE size(targets) > 1"
                f" RETURN [n.id, {cypher.bind(relation.name)}, targets] AS row ORDER BY n.id LIMIT {limit:d}", cypher.params))
    return found


def states(cypher: Cypher, requirement: Requirement, scope: Sequence[Metapath]) -> str:
    """A clause that leaves every subject as ``x``, its state and whether it is surely of that sort."""
    at = requirement.position.subject
    sets = Sets(at.kinds)
    exempt = cypher.frame.exempt_from(requirement.id) | (cypher.frame.exempt_from("coverage") if requirement.coverage else frozenset())
    exempted = f" WHEN {sets.test(f'MATCH (x:Body) WHERE x.id IN {cypher.bind(sorted(exempt))}')} THEN 'exempt'" if exempt else ""
    if requirement.coverage:
        met, missed = _all_met(cypher, [_united([w.path for w in cypher.frame.view.policy.counting_ways])], sets)
    elif requirement.bounds == (1, None):
        met, missed = _all_met(cypher, [[p] for p in requirement.parts], sets)
    else:
        met, missed = _in_range(cypher, requirement, sets)
    subjects, sure = _subjects(cypher, at, scope, sets), satisfies(cypher, "x", at)
    return (f"{sets.text} {subjects} WITH x, {' AND '.join(sure) or ALWAYS} AS sure, CASE WHEN {met} THEN 'ok'{exempted}"
            f" WHEN {' AND '.join([*sure, missed])} THEN 'gap' ELSE 'not_known' END AS state")


def _subjects(cypher: Cypher, at: Position, scope: Sequence[Metapath], sets: Sets) -> str:
    """A clause that yields the bodies that are of a sort, or may be, and in scope."""
    tests = [f"x.ended > {cypher.day}", *may_satisfy(cypher, "x", at)]
    if scope:
        tests.append(in_any_scope(cypher, "x", [m for m in scope if set(m.subject.kinds) & set(at.kinds)], sets))
    return f"MATCH (x:{labels(at)}) WHERE {' AND '.join(tests)}"


def _part(cypher: Cypher, paths: Sequence[Metapath], sets: Sets) -> tuple[str, str, str]:
    """Tests whether ``x`` has a certain match of one of the paths, another match, an open hop."""
    certain, possible = sets.matched([chain(cypher, p, certain=False, first="x") for p in paths])
    return certain, possible, any_open(cypher, paths, "x", sets)


def _united(paths: Sequence[Metapath]) -> list[Metapath]:
    """The same, as any of which is asked: of those that differ in the kinds at one position one, so that what it walks is read once."""
    found = list[Metapath]()
    for path in paths:
        whole = next((w for w in (_union(p, path) for p in found) if w), path)
        found = [p for p in found if _union(p, path) is None] + [whole]
    return found


def _union(one: Metapath, other: Metapath) -> Metapath | None:
    """Both as one metapath, if they differ in the kinds at one position only."""
    apart = [i for i, (a, b) in enumerate(zip(one.positions, other.positions, strict=False)) if a != b]
    if one.hops != other.hops or len(apart) != 1 or one.positions[apart[0]].where != other.positions[apart[0]].where:
        return None
    kinds = dict.fromkeys(one.positions[apart[0]].kinds + other.positions[apart[0]].kinds)
    positions = list(one.positions)
    positions[apart[0]] = replace(positions[apart[0]], kinds=tuple(kinds))
    return replace(one, positions=tuple(positions))


def _all_met(cypher: Cypher, parts: Sequence[Sequence[Metapath]], sets: Sets) -> tuple[str, str]:
    """Tests whether all parts are TRUE, and, of subjects of which that is not so, whether one is FALSE; a part is any of its paths."""
    told = [_part(cypher, paths, sets) for paths in parts]
    if len(told) == 1:
        certain, possible, opened = told[0]
        return certain, f"NOT ({possible} OR {opened})"
    return (" AND ".join(certain for certain, _, _ in told),
            f"({' OR '.join(f'NOT ({certain} OR {possible} OR {opened})' for certain, possible, opened in told)})")


def _in_range(cypher: Cypher, requirement: Requirement, sets: Sets) -> tuple[str, str]:
    """Tests whether there surely are as many ends as required, and whether there surely are not: by how many there are at least, and
    at most unless a hop is open."""
    path, (low, high) = requirement.parts[0], requirement.bounds
    found = chain(cypher, path, certain=False)
    certain = f"max(CASE WHEN {found.certain} THEN 1 ELSE 0 END)"
    counted = (f"{found.text} WITH n0 AS x, {found.nodes[-1]} AS far, {certain} AS certain"
               " WITH x, sum(certain) AS low, count(*) AS high")
    most = 1 << 40 if high is None else high
    enough, may_be_enough, too_many, may_be_too_many = (
        f"x IN {s}" for s in sets.where(counted, f"low >= {low}", f"high >= {low}", f"low > {most}", f"high > {most}"))
    opened = still_open(cypher, path, "x", sets)
    if low <= 0:  # none is enough
        enough = may_be_enough = ALWAYS
    bounded = "" if high is None else f" AND NOT {may_be_too_many} AND NOT {opened}"
    return f"({enough}{bounded})", f"({too_many} OR NOT ({may_be_enough} OR {opened}))"
