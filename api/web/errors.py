"""An error as a page: what is wrong, what to do, and what was perhaps meant."""

from __future__ import annotations

from fastapi import Request, Response

from api.problems import Problem
from api.web.links import address, entity
from api.web.templates import render

HEADINGS = {400: "这样问不对", 404: "没有找到", 409: "有几个同名的", 410: "数据已更新", 422: "这样问不对", 429: "提问太频繁",
            503: "暂时不能回答", 504: "没有及时答复"}


def error_page(request: Request, problem: Problem) -> Response:
    return render(request, "error", problem=problem, heading=HEADINGS.get(problem.status, "出错了"), meant=meant(request, problem),
                  first=_first_page(request))


def meant(request: Request, problem: Problem) -> list[tuple[str, str, str]]:
    """(address, name, public id) of the bodies that were perhaps meant: the same question about them."""
    query = dict(request.query_params)
    wrong = next((k for k, v in query.items() if v and f"“{v}”" in problem.title), None)
    links = [address(request.url.path, query, **{wrong: n.id}) if wrong else _instead(request, n.id) for n in problem.nearest]
    return [(link, n.name, n.id) for link, n in zip(links, problem.nearest, strict=True)]


def _instead(request: Request, id: str) -> str:
    who = request.path_params.get("who")
    route = getattr(request.scope.get("route"), "path", "")
    return route.replace("{who:path}", id) if who and route else entity(id)


def _first_page(request: Request) -> str:
    """The list from its beginning, where a later page of it was asked for."""
    query = {k: request.query_params.getlist(k) for k in request.query_params if k != "cursor"}
    return address(request.url.path, query) if "cursor" in request.query_params else ""
