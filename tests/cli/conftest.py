from __future__ import annotations

from pathlib import Path

import pytest

from ingest import bundled
from tests.cli.runner import run


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("JINGLUO_STORE", "JINGLUO_POLICY", "JINGLUO_WHO", "JINGLUO_DEBUG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def changning(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store with the bundled registers; only asked, never written to."""
    store = f"sqlite:///{tmp_path_factory.mktemp('changning') / 'changning.db'}"
    loaded = run("load", *bundled.files(), "--store", store)
    assert loaded.code == 0, loaded.out + loaded.err
    return store


@pytest.fixture
def store(tmp_path: Path) -> str:
    """A store that is not there yet."""
    return f"sqlite:///{tmp_path / 'own.db'}"
