"""The pages' addresses, and how an error looks to a browser."""

from __future__ import annotations

from fastapi import APIRouter

from api.problems import ErrorPage

router = APIRouter(include_in_schema=False)
error_page: ErrorPage | None = None  # (request, problem) -> response; None: the problem as JSON
