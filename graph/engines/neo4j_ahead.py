"""Through what a writer of a server store reads and writes: in its transaction, or ahead of it while the batch before is written."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Generic, Literal, TypeVar

from neo4j import Session

from graph.engines.neo4j_rows import On, run

AT_ONCE = 10_000  # rows a statement
LANES = 2  # transactions at a time: what a batch says anew is written while the one before is committed
About = Literal["rows", "bodies", "edges", "claims", "closed"]
K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T")
Statement = tuple[str, Sequence[Any]]  # with one parameter, $rows


def portions(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (rows[i:i + AT_ONCE] for i in range(0, len(rows), AT_ONCE))


class Now:
    """Reads and writes in turn, in a transaction."""

    def __init__(self, on: On) -> None:
        self.on = on

    def ask(self, text: str, **parameters: Any) -> list[list[Any]]:
        """All rows of a statement. The driver's objects form cycles and would keep what was sent until they are collected."""
        result = run(self.on, text, parameters)
        rows = [r.values() for r in result]
        (result.consume().parameters or {}).clear()
        return rows

    def put(self, text: str, rows: Sequence[Any]) -> None:
        """Write: a statement over ``$rows``, nothing where there are none."""
        for part in portions(rows):
            self.ask(text, rows=part)

    def make(self, text: str, rows: Sequence[Any]) -> None:
        """Write what is new and asks for nothing that is stored, so that it may go before the rest."""
        self.put(text, rows)

    def look(self, about: About, asked: Iterable[K], read: Callable[[Now, list[K]], dict[K, V]]) -> dict[K, V]:
        """What is stored of each that is asked for, as ``read`` reads it; what is not stored is left out."""
        return read(self, list(asked))

    def said(self, about: About) -> Mapping[Any, Any]:
        """What is written and cannot be read yet."""
        return {}

    def wrote(self, about: About, said: Mapping[Any, Any]) -> None:
        """What there is now of each, for ``look``: as ``read`` would read it."""


@dataclass
class Saying:
    """Of a batch. ``said``: what there will be. ``new`` may be written before the batches before are committed, ``rest`` may not."""

    said: dict[About, dict[Any, Any]] = field(default_factory=dict)
    new: list[Statement] = field(default_factory=list)
    rest: list[Statement] = field(default_factory=list)


class Ahead(Now):
    """Reads what is committed, and keeps what is to be written, as statements for a transaction that comes later. What was said so
    goes before what is read, as long as it may not be committed."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.batches = deque[Saying]()

    def begin(self, uncommitted: int) -> Saying:
        """A new batch; so many of those before it are not known to be committed."""
        while len(self.batches) > uncommitted:
            self.batches.popleft()
        self.batches.append(Saying())
        return self.batches[-1]

    def put(self, text: str, rows: Sequence[Any]) -> None:
        self.batches[-1].rest.extend((text, part) for part in portions(rows))

    def make(self, text: str, rows: Sequence[Any]) -> None:
        self.batches[-1].new.extend((text, part) for part in portions(rows))

    def look(self, about: About, asked: Iterable[K], read: Callable[[Now, list[K]], dict[K, V]]) -> dict[K, V]:
        asked, known = list(asked), self.said(about)
        return read(self, [k for k in asked if k not in known]) | {k: known[k] for k in asked if k in known}

    def said(self, about: About) -> Mapping[Any, Any]:
        return {k: v for b in self.batches for k, v in b.said.get(about, {}).items()}

    def wrote(self, about: About, said: Mapping[Any, Any]) -> None:
        self.batches[-1].said.setdefault(about, {}).update(said)


class InTurn(Generic[T]):
    """Jobs in threads of their own, ``LANES`` at a time. Each is given what waits for the one before and raises its error. ``done`` is
    told what each gave, in order and in the caller's thread. The first error of a job is raised by whatever comes next; no job is
    begun after it, or after an error within the block."""

    def __init__(self, done: Callable[[T], None]) -> None:
        self.done, self.threads = done, ThreadPoolExecutor(LANES, "writer")
        self.pending = deque[Future[T]]()

    def put(self, job: Callable[[Callable[[], object]], T]) -> None:
        before = self.pending[-1].result if self.pending else _nothing
        self.pending.append(self.threads.submit(job, before))
        self._await(LANES)

    def drain(self) -> None:
        self._await(0)

    def _await(self, most: int) -> None:
        """Until at most so many jobs are under way."""
        while len(self.pending) > most or (self.pending and self.pending[0].done()):
            self.done(self.pending.popleft().result())

    def __enter__(self) -> InTurn[T]:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            if kind is None:
                self.drain()
        finally:
            self.threads.shutdown(cancel_futures=True)


def _nothing() -> None:
    """There is no job before."""
