"""Requirements and patterns over all their subjects as one Cypher statement each; the twin of ``sql_score``, ``sql_requirement``.

Every arm yields subjects with a code (``cypher.Arms``): how well a part of the requirement is matched (``cypher.scored``;
``graph.engine``: TRUE … FALSE), that a test holds (``Flags``: whether a hop is open is told by arms, too), or that it is a subject.
"""

from __future__ import annotations

from collections.abc import Sequence

from graph.compile.cypher import (
    SCORES,
    SURE,
    Arms,
    Cypher,
    Flags,
    any_open,
    chain,
    in_any_scope,
    may_satisfy,
    one_of,
    satisfies,
    scored,
    still_open,
)
from graph.compile.statement import Statement
from graph.engine import FALSE, OPEN_HOPS, POSSIBLE, TRUE
from graph.frame import Frame
from schemas.metapath import Metapath
from schemas.policy import Requirement
from schemas.relations import RELATIONS


def path_scores(path: Metapath, frame: Frame, within: Metapath | None = None) -> Statement:
    """(score, number) over the bodies of the first position; ``within``: only those for which another metapath is TRUE."""
    cypher, flags = Cypher(frame), Flags()
    score = _worst(cypher, [[path]], flags)
    body = _matched(cypher, Metapath((path.subject,)), [within] if within else [], [[path]], flags, counted=False)
    return Statement(f"{body} WITH {score} AS score, sum(number) AS number RETURN [score, number] AS row", cypher.params)


def scan_counts(requirement: Requirement, frame: Frame, scope: Sequence[Metapath]) -> Statement:
    """(state, number) over all subjects."""
    cypher = Cypher(frame)
    return Statement(f"{states(cypher, requirement, scope)} WITH state, sum(number) AS number RETURN [state, number] AS row", cypher.params)


def all_states(requirement: Requirement, frame: Frame) -> Statement:
    """(id, state) of every subject, by id."""
    cypher = Cypher(frame)
    found = states(cypher, requirement, (), what="collect(x) AS xs")
    return Statement(f"{found} UNWIND xs AS x WITH x.id AS id, state RETURN id, state ORDER BY id", cypher.params)


def scan(requirement: Requirement, frame: Frame, scope: Sequence[Metapath], wanted: Sequence[str],
         after: tuple[str, str] | None, limit: int) -> Statement:
    """One row: the counts as [state, number], and [id, sort key, state, sure] of the page, by (sort key, id); one more than
    ``limit`` tells of a next page. Both keys are ASCII, so the order is that of every engine."""
    cypher = Cypher(frame)
    page = ""
    if after:
        key, id = cypher.bind(after[0]), cypher.bind(after[1])
        page = f" WITH s, x WHERE x.sort_key > {key} OR (x.sort_key = {key} AND x.id > {id})"
    return Statement(
        f"{states(cypher, requirement, scope, what='count(*) AS number, collect(x) AS xs')}"
        " WITH collect([state, number]) AS counts,"
        f" collect(CASE WHEN state IN {cypher.bind(list(wanted))} THEN [state, sure, xs] END) AS some"
        f" RETURN [counts, COLLECT {{ UNWIND some AS s UNWIND s[2] AS x{page}"
        f" RETURN [x.id, x.sort_key, s[0], s[1]] ORDER BY x.sort_key, x.id LIMIT {limit + 1:d} }}] AS row", cypher.params)


def scan_details(requirement: Requirement, frame: Frame) -> Statement:
    """(id, low, high, open) of each subject in ``$few`` (public ids), a row a part; for coverage a row a way."""
    cypher = Cypher(frame)
    paths = [w.path for w in frame.view.policy.counting_ways] if requirement.coverage else requirement.parts
    arms = [_detail(cypher, path) for path in paths]
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


def states(cypher: Cypher, requirement: Requirement, scope: Sequence[Metapath], what: str = "count(*) AS number") -> str:
    """A clause that leaves state, sure and ``what`` of the subjects, in groups that have all codes alike."""
    exempt = cypher.frame.exempt_from(requirement.id) | (cypher.frame.exempt_from("coverage") if requirement.coverage else frozenset())
    flags = Flags()
    exempted = f"WHEN {flags.test(f'MATCH (x:Body) WHERE x.id IN {cypher.bind(sorted(exempt))}')} THEN 'exempt' " if exempt else ""
    parts = [[w.path for w in cypher.frame.view.policy.counting_ways]] if requirement.coverage else [[p] for p in requirement.parts]
    counted = not requirement.coverage and requirement.bounds != (1, None)
    truth = _range(cypher, requirement, flags) if counted else _worst(cypher, parts, flags)
    matched = _matched(cypher, requirement.position, scope, parts, flags, counted=counted, what=what)
    return (f"{matched} WITH *, {truth} AS truth WITH *, CASE WHEN truth = {TRUE} THEN 'ok' {exempted}"
            f"WHEN sure AND truth = {FALSE} THEN 'gap' ELSE 'not_known' END AS state")


def _range(cypher: Cypher, requirement: Requirement, flags: Flags) -> str:
    """TRUE, FALSE or not known by how many ends there are at least, and at most unless a hop is open."""
    low, high = requirement.bounds
    opened = still_open(cypher, requirement.parts[0], "x", flags)
    met, missed = f"low >= {low}", f"high < {low} AND NOT {opened}"
    if high is not None:
        met, missed = f"{met} AND high <= {high} AND NOT {opened}", f"low > {high} OR ({missed})"
    return f"CASE WHEN {met} THEN {TRUE} WHEN {missed} THEN {FALSE} ELSE {OPEN_HOPS} END"


def _worst(cypher: Cypher, parts: Sequence[Sequence[Metapath]], flags: Flags) -> str:
    """The score of the worst part."""
    scores = [f"CASE WHEN {scored(i, TRUE)} THEN {TRUE} WHEN {scored(i, POSSIBLE)} THEN {POSSIBLE}"
              f" WHEN {any_open(cypher, paths, 'x', flags)} THEN {OPEN_HOPS} ELSE {FALSE} END" for i, paths in enumerate(parts)]
    if len(scores) == 1:
        return scores[0]
    return f"reduce(worst = {TRUE}, m IN [{', '.join(scores)}] | CASE WHEN m < worst THEN m ELSE worst END)"


def _matched(cypher: Cypher, subject: Metapath, scope: Sequence[Metapath], parts: Sequence[Sequence[Metapath]], flags: Flags, *,
             counted: bool, what: str = "count(*) AS number") -> str:
    """A clause that leaves codes, sure and ``what`` of the subjects, low and high where ends are counted. Subjects of which all is
    alike are one row from there on: there are a few dozen sorts of them."""
    arms, at = Arms(), subject.subject
    for i, p in ((i, p) for i, paths in enumerate(parts) for p in paths):
        if counted:
            _counted(arms, cypher, p, i)
        else:
            found = chain(cypher, p, certain=False, first="x")
            arms.either(found.text, found.certain, i * SCORES + TRUE, i * SCORES + POSSIBLE)
    arms.flags(flags)
    tests = [f"x.ended > {cypher.day}", *may_satisfy(cypher, "x", at)]
    if scope:
        tests.append(in_any_scope(cypher, "x", [m for m in scope if set(m.subject.kinds) & set(at.kinds)]))
    arms.subjects(at.kinds, tests, satisfies(cypher, "x", at))
    ends, kept = (", coalesce(max(a), 0) AS low, coalesce(max(b), 0) AS high", ", low, high") if counted else ("", "")
    return (f"{arms.rows} WITH x, collect(code) AS codes{ends} WITH codes{kept}, {what} WHERE {one_of(at.kinds)}"
            f" WITH *, {one_of(at.kinds, SURE)} AS sure")


def _counted(arms: Arms, cypher: Cypher, path: Metapath, part: int) -> None:
    """Distinct ends of possible matches, and how many of them are certain."""
    found = chain(cypher, path, certain=False)
    certain = f"max(CASE WHEN {found.certain} THEN 1 ELSE 0 END)"
    code = f"CASE WHEN low > 0 THEN {part * SCORES + TRUE} ELSE {part * SCORES + POSSIBLE} END"
    arms.with_more(f"{found.text} WITH n0 AS x, {found.nodes[-1]} AS far, {certain} AS certain"
                   " WITH x, sum(certain) AS low, count(*) AS high", code, "low", "high")
