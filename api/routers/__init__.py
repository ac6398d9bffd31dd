"""The API, a file a question. Every endpoint is a question of ``graph.questions`` and nothing else."""

from __future__ import annotations

from fastapi import APIRouter

from api.routers import entities, gaps, networks, paths, reconciliation, search, statistics, store

QUESTIONS = (search, entities, paths, gaps, statistics, reconciliation, networks, store)


def questions() -> APIRouter:
    """All questions, under one prefix."""
    whole = APIRouter(prefix="/api/v1")
    for each in QUESTIONS:
        whole.include_router(each.router)
    return whole
