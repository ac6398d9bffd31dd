"""Over HTTP, on a server in a process of its own: coverage beside a constant answer of the same application, a page of the gap list
beside the question itself. Wall time: server and client are two processes."""

from __future__ import annotations

import multiprocessing
import socket
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from http.client import HTTPConnection

from bench.district import District
from bench.measure import Figure, ms
from graph import View, gaps, policy
from schemas.dates import asked as day_asked

CLIENTS, ROUNDS, REQUESTS = 4, 3, 600
DAYS = [f"2026-10-{d:02}" for d in range(1, 8)]  # a day each, since an answer that was given is kept


def figures(district: District) -> list[Figure]:
    with served(str(district.store)) as port:
        return [*_coverage(district, port), *_gaps(district, port)]


def _coverage(district: District, port: int) -> list[Figure]:
    """Constant and coverage in turn, so that both find the same machine. Every body is asked for the first time, but in the last."""
    asked = [[f"/api/v1/entities/{s}/coverage" for s in some] for some in batches(district.sample(REQUESTS * ROUNDS), REQUESTS)]
    constant, rates = list[float](), dict[str, list[float]]()
    for addresses in asked:
        constant.append(rate(port, ["/constant"] * REQUESTS))
        for label, given in (("evidence", [a + "?brief=true" for a in addresses]), ("evidence and why not", addresses),
                             ("the same again", addresses)):
            rates.setdefault(label, []).append(rate(port, given))
    peer = statistics.median(constant)
    return [Figure(f"coverage over HTTP, {label}", f"{(ours := statistics.median(found)):.0f} a second", f"constant {peer:.0f} a second",
                   f"{ours / peer:.2f} of it", "≥ 0.5", ours / peer >= 0.5) for label, found in rates.items()]


def batches(given: Sequence[str], size: int) -> list[Sequence[str]]:
    return [given[i:i + size] for i in range(0, len(given), size)]


def _gaps(district: District, port: int) -> list[Figure]:
    rules = policy()
    question = median(lambda day: gaps(district.engine, View(rules, day_asked(day)), rules=("no-coverage",), limit=50))
    found = []
    for label, address in (("API", "/api/v1/gaps?rule=no-coverage&limit=50&as_of="), ("page", "/gaps?rule=no-coverage&as_of=")):
        taken = median(partial(_page, port, address))
        found.append(Figure(f"50 gaps over HTTP, {label}", ms(taken), f"the question {ms(question)}", f"{taken / question:.2f} x the time",
                            "≤ 3 x", taken / question <= 3))
    return found


def _page(port: int, address: str, day: str) -> None:
    get(HTTPConnection("127.0.0.1", port), address + day)


def median(work: Callable[[str], object]) -> float:
    """Seconds of one, over the days; the first warms up."""
    taken = list[float]()
    for day in DAYS:
        begun = time.perf_counter()
        work(day)
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken[1:])


def rate(port: int, addresses: Sequence[str]) -> float:
    """Answers a second, asked by a few clients that each keep a connection."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(lambda n: _ask_all(port, addresses[n::CLIENTS]), range(CLIENTS)))
    return len(addresses) / (time.perf_counter() - begun)


def _ask_all(port: int, addresses: Sequence[str]) -> None:
    connection = HTTPConnection("127.0.0.1", port)
    for address in addresses:
        get(connection, address)
    connection.close()


def get(connection: HTTPConnection, address: str) -> None:
    connection.request("GET", address)
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, (answer.status, address, body[:200])


@contextmanager
def served(store: str) -> Iterator[int]:
    """The port of a server of the store."""
    with socket.socket() as own:
        own.bind(("127.0.0.1", 0))
        port: int = own.getsockname()[1]
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(store, port), daemon=True)
    server.start()
    try:
        _answering(port)
        yield port
    finally:
        server.terminate()
        server.join()


def _answering(port: int) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            return get(HTTPConnection("127.0.0.1", port), "/health")
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def serve(store: str, port: int) -> None:
    import uvicorn

    from api.app import create_app
    from api.settings import Settings

    app = create_app(Settings(store=f"sqlite:///{store}", rate=None))

    @app.get("/constant")
    def constant() -> dict[str, str]:
        return {"status": "ok"}

    uvicorn.run(app, port=port, log_level="critical")
