"""Answers made quickly are the answers that validation would make: same fields, same order, same text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from graph.connect import connect
from graph.engine import GraphEngine
from graph.policy_files import policy
from graph.questions.coverage import coverage
from ingest import bundled
from ingest.load import load
from schemas.answers import Coverage
from schemas.parts import Answer, AsOf, BodyRef
from schemas.view import View


def test_a_quickly_made_answer_equals_a_validated_one() -> None:
    given: dict[str, Any] = {"id": "en-0000000000000", "kind": "Enterprise", "kind_label": "企业", "name": "甲"}
    made, right = BodyRef.of(**given), BodyRef(**given)
    assert made == right
    assert made.model_dump_json() == right.model_dump_json()
    assert made.model_copy(update={"name": "乙"}).name == "乙"
    assert list(AsOf.of(note="n", stale=False, oldest=None, newest=None).model_dump()) == list(AsOf.model_fields)


@pytest.fixture(scope="module")
def changning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphEngine]:
    engine = connect(f"sqlite:///{tmp_path_factory.mktemp('answers') / 'changning.db'}")
    load(engine, bundled.files())
    yield engine
    engine.close()


@pytest.mark.parametrize("who", ["分众传媒", "浦发银行"])
@pytest.mark.parametrize("why_not", [True, False])
def test_answers_of_the_bundled_data_pass_validation(changning: GraphEngine, who: str, why_not: bool) -> None:
    answer = coverage(changning, who, View(policy()), why_not=why_not)
    assert Coverage.model_validate(answer.model_dump()) == answer
    assert list(answer.model_dump()) == list(Coverage.model_fields)
    assert all(set(a.__dict__) == set(type(a).model_fields) for a in inside(answer))


def inside(value: object) -> Iterator[Answer]:
    if isinstance(value, Answer):
        yield value
        for part in value.__dict__.values():
            yield from inside(part)
    elif isinstance(value, tuple):
        for part in value:
            yield from inside(part)
