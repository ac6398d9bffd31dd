"""The made district that every measure runs on: written and loaded once, in a folder of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
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
    graph: nx.MultiDiGraph[str]  # the peer
    enterprises: list[str]  # public ids, sorted

    def sample(self, number: int) -> list[str]:
        return Random(SEED).sample(self.enterprises, min(number, len(self.enterprises)))


def load(folder: Path, enterprises: int) -> Loaded:
    """Write the registers of a made district and load them into a store in the same folder; what the load took."""
    files = synthesize(folder / "registers", enterprises, SEED)
    command = [sys.executable, "-m", "bench.load_process", str(folder / STORE), *map(str, files)]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return Loaded(**json.loads(said.splitlines()[-1]))


def opened(store: Path) -> District:
    engine = connect(f"sqlite:///{store}", create=False)
    graph = in_memory(engine)
    return District(store, engine, graph, sorted(n for n, data in graph.nodes(data=True) if data["kind"] == "Enterprise"))
