"""Answers to HTML: autoescaped templates, every name isolated from the direction of the text around it."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.output.evidence import Numbered
from api.web.links import along
from api.web.pictures import ASSETS, fingerprint
from api.web.words import WORDS
from schemas.program import version

FRAME = ("as_of", "policy")  # what goes along from page to page

if TYPE_CHECKING:
    from jinja2 import Environment


def render(request: Request, template: str, **context: Any) -> HTMLResponse:
    """``template`` with what it shows. ``sources`` numbers the evidence that the page refers to."""
    path = request.url.path
    frame = {k: v for k in FRAME if (v := request.query_params.get(k))}
    words = {"path": path, "along": lambda link: along(link, frame), "sources": Numbered(), "asked": {}, "frame": None, "picture": None,
             **context}
    return HTMLResponse(templates().get_template(f"{template}.html.j2").render(words))


@cache
def templates() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(loader=PackageLoader("api.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.globals.update(WORDS, static=static, picture_assets=[f"/pictures/{n}?v={fingerprint(n)}" for n in ASSETS], version=version())
    return made


@cache
def static(name: str) -> str:
    """The address of a static file; it changes with the file, so that browsers may keep it."""
    digest = hashlib.sha256(files("api.web").joinpath("static", name).read_bytes()).hexdigest()
    return f"/static/{name}?v={digest[:12]}"
