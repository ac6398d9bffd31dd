"""What is asked of one subject or a few, as Cypher; the twin of ``sql_subject``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph.compile.cypher import Cypher, chain, closed_itself, open_tests
from graph.compile.statement import Statement
from graph.frame import Frame
from schemas.metapath import Metapath

BODY = ("id", "name", "sort_key", "ended", "unnamed", "synthetic", "data", "rows")
SPELL = ("role", "start", "since", "until", "stated", "data", "rows")


@dataclass(frozen=True)
class Asked:
    """``statement`` tells open tests as a list, each once, since many ways begin with the same hops; a path is open if one of its
    ``columns`` is."""

    statement: Statement
    columns: tuple[tuple[int, ...], ...]


def standing(paths: Sequence[Metapath], frame: Frame) -> Asked:
    """One row for the subject ``$subject`` (a public id): its ``body_columns``; every possible match as path number, certain, the
    columns of its bodies after the subject and of its relationships (``spell_columns``); the tests whether some body that the
    subject reaches is open for its next hop."""
    cypher, arms, tests = Cypher(frame), list[str](), dict[str, int]()
    for number, path in enumerate(paths):
        if path.hops:
            found = chain(cypher, path, certain=False)
            bodies = ", ".join(map(body_columns, found.nodes[1:]))
            spells = ", ".join(spell_columns(f"r{i}") for i in range(1, len(path.hops) + 1))
            arms.append(f"{found.text} RETURN [{number}, {found.certain}, [{bodies}], [{spells}]] AS found")
    columns = tuple(tuple(tests.setdefault(t, len(tests)) for t in open_tests(cypher, p)) for p in paths)
    matched = f" OPTIONAL CALL (n0) {{ {' UNION ALL '.join(arms)} }} WITH n0, collect(found) AS found" if arms else " WITH n0, [] AS found"
    return Asked(Statement(f"MATCH (n0:Body {{id: $subject}}) WHERE n0.name IS NOT NULL{matched}"
                           f" RETURN [{body_columns('n0')}, found, [{', '.join(tests)}]] AS row", cypher.params), columns)


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
