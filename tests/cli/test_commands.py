"""Every command: its help, its JSON, its errors and exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from api.cli import app
from schemas.program import version
from tests.cli.runner import answer, run

ROOT = Path(__file__).parents[2]
COMMANDS = tuple(c.name or c.callback.__name__ for c in app.registered_commands if c.callback)
QUESTIONS = (("imports",), ("search", "fzcm"), ("show", "分众传媒"), ("coverage", "分众传媒"), ("path", "区税务局", "分众传媒"), ("gaps",),
             ("statistics", "--by", "type"), ("reconcile",), ("check",), ("network",), ("network", "--shared"), ("committee", "天山商圈党委"), ("stats",))


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example(command: str) -> None:
    shown = run(command, "--help")
    assert shown.code == 0
    assert f"jingluo {command}" in shown.out.split("示例", 1)[1]
    assert not {"Usage:", "Options", "Arguments", "[default:", "Show", "<bool>", "<str>"} & set(shown.out.split())
    assert "用法：" in shown.out and "显示本页" in shown.out


def test_help_lists_every_command_and_the_exit_codes() -> None:
    shown = run("--help").out
    assert all(c in shown for c in COMMANDS)
    assert "退出码" in shown and "─ 命令 ─" in shown


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q[0])
def test_each_question_for_people_and_as_json(changning: str, question: tuple[str, ...]) -> None:
    shown = run(*question, "--store", changning)
    assert (shown.code, shown.err) == (0, "")
    assert shown.out.strip()
    assert answer(*question, "--store", changning)


@pytest.mark.parametrize(("text", "how"), [("分众传媒", "exact"), ("分众", "prefix"), ("传媒", "contained"), ("众", "contained"),
                                           ("fzcm", "initials"), ("fenzhongchuanmei", "pinyin")])
def test_search(changning: str, text: str, how: str) -> None:
    hits = answer("search", text, "--store", changning)["hits"]
    assert how in [h["how"] for h in hits if h["body"]["name"] == "分众传媒"]


def test_the_store_comes_from_the_environment(changning: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JINGLUO_STORE", changning)
    assert answer("coverage", "分众传媒")["status"] == "covered"


def test_a_plain_file_name_is_a_store(changning: str) -> None:
    assert answer("coverage", "分众传媒", "--store", changning.removeprefix("sqlite:///"))["status"] == "covered"


def test_an_unknown_name_answers_with_the_nearest(changning: str) -> None:
    shown = run("coverage", "分众传煤", "--store", changning)
    assert (shown.code, shown.out) == (4, "")
    assert shown.err.startswith("错误[body.unknown]")
    assert "分众传媒" in shown.err
    told = run("coverage", "分众传煤", "--store", changning, "--json")
    assert (told.code, told.out) == (4, "")
    assert "分众传媒" in [n["name"] for n in json.loads(told.err)["error"]["nearest"]]


@pytest.mark.parametrize(("arguments", "code"), [
    (("coverage",), "缺少参数"), (("coverage", "分众传媒", "--asof", "2020"), "--as-of"), (("statistics", "--by", "street"), "--by"),
    (("cover",), "coverage"), (("statistic",), "是否指：statistics、stats\n"), (("gaps", "--limit", "0"), "--limit"), (("gaps", "--state", "none"), "可填 gap、not_known"),
    (("load", "--rejects"), "选项 --rejects 后面要写值"), (("gaps", "--json=1"), "后面不用写值"), (("gaps", "甲", "乙"), "多出了参数 甲 乙"),
])
def test_wrong_use_is_told_in_chinese(arguments: tuple[str, ...], code: str) -> None:
    shown = run(*arguments)
    assert (shown.code, shown.out) == (2, "")
    assert shown.err.startswith("错误[usage] ")
    assert code in shown.err


@pytest.mark.parametrize(("arguments", "code"), [
    (("coverage", "分众传媒", "--as-of", "去年"), "question.date"),
    (("statistics", "--compare", "昨天"), "question.date"),
    (("gaps", "--cursor", "???"), "question.cursor"),
    (("gaps", "--rule", "nothing"), "policy.unknown-rule"),
    (("gaps", "--policy", "nowhere"), "policy.missing"),
    (("statistics", "--scope", "分众传媒"), "question.scope"),
    (("statistics", "--scope", "区税务局"), "question.scope"),
    (("load", "没有.csv"), "load.no-file"),
    (("search", "税务", "--kind", "职能"), "question.kind"),
    (("coverage", "区税务局"), "question.not-covered-kind"),
])
def test_bad_input(changning: str, arguments: tuple[str, ...], code: str) -> None:
    shown = run(*arguments, "--store", changning)
    assert (shown.code, shown.out) in ((3, ""), (4, ""))
    assert f"错误[{code}]" in shown.err or "分众传媒" in arguments


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    shown = run("load", tmp_path)
    assert shown.code == 3 and f"{tmp_path} 是文件夹" in shown.err and "*.xlsx" in shown.err


def test_the_version_is_told() -> None:
    assert run("--version").out == f"经络 {version()}\n"


def test_a_kind_is_named_by_its_label(changning: str) -> None:
    hits = answer("search", "税务", "--kind", "职能部门", "--store", changning)["hits"]
    assert [h["body"]["name"] for h in hits] == ["区税务局"]


@pytest.mark.parametrize("called", ["分众传媒的党组织", "分众传媒的党组织（名称未公布）", "分众传媒的党组织的区社工委委员"])
def test_a_body_without_a_name_is_found_by_what_answers_call_it(changning: str, called: str) -> None:
    assert answer("show", called, "--store", changning)["body"]["name"].startswith(called)


@pytest.mark.parametrize("command", COMMANDS)
def test_no_help_is_cut_off(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = run(command, "--help")
    assert shown.code == 0
    assert "…" not in shown.out


def test_a_question_makes_no_store(store: str, tmp_path: Path) -> None:
    shown = run("coverage", "分众传媒", "--store", store)
    assert (shown.code, shown.out) == (5, "")
    assert "错误[store.missing]" in shown.err
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_is_down_is_told_in_chinese_alone() -> None:
    """In a process of its own: what the driver logs is printed only where nobody listens, as pytest does."""
    told = process("stats", "--store", "neo4j://127.0.0.1:1", encoding="utf-8")
    assert (told.returncode, told.stdout) == (5, b"")
    assert [line[:3] for line in told.stderr.decode().splitlines()] == ["错误[", "  提"]


def test_a_store_that_is_a_text_file_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "notes.db"
    file.write_text("这是笔记，不是数据库。" * 100, encoding="utf-8")
    before = file.read_bytes()
    for command in (("coverage", "分众传媒"), ("demo", "--no-serve")):
        shown = run(*command, "--store", file)
        assert (shown.code, shown.out) == (5, "")
        assert "错误[store.not-a-store]" in shown.err
    assert file.read_bytes() == before


def test_a_store_in_a_folder_that_is_missing(tmp_path: Path) -> None:
    shown = run("demo", "--no-serve", "--store", tmp_path / "missing" / "own.db")
    assert (shown.code, shown.out) == (5, "")
    assert "错误[store.open]" in shown.err


def process(*arguments: str, encoding: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", "import sys; from api.cli import main; sys.exit(main())", *arguments]
    return subprocess.run(command, check=False, capture_output=True, cwd=ROOT, env={**os.environ, "PYTHONIOENCODING": encoding})


def test_a_console_that_lacks_signs_still_shows_the_answer(changning: str) -> None:
    done = process("coverage", "分众传媒", "--store", changning, encoding="gbk")
    assert done.returncode == 0, done.stderr.decode("gbk", "replace")
    assert "√ 已覆盖" in done.stdout.decode("gbk")


def test_json_survives_any_console(changning: str) -> None:
    done = process("coverage", "分众传媒", "--json", "--store", changning, encoding="ascii")
    assert json.loads(done.stdout)["subject"]["name"] == "分众传媒"


def test_what_is_slow_to_import_is_left_until_it_is_needed() -> None:
    probe = "import sys, api.cli; print([m for m in ('fastapi', 'neo4j', 'networkx', 'pyvis', 'pypinyin') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", probe], check=False, capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == "[]", done.stderr
