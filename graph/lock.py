"""One job at a time that changes a store in many transactions: a load, an undo, a copy, a restore. A record of the store says who
holds it; the others wait a while and then are told. Who has died loses it.

The engine's own lock holds for one transaction. This one holds for a job, and every transaction of a job checks that it still has
it, so that a job that was taken for dead (its machine slept) stops before it writes beside its successor.
"""

from __future__ import annotations

import os
import platform
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from graph.engine import Check, GraphEngine, Snapshot, Writer
from schemas.errors import StoreBusyError, StoreError, StoreMovedError

T = TypeVar("T")
RECORD = "lock", "job"
WAIT_SECONDS = 60.0  # for another job, unless told otherwise
LOOK_SECONDS = 0.5  # between two looks
BEAT_SECONDS, LEASE_SECONDS = 5.0, 30.0  # a holder on another machine that gives no sign for this long is dead
STALE_SECONDS = 600.0  # the same, by the clocks, for who only looks and does not wait
SAME_START = 2.0  # seconds: when a process began is told no more exactly
Waiting = Callable[["Holder"], None]
_mine = set[str]()  # tokens of jobs of this process that go on


@dataclass(frozen=True)
class Holder:
    """``began``: when the process began, in seconds since 1970; ``at``: when the job began, ISO; ``beat``: rises while it lives,
    ``seen``: when it last did, in seconds since 1970 by the holder's clock."""

    token: str
    job: str
    host: str
    pid: int
    began: float
    at: str
    beat: int
    seen: float

    def __str__(self) -> str:
        return f"{self.job}（{self.host.partition('/')[0]} 进程 {self.pid}，自 {self.at[:19].replace('T', ' ')} 起）"

    def lives(self) -> bool | None:
        """``None``: it is on another machine, which cannot be told from here."""
        if self.host != _host():
            return None
        same = abs(self.began - _began(self.pid)) < SAME_START
        return same and (self.pid != os.getpid() or self.token in _mine)


def transact_checked(engine: GraphEngine, check: Check, work: Callable[[Writer], T]) -> T:
    """``GraphEngine.transact``, with ``check`` first in each try."""
    def checked(writer: Writer) -> T:
        check(writer)
        return work(writer)

    return engine.transact(checked)


class Job:
    """A job that holds the lock."""

    def __init__(self, holder: Holder) -> None:
        self.holder, self.over = holder, threading.Event()

    def check(self, writer: Writer) -> None:
        """The first thing in each transaction of the job: raise StoreBusyError if another one has taken the store over."""
        known = writer.record(*RECORD)
        if known is None or known["token"] != self.holder.token:
            raise StoreBusyError("store.taken-over", "本次操作中断过久，已由另一程序接手，未再写入",
                                 hint="请等它完成后再运行同一命令，已写入的数据完好")
        if time.time() - known["seen"] > BEAT_SECONDS:
            self.beat(writer)

    def transact(self, engine: GraphEngine, work: Callable[[Writer], T]) -> T:
        """``GraphEngine.transact`` as long as the job holds the store."""
        return transact_checked(engine, self.check, work)

    def release(self, writer: Writer) -> None:
        known = writer.record(*RECORD)
        if known and known["token"] == self.holder.token:
            writer.delete_record(*RECORD)

    def beat(self, writer: Writer) -> None:
        self.holder = replace(self.holder, beat=self.holder.beat + 1, seen=time.time())
        writer.put_record(*RECORD, asdict(self.holder))

    def keep_beating(self, engine: GraphEngine) -> None:
        """For while nothing is written: a store that is busy hears of it from whoever is writing."""
        while not self.over.wait(BEAT_SECONDS):
            with suppress(StoreError):
                engine.transact(self.check)


@contextmanager
def held(engine: GraphEngine, job: str, *, wait: float = WAIT_SECONDS, waiting: Waiting | None = None) -> Iterator[Job]:
    """Hold the store for a job; ``waiting`` is told once who else holds it. Imports that a dead job left running become unfinished.

    Raises StoreBusyError (store.busy): another job holds it for longer than ``wait`` seconds."""
    own = _acquired(engine, Job(_holder(job)), wait, waiting)
    thread = threading.Thread(target=own.keep_beating, args=(engine,), daemon=True)
    thread.start()
    try:
        yield own
    finally:
        own.over.set()
        _mine.discard(own.holder.token)
        with suppress(StoreError):
            engine.transact(own.release)
        thread.join()


def _acquired(engine: GraphEngine, own: Job, wait: float, waiting: Waiting | None) -> Job:
    end, silent = time.monotonic() + wait, dict[tuple[str, int], float]()  # (token, beat) -> since when
    told = False
    while True:
        other = engine.transact(partial(_take, own, silent))
        if other is None:
            return own
        if waiting and not told:
            waiting(other)
            told = True
        while time.monotonic() < end and not _may_be_free(engine, other, silent):
            time.sleep(LOOK_SECONDS)
        if time.monotonic() >= end and not _dead(other, silent):
            raise StoreBusyError("store.busy", f"另一程序正在{other}", hint="请等它完成后再运行；本次没有写入任何数据")


def _take(own: Job, silent: dict[tuple[str, int], float], writer: Writer) -> Holder | None:
    """Take the lock if it is free or its holder is dead; else who holds it."""
    known = writer.record(*RECORD)
    if known is not None and not _dead(Holder(**known), silent):
        return Holder(**known)
    for i in [i for i in writer.imports.values() if i.state == "running"]:
        writer.finish_import(i.number, "unfinished", i.counts)
    _mine.add(own.holder.token)
    own.beat(writer)
    return None


def _dead(holder: Holder, silent: dict[tuple[str, int], float]) -> bool:
    lives = holder.lives()
    if lives is None:
        since = silent.setdefault((holder.token, holder.beat), time.monotonic())
        return time.monotonic() - since > LEASE_SECONDS or time.time() - holder.seen > STALE_SECONDS
    return not lives


def _may_be_free(engine: GraphEngine, other: Holder, silent: dict[tuple[str, int], float]) -> bool:
    with suppress(StoreMovedError, StoreBusyError), engine.read() as snapshot:
        now = holder(snapshot)
        return now is None or now.token != other.token or _dead(now, silent)
    return False


def holder(snapshot: Snapshot) -> Holder | None:
    """Who holds the store, dead or alive."""
    known: dict[str, Any] | None = snapshot.records(RECORD[0]).get(RECORD[1])
    return Holder(**known) if known else None


def under_way(snapshot: Snapshot) -> bool:
    """Whether a load is really under way: one that says so may be dead."""
    if not snapshot.loading:
        return False
    known = holder(snapshot)
    return known is not None and not _dead(known, {})


def _holder(job: str) -> Holder:
    at = datetime.now(ZoneInfo("Asia/Shanghai")).isoformat(timespec="seconds")
    return Holder(uuid.uuid4().hex, job, _host(), os.getpid(), _began(os.getpid()), at, 0, time.time())


def _host() -> str:
    """This machine, and where process numbers are a container's own, this container."""
    space = Path("/proc/self/ns/pid")
    return f"{platform.node()}/{space.stat().st_ino if space.exists() else ''}"


def _began(pid: int) -> float:
    """When the process began, in seconds since 1970; -1 where there is none, or only what is left of one."""
    import psutil  # only where there is a job

    try:
        process = psutil.Process(pid)
        return -1.0 if process.status() == psutil.STATUS_ZOMBIE else process.create_time()
    except psutil.NoSuchProcess:
        return -1.0
