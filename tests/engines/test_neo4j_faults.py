"""A Neo4j server that is down, is killed in the middle of a load, wants a password, or has a certificate of its own maker: one of its
own, started for these tests."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import trustme
from neo4j import GraphDatabase

from graph.connect import connect
from graph.engine import GraphEngine
from graph.engines.neo4j import Neo4jEngine
from graph.questions.imports import imports
from ingest.bundled import files
from ingest.load import load
from schemas.errors import StoreError

TOOL = Path(__file__).parents[2] / "tools" / "neo4j-local"
PLAIN = "JINGLUO_TEST_NEO4J"  # the server of the other tests
PASSWORD = "a-made-up-password"
CONF = "dbms.ssl.policy.bolt.enabled=true\nserver.bolt.tls_level=OPTIONAL\ndb.memory.transaction.max=64m"


class Server:
    def __init__(self, home: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.home, self.port = home, free.getsockname()[1]
        self.url = f"bolt://127.0.0.1:{self.port}"
        self.authority = home / "authority.pem"

    def certify(self) -> None:
        """A certificate for 127.0.0.1, of an authority that no system trusts."""
        authority, folder = trustme.CA(), self.home / "certificates" / "bolt"
        folder.mkdir(parents=True)
        authority.cert_pem.write_to_path(str(self.authority))
        own = authority.issue_cert("127.0.0.1")
        own.private_key_pem.write_to_path(str(folder / "private.key"))
        own.cert_chain_pems[0].write_to_path(str(folder / "public.crt"))

    def start(self) -> None:
        subprocess.run([TOOL, "start", self.home, str(self.port), PASSWORD], check=True, stdout=subprocess.DEVNULL,
                       env={**os.environ, "NEO4J_LOCAL_CONF": CONF})

    def stop(self) -> None:
        subprocess.run([TOOL, "stop", self.home], check=True)

    def send(self, what: signal.Signals) -> None:
        os.kill(int((self.home / "run" / "pid").read_text()), what)

    def kill(self) -> None:
        """Gone when this returns, or a start would find it still running."""
        pid = int((self.home / "run" / "pid").read_text())
        process = os.pidfd_open(pid)
        self.send(signal.SIGKILL)
        select.select([process], [], [], 60)
        os.close(process)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if not os.environ.get(PLAIN):
        pytest.skip(f"{PLAIN} names no Neo4j server, so there may be no Java either")
    found = Server(tmp_path_factory.mktemp("neo4j"))
    found.certify()
    found.start()
    yield found
    found.stop()


@pytest.fixture
def engine(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[GraphEngine]:
    monkeypatch.setenv("JINGLUO_NEO4J_PASSWORD", PASSWORD)
    found = connect(server.url)
    yield found
    found.close()


def content(engine: GraphEngine) -> list[object]:
    with engine.read() as snapshot:
        return list(snapshot.export())


def failure(act: Callable[[], object]) -> StoreError:
    with pytest.raises(StoreError) as caught:
        act()
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])  # the second one is an editor's of Windows
def test_a_password_from_a_file(encoding: str, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "password").write_text(PASSWORD + "\r\n", encoding=encoding)
    monkeypatch.setenv("JINGLUO_NEO4J_PASSWORD_FILE", str(tmp_path / "password"))
    engine = connect(server.url)
    assert content(engine) == []
    engine.close()


@pytest.mark.parametrize("scheme", ["bolt+s", "neo4j+s"])
def test_a_certificate_is_believed_if_its_authority_is_named(scheme: str, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JINGLUO_NEO4J_PASSWORD", PASSWORD)
    another = tmp_path / "another.pem"
    trustme.CA().cert_pem.write_to_path(str(another))
    for authority in (None, another, server.authority):
        if authority:
            monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        engine = connect(server.url.replace("bolt", scheme))
        if authority == server.authority:
            assert content(engine) == []
        else:
            error = failure(lambda: content(engine))  # noqa: B023 - called at once
            assert (error.code, "SSL_CERT_FILE" in error.hint) == ("store.certificate", True)
        engine.close()


@pytest.mark.parametrize("scheme", ["bolt+ssc", "neo4j+ssc"])
def test_a_certificate_need_not_be_believed(scheme: str, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JINGLUO_NEO4J_PASSWORD", PASSWORD)
    engine = connect(server.url.replace("bolt", scheme))
    assert content(engine) == []
    engine.close()


def test_a_server_that_does_not_encrypt_is_told_from_one_that_is_down(server: Server) -> None:
    engine = connect(os.environ[PLAIN].replace("bolt", "bolt+s"))
    assert failure(lambda: content(engine)).code == "store.no-tls"
    engine.close()


@pytest.mark.parametrize("password", ["a-wrong-password", ""])
def test_a_wrong_password_is_told_and_not_shown(server: Server, password: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JINGLUO_NEO4J_PASSWORD", password)
    engine = connect(server.url)
    error = failure(lambda: content(engine))
    engine.close()
    assert error.code == "store.credentials"
    assert not password or password not in str(error)


@pytest.mark.parametrize("held", [b"", b" \n", b"\xff\xfesecret", None])
def test_a_password_file_without_a_password_is_told(held: bytes | None, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if held is not None:
        (tmp_path / "password").write_bytes(held)
    monkeypatch.setenv("JINGLUO_NEO4J_PASSWORD_FILE", str(tmp_path / "password"))
    assert failure(lambda: connect(server.url)).code == "store.password-file"


def test_a_user_who_is_locked_out_or_must_change_the_password_is_told(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    with GraphDatabase.driver(server.url, auth=("neo4j", PASSWORD)) as driver:
        for name in ("newcomer", "stranger"):
            driver.execute_query(f"CREATE USER {name} SET PASSWORD $password CHANGE REQUIRED", password=PASSWORD, database_="system")

    def refused(user: str, password: str) -> str:
        monkeypatch.setenv("JINGLUO_NEO4J_USER", user)
        monkeypatch.setenv("JINGLUO_NEO4J_PASSWORD", password)
        engine = connect(server.url)
        error = failure(lambda: content(engine))
        engine.close()
        assert (error.code, password in str(error)) == ("store.credentials", False)
        return error.message

    assert "先改密码" in refused("newcomer", PASSWORD)
    assert "密码多次不对" in [refused("stranger", "a-wrong-password") for _ in range(4)][-1]


def test_a_question_that_wants_too_much_memory_is_told_and_the_next_is_answered(engine: GraphEngine) -> None:
    assert isinstance(engine, Neo4jEngine)
    before = content(engine)

    def greedy() -> None:
        with engine.read() as snapshot:
            snapshot._ask("UNWIND range(1, 5000000) AS i WITH i ORDER BY i % 7 RETURN collect(i) AS row")

    assert failure(greedy).code == "store.memory"
    assert content(engine) == before


def test_a_server_that_stands_still_is_told_and_found_again(server: Server, engine: GraphEngine) -> None:
    """Its system takes what is sent, so no connection breaks; by the server's default the driver waits for two minutes."""
    before = content(engine)
    server.send(signal.SIGSTOP)
    with ThreadPoolExecutor(1) as pool:
        error = pool.submit(failure, lambda: content(engine))
        try:
            assert error.result(60).code == "store.unreachable"
        finally:
            server.send(signal.SIGCONT)
    assert content(engine) == before


def test_a_load_cut_off_by_a_kill_is_completed_by_another(server: Server, engine: GraphEngine, tmp_path: Path) -> None:
    """What was committed stays, the load says that it failed, and the same load again gives what an undisturbed one gives."""
    steps = list[int]()

    def killing(done: int, total: int) -> None:
        steps.append(done)
        if total and done * 2 > total and len(steps) > 0 and not (server.home / "killed").exists():
            (server.home / "killed").touch()
            server.kill()

    error = failure(lambda: load(engine, files(), progress=killing))
    assert error.code == "store.unreachable"
    assert failure(lambda: content(engine)).code == "store.unreachable"
    server.start()
    with engine.read() as snapshot:  # the same engine, without being made anew
        states = [i.state for i in snapshot.imports().values()]
        assert any(snapshot.counts().values())
    assert set(states) == {"running"}  # the files of a load are done together, once names, ends and merges are settled
    assert {i.state for i in imports(engine).imports} == {"unfinished"}  # nobody is at it
    load(engine, files())
    embedded = connect(f"sqlite:///{tmp_path / 's.db'}")
    load(embedded, files())
    assert content(engine) == content(embedded)
    with engine.read() as snapshot:
        assert {i.state for i in snapshot.imports().values()} == {"done"}
    embedded.close()
