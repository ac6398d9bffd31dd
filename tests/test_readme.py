"""The README's commands and examples run as they stand there, and show what it says they show."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import urllib.request
from pathlib import Path

import pytest

from tests.cli.runner import run

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
SET_UP = re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)[0].splitlines()
CONSOLE = re.findall(r"```console\n(.*?)```", TEXT, re.DOTALL)
PYTHON = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
GENERATED = shutil.ignore_patterns(".git", ".venv", "*.db", "*.db-*", "__pycache__", ".*_cache", ".hypothesis", "dist")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a reader stands after the first command."""
    where = tmp_path_factory.mktemp("reader")
    assert run("demo", "--no-serve", "--store", where / "jingluo-demo.db").code == 0
    return where


@pytest.fixture
def here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("JINGLUO_STORE", "sqlite:///jingluo-demo.db")
    return folder


def asked(block: str) -> list[tuple[str, list[str]]]:
    """(command, lines shown under it) of a console block."""
    parts = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    return [(p.splitlines()[0], p.splitlines()[1:]) for p in parts]


def expect(shown: str, lines: list[str]) -> None:
    """Every line stands in the output, in this order; a line of … stands for any."""
    at = 0
    for line in filter(None, (" ".join(line.split()) for line in lines)):
        if line != "…":
            found = " ".join(shown.split()).find(line, at)
            assert found >= 0, f"not shown: {line}\n{shown}"
            at = found + len(line)


@pytest.mark.parametrize("block", CONSOLE)
def test_commands(here: Path, block: str) -> None:
    for command, lines in asked(block):
        words = shlex.split(command)
        assert words[0] == "jingluo", command
        done = run(*words[1:])
        assert done.code == 0, done.err
        expect(done.out, lines)


@pytest.mark.parametrize("example", PYTHON)
def test_python_examples(here: Path, example: str) -> None:
    exec(compile(example, "README.md", "exec"), {"__name__": "readme"})  # noqa: S102 - our own text, as a reader would run it


def test_the_set_up_is_two_commands() -> None:
    assert len(SET_UP) == 2
    assert all("-c constraints.txt" in line for line in SET_UP)

OURS = ("JINGLUO_", "PIP_CONSTRAINT", "PYTHON", "PYTEST_")  # what a fresh machine would not have set


@pytest.mark.skipif(not os.environ.get("JINGLUO_TEST_FRESH"), reason="makes an environment and runs all tests in it: .ci/run asks for it")
def test_set_up_in_a_fresh_copy(tmp_path: Path) -> None:
    copy = shutil.copytree(ROOT, tmp_path / "jingluo", ignore=GENERATED)
    kept = {k: v for k, v in os.environ.items() if k == "JINGLUO_TEST_NEO4J" or not k.startswith(OURS)}
    home = tmp_path / "home"
    home.mkdir()
    demonstration, tests = (["bash", "-euc", command] for command in SET_UP)
    environment = {**kept, "HOME": str(home)}
    assert clicked_and_stopped(demonstration, copy, environment) == 0
    assert subprocess.run(tests, check=False, cwd=copy, env=environment, stdin=subprocess.DEVNULL).returncode == 0


def clicked_and_stopped(command: list[str], folder: Path, environment: dict[str, str]) -> int:
    """Run a command until it says where to click, go there, press Ctrl-C; its exit code."""
    with subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                          encoding="utf-8", start_new_session=True) as running:
        assert running.stdout
        said = ""
        for line in running.stdout:
            said += line
            if found := re.search(r"http://127\.0\.0\.1:\d+/docs", line):
                with urllib.request.urlopen(found[0], timeout=30) as page:  # noqa: S310 - our own address
                    assert page.status == 200
                os.killpg(running.pid, signal.SIGINT)
        assert "覆盖情况" in said and "联系渠道" in said
    return running.returncode
