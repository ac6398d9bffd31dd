"""Sessions for reading, kept between questions: to open and close one costs a twentieth of an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from neo4j import Session


class Sessions:
    """Of one driver. A session is one question's at a time. It has no connection between questions, and asks the bookmark manager at
    every statement, so one that was kept is as good as a new one; one whose question failed is not kept."""

    def __init__(self, opened: Callable[[], Session]) -> None:
        self._opened = opened
        self._idle, self._closed = list[Session](), False

    @contextmanager
    def one(self) -> Iterator[Session]:
        try:
            session = self._idle.pop()
        except IndexError:  # asked first, another thread could take the last one in between
            session = self._opened()
        try:
            yield session
        except BaseException:
            session.close()
            raise
        self._idle.append(session)
        if self._closed:
            self.close()

    def close(self) -> None:
        """Close those that no question has; the others are closed when theirs ends."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()
