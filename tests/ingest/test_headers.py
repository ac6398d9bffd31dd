"""Which register a file is, and where its header is."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.headers import Register, open_register
from schemas.errors import RegisterError


def opened(tmp_path: Path, text: str) -> Register:
    path = tmp_path / "登记表.csv"
    path.write_text(text, encoding="utf-8")
    return open_register(path)


def refused(tmp_path: Path, text: str) -> RegisterError:
    with pytest.raises(RegisterError) as error:
        opened(tmp_path, text)
    assert error.value.where == "登记表.csv"
    return error.value


@pytest.mark.parametrize("top", [
    "来源,区报表\n截至,2024-03\n", "来源：区报表\n截至：2024-03\n", "来源: 区报表,\n截至:2024年3月,\n",
    "2024年楼宇登记表,,\n来源,区报表,\n截至,2024.3,\n", "\n企业名称登记表\n\n截至,2024-03\n来源,区报表\n\n",
])
def test_titles_and_preamble_stand_above_the_header(tmp_path: Path, top: str) -> None:
    register = opened(tmp_path, top + "楼宇名称,重点楼宇,所属街镇\n甲大厦,是,\n")
    assert (register.tables[0].layout.kind, register.source, register.as_of, register.as_of_precision) == ("Building", "区报表", 20240301, "month")
    assert [r.cells[0] for r in register.tables[0].rows()] == ["甲大厦"]
    assert not register.warnings


def test_rows_below_the_header_are_no_preamble(tmp_path: Path) -> None:
    register = opened(tmp_path, "来源,甲\n截至,2024\n楼宇名称,备注\n来源,\n截至,2020\n")
    assert (register.source, register.as_of) == ("甲", 20240101)


def test_a_missing_source_is_the_files_name_and_told(tmp_path: Path) -> None:
    register = opened(tmp_path, "截至,2024\n楼宇名称\n甲\n")
    assert register.source == "登记表"
    assert "来源" in register.warnings[0]


@pytest.mark.parametrize(("top", "told"), [("", "没有写明"), ("截至,去年\n", "去年"), ("截至,2999\n", "今天之后")])
def test_the_as_of_date_must_be_there(tmp_path: Path, top: str, told: str) -> None:
    error = refused(tmp_path, f"{top}楼宇名称\n甲\n")
    assert error.code == "register.as-of"
    assert told in error.message


def test_an_unknown_column_is_told_and_left_out(tmp_path: Path) -> None:
    register = opened(tmp_path, "来源,甲\n截至,2024\n楼宇名称,层高\n甲,3\n")
    assert register.tables[0].columns[1] is None
    assert "层高" in register.warnings[0]


def test_a_header_almost_right_is_told(tmp_path: Path) -> None:
    error = refused(tmp_path, "来源,甲\n截至,2024\n党组织名,组建形式\n甲支部,联合\n")
    assert error.code == "register.guess"
    assert "“党组织名”看作“党组织名称”" in error.message


@pytest.mark.parametrize("header", ["楼宇名称,楼宇名称", "楼宇名称,名称", "楼宇名称,别名,简称", "楼宇名称,物业,物业管理方", "楼宇名称,重点楼宇,重点楼宇"])
def test_no_column_twice(tmp_path: Path, header: str) -> None:
    assert refused(tmp_path, f"截至,2024\n{header}\n甲,乙,丙\n").code == "register.column-twice"


def test_a_register_that_might_be_several(tmp_path: Path) -> None:
    error = refused(tmp_path, "截至,2024\n名称,备注\n甲,\n")
    assert error.code == "register.which"
    assert "楼宇登记表" in error.message
    assert opened(tmp_path, "截至,2024\n名称,重点楼宇\n甲,\n").tables[0].layout.kind == "Building"


def test_the_relationship_register_needs_its_five_columns(tmp_path: Path) -> None:
    error = refused(tmp_path, "截至,2024\n起点,关系,终点\n甲,覆盖,乙\n")
    assert error.code == "register.column-missing"
    assert "起点类别、终点类别" in error.message


@pytest.mark.parametrize("written", ["202403", "二〇二四年三月", "２０２４年３月"])
def test_an_as_of_may_be_written_as_other_dates(tmp_path: Path, written: str) -> None:
    assert opened(tmp_path, f"截至,{written}\n企业名称\n甲\n").as_of == 20240301


def test_of_very_many_unknown_columns_some_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    columns = ",".join(f"别的{i}{'很长' * 100}" for i in range(1_000))
    warnings = opened(tmp_path, f"来源,a\n截至,2024\n企业名称,{columns}\n甲\n").warnings
    assert len(warnings) == 21
    assert "另外 980 列" in warnings[-1]
    assert max(map(len, warnings)) < 100
