"""Timing and telling: what every measure shares."""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Figure:
    """One line of the table. ``ratio``: how many times the peer (or the goal) ours is; ``met`` ``None``: no goal."""

    measure: str
    ours: str
    peer: str
    ratio: str
    goal: str
    met: bool | None

    def line(self) -> str:
        met = "" if self.met is None else "yes" if self.met else "no"
        return f"| {self.measure} | {self.ours} | {self.peer} | {self.ratio} | {self.goal} | {met} |"


HEAD = "| measure | Jingluo | peer | ratio | goal | met |\n|---|---|---|---|---|---|"


def timed(work: Callable[P, T], *given: P.args, **named: P.kwargs) -> tuple[float, T]:
    """(CPU seconds, result) of a call. CPU, not wall: everything here runs in this process, and machines are shared."""
    begun = time.process_time()
    result = work(*given, **named)
    return time.process_time() - begun, result


def median_of(work: Callable[P, T], *given: P.args, **named: P.kwargs) -> tuple[float, T]:
    """(the median of the seconds of five calls after one that warms up, the last result)."""
    runs = [timed(work, *given, **named) for _ in range(6)]
    return statistics.median(s for s, _ in runs[1:]), runs[-1][1]


def told(seconds: Sequence[float]) -> str:
    """p50 / p95 / mean of many answers, in ms."""
    return f"p50 {ms(statistics.median(seconds))}, p95 {ms(quantile(seconds, 0.95))}, mean {ms(statistics.fmean(seconds))}"


def quantile(seconds: Sequence[float], share: float) -> float:
    return sorted(seconds)[min(len(seconds) - 1, int(share * len(seconds)))]


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def machine() -> str:
    return (f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f},"
            f" Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}")
