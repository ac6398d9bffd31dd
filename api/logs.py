"""Logs for programs: one JSON object a line, on stderr. No query text, no name, no address of a client."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime

LOG = "jingluo"


class Lines(logging.Formatter):
    """``extra={"told": {...}}`` of a record becomes its fields."""

    def format(self, record: logging.LogRecord) -> str:
        told = {"time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"), "level": record.levelname.lower(),
                "event": record.getMessage(), **getattr(record, "told", {})}
        if record.exc_info and record.exc_info[1]:
            told["error"] = type(record.exc_info[1]).__name__  # its text may hold what was asked
            told["trace"] = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(record.exc_info[2])]
        return json.dumps(told, ensure_ascii=False)


def to_stderr(level: int) -> None:
    """Our log and the server's, from ``level`` on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    for name in (LOG, "uvicorn"):
        log = logging.getLogger(name)
        log.handlers[:], log.propagate = [handler], False
        log.setLevel(level if name == LOG else max(level, logging.WARNING))
