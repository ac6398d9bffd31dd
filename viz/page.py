"""A figure as a safe page: one HTML file with everything in it that asks nothing of any network, or a part of a larger page."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from viz.figure import Figure, Scene
from viz.payload import hover_lines, legend_of, payload, safe_link
from viz.style import LOOKS, STROKES
from viz.text import clean

if TYPE_CHECKING:
    from jinja2 import Environment

VIS = "templates/lib/vis-9.1.2/vis-network.min.js"  # in pyvis's own installed files
SCRIPTS = ("vis-network.js", "picture.js")
UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def page(figure: Figure) -> str:
    """A whole document, utf-8: scripts and style inlined, each allowed by its hash and nothing else."""
    scripts, style = [asset(name) for name in SCRIPTS], asset("picture.css")
    policy = "; ".join(["default-src 'none'", f"script-src {' '.join(map(_hash, scripts))}", f"style-src {_hash(style)}",
                        "img-src data: blob:", "base-uri 'none'", "form-action 'none'"])
    return _templates().get_template("page.html.j2").render(**_words(figure), heading="h1", policy=policy, scripts=scripts, style=style)


def part(figure: Figure) -> str:
    """The picture for a larger page, which must serve ``asset`` "picture.css" and the ``SCRIPTS``, in this order."""
    return _templates().get_template("part.html.j2").render(**_words(figure), heading="h2")


@cache
def asset(name: str) -> str:
    """The text of picture.css, picture.js or vis-network.js, the same for every picture."""
    if name == "vis-network.js":
        text = (files("pyvis") / VIS).read_text(encoding="utf-8")
        return text.replace("//# sourceMappingURL=vis-network.min.js.map", "")  # a debugger would ask for it
    text = (files("viz") / "template" / name).read_text(encoding="utf-8")
    return text + _swatches() if name == "picture.css" else text


def as_json(data: dict[str, Any]) -> str:
    """JSON that can stand inside a script element, whatever the names are."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return "".join(UNSAFE.get(c, c) for c in text) if any(c in text for c in UNSAFE) else text


def _words(figure: Figure) -> dict[str, Any]:
    return {
        "title": clean(figure.title), "summary": clean(figure.summary), "facts": [clean(f) for f in figure.facts],
        "legend": legend_of(figure), "synthetic": figure.synthetic, "data": as_json(payload(figure)),
        "scenes": [{"key": s.key, "title": clean(s.title), "lines": _lines(s)} for s in figure.scenes],
    }


def _lines(scene: Scene) -> list[dict[str, Any]]:
    """The picture in words, for those who cannot see it: every node with what hovering shows."""
    return [{"text": clean(d["text"].replace("\n", " ")), "more": hover_lines(d), "link": safe_link(d["link"])}
            for _, d in scene.graph.nodes(data=True)]


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _swatches() -> str:
    """The legend's signs as style rules."""
    rules = [f".jl-look-{n}{{border:{max(1.5, k.width)}px {_line(k.dashes)} {k.border};"
             f"background:{k.fill};border-radius:{min(k.radius, 9)}px}}" for n, k in LOOKS.items()]
    rules += [f".jl-stroke-{n}{{border-top:{s.width}px {_line(s.dashes)} {s.colour}}}" for n, s in STROKES.items()]
    return "\n".join([*rules, ""])


def _line(dashes: tuple[int, int] | None) -> str:
    return "solid" if dashes is None else "dotted" if dashes[0] < dashes[1] else "dashed"


@cache
def _templates() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(loader=PackageLoader("viz", "template"), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True)
