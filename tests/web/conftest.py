from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from api.app import create_app
from api.settings import Settings
from tests.web import stores

Get = Callable[..., Response]


def asked(store: str) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(store=store, rate=None)), base_url="http://localhost",
                    headers={"accept": "text/html"}) as client:
        yield client


@pytest.fixture(scope="session")
def changning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The pages of the bundled data."""
    yield from asked(stores.changning(tmp_path_factory.mktemp("changning")))


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    yield from asked(stores.hostile(tmp_path_factory.mktemp("hostile")))


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Pages whose lists are longer than a page."""
    yield from asked(stores.many(tmp_path_factory.mktemp("many")))


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The pages of a made district of 2,000 enterprises."""
    yield from asked(stores.made(tmp_path_factory.mktemp("made")))
