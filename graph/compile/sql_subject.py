"""What is asked of one body or a few: what leaves it, which of them a metapath is TRUE for."""

from __future__ import annotations

from collections.abc import Sequence

from graph.compile.sql import Sql, alive, chain, closed_itself, in_kinds, may_satisfy, satisfies
from graph.compile.statement import Statement
from graph.frame import Frame
from graph.walk import Plan
from schemas.metapath import Metapath, Position
from schemas.relations import RELATIONS

EDGE_COLUMNS = ("role", "start", "since", "until", "stated", "data", "rows", "type")
NODE_COLUMNS = ("public", "name", "sort_key", "ended", "unnamed", "synthetic", "data", "rows")
FAR = {True: "e.dst", False: "e.src"}


def leaving(asked: tuple[Plan, str], frame: Frame) -> Statement:
    """What a plan wants to know of the body ``:node`` (a node number) of a kind: whether forward, the far node's number, the edge's and
    the far node's columns; possible relationships at the frame's day, to what may satisfy one of the positions wanted."""
    sql = Sql(frame)
    plan, kind = asked
    types = dict[tuple[bool, str], list[int]]()  # those with the same test are read together; a range of kinds is read by the index
    for (relation, forward), positions in plan.wanted(kind).items():
        test = _leads_to(sql, FAR[forward], RELATIONS[relation].others(kind, forward), positions)
        types.setdefault((forward, test), []).append(RELATIONS[relation].number)
    columns = ", ".join([*(f"e.{c}" for c in EDGE_COLUMNS), *(f"n.{c}" for c in NODE_COLUMNS)])
    arms = [f"SELECT {forward:d}, {FAR[forward]}, {columns} FROM {_values(numbers)} t CROSS JOIN edge e CROSS JOIN node n"
            f" ON n.id = {FAR[forward]} WHERE e.type = t.column1 AND {FAR[not forward]} = :node"
            f" AND e.until > {sql.day} AND (e.since <= {sql.day} OR e.start = 0){test}" for (forward, test), numbers in types.items()]
    return Statement(" UNION ALL ".join(arms), sql.params)


def _values(numbers: Sequence[int]) -> str:
    """A table of numbers, which costs less than to fill one for IN."""
    return f"(VALUES {', '.join(f'({n})' for n in numbers)})"


def _leads_to(sql: Sql, far: str, others: Sequence[str], positions: Sequence[Position]) -> str:
    """A test that the far end may satisfy one of the positions, as far as the ontology leaves that open."""
    any_of = tuple(dict.fromkeys(k for p in positions if not p.where for k in p.kinds))
    if set(others) <= set(any_of):
        return ""
    tests = [in_kinds(far, any_of)] if any_of else []
    tests += [f"{in_kinds(far, p.kinds)} AND {may_satisfy(sql, far, p)}" for p in positions if not set(p.kinds) <= set(any_of)]
    return f" AND ({' OR '.join(tests)})"


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
