"""The pages' addresses, and how an error looks to a browser."""

from __future__ import annotations

from fastapi import APIRouter

from api.web import directories, entities, errors, gap_pages, home, loads, networks, overviews, paths, pictures, search

router = APIRouter(include_in_schema=False)
for pages in (home, search, directories, entities, paths, networks, gap_pages, overviews, loads, pictures):
    router.include_router(pages.router)
error_page = errors.error_page
