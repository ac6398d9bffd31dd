"""Rates as people read them: the same words on paper, pages and pictures."""

from __future__ import annotations


def rate(low: float | None, high: float | None) -> str:
    """A rate as people read it: 45.5%, or 45.5-100%."""
    if low is None or high is None:
        return "-"
    shown = dict.fromkeys(f"{share * 100:.1f}".removesuffix(".0") for share in (low, high))
    return "-".join(shown) + "%"
