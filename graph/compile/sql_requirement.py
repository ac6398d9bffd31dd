"""Requirements and patterns over all their subjects, set-wise, in one statement."""

from __future__ import annotations

from collections.abc import Sequence

from graph.compile.sql import Sql, in_kinds
from graph.compile.sql_score import counts, score, still_open, subject_select
from graph.compile.statement import Statement
from graph.frame import Frame
from schemas.metapath import Metapath
from schemas.policy import Requirement
from schemas.relations import RELATIONS

STATES = ("ok", "exempt", "gap", "not_known")


def states(sql: Sql, requirement: Requirement, scope: Sequence[Metapath], only: str | None = None) -> str:
    """SELECT id, state of every subject (not applicable ones left out). ``only``: a SELECT of the few subjects to look at.

    The LIMIT keeps SQLite from merging the SELECTs, which would work out the score at each place where it is named."""
    base = subject_select(sql, requirement.position, scope)
    if only:
        base += f" AND n.id IN ({only})"
    exempt = sql.frame.exempt_from(requirement.id) | (sql.frame.exempt_from("coverage") if requirement.coverage else frozenset())
    exempted = f"WHEN s.id IN (SELECT id FROM body WHERE public IN {sql.bind_all(sorted(exempt))}) THEN 'exempt' " if exempt else ""
    truth, source = _truth(sql, requirement, base, only)
    return (f"SELECT s.id AS id, s.sure AS sure, CASE WHEN ({truth}) = 3 THEN 'ok' {exempted}"
            f"WHEN s.sure AND ({truth}) = 0 THEN 'gap' ELSE 'not_known' END AS state FROM ({source} LIMIT -1) s")


def _truth(sql: Sql, requirement: Requirement, base: str, only: str | None) -> tuple[str, str]:
    """(an expression over s: 3 TRUE, 0 FALSE, else not known; the SELECT that s stands for)."""
    low, high = requirement.bounds
    if requirement.coverage:
        paths = [w.path for w in sql.frame.view.policy.counting_ways]
        return "s.score", f"SELECT b.id, b.sure, {score(sql, 'b.id', paths, only)} AS score FROM ({base}) b"
    if (low, high) == (1, None):
        parts = [score(sql, "b.id", [p], only) for p in requirement.parts]
        best = parts[0] if len(parts) == 1 else f"min({', '.join(parts)})"
        return "s.score", f"SELECT b.id, b.sure, {best} AS score FROM ({base}) b"
    path = requirement.parts[0]
    unlimited = still_open(sql, "b.id", [path], only)
    source = (f"SELECT b.id, b.sure, COALESCE(c.low, 0) AS low, CASE WHEN {unlimited} THEN {1 << 40} ELSE COALESCE(c.high, 0) END AS high"
              f" FROM ({base}) b LEFT JOIN ({counts(sql, path, only or f'SELECT id FROM ({base})')}) c ON c.id = b.id")
    met = f"s.low >= {low}" + (f" AND s.high <= {high}" if high is not None else "")
    missed = f"s.high < {low}" + (f" OR s.low > {high}" if high is not None else "")
    return f"CASE WHEN {met} THEN 3 WHEN {missed} THEN 0 ELSE 1 END", source


def scan_counts(requirement: Requirement, frame: Frame, scope: Sequence[Metapath]) -> Statement:
    """One row: the number of subjects in each of ``STATES``. Sums, where GROUP BY would sort all subjects."""
    sql = Sql(frame)
    sums = ", ".join(f"COALESCE(sum(state = '{s}'), 0)" for s in STATES)
    return Statement(f"SELECT {sums} FROM ({states(sql, requirement, scope)} LIMIT -1)", sql.params)


def all_states(requirement: Requirement, frame: Frame) -> Statement:
    """(public id, state) of every subject, by public id."""
    sql = Sql(frame)
    return Statement(f"SELECT n.public, q.state FROM ({states(sql, requirement, ())} LIMIT -1) q JOIN node n ON n.id = q.id"
                     " ORDER BY n.public", sql.params)


def scan(requirement: Requirement, frame: Frame, scope: Sequence[Metapath], wanted: Sequence[str],
         after: tuple[str, str] | None, limit: int) -> Statement:
    """The counts as rows (NULL, NULL, state, number, NULL), then (public id, sort key, state, node number, sure) of the page, by
    (sort key, public id); one row more than ``limit`` tells of a next page."""
    sql = Sql(frame)
    tests = [f"q.state IN {sql.bind_all(wanted)}"]
    if after:
        tests.append(f"(n.sort_key, n.public) > ({sql.bind(after[0])}, {sql.bind(after[1])})")
    page = (f"SELECT n.public, n.sort_key, q.state, q.id, q.sure FROM q JOIN node n ON n.id = q.id WHERE {' AND '.join(tests)}"
            f" ORDER BY n.sort_key, n.public LIMIT {limit + 1}")
    return Statement(f"WITH q AS MATERIALIZED ({states(sql, requirement, scope)})"
                     f" SELECT NULL, NULL, state, count(*), NULL FROM q GROUP BY state UNION ALL SELECT * FROM ({page})", sql.params)


def scan_details(requirement: Requirement, frame: Frame) -> list[Statement]:
    """Per part, for the node numbers in ``:few`` (JSON): (id, low, high, open) of each subject; for coverage over all ways."""
    paths = [w.path for w in frame.view.policy.counting_ways] if requirement.coverage else requirement.parts
    found = []
    for path in paths:
        sql, few = Sql(frame), "SELECT value AS id FROM json_each(:few)"
        opened = still_open(sql, "f.id", [path], few)
        found.append(Statement(f"SELECT f.id, COALESCE(c.low, 0), COALESCE(c.high, 0), {opened} FROM ({few}) f"
                               f" LEFT JOIN ({counts(sql, path, few)}) c ON c.id = f.id", sql.params))
    return found


def path_scores(path: Metapath, frame: Frame, within: Metapath | None) -> Statement:
    sql = Sql(frame)
    base = subject_select(sql, Metapath((path.subject,)), [within] if within else [])
    scored = f"SELECT {score(sql, 'b.id', [path])} AS score FROM ({base}) b"
    return Statement(f"SELECT score, count(*) FROM ({scored}) GROUP BY score", sql.params)


def doubled(frame: Frame, limit: int) -> list[Statement]:
    """One statement a type and role that a body has only once: (source, JSON of targets), at the day."""
    found = []
    for relation in RELATIONS.values():
        for role in relation.single:
            sql = Sql(frame)
            kinds = dict.fromkeys(k for _, targets in relation.ends for k in targets if not relation.single_to or k in relation.single_to)
            which = " ".join(f"WHEN {in_kinds('e.dst', [k])} THEN {i}" for i, k in enumerate(kinds))
            found.append(Statement(
                f"SELECT n.public, {sql.bind(relation.name)}, json_group_array(t.public)"
                " FROM edge e JOIN node n ON n.id = e.src JOIN node t ON t.id = e.dst"
                f" WHERE e.type = {relation.number} AND e.role = {sql.bind(role)} AND e.since <= {sql.day} AND e.until > {sql.day}"
                f" AND {in_kinds('e.dst', list(kinds))} GROUP BY e.src, CASE {which} END HAVING count(DISTINCT e.dst) > 1"
                f" ORDER BY n.public LIMIT {limit:d}", sql.params))
    return found
