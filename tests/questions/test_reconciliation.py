"""Published counts, page by page: what each says does not hang on its page."""

from __future__ import annotations

from datetime import date

from graph.policy_files import policy
from graph.questions.reconciliation import reconcile
from schemas.facts import DeclarationFact
from schemas.view import View
from tests.questions.districts import named, stored

VIEW = View(policy(), date(2021, 1, 1))
WHOLE = DeclarationFact({"type": "count", "id": "all", "label": "单位", "number": 9, "pattern": "(:Enterprise)"})
PARTS = [DeclarationFact({"type": "count", "id": f"part-{i}", "label": f"单位：第{i}类", "number": i, "part_of": "all",
                          "pattern": f"(:Enterprise {{type: {t}}})"}) for i, t in enumerate(("private", "foreign", "state"), 1)]


def test_pages_of_the_counts_make_the_whole() -> None:
    with stored([named("Enterprise", "甲公司"), WHOLE, *PARTS]) as engine:
        whole = reconcile(engine, VIEW)
        assert whole.page.total == len(whole.counts) == 4 and whole.page.cursor is None
        first = reconcile(engine, VIEW, limit=3)
        assert first.page.truncated
        assert first.counts + reconcile(engine, VIEW, limit=3, cursor=first.page.cursor).counts == whole.counts
        assert [(c.registered_low, c.registered_high) for c in whole.counts] == [(1, 1), (0, 1), (0, 1), (0, 1)]
