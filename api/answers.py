"""Answers over HTTP: made once for one state of the data, told apart by their ETag (semantics 24)."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Response
from pydantic import BaseModel

from api.dependencies import AskedView, Engine
from graph.engine import GraphEngine
from schemas.facts import Import
from schemas.program import version
from schemas.view import View

JSON = "application/json"
LARGEST = 1 << 20  # bytes; a larger answer is made anew each time


@dataclass(frozen=True, slots=True)
class State:
    """What an answer rests on: the data version, the sources it is made of, and whether a load is under way."""

    data_version: int
    sources: str
    loading: bool


class Answers:
    """Answers as they were sent, by ETag; together at most ``room`` bytes, those asked longest ago forgotten first."""

    def __init__(self, room: int) -> None:
        self.room, self.left, self.lock = room, room, threading.Lock()
        self.bodies = OrderedDict[str, bytes]()
        self.known: tuple[Mapping[int, Import], str] | None = None

    def get(self, etag: str) -> bytes | None:
        with self.lock:
            if etag in self.bodies:
                self.bodies.move_to_end(etag)
            return self.bodies.get(etag)

    def keep(self, etag: str, body: bytes) -> None:
        if len(body) > min(LARGEST, self.room):
            return
        with self.lock:
            self.left += len(self.bodies.pop(etag, b"")) - len(body)
            self.bodies[etag] = body
            while self.left < 0:
                self.left += len(self.bodies.popitem(last=False)[1])

    def state(self, engine: GraphEngine) -> State:
        with engine.read() as snapshot:
            sources = snapshot.sources()
            return State(snapshot.version, self._digest(sources), snapshot.loading)

    def _digest(self, sources: Mapping[int, Import]) -> str:
        """Of what was loaded and when, so that another store with the same data version is another state."""
        known = self.known
        if known is None or known[0] is not sources:
            text = repr([(n, i.digest, i.at) for n, i in sorted(sources.items())])
            known = self.known = sources, hashlib.sha256(text.encode()).hexdigest()
        return known[1]


class Asked:
    """A request for an answer that no view changes."""

    def __init__(self, request: Request, engine: GraphEngine) -> None:
        self.request, self.engine = request, engine
        self.answers: Answers = request.app.state.answers

    def seen_in(self) -> tuple[object, ...]:
        """What beside the data and the address the answer depends on."""
        return ()

    def answer(self, question: Callable[[], BaseModel]) -> Response:
        """The answer, or 304 where the caller has it."""
        state = self.answers.state(self.engine)
        etag = self.etag(state)
        if etag in known_to(self.request):
            return unchanged(etag)
        body = self.answers.get(etag)
        if body is None:
            told = question()
            body = as_json(told)
            if not self._rests_on(told, state):
                return Response(body, media_type=JSON)  # the data moved meanwhile: right, and not to be kept
            self.answers.keep(etag, body)
        return Response(body, media_type=JSON, headers={"etag": etag})

    def answer_anew(self, question: Callable[[], BaseModel]) -> Response:
        """For what may change though the data version does not: told apart by its text."""
        body = as_json(question())
        etag = etag_of(body)
        return unchanged(etag) if etag in known_to(self.request) else Response(body, media_type=JSON, headers={"etag": etag})

    def etag(self, state: State) -> str:
        scope = self.request.scope
        return etag_of(repr((version(), "zh", state, self.seen_in(), scope["path"], scope["query_string"])).encode())

    def _rests_on(self, told: BaseModel, state: State) -> bool:
        frame = getattr(told, "frame", None)
        now = (frame.data_version, frame.loading) if frame else None
        return now == (state.data_version, state.loading) if now else self.answers.state(self.engine) == state


class AskedInView(Asked):
    """A request for an answer in a view."""

    def __init__(self, request: Request, engine: GraphEngine, view: View) -> None:
        super().__init__(request, engine)
        self.view = view

    def seen_in(self) -> tuple[object, ...]:
        return self.view.as_of, self.view.role, self.view.policy.digest


def as_json(told: BaseModel) -> bytes:
    return told.__pydantic_serializer__.to_json(told)


def etag_of(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def unchanged(etag: str) -> Response:
    return Response(status_code=304, headers={"etag": etag})


def known_to(request: Request) -> frozenset[str]:
    """The ETags that the caller has; a weak one stands for the same bytes here."""
    header = request.headers.get("if-none-match", "")
    return frozenset(t.strip().removeprefix("W/") for t in header.split(",")) if header else frozenset()


async def asked_in_view(request: Request, engine: Engine, view: AskedView) -> AskedInView:
    return AskedInView(request, engine, view)


async def asked_plainly(request: Request, engine: Engine) -> Asked:
    return Asked(request, engine)


InView = Annotated[AskedInView, Depends(asked_in_view)]
Plain = Annotated[Asked, Depends(asked_plainly)]
