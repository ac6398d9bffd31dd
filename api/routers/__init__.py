"""The API, a file a question. Every endpoint is a question of ``graph.questions`` and nothing else."""

from __future__ import annotations

from api.routers import entities, gaps, networks, paths, reconciliation, search, statistics, store

QUESTIONS = (search, entities, paths, gaps, statistics, reconciliation, networks, store)
