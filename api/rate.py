"""How often one client may ask: a bucket of tokens a client, filled steadily.

Own code: slowapi ties limits to single endpoints, and the memory store of its ``limits`` starts a thread for every burst."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

CLIENTS = 10_000  # remembered; the one that asked longest ago is forgotten first


class Rate:
    """``rate`` tokens a second up to ``burst``; a request takes one."""

    def __init__(self, rate: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate, self.burst, self.clock = rate, burst, clock
        self.buckets = OrderedDict[str, tuple[float, float]]()  # client -> (tokens, when)

    def wait(self, client: str) -> float:
        """Take a token; 0, or the seconds until there is one."""
        now = self.clock()
        tokens, since = self.buckets.pop(client, (float(self.burst), now))
        tokens = min(float(self.burst), tokens + (now - since) * self.rate)
        allowed = tokens >= 1
        self.buckets[client] = (tokens - allowed, now)
        if len(self.buckets) > CLIENTS:
            self.buckets.popitem(last=False)
        return 0.0 if allowed else (1 - tokens) / self.rate
