"""The smallest store that answers something: two units, one of them with an organisation."""

from __future__ import annotations

from datetime import date

from schemas.facts import BodyFact, RelationFact, Row
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
