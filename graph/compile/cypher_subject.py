"""What is asked of one subject or a few, as Cypher; the twin of ``sql_subject``."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from graph.compile.cypher import Cypher, chain, closed_itself, labels, may_satisfy
from graph.compile.statement import Statement
from graph.frame import Frame
from graph.walk import Plan
from schemas.metapath import Metapath, Position
from schemas.relations import RELATIONS

BODY = ("id", "name", "sort_key", "ended", "unnamed", "synthetic", "data", "rows")
SPELL = ("role", "start", "since", "until", "stated", "data", "rows")


def around(asked: tuple[Plan, str], frame: Frame) -> Statement:
    """One row for the body ``$subject`` (a public id) of a kind, with what a plan wants to know of it and of the bodies next to it, in
    one round trip: its ``body_columns``; the ``Plan.signatures`` that statements of it alone close; and of each possible
    relationship whether it leaves forward, its ``spell_columns``, the other body likewise, and what leaves that, without its own."""
    plan, kind = asked
    cypher = Cypher(frame)
    near = _arms(cypher, plan, [kind], "n", "e", "m", lambda forward: f"{forward} AS forward, e, m")
    beyond = [k for k in _reached(plan, kind) if plan.wanted(k)]
    further = _arms(cypher, plan, beyond, "m", "f", "o",
                    lambda forward: f"[{forward}, {spell_columns('f')}, {body_columns('o')}] AS found")
    on = (f"CASE WHEN m:{'|'.join(beyond)} THEN COLLECT {{ {' UNION ALL '.join(further)} }} ELSE [] END") if further else "[]"
    found = (f"COLLECT {{ CALL (n) {{ {' UNION ALL '.join(near)} }}"
             f" RETURN [forward, {spell_columns('e')}, {body_columns('m')}, {_singly(cypher, plan, 'm')}, {on}] }}") if near else "[]"
    return Statement(f"MATCH (n:Body {{id: $subject}}) WHERE n.name IS NOT NULL"
                     f" RETURN [{body_columns('n')}, {_singly(cypher, plan, 'n')}, {found}] AS row", cypher.params)


def _reached(plan: Plan, kind: str) -> list[str]:
    return list(dict.fromkeys(k for (relation, forward), positions in plan.wanted(kind).items()
                              for k in RELATIONS[relation].others(kind, forward) if any(k in p.kinds for p in positions)))


def _singly(cypher: Cypher, plan: Plan, node: str) -> str:
    return f"[{', '.join(closed_itself(cypher, node, s) for s in plan.signatures)}]"


def _arms(cypher: Cypher, plan: Plan, kinds: Sequence[str], node: str, edge: str, far: str, told: Callable[[str], str]) -> list[str]:
    """What leaves bodies of these kinds; what is read with the same test is read together. ``told``: true or false, whether forward ->
    what an arm returns."""
    same = dict[tuple[bool, str, tuple[str, ...]], list[str]]()  # forward, test, types -> kinds
    for kind in kinds:
        types = dict[tuple[bool, str], list[str]]()
        for (relation, forward), positions in plan.wanted(kind).items():
            test = _leads_to(cypher, far, RELATIONS[relation].others(kind, forward), positions)
            types.setdefault((forward, test), []).append(relation)
        for (forward, test), relations in types.items():
            same.setdefault((forward, test, tuple(relations)), []).append(kind)
    return [f"MATCH ({node}){'' if forward else '<'}-[{edge}:{'|'.join(relations)}]-{'>' if forward else ''}({far})"
            f" WHERE {node}:{'|'.join(of)}{test} AND {edge}.until > {cypher.day}"
            f" AND ({edge}.since <= {cypher.day} OR {edge}.start = 0) AND {far}.name IS NOT NULL RETURN {told(str(forward).lower())}"
            for (forward, test, relations), of in same.items()]


def _leads_to(cypher: Cypher, far: str, others: Sequence[str], positions: Sequence[Position]) -> str:
    """A test that the far end may satisfy one of the positions, as far as the ontology leaves that open."""
    any_of = tuple(dict.fromkeys(k for p in positions if not p.where for k in p.kinds))
    if set(others) <= set(any_of):
        return ""
    tests = [f"{far}:{'|'.join(any_of)}"] if any_of else []
    tests += [" AND ".join([f"{far}:{labels(p)}", *may_satisfy(cypher, far, p)]) for p in positions if not set(p.kinds) <= set(any_of)]
    return f" AND ({' OR '.join(tests)})"


def body_columns(node: str) -> str:
    return f"[{', '.join(f'{node}.{c}' for c in BODY)}]"


def spell_columns(edge: str) -> str:
    """With its type at the end."""
    return f"[{', '.join(f'{edge}.{c}' for c in SPELL)}, type({edge})]"


def true_for(path: Metapath, frame: Frame) -> Statement:
    """Those of ``$few`` (public ids) for which the path is TRUE."""
    cypher = Cypher(frame)
    test = f"EXISTS {{ {chain(cypher, path, certain=True).text} }}"
    return Statement(f"UNWIND $few AS id MATCH (n0:Body {{id: id}}) WHERE {test} RETURN id AS row", cypher.params)


def closed_singly(hop: str, frame: Frame) -> Statement:
    """Those of ``$few`` with a completeness statement of their own for the hop."""
    cypher = Cypher(frame)
    own = closed_itself(cypher, "n0", hop)
    return Statement(f"UNWIND $few AS id MATCH (n0:Body {{id: id}}) WHERE {own} RETURN id AS row", cypher.params)
