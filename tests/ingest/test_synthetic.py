"""The made district: the same each time, marked as made, and fit to load."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path

import pytest

from graph.connect import connect
from graph.policy_files import policy
from graph.questions.gaps import gaps
from ingest.load import load
from ingest.synthetic import synthesize
from ingest.synthetic_names import MADE, brand, credit_code
from schemas import identifiers
from schemas.view import View


@pytest.fixture(scope="module")
def registers(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return synthesize(tmp_path_factory.mktemp("made"), 800, seed=7)


def rows(register: Path) -> tuple[list[list[str]], list[dict[str, str]]]:
    """(preamble, rows by header)."""
    with register.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    return lines[:3], [dict(zip(lines[3], line, strict=True)) for line in lines[4:]]


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(registers: list[Path], tmp_path: Path) -> None:
    again, other = synthesize(tmp_path / "again", 800, seed=7), synthesize(tmp_path / "other", 800, seed=8)
    assert [p.name for p in again] == [p.name for p in registers]
    assert [p.read_bytes() for p in again] == [p.read_bytes() for p in registers]
    assert [p.read_bytes() for p in other] != [p.read_bytes() for p in registers]


def test_as_many_enterprises_as_asked_for(registers: list[Path]) -> None:
    enterprises = next(p for p in registers if p.stem == "企业")
    assert len(rows(enterprises)[1]) == 800


def test_every_file_and_every_name_is_marked_as_made(registers: list[Path]) -> None:
    for register in (p for p in registers if p.suffix == ".csv"):
        preamble, found = rows(register)
        assert ["虚构数据", "是"] in preamble
        names = [row[h] for row in found for h in (f"{register.stem}名称", "起点", "终点") if h in row]
        assert all(MADE in name for name in names), register.name
    declarations = next(p for p in registers if p.suffix == ".toml")
    assert tomllib.loads(declarations.read_text(encoding="utf-8"))["synthetic"] is True


def test_credit_codes_are_valid_and_no_two_are_equal(registers: list[Path]) -> None:
    codes = [row["统一社会信用代码"] for p in registers if p.stem in ("企业", "社会组织") for row in rows(p)[1]]
    given = [c for c in codes if c]
    assert given
    assert len(set(given)) == len(given)
    assert all(identifiers.credit_code(c) == (c, "") for c in given)


def test_names_and_codes_differ_for_every_number() -> None:
    numbers = [*range(2000), *range(999_000, 1_001_000)]
    assert len({brand(n) for n in numbers}) == len(numbers)
    assert len({credit_code("91", n) for n in numbers}) == len(numbers)


def test_a_district_of_any_size_can_be_made(tmp_path: Path) -> None:
    for number in (0, 1, 3):
        files = synthesize(tmp_path / str(number), number)
        assert len(rows(next(p for p in files if p.stem == "企业"))[1]) == number


def test_it_loads_without_a_reject_and_has_every_state_of_coverage(registers: list[Path], tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'made.db'}")
    result = load(engine, registers)
    assert result.rejects == ()
    answer = gaps(engine, View(policy()), rules=("no-coverage",))
    assert all(answer.rules[0].counts[state] for state in ("ok", "gap", "not_known", "exempt"))
    assert all(g.subject.synthetic for g in answer.gaps)
    engine.close()
