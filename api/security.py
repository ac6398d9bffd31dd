"""What stands before every request: who may be asked for, how much, how often; and what every answer carries."""

from __future__ import annotations

import ipaddress
import logging
import math
import re
import secrets
import socket
import time
from collections.abc import AsyncIterator, Iterable
from types import FunctionType

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.logs import LOG
from api.problems import INTERNAL, Problem, problem, respond
from api.rate import Rate
from api.settings import Settings
from graph.deadline import within

POLICY = "; ".join((
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:", "font-src 'self'", "connect-src 'self'",
    "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"))
HEADERS = {  # a response's own value goes before these
    "content-security-policy": POLICY, "x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin", "cache-control": "no-cache",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
ENCODED = [(k.encode(), v.encode()) for k, v in HEADERS.items()]
REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
WATCHED = ("/health", "/ready")  # asked all the time by whoever watches over the server: never refused, never waited for
log = logging.getLogger(LOG)


class Guard:
    """ASGI middleware. Refuses what is too much, gives each request an id, sets headers and the deadline, and writes the log."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self.settings = app, settings
        self.hosts = own_names(settings.hosts)
        self.rate = Rate(settings.rate, settings.burst) if settings.rate else None
        self.under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict[bytes, bytes](scope["headers"])
        scope["request_id"] = request_id(headers)
        answer = Answer(scope, send)
        self.under_way += 1
        try:
            await self._answered(scope, headers, receive, answer)
        finally:
            self.under_way -= 1
            answer.note()

    async def _answered(self, scope: Scope, headers: dict[bytes, bytes], receive: Receive, answer: Answer) -> None:
        if refused := self.refused(scope, headers):
            found, more = refused
            await respond(Request(scope), found, more)(scope, receive, answer)
            return
        try:
            with within(self.settings.seconds):
                await self.app(scope, limited(receive, self.settings.body).__anext__, answer)
        except Exception as error:  # the outermost place: our own mistake, told without what was asked
            log.error("internal", exc_info=error, extra={"told": {"request_id": scope["request_id"]}})
            if answer.status:
                raise  # it has begun: the connection is cut
            await respond(Request(scope), problem(500, *INTERNAL))(scope, receive, answer)

    def refused(self, scope: Scope, headers: dict[bytes, bytes]) -> tuple[Problem, dict[str, str]] | None:
        """The problem, and its headers, where a request is not looked at any further."""
        most = self.settings
        if not is_host(headers.get(b"host", b""), self.hosts):
            return problem(400, "request.host", "不认识请求中的主机名", "请用本机地址访问，或在启动时用 --name 说明主机名"), {}
        if len(scope["raw_path"]) + len(scope["query_string"]) > most.url:
            return problem(414, "request.url-too-long", "网址太长", f"最多 {most.url} 字节"), {}
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > most.body:
            return problem(413, "request.too-large", "请求内容太大", f"最多 {most.body} 字节"), {}
        if scope["path"] in WATCHED:
            return None
        if self.under_way > most.at_once:
            return problem(503, "server.busy", "同时提问的太多", "请稍候再试"), {"retry-after": "1"}
        client = scope["client"][0] if scope.get("client") else ""
        if self.rate and (wait := self.rate.wait(client)):
            return problem(429, "request.too-many", "提问太频繁", "请稍候再试"), {"retry-after": str(math.ceil(wait))}
        return None


class Answer:
    """``send`` with the headers that every answer has, and what the log wants to know."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.scope, self.send, self.status, self.begun = scope, send, 0, time.perf_counter()
        self.head = scope["method"] == "HEAD"
        if self.head:
            scope["method"] = "GET"  # the same question; the body is left out below

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, own = message["status"], {k for k, _ in message["headers"]}
            message["headers"] = [*message["headers"], *(h for h in ENCODED if h[0] not in own),
                                  (b"x-request-id", self.scope["request_id"].encode())]
        elif self.head and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self.send(message)

    def note(self) -> None:
        if log.isEnabledFor(logging.INFO):
            log.info("request", extra={"told": {
                "request_id": self.scope["request_id"], "method": "HEAD" if self.head else self.scope["method"],
                "endpoint": endpoint(self.scope), "status": self.status, "ms": round((time.perf_counter() - self.begun) * 1000, 1)}})


def endpoint(scope: Scope) -> str:
    """Which one answered, by its name in the program: an address would tell what was asked for."""
    found = scope.get("endpoint")
    return f"{found.__module__}.{found.__name__}" if isinstance(found, FunctionType) else type(found).__name__ if found else ""


async def limited(receive: Receive, most: int) -> AsyncIterator[Message]:
    """What is received, up to so many bytes of content."""
    while True:
        message = await receive()
        most -= len(message.get("body", b""))
        if most < 0:
            raise HTTPException(413)
        yield message


def request_id(headers: dict[bytes, bytes]) -> str:
    """The caller's, if it looks like one, so that logs can be joined."""
    own = headers.get(b"x-request-id", b"").decode("latin-1")
    return own if REQUEST_ID.fullmatch(own) else secrets.token_hex(8)


def own_names(told: Iterable[str]) -> frozenset[str]:
    return frozenset(n.lower() for n in ("localhost", socket.gethostname(), *told))


def is_host(header: bytes, names: frozenset[str]) -> bool:
    """Whether a Host header names this server: an address, or one of its names. Another name would be a page elsewhere whose name was
    made to point here (DNS rebinding)."""
    found = re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[^\[\]:/@\s]+)(?::\d{1,5})?", header.decode("latin-1"))
    if not found:
        return False
    name = found[1].strip("[]").lower()
    if name in names:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
