"""Which program runs: of a checkout what it says itself."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from schemas import program

OURS = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]["version"]


def test_of_a_checkout_that_need_not_be_installed() -> None:
    assert program.version() == OURS


def test_of_nothing_that_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "NAME", "no-project-of-this-name")
    assert program.version.__wrapped__() == "未安装"


@pytest.mark.parametrize("text", ['[project]\nname = "other"\nversion = "9"\n', "[project", '[project]\nname = "jingluo"\n', ""])
def test_what_stands_beside_the_program_and_is_not_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    (tmp_path / "schemas").mkdir()
    (tmp_path / "pyproject.toml").write_text(text, "utf-8")
    monkeypatch.setattr(program, "__file__", str(tmp_path / "schemas" / "program.py"))
    monkeypatch.setattr(program.metadata, "version", lambda name: f"installed {name}")
    assert program.version.__wrapped__() == "installed jingluo"
