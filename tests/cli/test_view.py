"""``jingluo view``: an HTML file a picture; what cannot be written or is unknown is told as elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.runner import run


@pytest.mark.parametrize(("words", "title"), [
    (("coverage", "分众传媒"), "分众传媒 · 覆盖与联系"), (("alliances",), "联盟网络 · 成员与共同成员"),
    (("committee", "天山商圈党委"), "天山商圈党委 · 成员"), (("path", "区税务局", "分众传媒", "-k", "2"), "区税务局 → 分众传媒 · 联系渠道"),
    (("gaps", "--as-of", "2020-09-01"), "覆盖空白点 · 按楼宇")])
def test_a_picture_is_saved(words: tuple[str, ...], title: str, changning: str, tmp_path: Path) -> None:
    file = tmp_path / "图.html"
    said = run("view", *words, "-o", file, "--store", changning)
    assert said.code == 0, said.err
    assert "图.html" in said.flat
    assert f"<title>{title}</title>" in file.read_text(encoding="utf-8")


def test_what_is_wrong_is_told(changning: str, tmp_path: Path) -> None:
    assert run("view", "committee", "分众传媒", "-o", tmp_path / "a.html", "--store", changning).code == 4
    assert run("view", "coverage", "分众传煤", "-o", tmp_path / "a.html", "--store", changning).code == 4
    wrong = run("view", "alliances", "-o", tmp_path / "没有" / "a.html", "--store", changning)
    assert wrong.code == 3 and "view.output" in wrong.err
    assert not (tmp_path / "a.html").exists()


def test_nothing_but_a_page_is_written_over(changning: str, tmp_path: Path) -> None:
    store, register, page = tmp_path / "s.db", tmp_path / "a.csv", tmp_path / "a.html"
    for file in (store, register):
        file.write_bytes(b"SQLite format 3\0")
        told = run("view", "alliances", "-o", file, "--store", changning)
        assert told.code == 3 and "view.output" in told.err
    page.symlink_to(store)
    assert run("view", "alliances", "-o", page, "--store", changning).code == 3
    assert store.read_bytes() == register.read_bytes() == b"SQLite format 3\0"
    page.unlink()
    assert [run("view", "alliances", "-o", page, "--store", changning).code for _ in "ab"] == [0, 0]
    folder = run("view", "alliances", "-o", tmp_path, "--store", changning)
    assert "它是文件夹" in folder.err
