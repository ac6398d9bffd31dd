"""A whole store into another one, of whatever engine: what rows assert is copied, and projected anew by the target.

Idempotent: rows that are there already change nothing, so a copy that was cut off is completed by doing it again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from graph.codec import dumps
from graph.engine import GraphEngine, Snapshot
from schemas.errors import StoreError
from schemas.facts import Import

AT_ONCE = 2_000  # rows a transaction
Progress = Callable[[int, int], None]  # (imports done, imports in all)


@dataclass(frozen=True)
class Copied:
    """``imports`` and ``rows``: what was written now; ``digest``: the content digest, the same in both stores."""

    imports: int
    rows: int
    digest: str


def digest(snapshot: Snapshot) -> str:
    """The content digest: of everything that rows in force say, whatever the engine, the import numbers' order kept."""
    found = hashlib.sha256()
    for item in snapshot.export():
        found.update(dumps(item).encode() + b"\n")
    return found.hexdigest()


def copy(source: GraphEngine, target: GraphEngine, progress: Progress | None = None) -> Copied:
    """Copy all imports, undone ones too (ids once given outlive undo), and all records; compare counts and digest at the end.

    Raises StoreError: the target holds something else, or differs after all."""
    with source.read() as snapshot:
        ours = snapshot.imports()
        theirs = _compatible(target, ours)
        rows = 0
        todo = [i for n, i in sorted(ours.items()) if theirs.get(n) != i]
        for done, record in enumerate(todo):
            if progress:
                progress(done, len(todo))
            rows += _import(snapshot, target, record)
        _records(snapshot, target)
        found = _compared(snapshot, target)
    if progress:
        progress(len(todo), len(todo))
    return Copied(len(todo), rows, found)


def _compatible(target: GraphEngine, ours: Any) -> dict[int, Import]:
    with target.read() as snapshot:
        theirs = dict(snapshot.imports())
    if any(n not in ours or ours[n].digest != i.digest for n, i in theirs.items()):
        raise StoreError("store.not-empty", "目标数据库里已有别的数据，未作改动", hint="请复制到一个空数据库，或接着上次未完成的复制")
    return theirs


def _import(snapshot: Snapshot, target: GraphEngine, record: Import) -> int:
    number, rows = 0, snapshot.rows(record.number)
    with target.write() as writer:
        writer.begin_import(record)
    while batch := list(islice(rows, AT_ONCE)):
        with target.write() as writer:
            writer.apply(record.number, batch)
        number += len(batch)
    with target.write() as writer:
        if record.state == "undone":
            writer.withdraw(record.number)
        else:
            writer.finish_import(record.number, record.state, record.counts)
    return number


def _records(snapshot: Snapshot, target: GraphEngine) -> None:
    with target.read() as there:
        known = {c: there.records(c) for c in snapshot.collections()}
    with target.write() as writer:
        for collection, stored in known.items():
            for id, value in snapshot.records(collection).items():
                if stored.get(id) != value:
                    writer.put_record(collection, id, value)


def _compared(snapshot: Snapshot, target: GraphEngine) -> str:
    with target.read() as there:
        found = digest(snapshot)
        if there.counts() != snapshot.counts() or digest(there) != found:
            raise StoreError("store.copy-differs", "复制后的内容与来源不一致", hint="请再运行一次；如仍不一致，请保留两个数据库并反馈")
    return found
