"""The application served on a port of this machine, and a page of it opened with everything noted that must not happen."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import uvicorn

from api.app import create_app
from api.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = os.environ.get("JINGLUO_TEST_CHROMIUM", "/usr/bin/chromium")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
# how many pixels of the page stick out of the window
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@contextmanager
def served(store: str) -> Iterator[str]:
    """The address of the pages of a store."""
    with socket.socket() as own:
        own.bind(("127.0.0.1", 0))
        own.listen()  # who asks before the server runs waits
        server = uvicorn.Server(uvicorn.Config(create_app(Settings(store=store, rate=None)), log_level="critical"))
        running = threading.Thread(target=server.run, kwargs={"sockets": [own]}, daemon=True)
        running.start()
        try:
            yield f"http://127.0.0.1:{own.getsockname()[1]}"
        finally:
            server.should_exit = True
            running.join()


@contextmanager
def tab_of(browser: Browser, site: str, width: int, **options: Any) -> Iterator[tuple[Page, list[str]]]:
    """(a tab, what went wrong in it: errors, dialogs, requests for anything but the site's own)."""
    context = browser.new_context(viewport={"width": width, "height": 800}, locale="zh-CN", **options)
    page, wrong = context.new_page(), list[str]()
    page.on("console", lambda m: wrong.append(f"console {m.type}: {m.text}") if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: wrong.append(f"error: {e}"))
    page.on("dialog", lambda d: (wrong.append(f"dialog: {d.message}"), d.dismiss()))
    page.on("request", lambda r: None if r.url.startswith((site, "data:", "blob:")) else wrong.append(f"request: {r.url}"))
    try:
        yield page, wrong
    finally:
        context.close()


@cache
def axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """What axe finds serious or critical: rule and the elements that break it. It is given to the browser past the page's policy."""
    world = page.context.new_cdp_session(page)
    frame = world.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
    own = world.send("Page.createIsolatedWorld", {"frameId": frame})["executionContextId"]
    world.send("Runtime.evaluate", {"expression": axe(), "contextId": own})
    told = world.send("Runtime.evaluate", {
        "expression": """axe.run(document, {resultTypes: ["violations"]}).then((found) => found.violations
            .filter((v) => ["serious", "critical"].includes(v.impact))
            .map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 200)).join(" | ")}`))""",
        "contextId": own, "awaitPromise": True, "returnByValue": True})
    found: list[str] = told["result"].get("value") if "exceptionDetails" not in told else [str(told)]
    return found
