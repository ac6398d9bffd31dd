"""A real browser: the one that JINGLUO_TEST_CHROMIUM names, else Debian's; without one these tests are skipped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.served import CHROMIUM, QUIET
from tests.viz.conftest import changning, changning_store, hostile, hostile_store, many  # fixtures, used by name

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["changning", "changning_store", "hostile", "hostile_store", "many"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no browser at {CHROMIUM}; JINGLUO_TEST_CHROMIUM may name one")
    with api.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield opened
        opened.close()
