"""Store URL -> engine: ``sqlite:///file.db`` (relative), ``sqlite:////absolute/file.db``. Servers are not reached yet."""

from __future__ import annotations

from pathlib import Path

from graph.engine import GraphEngine
from schemas.errors import StoreAddressError, StoreError

SERVERS = ("neo4j://", "neo4j+s://", "neo4j+ssc://", "bolt://", "bolt+s://", "bolt+ssc://")


def connect(url: str, *, create: bool = True) -> GraphEngine:
    """Open a store; ``create``: make an embedded one that is missing. Raises StoreError and its kinds."""
    if url.startswith(SERVERS):
        raise StoreError("store.no-server", "本版本还不能连接 Neo4j 服务器，只支持嵌入式数据库", hint="请使用 sqlite:///文件名.db")
    if url.startswith("sqlite:///") and url != "sqlite:///" and "\0" not in url:
        from graph.engines.sqlite import SqliteEngine

        return SqliteEngine(Path(url.removeprefix("sqlite:///")), create=create)
    raise StoreAddressError("store.url", f"无法识别的数据库地址：{url.split('@')[-1]}",
                     hint="请写成 sqlite:///文件名.db")
