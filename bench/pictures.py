"""How soon a picture is painted in a real browser, from opening the file to the second frame: the gap map of the whole district
and a picture of about 120 boxes. Wall time: the browser is another process."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from bench.district import District
from bench.measure import Figure, ms
from graph import View, alliances, gap_map, policy
from viz.pictures import alliances_page, gaps_page

CHROMIUM = os.environ.get("JINGLUO_TEST_CHROMIUM", "/usr/bin/chromium")
TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def figures(district: District) -> list[Figure]:
    view = View(policy())
    whole = gap_map(district.engine, view, limit=0)
    pages = [(f"gap map of {whole.overall.total:,} units, painted", gaps_page(whole), 3.0),
             ("network of alliances, about 120 boxes, painted", alliances_page(alliances(district.engine, view, members=60)), 2.0)]
    return [Figure(f"{name} ({len(page) // 1024:,} kB)", ms(taken := painted(page)), "", "", f"≤ {goal:.0f} s", taken <= goal)
            for name, page, goal in pages]


def painted(page: str) -> float:
    """Seconds, the median of three openings."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as started:
        file = Path(folder) / "picture.html"
        file.write_text(page, encoding="utf-8")
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        taken = list[float]()
        for _ in range(3):
            tab = browser.new_page(viewport={"width": 1280, "height": 900})
            begun = time.perf_counter()
            tab.goto(file.as_uri())
            tab.evaluate(TWO_FRAMES)
            taken.append(time.perf_counter() - begun)
            assert tab.evaluate("Object.keys(document.querySelector('[data-jl-picture]').jlPicture.placed.boxes).length") > 20
        browser.close()
    return sorted(taken)[1]
