"""What is asked of one subject or a few: matches with their evidence, standings, which of them a metapath is TRUE for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph.compile.sql import Sql, alive, chain, closed_itself, in_kinds, satisfies
from graph.compile.sql_score import open_tests
from graph.compile.statement import Statement
from graph.frame import Frame
from schemas.metapath import Metapath

EDGE_COLUMNS = ("role", "start", "since", "until", "stated", "data", "rows", "type")
NODE_COLUMNS = ("public", "name", "sort_key", "ended", "unnamed", "synthetic", "data", "rows")

def matches(paths: Sequence[Metapath], frame: Frame) -> Statement:
    """Every possible match from the subject ``:subject`` (a node number): path, certain, then per hop the edge's columns,
    whether it is forward, and the far node's columns; paths of fewer hops are padded with NULL."""
    sql = Sql(frame)
    longest, width = max((len(p.hops) for p in paths), default=0), len(EDGE_COLUMNS) + len(NODE_COLUMNS)
    arms = []
    for number, path in enumerate(paths):
        if not path.hops:
            continue
        arm = chain(sql, path, certain=False, subjects="SELECT :subject AS id")
        columns = [str(number), arm.certain]
        for i in range(1, len(path.hops) + 1):
            columns += [f"e{i}.{c}" for c in EDGE_COLUMNS] + [f"n{i}.{c}" for c in NODE_COLUMNS]
            arm.tables.append(f"node n{i}")
            arm.tests.append(f"n{i}.id = {arm.nodes[i]}")
        columns += ["NULL"] * (width * (longest - len(path.hops)))
        arms.append(arm.select(", ".join(columns)))
    return Statement(" UNION ALL ".join(arms), sql.params)


@dataclass(frozen=True)
class Openings:
    """``statement`` gives one row, a test a column, for the subject ``:subject`` (a node number); a path is open if one of its
    ``columns`` is. Many ways begin with the same hops, so a test stands once."""

    statement: Statement
    columns: tuple[tuple[int, ...], ...]


def openings(paths: Sequence[Metapath], frame: Frame) -> Openings:
    sql, tests = Sql(frame), dict[str, int]()
    columns = tuple(tuple(tests.setdefault(t, len(tests)) for t in open_tests(sql, ":subject", p)) for p in paths)
    return Openings(Statement(_guarded(list(tests), columns), sql.params), columns)


def _guarded(tests: list[str], columns: Sequence[tuple[int, ...]]) -> str:
    """SELECT the tests. The one that most paths share (that the subject itself is open) comes first: where it holds, the tests
    of those paths alone are not made."""
    if not tests:
        return "SELECT 0"
    guard = max(range(len(tests)), key=lambda t: sum(t in c for c in columns))
    spared = [all(guard in c for c in columns if t in c) for t in range(len(tests))]
    told = ["g" if t == guard else f"NOT g AND ({test})" if spared[t] else f"({test})" for t, test in enumerate(tests)]
    return f"WITH open AS MATERIALIZED (SELECT ({tests[guard]}) AS g) SELECT {', '.join(told)} FROM open"


def true_for(path: Metapath, frame: Frame) -> Statement:
    """Public ids of the subjects in ``:few`` (JSON of public ids) for which the path is TRUE."""
    sql = Sql(frame)
    given = "SELECT id FROM body WHERE public IN (SELECT value FROM json_each(:few))"
    test = in_kinds("s.id", path.subject.kinds)
    if not path.hops:
        tests = f"{test} AND {satisfies(sql, 's.id', path.subject)} AND {alive(sql, 's.id')}"
    else:
        one = chain(sql, path, certain=True, node="s.id")
        tests = f"EXISTS ({one.select('1')})"
    return Statement(f"SELECT n.public FROM ({given}) s JOIN node n ON n.id = s.id WHERE {tests}", sql.params)


def closed_singly(hop: str, frame: Frame) -> Statement:
    """Public ids of the bodies in ``:few`` (JSON of public ids) with a completeness statement of their own for the hop."""
    sql = Sql(frame)
    return Statement("SELECT b.public FROM body b WHERE b.public IN (SELECT value FROM json_each(:few))"
                     f" AND {closed_itself(sql, 'b.id', hop)}", sql.params)
