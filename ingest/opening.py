"""The files of a load opened, one by one: what cannot be read at all is told of each."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from graph.engine import GraphEngine
from ingest.declared import Declarations, open_declarations
from ingest.guidance import REMEMBERED, Guidance
from ingest.headers import Register, open_register
from schemas.errors import InputError, RegisterError, why

Opened = Register | Declarations | InputError


def remembering(engine: GraphEngine, guidance: Guidance) -> Guidance:
    with engine.read() as snapshot:
        return replace(guidance, remembered={**snapshot.records(REMEMBERED), **guidance.remembered})


def opened_files(files: Sequence[Path], guidance: Guidance) -> dict[Path, Opened]:
    opened = dict[Path, Opened]()
    for f in dict.fromkeys(files):
        try:
            if not f.is_file():
                raise RegisterError("register.missing", "没有这个文件", where=f.name, hint="请检查路径和文件名")
            opened[f] = open_declarations(f) if f.suffix.lower() == ".toml" else open_register(f, guidance)
        except (InputError, OSError) as error:
            if isinstance(error, OSError):
                error = RegisterError("register.unreadable", f"无法读取（{why(error)}）", where=f.name, hint="请检查是否有读取权限")
            if len(files) == 1:
                raise error from None
            opened[f] = error
    return opened


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def label_of(opened: Opened) -> str:
    return opened.label if isinstance(opened, Register) else "声明"
