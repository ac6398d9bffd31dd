"""Requirements and patterns over all their subjects as one Cypher statement each; the twin of ``sql_score``, ``sql_requirement``.

Every arm yields (x, part, base, sure, score, low, high): a subject, the part of the requirement that the arm speaks of, and how far
the subject gets by it; the arms are joined by UNION ALL, and a subject's score of a part is the best (``graph.engine``: TRUE …
FALSE). Only where no match is found it is asked whether a hop is open: that costs most, and the first open one decides.
"""

from __future__ import annotations

from collections.abc import Sequence

from graph.compile.cypher import ALWAYS, Cypher, any_open, chain, in_any_scope, labels, may_satisfy, satisfies, still_open
from graph.compile.statement import Statement
from graph.engine import FALSE, OPEN_HOPS, POSSIBLE, TRUE
from graph.frame import Frame
from schemas.metapath import Metapath
from schemas.policy import Requirement
from schemas.relations import RELATIONS


def path_scores(path: Metapath, frame: Frame, within: Metapath | None = None) -> Statement:
    """(score, number) over the bodies of the first position; ``within``: only those for which another metapath is TRUE."""
    cypher = Cypher(frame)
    body = _matched(cypher, Metapath((path.subject,)), [within] if within else [], [[path]])
    return Statement(f"{body} WITH {_worst(cypher, [[path]])} AS score, count(*) AS number RETURN [score, number] AS row", cypher.params)


def scan_counts(requirement: Requirement, frame: Frame, scope: Sequence[Metapath]) -> Statement:
    """(state, number) over all subjects."""
    cypher = Cypher(frame)
    return Statement(f"{states(cypher, requirement, scope)} WITH state, count(*) AS number RETURN [state, number] AS row", cypher.params)


def all_states(requirement: Requirement, frame: Frame) -> Statement:
    """(id, state) of every subject, by id."""
    cypher = Cypher(frame)
    return Statement(f"{states(cypher, requirement, ())} RETURN x.id, state ORDER BY x.id", cypher.params)


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
        f"{states(cypher, requirement, scope)} WITH state, sure, count(*) AS number, collect(x) AS xs"
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


def states(cypher: Cypher, requirement: Requirement, scope: Sequence[Metapath]) -> str:
    """A clause that leaves x, sure, state of every subject."""
    exempt = cypher.frame.exempt_from(requirement.id) | (cypher.frame.exempt_from("coverage") if requirement.coverage else frozenset())
    exempted = f"WHEN x.id IN {cypher.bind(sorted(exempt))} THEN 'exempt' " if exempt else ""
    parts = [[w.path for w in cypher.frame.view.policy.counting_ways]] if requirement.coverage else [[p] for p in requirement.parts]
    counted = not requirement.coverage and requirement.bounds != (1, None)
    truth = _range(cypher, requirement) if counted else _worst(cypher, parts)
    return (f"{_matched(cypher, requirement.position, scope, parts)} WITH x, sure, {truth} AS truth"
            f" WITH x, sure, CASE WHEN truth = {TRUE} THEN 'ok' {exempted}"
            f"WHEN sure AND truth = {FALSE} THEN 'gap' ELSE 'not_known' END AS state")


def _range(cypher: Cypher, requirement: Requirement) -> str:
    """TRUE, FALSE or not known by how many ends there are at least, and at most unless a hop is open."""
    low, high = requirement.bounds
    opened = still_open(cypher, requirement.parts[0], "x")
    met, missed = f"low >= {low}", f"high < {low} AND NOT {opened}"
    if high is not None:
        met, missed = f"{met} AND high <= {high} AND NOT {opened}", f"low > {high} OR ({missed})"
    return f"CASE WHEN {met} THEN {TRUE} WHEN {missed} THEN {FALSE} ELSE {OPEN_HOPS} END"


def _worst(cypher: Cypher, parts: Sequence[Sequence[Metapath]]) -> str:
    """The score of the worst part."""
    scores = [f"CASE WHEN m{i} > 0 THEN m{i} WHEN {any_open(cypher, paths, 'x')} THEN {OPEN_HOPS} ELSE {FALSE} END"
              for i, paths in enumerate(parts)]
    if len(scores) == 1:
        return scores[0]
    return f"reduce(worst = {TRUE}, m IN [{', '.join(scores)}] | CASE WHEN m < worst THEN m ELSE worst END)"


def _matched(cypher: Cypher, subject: Metapath, scope: Sequence[Metapath], parts: Sequence[Sequence[Metapath]]) -> str:
    """A clause that leaves x, sure, low, high, and m0, m1 … (how well each part is matched) of every subject."""
    arms = [_base(cypher, subject, scope), *(_counted(cypher, p, i) for i, paths in enumerate(parts) for p in paths)]
    best = "".join(f", max(CASE part WHEN {i} THEN score ELSE 0 END) AS m{i}" for i in range(len(parts)))
    return (f"CALL () {{ {' UNION ALL '.join(arms)} }} WITH x, max(base) AS base, max(sure) = 1 AS sure, max(low) AS low,"
            f" max(high) AS high{best} WHERE base = 1")


def _base(cypher: Cypher, subject: Metapath, scope: Sequence[Metapath]) -> str:
    """All bodies that are, or may be, of the subject's sort, alive and in scope."""
    at = subject.subject
    tests = [f"x.ended > {cypher.day}", *may_satisfy(cypher, "x", at)]
    if scope:
        tests.append(in_any_scope(cypher, "x", [m for m in scope if set(m.subject.kinds) & set(at.kinds)]))
    sure = f"CASE WHEN {' AND '.join(satisfies(cypher, 'x', at)) or ALWAYS} THEN 1 ELSE 0 END"
    return (f"MATCH (x:{labels(at)}) WHERE {' AND '.join(tests)}"
            f" RETURN x, -1 AS part, 1 AS base, {sure} AS sure, 0 AS score, 0 AS low, 0 AS high")


def _counted(cypher: Cypher, path: Metapath, part: int) -> str:
    """Distinct ends of possible matches, and how many of them are certain."""
    found = chain(cypher, path, certain=False)
    certain = f"max(CASE WHEN {found.certain} THEN 1 ELSE 0 END)"
    score = f"CASE WHEN low > 0 THEN {TRUE} ELSE {POSSIBLE} END"
    return (f"{found.text} WITH n0 AS x, {found.nodes[-1]} AS far, {certain} AS certain WITH x, sum(certain) AS low, count(*) AS high"
            f" RETURN x, {part} AS part, 0 AS base, 0 AS sure, {score} AS score, low, high")
