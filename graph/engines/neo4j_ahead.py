"""Through what a writer of a server store reads and writes: in its transaction, or ahead of it while the batch before is written."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Generic, Literal, TypeVar

from neo4j import Session

from graph.engines.neo4j_rows import On, ask

AT_ONCE = 10_000  # rows a statement
AHEAD = 1  # batches that are written while the next is made ready
Saying = Literal["rows", "bodies", "edges", "claims", "closed"]
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
        """All rows of a statement."""
        return ask(self.on, text, **parameters)

    def put(self, text: str, rows: Sequence[Any]) -> None:
        """Write: a statement over ``$rows``, nothing where there are none."""
        for part in portions(rows):
            self.ask(text, rows=part)

    def look(self, saying: Saying, asked: Iterable[K], read: Callable[[Now, list[K]], dict[K, V]]) -> dict[K, V]:
        """What is stored of each that is asked for, as ``read`` reads it; what is not stored is left out."""
        return read(self, list(asked))

    def said(self, saying: Saying) -> Mapping[Any, Any]:
        """What is written and cannot be read yet."""
        return {}

    def wrote(self, saying: Saying, said: Mapping[Any, Any]) -> None:
        """What there is now of each, for ``look``: as ``read`` would read it."""


class Ahead(Now):
    """Reads what is committed, and keeps what is to be written, as statements for a transaction that comes later. What was said so
    goes before what is read, as long as it may not be committed."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.batches = deque[tuple[dict[Saying, dict[Any, Any]], list[Statement]]]()

    def begin(self, uncommitted: int) -> None:
        """A new batch; so many of those before it are not known to be committed."""
        while len(self.batches) > uncommitted:
            self.batches.popleft()
        self.batches.append(({}, []))

    @property
    def statements(self) -> list[Statement]:
        """Of the batch."""
        return self.batches[-1][1]

    def put(self, text: str, rows: Sequence[Any]) -> None:
        self.statements.extend((text, part) for part in portions(rows))

    def look(self, saying: Saying, asked: Iterable[K], read: Callable[[Now, list[K]], dict[K, V]]) -> dict[K, V]:
        asked, known = list(asked), self.said(saying)
        return read(self, [k for k in asked if k not in known]) | {k: known[k] for k in asked if k in known}

    def said(self, saying: Saying) -> Mapping[Any, Any]:
        return {k: v for said, _ in self.batches for k, v in said.get(saying, {}).items()}

    def wrote(self, saying: Saying, said: Mapping[Any, Any]) -> None:
        self.batches[-1][0].setdefault(saying, {}).update(said)


class InTurn(Generic[T]):
    """Jobs done in a thread of its own, one after another. ``done`` is told what each gave, in the caller's thread. The first error of
    a job is raised by whatever comes next; no job is begun after it, or after an error within the block."""

    def __init__(self, done: Callable[[T], None]) -> None:
        self.done, self.thread = done, ThreadPoolExecutor(1, "writer")
        self.pending = deque[Future[T]]()

    def put(self, job: Callable[[], T]) -> None:
        self.pending.append(self.thread.submit(job))
        self._await(AHEAD)

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
            self.thread.shutdown(cancel_futures=True)
