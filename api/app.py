"""create_app(): the API and the pages, joined."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from api import problems
from api.answers import Answers
from api.description import describe
from api.routers import QUESTIONS, health, viewer
from api.security import Guard
from api.settings import Settings
from api.settings import settings as from_environment
from api.warming import warm_aside
from api.web import routes as web
from api.wiring import Store
from schemas.program import version

STATIC = Path(__file__).parent / "web" / "static"


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application. The store is connected to when the first question comes, so that it starts although the store is down."""
    own = settings or from_environment()
    store = Store(own.store)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        warm_aside(store, own)
        yield
        store.close()

    app = FastAPI(
        title="经络", version=version(), lifespan=life, docs_url=None, redoc_url=None,
        generate_unique_id_function=lambda route: route.name,
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False})
    app.state.settings, app.state.store, app.state.error_page = own, store, web.error_page
    app.state.answers = Answers(own.kept)
    app.add_middleware(Guard, settings=own)
    problems.install(app)
    app.include_router(health.router)
    for question in QUESTIONS:
        app.include_router(question.router, prefix="/api/v1")
    app.include_router(viewer.router)
    app.mount("/docs/files", viewer.assets)
    app.include_router(web.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.openapi = cache(lambda: describe(app))  # type: ignore[method-assign]  # FastAPI's own way to describe an application otherwise
    return app
