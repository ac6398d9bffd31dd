"""Pictures in pages: the figure of an answer as a part of the page, and the files that draw it."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Literal

from fastapi import APIRouter, Response
from markupsafe import Markup

from viz.figure import Figure
from viz.page import asset, part

ASSETS = ("picture.css", "vis-network.js", "picture.js")  # in the order in which a page asks for them
TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
KEPT = "public, max-age=31536000, immutable"  # its address changes when it changes
router = APIRouter()


def drawn(figure: Figure) -> Markup:
    return Markup(part(figure))  # noqa: S704 - viz escapes whatever is named in it


@cache
def fingerprint(name: str) -> str:
    return hashlib.sha256(asset(name).encode()).hexdigest()[:12]


@router.get("/pictures/{name}")
def picture_asset(name: Literal["picture.css", "vis-network.js", "picture.js"]) -> Response:
    return Response(asset(name), media_type=TYPES[name.rpartition(".")[2]], headers={"Cache-Control": KEPT})
