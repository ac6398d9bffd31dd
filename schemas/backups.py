"""What a backup says of itself, and what making, checking and restoring one tell."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

FORMAT = 1  # of the file around the store; the store inside has its own schema version


class BackupHeader(BaseModel):
    """``schema_version``: of the store inside, ``tables``: the number of rows of each of its tables; ``size``: its bytes, unpacked.

    ``digest``: the content digest; "" in a backup made before a migration, whose content only the older program could tell.
    ``made``: ISO date and time with its offset; ``engine``: what it was made from."""

    model_config = ConfigDict(frozen=True)
    schema_version: int
    program: str
    made: str
    engine: Literal["sqlite", "neo4j"]
    size: int
    tables: dict[str, int]
    digest: str = ""

    @property
    def counts(self) -> dict[str, int]:
        """What people count: imports, rows of registers, bodies, relationships (spells), records."""
        return {name: self.tables.get(table, 0) for name, table in COUNTED.items()}


COUNTED = {"imports": "import", "rows": "row", "bodies": "node", "relationships": "edge", "records": "record"}


class Kept(BaseModel):
    """``state``: what was done with the backup; ``checksum``: SHA-256 of all of the file but its last line."""

    model_config = ConfigDict(frozen=True)
    state: Literal["made", "verified", "restored"]
    file: str
    store: str = ""
    bytes: int
    checksum: str
    header: BackupHeader
    counts: dict[str, int]

    @property
    def path(self) -> Path:
        return Path(self.file)
