"""Is the server alive; can it answer?"""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.dependencies import Engine
from api.version import version
from graph.lock import under_way

router = APIRouter(tags=["运行"])


class Health(BaseModel):
    """The server runs."""

    status: str = "alive"


class Ready(BaseModel):
    """The store answers."""

    status: str = "ready"
    version: str = Field(description="程序版本")
    data_version: int = Field(description="数据版本")
    loading: bool = Field(description="是否正在导入")


@router.get("/health", summary="服务器是否在运行")
async def health() -> Health:
    return Health()


@router.get("/ready", summary="数据库能否回答")
def ready(engine: Engine) -> Ready:
    with engine.read() as snapshot:
        return Ready(version=version(), data_version=snapshot.version, loading=under_way(snapshot))
