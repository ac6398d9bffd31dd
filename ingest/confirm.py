"""Headers that are a guess: remembered from before, confirmed by a person, or refused with what to do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ingest.detect import Header
from ingest.guidance import Guidance, Proposal
from ingest.mapping import Column, layouts
from schemas.errors import RegisterError

ACCEPT = "请核对后确认（命令行加 --yes），或把表头改成所列的名称，或写一个映射文件（--mapping 文件.toml）"


def confirmed(header: Header, file: str, sheet: str, row: int, where: str, guidance: Guidance) -> tuple[Header, dict[str, Any]]:
    """The header, and what is to be remembered of it: fingerprint -> layout and columns; nothing where it is certain.

    Raises RegisterError where it is a guess and nobody confirms it."""
    if not header.guesses:
        return header, {}
    if known := _remembered(header, guidance):
        return known, {}
    proposal = proposed(header, file, sheet, row)
    if guidance.confirm and guidance.confirm(proposal):
        columns = [c.called if c else "" for c in header.columns]
        both = {"both": True} if header.beside else {}
        return replace(header, guesses=()), {header.fingerprint: {"layout": header.layout.name, "columns": columns, **both}}
    told = f"不能确定表头的意思（{_label(header)}）：{'；'.join(header.guesses)}"
    raise RegisterError("register.guess", f"{told}。第 {row} 行的列：{_told(proposal)}", where=where, hint=ACCEPT)


def _told(proposal: Proposal) -> str:
    return "，".join(text if text == column else f"{text} → {column or '（不导入）'}" for text, column in proposal.columns)


def proposed(header: Header, file: str, sheet: str, row: int) -> Proposal:
    columns = tuple((h, c.called if c else "") for h, c in zip(header.headers, header.columns, strict=True) if h)
    return Proposal(file, sheet, _label(header), row, columns, header.guesses)


def _label(header: Header) -> str:
    return "、".join(h.layout.label for h in (header, header.beside) if h)


def _remembered(header: Header, guidance: Guidance) -> Header | None:
    """The header as it was confirmed, if that can still be followed."""
    told = guidance.remembered.get(header.fingerprint)
    if not isinstance(told, dict) or len(told.get("columns", ())) != len(header.columns):
        return None
    if bool(told.get("both")) != (header.beside is not None):
        return None
    layout = next((x for x in (*guidance.layouts, *layouts()) if x.name == told.get("layout")), None)
    if layout is None:
        return None
    columns = list[Column | None]()
    for name, text in zip(told["columns"], header.headers, strict=True):
        column = layout.column(name) if name else None
        if name and column is None:
            return None
        columns.append(column and replace(column, header=text))
    return replace(header, layout=layout, columns=tuple(columns), guesses=())
