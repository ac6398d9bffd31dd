"""The made district that every measure runs on: written and loaded once, in a folder of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import Random

import networkx as nx

from bench.peer import in_memory
from graph.connect import connect
from graph.engine import GraphEngine
from ingest.synthetic import synthesize

SEED, STORE = 1, "district.db"


@dataclass(frozen=True)
class Loaded:
    """What the load took, in a process of its own: wall and CPU seconds, peak memory in MB, register rows read and refused."""

    wall: float
    cpu: float
    peak: float
    rows: int
    rejects: int


@dataclass(frozen=True)
class District:
    store: Path
    engine: GraphEngine

    @cached_property
    def graph(self) -> nx.MultiDiGraph[str]:
        """The peer; made only where it is asked, since a million enterprises take minutes and gigabytes."""
        return in_memory(self.engine)

    @cached_property
    def enterprises(self) -> list[str]:
        """Public ids, sorted."""
        return sorted(n for n, data in self.graph.nodes(data=True) if data["kind"] == "Enterprise")

    def sample(self, number: int) -> list[str]:
        return Random(SEED).sample(self.enterprises, min(number, len(self.enterprises)))


def load(folder: Path, enterprises: int) -> Loaded:
    """Write the registers of a made district and load them into a store in the same folder; what the load took."""
    files = synthesize(folder / "registers", enterprises, SEED)
    command = [sys.executable, "-m", "bench.load_process", f"sqlite:///{folder / STORE}", *map(str, files)]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return Loaded(**json.loads(said.splitlines()[-1]))


def opened(store: Path) -> District:
    return District(store, connect(f"sqlite:///{store}", create=False))
