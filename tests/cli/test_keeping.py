"""backup, verify, restore from the command line."""

from __future__ import annotations

from pathlib import Path

from tests.cli.runner import answer, run


def test_backup_verify_restore(changning: str, tmp_path: Path) -> None:
    file, new = tmp_path / "a.backup", tmp_path / "new.db"
    made = answer("backup", file, "--store", changning)
    assert made["counts"]["imports"] == 17
    assert answer("verify", file)["checksum"] == made["checksum"]
    done = run("restore", file, "--store", new)
    assert done.code == 0
    assert "内容与备份一致" in done.out
    asked = [run("statistics", "--store", s, "--as-of", "2026-01-01").out for s in (changning, new)]
    assert asked[0] == asked[1]
    assert run("backup", file, "--store", changning).code == 3
    assert run("backup", file, "--force", "--store", changning).code == 0
    again = run("restore", file, "--store", new)
    assert (again.code, "store.not-empty" in again.err) == (5, True)
    assert run("restore", file, "--store", new, "--force").code == 0


def test_a_broken_backup_makes_no_store(changning: str, tmp_path: Path) -> None:
    file, new = tmp_path / "a.backup", tmp_path / "new.db"
    answer("backup", file, "--store", changning)
    file.write_bytes(file.read_bytes()[:-100])
    for command in (("verify", file), ("restore", file, "--store", new)):
        broken = run(*command)
        assert (broken.code, "backup.damaged" in broken.err) == (3, True)
    assert not new.exists()
