"""How errors reach those who ask over HTTP: RFC 9457 problems in Chinese, each with a stable code.

    400 what was asked is wrong        404 no such body or page         409 a name that several bodies have
    410 a page mark of older data      405, 413, 414, 422, 429          as HTTP means them
    500 our own mistake                503 the store cannot answer now  504 it takes too long
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from schemas.errors import InputError, JingluoError, StoreBusyError, StoreError, StoreMovedError, UnknownBodyError
from schemas.validation import in_chinese

MEDIA = "application/problem+json"
STATUSES = {"question.cursor-stale": 410, "body.ambiguous": 409, "store.timeout": 504}  # where the kind of error alone does not tell
KINDS: tuple[tuple[type[JingluoError], int], ...] = ((UnknownBodyError, 404), (InputError, 400), (StoreError, 503))
AGAIN = {StoreBusyError: 5, StoreMovedError: 1}  # seconds after which it is worth asking again
TOLD = {
    400: ("request.malformed", "请求格式有误", ""),
    404: ("request.no-such-page", "没有这个地址", "接口说明见 /docs"),
    405: ("request.method", "这个地址不支持这种请求方法", "只提问，请用 GET"),
    413: ("request.too-large", "请求内容太大", ""),
    415: ("request.media", "不支持这种内容类型", ""),
}
INTERNAL = ("internal", "程序内部错误", "请把 request_id 告诉管理员；数据没有变化")


class Wrong(BaseModel):
    """One parameter that is wrong."""

    where: str = Field(description="哪个参数，如 query.limit")
    message: str = Field(description="哪里不对")


class Near(BaseModel):
    """A body that was perhaps meant."""

    id: str
    name: str


class Problem(BaseModel):
    """An error as RFC 9457 has it; ``code`` is stable, ``title`` and ``detail`` are for people."""

    type: str = Field(description="urn:jingluo:problem: 加代码")
    title: str = Field(description="出了什么问题")
    status: int = Field(description="HTTP 状态码")
    code: str = Field(description="固定的代码，供程序判断")
    detail: str = Field("", description="怎样改")
    where: str = Field("", description="在哪里")
    request_id: str = Field("", description="本次请求的编号，日志里有同样的编号")
    nearest: tuple[Near, ...] = Field((), description="可能想问的对象")
    errors: tuple[Wrong, ...] = Field((), description="不正确的参数")


ErrorPage = Callable[[Request, Problem], Response]


def problem(status: int, code: str, title: str, detail: str = "", **more: Any) -> Problem:
    return Problem(type=f"urn:jingluo:problem:{code}", status=status, code=code, title=title, detail=detail, **more)


def of_error(error: JingluoError) -> Problem:
    status = STATUSES.get(error.code) or next(s for kind, s in KINDS if isinstance(error, kind))
    nearest = tuple(Near(id=i, name=n) for i, n in error.nearest) if isinstance(error, UnknownBodyError) else ()
    return problem(status, error.code, error.message, error.hint, where=error.where, nearest=nearest)


def of_status(status: int) -> Problem:
    code, title, detail = TOLD.get(status) or (f"request.{status}", HTTPStatus(status).phrase, "")
    return problem(status, code, title, detail)


def of_parameters(error: RequestValidationError) -> Problem:
    found = tuple(Wrong(where=".".join(map(str, e["loc"])), message=in_chinese(e)) for e in error.errors())
    detail = "；".join(f"{w.where}：{w.message}" for w in found)
    return problem(422, "request.parameters", "参数不正确", detail, errors=found)


def respond(request: Request, found: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """The problem as JSON; as a page where a browser asks for one and is not at the API."""
    found = found.model_copy(update={"request_id": request.scope.get("request_id", "")})
    page: ErrorPage | None = getattr(request.app.state, "error_page", None)
    response = page(request, found) if page and wants_page(request) else Response(found.model_dump_json(), media_type=MEDIA)
    response.status_code = found.status
    response.headers.update(headers or {})
    response.headers.setdefault("cache-control", "no-store")
    return response


def wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/")


def install(app: FastAPI) -> None:
    """Every error of ours, of parameters and of routing, told in one way."""

    async def ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, JingluoError)  # noqa: S101 - registered for it
        after = next((seconds for kind, seconds in AGAIN.items() if isinstance(error, kind)), None)
        return respond(request, of_error(error), {"retry-after": str(after)} if after else None)

    async def parameters(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it
        return respond(request, of_parameters(error))

    async def routing(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
        return respond(request, of_status(error.status_code), error.headers)

    app.add_exception_handler(JingluoError, ours)
    app.add_exception_handler(RequestValidationError, parameters)
    app.add_exception_handler(HTTPException, routing)
