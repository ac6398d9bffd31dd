"""Loading as seen from the command line: bad files and rows are told clearly, and nothing good is lost."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import openpyxl
import pytest

from tests.cli.runner import answer, run


def register(folder: Path, text: str, name: str = "企业.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def test_a_good_register(store: str, tmp_path: Path) -> None:
    file = register(tmp_path, "来源,测试\n截至,2024-03\n虚构数据,是\n企业名称\n甲公司\n乙公司\n")
    shown = run("load", file, "--store", store)
    assert shown.code == 0, shown.out + shown.err
    report = answer("load", file, "--store", store)["reports"][0]
    assert report["state"] == "already_loaded"
    assert "数据没有变化" in run("load", file, "--store", store).flat
    record, = answer("imports", "--store", store)["imports"]
    assert (record["number"], record["source"], record["as_of"], record["synthetic"]) == (1, "测试", "2024-03", True)
    assert record["counts"]["read"] == 2


def test_a_dry_run_writes_nothing(store: str, tmp_path: Path) -> None:
    file = register(tmp_path, "来源,测试\n截至,2024-03\n企业名称\n甲公司\n")
    report = answer("load", file, "--dry-run", "--store", store)["reports"][0]
    assert (report["state"], report["created"]) == ("dry_run", 1)
    assert [f.name for f in tmp_path.iterdir()] == [file.name]  # not even an empty store
    other = register(tmp_path, "来源,测试\n截至,2024-03\n企业名称\n乙公司\n", name="other.csv")
    assert run("load", other, "--store", store).code == 0
    assert answer("load", file, "--dry-run", "--store", store)["reports"][0]["state"] == "dry_run"
    assert len(answer("imports", "--store", store)["imports"]) == 1
    assert run("coverage", "甲公司", "--store", store).code == 4


@pytest.mark.parametrize(("row", "said"), [
    ("坏码公司,91310105MA1FW00080,,,", "校验位"),
    ("倒期公司,,广告业,2024-05-01,2024-03-01", "结束"),
])
def test_a_bad_row_is_told_and_the_good_ones_load(store: str, tmp_path: Path, row: str, said: str) -> None:
    text = f"来源,测试\n截至,2024-06\n企业名称,统一社会信用代码,所属行业,开始日期,结束日期\n好公司,,,,\n{row}\n"
    result = run("load", register(tmp_path, text), "--rejects", tmp_path / "问题行.xlsx", "--store", store)
    assert result.code == 0, result.err
    assert said in result.flat
    reason, name = (c.value for c in openpyxl.load_workbook(tmp_path / "问题行.xlsx")["企业"][4][:2])
    assert said in reason
    assert name == row.partition(",")[0]
    assert answer("show", "好公司", "--store", store)["body"]["name"] == "好公司"


def test_nothing_loaded_gives_exit_code_3(store: str, tmp_path: Path) -> None:
    text = "来源,测试\n截至,2024-06\n企业名称,统一社会信用代码\n坏码公司,91310105MA1FW00080\n"
    assert run("load", register(tmp_path, text), "--store", store).code == 3


def test_an_unknown_relationship_target(store: str, tmp_path: Path) -> None:
    text = "来源,测试\n截至,2024-06\n起点类别,起点,关系,终点类别,终点\n企业,甲公司,位于,楼宇,没有这座楼\n"
    good = register(tmp_path, "来源,测试\n截至,2024-06\n企业名称\n甲公司\n")
    found = run("load", good, register(tmp_path, text, "关系.csv"), "--store", store)
    assert "没有这座楼" in found.flat
    assert answer("show", "甲公司", "--store", store)["relationships"] == []


@pytest.mark.parametrize(("name", "content"), [
    ("表头.csv", "来源,测试\n截至,2024-06\n甲列,乙列\n1,2\n".encode()),
    ("编码.csv", "来源,测试\n截至,2024-06\n企业名称\n甲公司\n".encode("utf-16-le")[1:]),
    ("声明.toml", "source = \"测试\"\nas_of = \"2024-06\"\n[[count]\n".encode()),
    ("元路径.toml", "source = '测试'\nas_of = '2024-06'\n[[completeness]]\nscope = ['(:Unit)']\nhop = '(:Unit)-[:NO]->(:Park)'\n".encode()),
    ("隐私.csv", "来源,测试\n截至,2024-06\n企业名称,身份证号\n甲公司,1\n".encode()),
])
def test_a_file_that_is_refused_as_a_whole(store: str, tmp_path: Path, name: str, content: bytes) -> None:
    bad = tmp_path / name
    bad.write_bytes(content)
    good = register(tmp_path, "来源,测试\n截至,2024-06\n企业名称\n甲公司\n")
    shown = run("load", bad, good, "--store", store)
    assert shown.code == 3
    assert name in shown.out + shown.err
    assert "Traceback" not in shown.err
    assert run("load", good, "--store", store).code == 0
    assert answer("show", "甲公司", "--store", store)["body"]["name"] == "甲公司"


def test_a_store_of_a_newer_version_stays_as_it_is(store: str, tmp_path: Path) -> None:
    file = register(tmp_path, "来源,测试\n截至,2024-06\n企业名称\n甲公司\n")
    assert run("load", file, "--store", store).code == 0
    path = store.removeprefix("sqlite:///")
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 999")
    db.close()
    for command in (("imports",), ("load", file)):
        shown = run(*command, "--store", store)
        assert (shown.code, shown.out) == (5, "")
        assert "错误[store.newer]" in shown.err


def test_a_broken_policy(store: str, tmp_path: Path) -> None:
    file = register(tmp_path, "来源,测试\n截至,2024-06\n企业名称\n甲公司\n")
    run("load", file, "--store", store)
    policy = tmp_path / "own.toml"
    policy.write_text('name = "own"\nlabel = "自己的"\nversion = 1\n[[ways]]\nname = "a"\nlabel = "甲"\nclass = "work"\n'
                      'metapath = "(:Unit)<-[:COVERS]-(:Industry)"\n', encoding="utf-8")
    shown = run("coverage", "甲公司", "--policy", policy, "--store", store)
    assert (shown.code, shown.out) == (3, "")
    assert "错误[policy.metapath]" in shown.err
    assert "ways.a" in shown.err


def test_a_made_district(store: str, tmp_path: Path) -> None:
    made = answer("synthesize", tmp_path / "made", "--enterprises", 200, "--seed", 7)
    assert run("load", *made, "--store", store).code == 0
    assert all(r["synthetic"] for r in answer("imports", "--store", store)["imports"])
    assert answer("statistics", "--by", "subdistrict", "--store", store)["overall"]["total"] >= 200


def test_the_demo_twice_changes_nothing(store: str) -> None:
    first, second = (run("demo", "--no-serve", "--store", store) for _ in range(2))
    assert (first.code, second.code) == (0, 0), first.err + second.err
    assert "数据没有变化" not in first.flat
    assert "数据没有变化" in second.flat
    assert first.flat.split("jingluocoverage", 1)[1] == second.flat.split("jingluocoverage", 1)[1]


def test_the_demo_on_a_made_district_is_marked_as_such(store: str) -> None:
    shown = answer("demo", "--synthetic", 300, "--store", store)
    assert shown["synthetic"]
    assert shown["coverage"]["subject"]["synthetic"]
    assert shown["paths"]["outcome"] == "paths"
    assert "虚构数据" in run("demo", "--no-serve", "--synthetic", 300, "--store", store).out


@pytest.mark.parametrize(("enterprises", "sections"), [(100, 1), (1000, 2)])
def test_the_demo_on_a_made_district_asks_for_no_path_twice(store: str, enterprises: int, sections: int) -> None:
    shown = run("demo", "--no-serve", "--synthetic", enterprises, "--store", store).flat
    assert shown.count("jingluopath") == sections
    assert ("全部为原文明示" in shown or "含推断" in shown) == (sections == 2)


def test_sheets_to_fill_in(store: str, tmp_path: Path) -> None:
    assert answer("template", "企业", "-o", tmp_path / "企业.xlsx") == [str(tmp_path / "企业.xlsx")]
    assert len(answer("template", "--all", tmp_path / "模板")) == 20
    assert run("template").code == run("template", "企业", "-o", tmp_path / "企业.xlsx").code == 3
    file = register(tmp_path, "来源,测试\n截至,2024-03\n企业名称,所在楼宇,楼层\n甲公司,东楼,3F\n")
    assert run("load", file, register(tmp_path, "来源,测试\n截至,2024-03\n楼宇名称\n东楼\n", "楼.csv"), "--store", store).code == 0
    assert answer("worklist", "东楼", "-o", tmp_path / "扫楼.xlsx", "--date", "2024-05-20", "--store", store) == [str(tmp_path / "扫楼.xlsx")]
    report, = answer("load", tmp_path / "扫楼.xlsx", "--dry-run", "--store", store)["reports"]
    assert (report["layout"], report["read"], report["rejected"]) == ("扫楼工作表", 2, 0)
    assert run("worklist", "甲公司", "-o", tmp_path / "x.xlsx", "--store", store).code == 3


def test_a_dry_run_tells_what_would_change(store: str, tmp_path: Path) -> None:
    top = "来源,测试\n截至,2024-03\n企业名称,企业类型\n"
    assert run("load", register(tmp_path, top + "甲公司,民营\n"), "--store", store).code == 0
    new = register(tmp_path, top.replace("03", "04") + "甲公司,外资\n" + "".join(f"公司{i},\n" for i in range(30)), "新.csv")
    shown = run("load", new, "--dry-run", "--limit", "5", "--store", store)
    assert "30家新登记的企业情况不明" in shown.flat
    assert "企业类型：民营[1]→外资[2]" in shown.flat
    assert "30个，此处5个" in shown.flat
    whole = answer("load", new, "--dry-run", "--store", store)["difference"]
    assert (len(whole["created"]), whole["limit"]) == (30, None)


def test_a_file_of_which_no_row_is_good_is_not_shown_as_loaded(store: str, tmp_path: Path) -> None:
    shown = run("load", register(tmp_path, "来源,测试\n截至,2024-03\n企业名称,企业类型\n甲公司,个体户\n"), "--store", store)
    assert shown.code == 3
    assert "全部退回" in shown.out and "√" not in shown.out
    assert "--rejects企业_问题行.xlsx" in shown.flat
