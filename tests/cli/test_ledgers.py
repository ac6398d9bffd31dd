"""From the command line: a ledger in a layout of one's own, in and out; a guess without a terminal."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.cli.runner import answer, run

MAPPING = """
name = "街道台账"
source = "某街道"
[[sheet]]
sheet = "企业"
kind = "企业"
[sheet.columns]
"序号" = ""
"单位" = "企业名称"
"状况" = "经营状态"
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "企业"
    for row in (["某街道企业一览"], ["序号", "单位", "状况"], [1, "甲公司", "在营"], [2, "乙公司", "失联"], ["合计", 2, None]):
        book.active.append(row)
    book.save(tmp_path / "台账.xlsx")
    (tmp_path / "街道.toml").write_text(MAPPING, encoding="utf-8")
    return tmp_path / "台账.xlsx"


def test_a_ledger_goes_in_and_out(ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, mapping, out = tmp_path / "a.db", tmp_path / "街道.toml", tmp_path / "写回.xlsx"
    report, = answer("load", ledger, "--mapping", mapping, "--as-of", "2024-03", "--store", store)["reports"]
    assert (report["created"], report["warnings"]) == (2, [])
    done = answer("export", "--layout", "街道台账", "--mapping", mapping, "-o", out, "--store", store)
    assert (done["sheets"], done["as_of"]) == ([["企业", 2]], "2024-03")
    monkeypatch.setenv("JINGLUO_MAPPINGS", str(tmp_path))  # the folder instead of the option
    report, = answer("load", out, "--store", store)["reports"]
    assert (report["created"], report["updated"], report["confirmed"]) == (0, 0, 2)
    assert "行" in run("export", "--layout", "街道台账", "-o", tmp_path / "b.xlsx", "--store", store).out


def test_a_guess_needs_yes_where_nobody_can_be_asked(tmp_path: Path) -> None:
    path, store = tmp_path / "企业.csv", tmp_path / "a.db"
    path.write_text("截至,2024-03\n来源,甲\n企业名称,经营状况\n甲公司,在营\n", encoding="utf-8")
    refused = run("load", path, "--store", store)
    assert (refused.code, "register.guess" in refused.err, "--yes" in refused.err) == (3, True, True)
    assert "经营状况 → " in refused.err
    assert answer("load", path, "--yes", "--store", store)["reports"][0]["created"] == 1


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    path = tmp_path / "企业.csv"
    path.write_text("截至,2024-03\n企业名称\n甲公司\n", encoding="utf-8")
    for words, code in ((("load", path, "--mapping", tmp_path / "无.toml"), "mapping.missing"), (("load", path, "--as-of", "昨天"), "question.date")):
        shown = run(*words, "--store", tmp_path / "a.db")
        assert (shown.code, code in shown.err) == (3, True)
