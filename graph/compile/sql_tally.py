"""Coverage statistics in one statement: every subject with its class and its group, counted."""

from __future__ import annotations

from collections.abc import Sequence

from graph.compile.sql import Sql, chain, satisfies
from graph.compile.sql_score import reached, score, still_open, subject_select
from graph.compile.statement import Statement
from graph.frame import Frame
from schemas.metapath import Metapath
from schemas.policy import Way


def tally(frame: Frame, subject: Metapath, scope: Sequence[Metapath], groups: Sequence[Metapath] | str) -> Statement:
    """(group, class, own, organisation, work, number): the class is the first TRUE counting way's name, else the status;
    the three others are the scores of the ways of that class alone."""
    sql = Sql(frame)
    base = subject_select(sql, subject, scope) + (" AND " + satisfies(sql, "n.id", subject.subject) if subject.subject.where else "")
    ways = frame.view.policy.counting_ways
    firsts = " ".join(f"WHEN {reached(sql, 'b.id', [w.path], certain=True)} THEN {sql.bind(w.name)}" for w in ways)
    exempt = sorted(frame.exempt_from("coverage"))
    exempted = f"WHEN b.id IN (SELECT id FROM body WHERE public IN {sql.bind_all(exempt)}) THEN 'exempt' " if exempt else ""
    paths = [w.path for w in ways]
    undecided = f"{reached(sql, 'b.id', paths, certain=False)} OR {still_open(sql, 'b.id', paths)}"
    state = f"CASE {firsts} {exempted}WHEN {undecided} THEN 'not_known' ELSE 'uncovered' END"
    classes = ", ".join(score(sql, "b.id", [w.path for w in group]) + f" AS c{i}" for i, group in enumerate(class_ways(frame)))
    scored = f"SELECT b.id AS id, {state} AS state, {classes} FROM ({base}) b"
    return Statement(f"SELECT g.grp, q.state, q.c0, q.c1, q.c2, count(*) FROM ({scored}) q"
                     f" JOIN ({_grouping(sql, base, groups)}) g ON g.id = q.id GROUP BY 1, 2, 3, 4, 5", sql.params)


def class_ways(frame: Frame) -> tuple[list[Way], list[Way], list[Way]]:
    """The ways asked by each class rate: own, organisation, work (semantics 17)."""
    ways = frame.view.policy.ways
    return [w for w in ways if w.own], [w for w in ways if w.class_ == "organisation"], [w for w in ways if w.class_ == "work"]


def _grouping(sql: Sql, base: str, groups: Sequence[Metapath] | str) -> str:
    """SELECT id, grp of every subject: its one group, 'several' or ''."""
    if isinstance(groups, str):
        field = sql.bind(groups)
        found = f"SELECT v.id AS id, v.value AS grp FROM value v WHERE v.field = {field} AND v.stated AND v.value <> ''"
    elif groups:
        arms = [chain(sql, p, certain=True, tag="g") for p in groups]
        union = " UNION ".join(a.select(f"{a.nodes[0]} AS id, {a.nodes[-1]} AS far") for a in arms)
        found = f"SELECT u.id AS id, n.public AS grp FROM ({union}) u JOIN node n ON n.id = u.far"
    else:
        return f"SELECT id, '' AS grp FROM ({base})"
    one = f"SELECT id, CASE WHEN min(grp) = max(grp) THEN min(grp) ELSE 'several' END AS grp FROM ({found}) GROUP BY id"
    return f"SELECT b.id AS id, COALESCE(o.grp, '') AS grp FROM ({base}) b LEFT JOIN ({one}) o ON o.id = b.id"
