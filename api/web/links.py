"""Addresses of pages: what is asked stands in them, so that they can be kept and sent on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import quote, urlencode

Asked = Mapping[str, object]


def entity(id: str) -> str:
    return f"/entities/{quote(id, safe='')}"


def committee(id: str) -> str:
    return f"/networks/committees/{quote(id, safe='')}"


def address(path: str, asked: Asked | None = None, **changes: object) -> str:
    """``path`` with what is asked; what is empty, or no or none, is left out. Several values are given one by one."""
    pairs = [(key, v) for key, value in {**(asked or {}), **changes}.items() for v in _values(value)]
    return f"{path}?{urlencode(pairs)}" if pairs else path


def along(link: str, frame: Asked) -> str:
    """A link to a body, asked of in the same frame."""
    return address(link, frame) if link.startswith(("/entities/", "/networks/")) and "?" not in link else link


def _values(value: object) -> list[str]:
    if value is None or value is False or value == "":
        return []
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [str(v) for v in value if v not in (None, "")]
    return ["true" if value is True else str(value)]
