"""What-if on a server: the relationships are taken away and added in a transaction that is rolled back at the end."""

from __future__ import annotations

from typing import Any

from neo4j import Transaction

from graph.engines.neo4j_rows import edge_properties
from graph.engines.stored import edge_rows
from graph.project import Asserted, project_spells
from schemas.errors import QuestionError
from schemas.relations import RELATIONS
from schemas.view import Overlay

FIRST = 1000  # ordinals of added spells, beside those there are


def lay_over(tx: Transaction, overlay: Overlay) -> None:
    """Raises QuestionError for an unknown body."""
    ids = {i for s, _, t in overlay.removed for i in (s, t)} | {i for f in overlay.added for i in (f.source, f.target)}
    found = tx.run("UNWIND $ids AS id MATCH (n:Body {id: id}) WHERE n.name IS NOT NULL RETURN n.id, n.ended", ids=sorted(ids))
    ended = dict(r.values() for r in found)
    for id in sorted(ids - ended.keys()):
        raise QuestionError("question.overlay", f"推演所指的对象 {id} 不存在", hint="请用 jingluo search 查找对象编号")
    for source, relation, target in overlay.removed:
        tx.run(f"MATCH (:Body {{id: $source}})-[r:{RELATIONS[relation].name}]->(:Body {{id: $target}}) DELETE r",
               source=source, target=target).consume()
    for fact in overlay.added:
        spells = project_spells([Asserted(0, 0, "", fact)], min(ended[fact.source], ended[fact.target]))
        for role, nth, *rest in edge_rows(spells):
            properties: dict[str, Any] = edge_properties(fact.type, (role, FIRST + nth, *rest[:-1], "[]"))
            tx.run("MATCH (a:Body {id: $source}) MATCH (b:Body {id: $target})"
                   f" CREATE (a)-[r:{RELATIONS[fact.type].name}]->(b) SET r = $properties",
                   source=fact.source, target=fact.target, properties=properties).consume()
