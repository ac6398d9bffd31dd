"""schemathesis asks whatever the description allows, and what it does not: no error of ours, and every answer as described.

JINGLUO_TEST_FUZZ: how many cases an operation (40); a long run asks for thousands."""

from __future__ import annotations

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance, unsupported_method
from schemathesis.specs.openapi.schemas import OpenApiSchema

from api.app import create_app
from api.settings import Settings
from tests.web import stores

# unsupported methods are told in test_hostile; that a well-formed name is no name of ours, and that an address is too long, no
# description says
APART = [unsupported_method, positive_data_acceptance, negative_data_rejection]
CASES = int(os.environ.get("JINGLUO_TEST_FUZZ", "40"))


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> OpenApiSchema:
    app = create_app(Settings(store=stores.changning(tmp_path_factory.mktemp("fuzz")), rate=None, hosts=("testserver",)))
    return schemathesis.openapi.from_asgi("/openapi.json", app)


@pytest.mark.parametrize("mode", GenerationMode)
def test_whatever_is_asked(described: OpenApiSchema, mode: GenerationMode) -> None:
    operations = [found.ok() for found in described.get_all_operations()]
    assert len(operations) >= 14
    if mode is GenerationMode.NEGATIVE:
        operations = [o for o in operations if list(o.iter_parameters())]  # nothing to get wrong elsewhere
    for operation in operations:  # not by schemathesis's own decorator, which does not know pytest 9
        asked = given(case=operation.as_strategy(generation_mode=mode))(_asked)
        settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck))(asked)()


def _asked(case: schemathesis.Case) -> None:
    case.call_and_validate(excluded_checks=APART)
