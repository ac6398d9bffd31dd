"""The smallest store that answers something: two units, one of them with an organisation; and one that holds a little of everything."""

from __future__ import annotations

from datetime import date

from graph.engine import GraphEngine
from ingest.bundled import files
from ingest.load import load
from schemas.facts import BodyFact, Import, RelationFact, Row
from schemas.identifiers import public_id
from schemas.policy import Policy, Way
from schemas.view import View

OWN = Way.model_validate({"name": "own", "label": "单独", "class": "organisation",
                          "metapath": "(:Unit)<-[:FORMED_IN]-(:PartyOrganization)"})
VIEW = View(Policy(name="t", label="t", version=1, ways=(OWN,)), date(2021, 1, 1))
UNIT, OTHER, PARTY = (public_id(k, "name", n) for k, n in (("Enterprise", "甲"), ("Enterprise", "乙"), ("PartyOrganization", "甲支部")))
ROWS = [
    Row(2, "a", (BodyFact(UNIT, "甲"), BodyFact(OTHER, "乙"))),
    Row(3, "b", (BodyFact(PARTY, "甲支部"), RelationFact(PARTY, "FORMED_IN", UNIT))),
]
GONE = public_id("Enterprise", "name", "撤回公司")


def fill(engine: GraphEngine, again: str) -> GraphEngine:
    """The bundled registers, an import that was taken back, and a record. ``again``: the name by which its body is told once more."""
    load(engine, files())
    with engine.write() as writer:
        record = writer.begin_import(Import(0, "撤回", "g.csv", "s", 20210101, counts={"read": 1}))
        writer.apply(record.number, [Row(2, "c", (BodyFact(GONE, "撤回公司"),), "表二"), Row(3, "d", (BodyFact(GONE, again),), "表一")])
        writer.put_record("review", "一", {"决定": "同一个"})
    with engine.write() as writer:
        writer.withdraw(record.number)
    return engine
