"""When something was done, as it is kept with it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo


def now() -> str:
    """Where the district is, to the second, ISO."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).isoformat(timespec="seconds")
