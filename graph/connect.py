"""Store URL -> engine: ``sqlite:///file.db`` (relative), ``sqlite:////absolute/file.db``, ``neo4j://host:7687`` and its like."""

from __future__ import annotations

from pathlib import Path

from graph.engine import GraphEngine
from schemas.errors import StoreAddressError

SERVERS = ("neo4j://", "neo4j+s://", "neo4j+ssc://", "bolt://", "bolt+s://", "bolt+ssc://")


def connect(url: str, *, create: bool = True) -> GraphEngine:
    """Open a store; to be closed by ``close()``. ``url``: ``sqlite:///file.db`` (from the current folder; four strokes for an absolute
    path), ``neo4j://host:7687``, ``bolt://…``; ``create``: make an embedded one that is missing. Raises StoreError and its kinds."""
    if url.startswith(SERVERS):
        from graph.engines.neo4j import Neo4jEngine

        return Neo4jEngine(url, create=create)
    if url.startswith("sqlite:///") and url != "sqlite:///" and "\0" not in url:
        from graph.engines.sqlite import SqliteEngine

        return SqliteEngine(Path(url.removeprefix("sqlite:///")), create=create)
    raise StoreAddressError("store.url", f"无法识别的数据库地址：{url.split('@')[-1].partition('?')[0]}",
                     hint="请写成 sqlite:///文件名.db 或 neo4j://主机:7687")
