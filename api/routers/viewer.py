"""/docs: the API described and tried in the browser, by Swagger UI from our own files, without any script in the page."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles

FILES = Path(__file__).parents[1] / "viewer"
router = APIRouter(include_in_schema=False)
assets = StaticFiles(directory=FILES)


@router.get("/docs")
async def docs() -> FileResponse:
    return FileResponse(FILES / "docs.html", media_type="text/html; charset=utf-8")


@router.get("/docs/")
async def docs_with_slash() -> RedirectResponse:
    return RedirectResponse("/docs")
