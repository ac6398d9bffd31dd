"""Published against registered numbers."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.answers import InView
from api.dependencies import Cursor, Limit
from graph.questions.reconciliation import reconcile as ask
from schemas.answers import Reconciliation

router = APIRouter(tags=["数据核对"])


@router.get("/reconciliation", response_model=Reconciliation, summary="公布数、台账数和待补录数")
def reconciliation(asked: InView, limit: Limit = 50, cursor: Cursor = None) -> Response:
    return asked.answer(lambda: ask(asked.engine, asked.view, limit=limit, cursor=cursor))
