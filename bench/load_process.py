"""Loads register files into a store in a process of its own, so that its peak memory is its own; prints one line of JSON."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path

from graph.connect import connect
from ingest.load import load


def peak_mb() -> float:
    """Peak resident memory of this process (Linux), in MB. Unlike getrusage it does not inherit the parent's."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def cpu_seconds() -> float:
    """Of this process and of those it has started and waited for."""
    t = os.times()
    return t.user + t.system + t.children_user + t.children_system


def tree_mb() -> float:
    """Peak of this process and of the largest it has started, in MB: at most so much at once, since it waits for them."""
    return peak_mb() + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main(store: str, *files: str) -> None:
    begun, used = time.perf_counter(), cpu_seconds()
    engine = connect(store)
    result = load(engine, [Path(f) for f in files])
    engine.close()
    wall, cpu = time.perf_counter() - begun, cpu_seconds() - used
    rows = sum(r.read for r in result.reports)
    print(json.dumps({"wall": wall, "cpu": cpu, "peak": tree_mb(), "rows": rows, "rejects": len(result.rejects)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
