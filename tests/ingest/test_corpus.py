"""Every file of the corpus gives what its table says."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.connect import connect
from ingest.load import load
from schemas.errors import RegisterError
from tests.ingest.corpus_made import CASES, FOLDER
from tests.ingest.support import values


@pytest.mark.parametrize("name", CASES)
def test_a_file_gives_what_it_must(tmp_path: Path, name: str) -> None:
    engine, must = connect(f"sqlite:///{tmp_path / 'a.db'}"), CASES[name]
    if isinstance(must, str):
        with pytest.raises(RegisterError) as error:
            load(engine, [FOLDER / name])
        assert (error.value.code, name in error.value.where, bool(error.value.hint)) == (must, True, True)
    else:
        result = load(engine, [FOLDER / name])
        assert result.rejects == ()
        assert {n: values(engine, n) for n in must} == must
    engine.close()


def test_the_table_names_every_file() -> None:
    assert {p.name for p in FOLDER.iterdir()} == set(CASES)
