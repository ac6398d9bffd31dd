from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.browser.served import served
from tests.web import stores


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The bundled data; only asked, never written to."""
    return stores.changning(tmp_path_factory.mktemp("api"))


@pytest.fixture(scope="session")
def client(store: str) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(store=store, rate=None)), base_url="http://localhost", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def address(store: str) -> Iterator[str]:
    """Of a server that really runs."""
    with served(store) as running:
        yield running


@pytest.fixture
def own(tmp_path: Path) -> str:
    """A store of one test's own, with the bundled data."""
    return stores.changning(tmp_path)
