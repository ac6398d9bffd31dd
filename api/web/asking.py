"""What a page is asked: the view and the choices that its form offers. An empty field of a form asks for nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, TypeVar

from fastapi import Depends, Query, Request
from pydantic import BeforeValidator, StringConstraints

from api.dependencies import Cursor, Limit, Scope, view_of
from graph.policy_files import bundled
from graph.policy_files import policy as read_policy
from schemas.view import View

ROWS = 50  # entries a page
T = TypeVar("T")
Filled = BeforeValidator(lambda value: value or None)  # "" is how a form sends an empty field
# the limit is of the text: on what may be nothing it would be asked of nothing, too
Text = Annotated[Annotated[str, StringConstraints(max_length=200)] | None, Query(), Filled]


async def page_view(request: Request, as_of: str | None = None, policy: str | None = None) -> View:
    return await view_of(request, as_of or None, policy or None)


PageView = Annotated[View, Depends(page_view)]


def policies(request: Request, view: View) -> list[tuple[str, str]]:
    """(name, label) of the policies that can be chosen; the one asked for is among them."""
    own = read_policy(request.app.state.settings.policy)
    known = {own.name: own.label or own.name, **{n: read_policy(n).label or n for n in bundled()}}
    return list(known.items())


def framed(request: Request, view: View) -> dict[str, object]:
    """What the form of a page shows of its frame."""
    return {"policies": policies(request, view), "policy": view.policy.name,
            "label": view.policy.label or view.policy.name, "as_of": view.as_of.isoformat(),
            "as_of_given": bool(request.query_params.get("as_of")), "policy_given": bool(request.query_params.get("policy"))}


def several(text: str | None) -> tuple[str, ...]:
    """Names that are separated by commas or semicolons of either width."""
    parts = (text or "").replace("；", "、").replace(";", "、").replace("，", "、").replace(",", "、").split("、")
    return tuple(p.strip() for p in parts if p.strip())


def chosen(values: Sequence[T] | None, otherwise: Sequence[T]) -> tuple[T, ...]:
    return tuple(values or otherwise)


__all__ = ["Cursor", "Limit", "Scope"]
