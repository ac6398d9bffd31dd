"""Pages are made once for one state of the data, and a browser that has one is told so (semantics 24)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Coroutine
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from api.answers import AskedInView, known_to, unchanged
from api.dependencies import engine_of
from api.web.asking import page_view
from schemas.errors import JingluoError


class Kept(APIRoute):
    """The route of a page that rests on the data in force and on what is asked, and on nothing else."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        make = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                query = request.query_params
                asked = AskedPage(request, await engine_of(request), await page_view(request, query.get("as_of"), query.get("policy")))
                state = await run_in_threadpool(asked.answers.state, asked.engine)
            except JingluoError:
                return await make(request)  # where it is told
            etag = asked.etag(state)
            if etag in known_to(request):
                return unchanged(etag)
            if (body := asked.answers.get(etag)) is not None:
                return HTMLResponse(body, headers={"etag": etag})
            response = await make(request)
            if _is_page(response) and await run_in_threadpool(asked.answers.state, asked.engine) == state:
                asked.answers.keep(etag, bytes(response.body))
                response.headers["etag"] = etag
            return response

        return handle


class AskedPage(AskedInView):
    """A page depends on its template and style, too."""

    def seen_in(self) -> tuple[object, ...]:
        return *super().seen_in(), look()


def _is_page(response: Response) -> bool:
    return response.status_code == 200 and response.headers.get("content-type", "").startswith("text/html")


@cache
def look() -> str:
    """A digest of the templates and of the files that pages refer to."""
    own = [f for folder in ("templates", "static") for f in files("api.web").joinpath(folder).iterdir()]
    return hashlib.sha256(b"".join(f.read_bytes() for f in sorted(own, key=lambda f: f.name))).hexdigest()


