"""Is the server alive; can it answer?"""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.dependencies import Asked
from graph.lock import under_way
from schemas.errors import StoreError
from schemas.program import version

router = APIRouter(tags=["运行"])


class Health(BaseModel):
    """The server runs."""

    status: str = "alive"


class Ready(BaseModel):
    """The store can be used: it answers, or is empty and waits for the first load."""

    status: Literal["ready", "empty"] = "ready"
    version: str = Field(description="程序版本")
    data_version: int = Field(0, description="数据版本")
    loading: bool = Field(False, description="是否正在导入")
    bodies: int = Field(0, description="主体数")
    relationships: int = Field(0, description="关系数")


@router.get("/health", summary="服务器是否在运行")
async def health() -> Health:
    return Health()


@router.get("/ready", summary="数据库能否使用")
def ready(store: Asked) -> Ready:
    try:
        with store.connect().read() as snapshot:
            bodies, relationships = store.counts(snapshot)
            return Ready(status="ready" if bodies else "empty", version=version(), data_version=snapshot.version,
                         loading=under_way(snapshot), bodies=bodies, relationships=relationships)
    except StoreError as error:
        if error.code != "store.missing":
            raise
        return Ready(status="empty", version=version())  # the first load makes it
