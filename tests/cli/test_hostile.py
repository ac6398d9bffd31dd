"""Bad input at the command line: a clear Chinese error with a stable code and the right exit code, and nothing good lost."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli.runner import Result, answer, run

TOP = "来源,测试\n截至,2024-06\n"
POLICY = "name='p'\nlabel='p'\nversion=1\n"


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refused(result: Result, code: str, exit_code: int = 3) -> None:
    assert f"错误[{code}]" in result.err, result.err + result.out
    assert result.code == exit_code


def codes_of(store: str, file: Path) -> list[str]:
    """The codes of the rows refused."""
    return [r["code"] for r in json.loads(run("load", file, "--store", store, "--json").out)["rejects"]]


@pytest.mark.parametrize(("content", "code"), [
    (b"\x00\x01\x02" * 99, "register.encoding"),
    (TOP + '企业名称\n"甲公司\n乙公司\n丙公司\n', "register.quote"),
    (TOP + '"企业名称\n甲公司\n', "register.quote"),
    (TOP + f"企业名称\n{'甲' * 200_000}\n", "register.cell-too-long"),
    (TOP + "企业名称,名称\n甲公司,乙公司\n", "register.column-twice"),
    (TOP + "企业名称,别名,简称\n甲公司,乙,丙\n", "register.column-twice"),
    ("来源,测试\n截至,9999-12-31\n企业名称\n甲公司\n", "register.as-of"),
    (TOP, "register.header"),
])
def test_files_refused_as_a_whole(store: str, tmp_path: Path, content: str | bytes, code: str) -> None:
    refused(run("load", written(tmp_path, "企业.csv", content), "--store", store), code)


@pytest.mark.parametrize(("name", "code"), [
    ("无", "row.name-missing"), ("[", "row.brackets"), ("[建于：]", "row.brackets"), ("[建于：甲", "row.brackets"),
    ("甲" * 10_000, "row.name-too-long"),
])
def test_names_that_are_none(store: str, tmp_path: Path, name: str, code: str) -> None:
    assert codes_of(store, written(tmp_path, "企业.csv", TOP + f"企业名称\n好公司\n{name}\n")) == [code]
    assert answer("show", "好公司", "--store", store)["body"]["name"] == "好公司"


def test_brackets_in_brackets_end_somewhere(store: str, tmp_path: Path) -> None:
    deep = "[隶属：" * 3_000 + "甲" + "]" * 3_000
    assert codes_of(store, written(tmp_path, "企业.csv", TOP + f"企业名称,党组织\n甲公司,{deep}\n乙公司,\n")) == ["row.brackets"]


def test_a_body_related_to_itself(store: str, tmp_path: Path) -> None:
    assert codes_of(store, written(tmp_path, "党组织.csv", TOP + "党组织名称,隶属\n甲支部,甲支部\n乙支部,\n")) == ["row.itself"]


def test_dates_at_the_edge(store: str, tmp_path: Path) -> None:
    rows = "甲公司,,9999\n乙公司,,9999-12\n丙公司,,9999-12-31\n丁公司,0000,\n戊公司,2024-02-30,\n"
    assert codes_of(store, written(tmp_path, "企业.csv", TOP + "企业名称,开始日期,结束日期\n" + rows)) == ["row.date", "row.date"]
    for command in (("coverage", "甲公司"), ("statistics",), ("network",)):
        assert run(*command, "--as-of", "0001-01-01", "--store", store).code == 0


def test_a_register_without_rows_says_so(store: str, tmp_path: Path) -> None:
    assert "没有数据行" in run("load", written(tmp_path, "企业.csv", TOP + "企业名称\n"), "--store", store).flat


def test_half_a_surrogate_pair(store: str, tmp_path: Path) -> None:
    file = written(tmp_path, "企业.jsonl", '{"来源": "测试", "截至": "2024-06"}\n{"企业名称": "甲\\ud83d公司"}\n')
    assert run("load", file, "--store", store).code == 0
    assert run("search", "\ud83d", "--store", store).code == 0
    assert run("show", "\ud83d", "--store", store).code == 4
    assert run("show", "的" * 5_000, "--store", store).code == 4


def test_deep_json(store: str, tmp_path: Path) -> None:
    refused(run("load", written(tmp_path, "企业.json", "[" * 100_000), "--store", store), "register.json")


@pytest.mark.parametrize(("content", "code"), [
    ("count = 5\n", "declaration.section"), ("count = [1]\n", "declaration.section"), ("[count]\nid = 'x'\n", "declaration.section"),
    (f"x = {'[' * 5_000}", "declaration.syntax"), (f"x = {'9' * 5_000}", "declaration.syntax"),
    ("[[count]]\nid='甲'\nlabel='乙'\nnumber=1\nfoo=1\n", "declaration.entry"),
    ("[[count]]\nid='甲'\nlabel='乙'\nnumber=-1\n", "declaration.entry"),
    ("[[count]]\nid='甲'\nlabel='乙'\nnumber=true\n", "declaration.entry"),
    ("[[count]]\nid='甲'\nlabel='乙'\nnumber=1\npart_of='甲'\n", "declaration.entry"),
    ("[[exemption]]\nbody='甲'\nrule='coverage'\nreason=''\nstart='2024-05'\nuntil='2023'\n", "declaration.entry"),
    ("[[completeness]]\nscope=[]\nhop='(:Unit)<-[:FORMED_IN]-(:PartyOrganization)'\n", "declaration.entry"),
])
def test_broken_declarations(store: str, tmp_path: Path, content: str, code: str) -> None:
    file = written(tmp_path, "声明.toml", "source='测试'\nas_of='2024-06'\n" + content)
    result = run("load", file, "--store", store)
    refused(result, code)
    assert "Input should" not in result.err
    assert "not permitted" not in result.err


@pytest.mark.parametrize(("content", "code"), [
    ("extends='changning'\nways=['x']\n", "policy.entry"), ("extends='changning'\nways=5\n", "policy.entry"),
    ("extends='national'\nrequirements='abc'\n", "policy.entry"), ("extends='national'\n[[ways]]\nname=['a']\n", "policy.entry"),
    (f"x={'[' * 5_000}", "policy.syntax"), ("stale_months=-1\n", "policy.entry"), ("stale_months=999999999\n", "policy.entry"),
    ("[contact]\n'Mars.COVERS'=1\n", "policy.entry"), ("ways=['x']\n", "policy.entry"),
    ("[[ways]]\nname='w'\nlabel='l'\nclass='work'\nmetapath='(:Enterprise)'\n", "policy.metapath"),
    ("[[requirements]]\nid='r'\nlabel='l'\nsubject='(:Building)'\nmetapath='(:Unit)<-[:COVERS]-(:PartyOrganization)'\n", "policy.metapath"),
    ("[[requirements]]\nid='r'\nlabel='l'\nsubject='(('\ncoverage=true\n", "policy.metapath"),
    ("[[requirements]]\nid='r'\nlabel='l'\nsubject='(:Unit)'\nmetapath='(:Unit)<-[:COVERS]-(:PartyOrganization)'\nat_least=-1\n",
     "policy.entry"),
])
def test_broken_policies(changning: str, tmp_path: Path, content: str, code: str) -> None:
    refused(run("gaps", "--policy", written(tmp_path, "口径.toml", POLICY + content), "--store", changning), code)


def test_paths_that_cannot_be_written(store: str, tmp_path: Path) -> None:
    file = written(tmp_path, "企业.csv", TOP + "企业名称,企业类型\n甲公司,\n乙公司,个体户\n")
    refused(run("load", file, "--rejects", tmp_path / "没有" / "x.xlsx", "--store", store), "workbook.unwritable")
    refused(run("load", file, "--rejects", tmp_path / "x.csv", "--store", store), "load.rejects")
    assert run("show", "甲公司", "--store", store).code == 4  # nothing was loaded
    refused(run("synthesize", file), "synthesize.directory")
    refused(run("gaps", "--policy", "x\0.toml", "--store", store), "policy.missing")


@pytest.mark.parametrize(("address", "code", "exit_code"), [
    ("sqlite:///", "store.url", 3), ("x\0y.db", "store.url", 3), ("a" * 300 + ".db", "store.missing", 5),
])
def test_addresses_that_are_none(address: str, code: str, exit_code: int) -> None:
    refused(run("gaps", "--store", address), code, exit_code)


def test_a_store_called_memory_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("load", written(tmp_path, "企业.csv", TOP + "企业名称\n甲公司\n"), "--store", ":memory:").code == 0
    assert run("show", "甲公司", "--store", ":memory:").code == 0


def test_a_damaged_store(store: str, tmp_path: Path) -> None:
    run("load", written(tmp_path, "企业.csv", TOP + "企业名称\n甲公司\n"), "--store", store)
    with sqlite3.connect(tmp_path / "own.db") as db:
        db.execute("DROP TABLE node")
    refused(run("show", "甲公司", "--store", store), "store.damaged", 5)
    text = tmp_path / "own.db"
    text.write_bytes(text.read_bytes()[:2_000])
    assert run("show", "甲公司", "--store", store).code == 5


def test_cells_neither_command_a_terminal_nor_fill_it(store: str, tmp_path: Path) -> None:
    file = written(tmp_path, "a.csv", TOP + f"企业名称,党组织,备注\n甲公司,\x1b[2J\x9b31m乙{'丙' * 9_000},\n")
    told = run("load", file, "--store", store)
    assert "row.unknown-reference" in told.out
    assert not {"\x1b", "\x9b"} & set(told.out)
    assert len(told.out) < 2_000
    gone = run("load", tmp_path / "\x1b[31m.csv", "--store", store)
    refused(gone, "load.no-file")
    assert "\x1b" not in gone.err


@pytest.mark.parametrize(("option", "code"), [("--mapping", "mapping.file"), ("--policy", "policy.too-large"), ("", "declaration.too-large")])
def test_toml_of_any_size_is_not_read(store: str, tmp_path: Path, option: str, code: str) -> None:
    huge = written(tmp_path, "大.toml", "# " + "x" * (5 << 20))
    file = written(tmp_path, "企业.csv", TOP + "企业名称\n甲公司\n")
    refused(run("load", *([option, huge, file] if option else [huge]), "--store", store), code)


def test_an_argument_of_any_length_does_not_fill_the_terminal(store: str, tmp_path: Path) -> None:
    run("load", written(tmp_path, "企业.csv", TOP + "企业名称\n甲公司\n"), "--store", store)
    for command in (("show", "甲" * 20_000), ("gaps", "--as-of", "2" * 20_000)):
        told = run(*command, "--store", store)
        assert "字）" in told.err
        assert len(told.err) < 3_000
    wrong = run("undo", "\udc80", "--store", store)
    refused(wrong, "usage", 2)
    assert "不能识别的字符" in wrong.err
