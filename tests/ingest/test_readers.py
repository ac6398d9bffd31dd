"""Files as offices have them: encodings, delimiters, JSON; what cannot be read is told and nothing is guessed."""

from __future__ import annotations

import codecs
import csv
import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.connect import connect
from ingest.load import load
from ingest.readers import open_book
from ingest.readers.table import Rows
from schemas.errors import RegisterError
from tests.ingest.support import csv_text, facts

ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be")
HEADER = ("企业名称", "企业类型", "重点单位", "所属行业")
ROWS = (("甲公司", "民营", "是", "[服务方：乙联盟]"), ("丙，“公司”", "", "", "无"), ("丁公司", "国有", "否", ""))
CELL = st.text(st.characters(codec="gb18030", exclude_categories=("Cs", "Cc")), max_size=8)


def read(path: Path) -> Rows:
    (sheet,) = open_book(path).sheets
    return sheet.rows()


def loaded(path: Path) -> list[str]:
    engine = connect(f"sqlite:///{path.parent / f'{path.name}.db'}")
    alliance = path.parent / "alliances.csv"
    alliance.write_text(csv_text(("行业党建载体名称",), [("乙联盟",)]), encoding="utf-8")
    result = load(engine, [path, alliance])
    assert not result.rejects
    found = facts(engine)
    engine.close()
    return found


def test_every_encoding_and_delimiter_gives_the_same_facts(tmp_path: Path) -> None:
    seen = []
    for encoding in ENCODINGS:
        for name, delimiter in (("comma", ","), ("semicolon", ";"), ("tab", "\t")):
            path = tmp_path / f"{encoding}-{name}.csv"
            path.write_bytes(csv_text(HEADER, ROWS, delimiter=delimiter).encode(encoding))
            seen.append(loaded(path))
    assert all(s == seen[0] for s in seen)
    assert len(seen[0]) > 4


def test_json_lines_and_arrays_give_the_same_facts_as_csv(tmp_path: Path) -> None:
    plain, lines, array = tmp_path / "a.csv", tmp_path / "a.jsonl", tmp_path / "a.json"
    plain.write_text(csv_text(HEADER, ROWS), encoding="utf-8")
    objects = [{"来源": "测试", "截至": "2024-03"},
               {"企业名称": "甲公司", "企业类型": "民营", "重点单位": True, "所属行业": ["[服务方：乙联盟]"]},
               {"企业名称": "丙，“公司”", "企业类型": None, "所属行业": []},
               {"企业名称": "丁公司", "企业类型": "国有", "重点单位": False}]
    lines.write_text("".join(json.dumps(o, ensure_ascii=False) + "\n" for o in objects), encoding="utf-8-sig")
    array.write_text("\n " + json.dumps(objects, indent=2), encoding="utf-8")
    assert loaded(plain) == loaded(lines) == loaded(array)


def test_json_says_that_data_are_made_up(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([{"来源": "测试", "截至": "2024", "虚构数据": True}, {"企业名称": "甲"}]), encoding="utf-8")
    assert next(read(path)).cells == ("来源", "测试")
    assert '"synthetic"' in "".join(loaded(path))


@pytest.mark.parametrize(("content", "told"), [
    ('{"企业名称": "甲"}\n\n{"企业名称": "乙"\n', "第 3 行"), ('{"企业名称": "甲"}\n["乙"]\n', "第 2 项"),
    ('{"企业名称": {"全称": "甲"}}\n', "第 1 项"), ("[1]", "第 1 项"), ("[" * 100_000, "嵌套过深"),
])
def test_broken_json_says_where(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RegisterError, match=told) as error:
        list(read(path))
    assert error.value.code == "register.json"


@pytest.mark.parametrize(("content", "code"), [
    (b"", "register.empty"), (b" \n\n", "register.empty"), (b"\xff\xff\xff", "register.encoding"),
    (codecs.BOM_UTF8 + "企业".encode()[:-1], "register.encoding"), (codecs.BOM_UTF16_LE + b"\x00\xd8,\x00", "register.encoding"),
    (b"PK\x03\x04\x00\x00\x00\x00\xff\xfe\x00\x01", "register.extension"), ('企业名称\n"甲\n乙\n'.encode(), "register.quote"),
    (("甲" * 40_000).encode(), "register.cell-too-long"),
])
def test_broken_files(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(RegisterError) as error:
        list(read(path))
    assert error.value.code == code
    assert "a.csv" in error.value.where


@pytest.mark.parametrize("name", ["a.ods", "a.ppt", "a.doc", "a"])
def test_other_formats_say_what_to_do(tmp_path: Path, name: str) -> None:
    with pytest.raises(RegisterError) as error:
        read(tmp_path / name)
    assert error.value.code == "register.format"
    assert error.value.hint


@given(st.lists(st.lists(CELL, min_size=2, max_size=4), min_size=1, max_size=6), st.sampled_from(ENCODINGS))
def test_a_written_csv_is_read_back(rows: list[list[str]], encoding: str) -> None:
    rows = [["企业名称", "备注"], *rows]
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(out.getvalue().encode(encoding))
        found = list(read(path))
    if encoding == "gb18030" and _is_utf8(out.getvalue().encode(encoding)):
        return  # these bytes are both; UTF-8 is the likelier
    assert [list(r.cells) for r in found] == rows
    assert [r.number for r in found] == list(range(1, len(rows) + 1))


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


@pytest.mark.parametrize(("text", "code"), [
    ('{"截至": "2024-03"}\n{"企业名称": "甲公司", "企业名称": "乙公司"}', "register.column-twice"),
    ('[{"截至": "2024-03"}, {"企业名称": "甲公司"', "register.json"),
])
def test_json_that_may_mean_two_things_is_told_in_chinese(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RegisterError) as error:
        list(read(path))
    assert error.value.code == code
    assert "delimiter" not in str(error.value)


def test_numbers_of_any_length_in_json_keep_their_digits_and_an_array_may_begin_late(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(" " * 200 + '[{"截至": 202403}, {"企业名称": "甲公司", "备注": ' + "9" * 5_000 + "}]", encoding="utf-8")
    assert [r.cells for r in read(path)][-1] == ("甲公司", "9" * 5_000)


def test_a_nul_in_a_text_is_told_as_such(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(csv_text(("企业名称",), [("甲\0公司",)]), encoding="utf-8")
    with pytest.raises(RegisterError) as error:
        list(read(path))
    assert error.value.code == "register.encoding"


@pytest.mark.parametrize(("name", "content", "told"), [
    ("a.csv", "企业名称\n甲公司\n" + "乙," * 2_200_000, r"一行超过 4,194,304 个字符.*第 3 行"),
    ("a.csv", "企业名称\n" + '"\n",' * 1_100_000, r"一行超过 4,194,304 个字符"), ("a.csv", "企业名称" + ",列" * 16_384, r"一行超过 16,384 格.*第 1 行"),
    ("a.jsonl", '{"企业名称": "甲公司"}\n{"企业名称": [' + '"",' * 1_500_000, r"一行超过 4,194,304 个字符.*第 2 行"),
    ("a.json", "[" + " " * (16 << 20) + "]", "JSON 数组超过 16 MB.*jsonl"), ("a.jsonl", json.dumps(dict.fromkeys(map(str, range(16_385)))), "不同的键超过 16,384 个"),
])
def test_what_would_fill_the_memory_is_refused(tmp_path: Path, name: str, content: str, told: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RegisterError, match=told) as error:
        list(read(path))
    assert error.value.code == "register.too-large"


def test_rows_together_may_be_longer_than_one_row_can_be(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("企业名称\n" + ("甲" * 30_000 + "\n") * 150, encoding="utf-8")
    assert len(list(read(path))) == 151
