"""A database server plans a statement when it is first asked, which takes a server just started seconds: asked ahead, by nobody."""

from __future__ import annotations

from contextlib import suppress
from threading import Thread

from api.dependencies import view
from api.settings import Settings
from api.wiring import Store
from graph.questions.coverage import coverage
from schemas.dates import asked
from schemas.errors import JingluoError
from schemas.kinds import GROUPS, KINDS

NOBODY = "0000000000000"  # of no body, so that planning is all there is to do


def warm(store: Store, settings: Settings) -> None:
    """Ask what the pages ask first, while nobody waits. A store that cannot answer is told by the first question, not by this one."""
    for kind in GROUPS["Unit"]:
        with suppress(JingluoError):
            coverage(store.connect(), f"{KINDS[kind].prefix}-{NOBODY}", view(settings.policy, asked(None)), why_not=False)


def warm_aside(store: Store, settings: Settings) -> None:
    """A store that is a file has nothing to plan."""
    if not store.url.startswith("sqlite:"):
        Thread(target=warm, args=(store, settings), name="warming", daemon=True).start()
