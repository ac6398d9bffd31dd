"""A page opened in the browser, with everything noted that must not happen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# all texts of the picture as rectangles [left, top, right, bottom], those that stick out of their box, those that lie under one
TEXTS = """() => {
  const picture = document.querySelector("[data-jl-picture]").jlPicture, meter = document.createElement("canvas").getContext("2d");
  const face = getComputedStyle(document.querySelector(".jl-picture")).fontFamily, rects = [], wide = [], hidden = [];
  const put = (x, y, w, h) => rects.push([x - w / 2, y - h / 2, x + w / 2, y + h / 2]);
  for (const [id, [x, y, w, h, lines, size, align]] of Object.entries(picture.placed.boxes)) {
    meter.font = `${picture.nodes[id].group === "title" ? "600 " : ""}17px ${face}`;
    lines.forEach((line, i) => {
      const own = meter.measureText(line).width, top = size ? y + size + 13 : y - (lines.length - 1) * 11;
      put(align === "left" ? x - w / 2 + 14 + own / 2 : x, top + i * 22, own, 17);
      if (own > w + 2 || lines.length * 22 > h + 2) wide.push(line);
    });
  }
  picture.words.forEach(([x, y, w, h, lines]) => {
    put(x, y, w, h);
    for (const [left, top, wide, high] of Object.values(picture.placed.boxes))
      if (Math.abs(x - left) < (w + wide) / 2 - 2 && Math.abs(y - top) < (h + high) / 2 - 2) hidden.push(lines.join(""));
  });
  for (const [x, y, text, strong] of picture.placed.captions) {
    meter.font = `${strong ? "600 17px" : "16px"} ${face}`;
    const own = meter.measureText(text).width;
    put(x + own / 2, y, own, 17);
  }
  return { rects, wide, hidden, scale: picture.scale };
}"""
INK = """() => {
  const canvas = document.querySelector(".jl-canvas canvas");
  const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  let ink = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i + 3] && data[i] + data[i + 1] + data[i + 2] < 600) ink++;
  return ink;
}"""


@contextmanager
def opened(browser: Browser, file: Path, width: int, *, scripts: bool = True, hash: str = "") -> Iterator[tuple[Page, list[str]]]:
    """(the page, what went wrong: errors, dialogs, requests for anything but the file itself)."""
    context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts, accept_downloads=True)
    page, wrong = context.new_page(), list[str]()
    page.on("console", lambda m: wrong.append(f"console {m.type}: {m.text}") if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: wrong.append(f"error: {e}"))
    page.on("dialog", lambda d: (wrong.append(f"dialog: {d.message}"), d.dismiss()))
    own = (file.as_uri(), "blob:")
    page.on("request", lambda r: None if r.url.startswith(own) else wrong.append(f"request: {r.url}"))
    page.goto(f"{file.as_uri()}{hash}")
    try:
        yield page, wrong
    finally:
        context.close()


def overlap(rects: list[list[float]]) -> float:
    """The share of the texts' area that is covered by other texts."""
    rects = sorted(rects, key=lambda r: r[1])
    area = sum((r[2] - r[0]) * (r[3] - r[1]) for r in rects)
    common = 0.0
    for i, (left, top, right, bottom) in enumerate(rects):
        for other in rects[i + 1:]:
            if other[1] >= bottom:
                break
            common += max(0.0, min(right, other[2]) - max(left, other[0])) * max(0.0, min(bottom, other[3]) - max(top, other[1]))
    return common / area if area else 0.0


def texts(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(TEXTS)
    return found
