"""``jingluo serve`` as an office starts it: it says where to click, tells what is in its way, and ends when it is told to."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.runner import run

ROOT = Path(__file__).parents[2]


@contextmanager
def serving(*arguments: object) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """(the process, the address that it says)."""
    command = [sys.executable, "-m", "api.cli", "serve", "--port", "0", *map(str, arguments)]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, encoding="utf-8") as process:
        assert process.stdout
        found = (re.search(r"http://127\.0\.0\.1:\d+/docs", line) for line in process.stdout)
        address = next((f[0].removesuffix("/docs") for f in found if f), "")
        try:
            yield process, address
        finally:
            process.kill()


def test_it_answers_and_ends_with_ctrl_c(store: str) -> None:
    with serving("--store", store) as (process, address):
        with urllib.request.urlopen(f"{address}/ready", timeout=30) as reply:  # noqa: S310 - our own address
            assert json.load(reply)["status"] == "ready"
        process.send_signal(signal.SIGINT)
        out, log = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "已停止" in out
    line = json.loads(log.splitlines()[0])
    assert (line["event"], line["endpoint"], line["status"]) == ("request", "api.routers.health.ready", 200)


def test_it_starts_although_the_server_of_the_store_is_down() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # nobody listens
        with serving("--store", f"bolt://127.0.0.1:{unused.getsockname()[1]}") as (process, address):
            assert urllib.request.urlopen(f"{address}/health", timeout=30).status == 200  # noqa: S310 - our own address
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(f"{address}/api/v1/stats", timeout=20)  # noqa: S310 - our own address
            assert (refused.value.code, json.load(refused.value)["code"]) == (503, "store.unreachable")
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)


def test_a_port_in_use(store: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        told = run("serve", "--store", store, "--port", other.getsockname()[1])
    assert told.code == 3
    assert "错误[serve.port-in-use]" in told.err and "--port" in told.err


@pytest.mark.parametrize(("arguments", "code"), [
    (("--host", "0.0.0.0"), "serve.anyone"), (("--host", "::"), "serve.anyone"), (("--host", "no.such.host.invalid"), "serve.host"),  # noqa: S104 - it is refused
    (("--port", 65536), "serve.port"), (("--host", "203.0.113.9", "--allow-anyone"), "serve.host"), (("--policy", "none"), "policy.missing"),
])
def test_what_is_in_its_way_is_told(store: str, arguments: tuple[object, ...], code: str) -> None:
    told = run("serve", "--store", store, *arguments)
    assert told.code == 3
    assert f"错误[{code}]" in told.err


def test_a_store_that_waiting_does_not_mend(tmp_path: Path) -> None:
    told = run("serve", "--store", tmp_path / "none.db")
    assert told.code == 5
    assert "错误[store.missing]" in told.err
