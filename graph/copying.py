"""A whole store into another one, of whatever engine: what rows assert is copied, and projected anew by the target.

Idempotent: rows that are there already change nothing, so a copy that was cut off is completed by doing it again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import groupby, islice
from typing import Any

from graph.digest import digest as digest
from graph.engine import Check, GraphEngine, Progress, Snapshot, Writer
from graph.lock import held, transact_checked
from schemas.errors import StoreError
from schemas.facts import Import, Row

AT_ONCE = 5_000  # rows a transaction
Key = tuple[str, str, str, str]  # as of ``Snapshot.registry``
PASSING = ("lock", "restore")  # collections of records that speak of what is being done just now: no part of what is kept


@dataclass(frozen=True)
class Copied:
    """``imports`` and ``rows``: what was written now; ``digest``: the content digest, the same in both stores."""

    imports: int
    rows: int
    digest: str


def copy(source: GraphEngine, target: GraphEngine, progress: Progress | None = None) -> Copied:
    """Copy all imports, undone ones too, the id registry and all records; compare counts and digest at the end.

    Raises StoreError: the target holds something else, or differs after all; StoreBusyError."""
    with held(target, "复制数据库") as job:
        return copy_into(source, target, progress, job.check)


def unchecked(writer: Writer) -> None:
    """Nobody else can write."""


def copy_into(source: GraphEngine, target: GraphEngine, progress: Progress | None = None, check: Check = unchecked) -> Copied:
    """The same where nobody else can write to the target, or ``check`` sees to it."""
    with source.read() as snapshot:
        done = _catch_up(snapshot, target, progress, check)
        found = _compared(snapshot, target)
    return Copied(*done, found)


def catch_up(source: GraphEngine, target: GraphEngine) -> None:
    """Copy what the target of an earlier ``copy`` lacks, and compare the counts alone: quick, for while writers are held up."""
    with source.read() as snapshot:
        _catch_up(snapshot, target, None, unchecked)
        with target.read() as there:
            if there.counts() != snapshot.counts():
                raise _differs()


def _catch_up(snapshot: Snapshot, target: GraphEngine, progress: Progress | None, check: Check) -> tuple[int, int]:
    """How many imports and rows were copied."""
    ours, rows = snapshot.imports(), 0
    theirs = _compatible(target, ours)
    todo = [i for n, i in sorted(ours.items()) if theirs.get(n) != i]
    for done, record in enumerate(todo):
        if progress:
            progress(done, len(todo))
        rows += _import(snapshot, target, record, check)
    _registry(snapshot, target, check)
    _records(snapshot, target, check)
    if progress:
        progress(len(todo), len(todo))
    return len(todo), rows


def _compatible(target: GraphEngine, ours: Any) -> dict[int, Import]:
    with target.read() as snapshot:
        theirs = dict(snapshot.imports())
    if any(n not in ours or ours[n].digest != i.digest for n, i in theirs.items()):
        raise StoreError("store.not-empty", "目标数据库里已有别的数据，未作改动", hint="请复制到一个空数据库，或接着上次未完成的复制")
    return theirs


def _import(snapshot: Snapshot, target: GraphEngine, record: Import, check: Check) -> int:
    number, rows = record.number, list[int]()
    transact_checked(target, check, lambda writer: writer.begin_import(record))
    target.apply_all(((number, batch) for batch in _batches(snapshot.rows(number))), check,
                     lambda _, counts: rows.append(len(counts.rows)))
    transact_checked(target, check, lambda writer: writer.withdraw(number) if record.state == "undone"
                     else writer.finish_import(number, record.state, record.counts))
    return sum(rows)


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, AT_ONCE)):
        yield batch


def _registry(snapshot: Snapshot, target: GraphEngine, check: Check) -> None:
    """Ids once given outlive undo, and so do the keys that bodies had before later rows came: both are of the source's past."""
    with target.read() as there:
        added, gone = _differences(snapshot.registry(), there.registry())
    if added or gone:
        transact_checked(target, check, lambda writer: writer.register(added, gone))


def _differences(ours: Iterator[Key], theirs: Iterator[Key]) -> tuple[list[Key], list[Key]]:
    """The keys that only one of two registries has, both read a body at a time; how a key was spelled does not count."""
    added, gone = list[Key](), list[Key]()
    for _, both in groupby(merge(((k, 0) for k in ours), ((k, 1) for k in theirs), key=lambda k: k[0][0]), key=lambda k: k[0][0]):
        keys: tuple[dict[Any, Key], dict[Any, Key]] = {}, {}
        for key, side in both:
            keys[side][key[:3]] = key
        added += [k for known, k in keys[0].items() if known not in keys[1]]
        gone += [k for known, k in keys[1].items() if known not in keys[0]]
    return added, gone


def _records(snapshot: Snapshot, target: GraphEngine, check: Check) -> None:
    with target.read() as there:
        known = {c: there.records(c) for c in snapshot.collections() if c not in PASSING}

    def put(writer: Writer) -> None:
        for collection, stored in known.items():
            for id, value in snapshot.records(collection).items():
                if stored.get(id) != value:
                    writer.put_record(collection, id, value)

    transact_checked(target, check, put)


def _compared(snapshot: Snapshot, target: GraphEngine) -> str:
    with target.read() as there:
        found = digest(snapshot)
        if there.counts() != snapshot.counts() or digest(there) != found:
            raise _differs()
    return found


def _differs() -> StoreError:
    return StoreError("store.copy-differs", "复制后的内容与来源不一致", hint="请再运行一次；如仍不一致，请保留两个数据库并反馈")
