"""What is asked of one subject or a few, as Cypher; the twin of ``sql_subject``."""

from __future__ import annotations

from collections.abc import Sequence

from graph.compile.cypher import Cypher, chain, closed_itself, still_open
from graph.compile.statement import Statement
from graph.frame import Frame
from schemas.metapath import Metapath

BODY = ("id", "name", "sort_key", "ended", "unnamed", "synthetic", "data", "rows")
SPELL = ("role", "start", "since", "until", "stated", "data", "rows")


def matches(paths: Sequence[Metapath], frame: Frame) -> Statement:
    """Every possible match from the subject ``$subject`` (a public id): path number, certain, its bodies (``body_columns``), its
    relationships (``spell_columns``)."""
    cypher, arms = Cypher(frame), list[str]()
    for number, path in enumerate(paths):
        if path.hops:
            found = chain(cypher, path, certain=False)
            bodies = ", ".join(map(body_columns, found.nodes))
            spells = ", ".join(spell_columns(f"r{i}") for i in range(1, len(path.hops) + 1))
            arms.append(f"{found.text} RETURN {number} AS path, {found.certain} AS certain, [{bodies}] AS bodies, [{spells}] AS spells")
    text = f"MATCH (n0:Body {{id: $subject}}) CALL (n0) {{ {' UNION ALL '.join(arms)} }} RETURN path, certain, bodies, spells"
    return Statement(text if arms else "", cypher.params)


def body_columns(node: str) -> str:
    return f"[{', '.join(f'{node}.{c}' for c in BODY)}]"


def spell_columns(edge: str) -> str:
    """With its type at the end."""
    return f"[{', '.join(f'{edge}.{c}' for c in SPELL)}, type({edge})]"


def openings(paths: Sequence[Metapath], frame: Frame) -> Statement:
    """One row: for each path whether some body that the subject ``$subject`` reaches is open for its next hop."""
    cypher = Cypher(frame)
    tests = ", ".join(still_open(cypher, p) for p in paths)
    return Statement(f"MATCH (n0:Body {{id: $subject}}) RETURN [{tests}] AS opened", cypher.params)


def true_for(path: Metapath, frame: Frame) -> Statement:
    """Those of ``$few`` (public ids) for which the path is TRUE."""
    cypher = Cypher(frame)
    test = f"EXISTS {{ {chain(cypher, path, certain=True).text} }}"
    return Statement(f"UNWIND $few AS id MATCH (n0:Body {{id: id}}) WHERE {test} RETURN id", cypher.params)


def closed_singly(hop: str, frame: Frame) -> Statement:
    """Those of ``$few`` with a completeness statement of their own for the hop."""
    cypher = Cypher(frame)
    return Statement(f"UNWIND $few AS id MATCH (n0:Body {{id: id}}) WHERE {closed_itself(cypher, 'n0', hop)} RETURN id", cypher.params)
