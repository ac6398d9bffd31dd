"""Loads in processes of their own, to be killed at any moment."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Sequence
from contextlib import closing
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from graph.connect import connect
from ingest import prepare
from ingest.load import load
from schemas.errors import StoreError

FORK = multiprocessing.get_context("fork")  # a new interpreter would take longer than a load; no store is open in the parent
ROWS = 3  # a transaction


def started(url: str, files: Sequence[Path], *, wait: float = 0.0, pause: bool = False) -> tuple[BaseProcess, Connection]:
    """A load: it says "row" after every transaction, and how it ended: "done" or an error's code. With ``pause`` it goes on from
    its first transaction only when it is sent something."""
    ours, theirs = FORK.Pipe()
    process = FORK.Process(target=_run, args=(url, list(files), wait, pause, theirs), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def _run(url: str, files: list[Path], wait: float, pause: bool, pipe: Connection) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    prepare.BATCH = ROWS

    def told(done: int, total: int) -> None:
        if total:
            pipe.send("row")
            if pause and done <= ROWS:
                pipe.recv()

    try:
        with closing(connect(url)) as engine:
            load(engine, files, progress=told, wait=wait, waiting=lambda holder: pipe.send("waiting"))
        pipe.send("done")
    except StoreError as error:
        pipe.send(error.code)
    except KeyboardInterrupt:
        os._exit(130)


def said(pipe: Connection) -> str:
    """The next thing that is no "row"; "" at the end."""
    try:
        while (word := pipe.recv()) == "row":
            pass
    except (EOFError, OSError):
        return ""
    return str(word)
