"""Ledgers as people made them: titles, headers in two rows, merged ones, synonyms, guesses confirmed and remembered, layouts of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter

from graph.engine import GraphEngine
from ingest.guidance import Guidance, Proposal
from ingest.headers import open_register
from ingest.load import load
from ingest.own_layouts import read_ledger
from schemas.errors import RegisterError
from tests.ingest.support import register, values

Cells = Sequence[Sequence[str]]


def ledger(path: Path, rows: Cells, merges: Sequence[tuple[int, int, int, int, str]] = (), sheet: str = "台账", hidden: Sequence[int] = ()) -> Path:
    """A workbook of one sheet; ``merges``: top, left, bottom, right, text."""
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet(sheet)
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                if cell:
                    page.write_string(i, j, cell)
        for merge in merges:
            page.merge_range(*merge)
        for column in hidden:
            page.set_column(column, column, None, None, {"hidden": True})
    return path


def read_as(path: Path, guidance: Guidance | None = None) -> dict[str, str]:
    (table,) = open_register(path, guidance or Guidance(as_of="2024-03")).tables
    return {h: c.called for h, c in zip(table.headers, table.columns, strict=True) if c}


TWO_ROWS = [["天山街道企业台账（截至2024年3月31日）"], ["序号", "企业名称", "地址", "", "", "党建情况", ""], ["", "", "所在楼宇", "楼层", "房号", "党组织", "联络员"],
            ["1", "甲公司", "甲楼、乙楼", "3、5", "301、502", "", ""], ["合计", "1", "", "", "", "", ""], ["填表人：某某", "", "", "", "", "", ""]]
MERGES = [(0, 0, 0, 6, TWO_ROWS[0][0]), (1, 0, 2, 0, "序号"), (1, 1, 2, 1, "企业名称"), (1, 2, 1, 4, "地址"), (1, 5, 1, 6, "党建情况")]
MEANT = {"企业名称": "企业名称", "所在楼宇": "所在楼宇", "楼层": "楼层", "房号": "房号", "党组织": "党组织", "联络员": "联络员"}


def test_a_header_in_two_rows_with_merged_cells(engine: GraphEngine, tmp_path: Path) -> None:
    path = ledger(tmp_path / "a.xlsx", TWO_ROWS, MERGES)
    assert read_as(path) == MEANT
    result = load(engine, [path, register(tmp_path, "楼宇", ("楼宇名称",), ("甲楼",), ("乙楼",))])
    assert (result.rejects, result.reports[0].read, result.reports[0].warnings) == ((), 1, ("没有写明来源，以文件名代替（可在表头上方加一行：来源）",))
    with engine.read() as snapshot:
        (body,) = snapshot.lookup("name", "甲公司")
        edges = snapshot.step([body.id], [("LOCATED_IN", True)], None)
        names = {b.id: b.name for b in snapshot.bodies(e.target for e in edges).values()}
        found = {names[e.target]: (e.values["floor"].value, e.values["room"].value) for e in edges}
        assert found == {"甲楼": ("3", "301"), "乙楼": ("5", "502")}
        assert sorted(i.as_of for i in snapshot.imports().values()) == [20240301, 20240331]


def test_the_same_without_merges_as_csv_has_it(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join(",".join(r) for r in TWO_ROWS), encoding="gb18030")
    assert read_as(path) == MEANT


@pytest.mark.parametrize(("rows", "merges", "hidden"), [
    ([["企业名称", "身份证号"], ["甲公司", "310105199001011234"]], [], [1]),
    ([["企业名称", "负责人", ""], ["", "姓名", "身份证号"], ["甲公司", "某某", "310105199001011234"]], [(0, 1, 0, 2, "负责人")], []),
    ([["企业名称", "党员", ""], ["", "姓名", "人数"], ["甲公司", "某某", "3"]], [(0, 1, 0, 2, "党员")], []),
    ([["企业名称", "身份证", ""], ["企业名称", "号", "备注"], ["甲公司", "310105199001011234", ""]], [(0, 1, 0, 2, "身份证")], []),
    ([["企业名称", "政 治\n面 貌"], ["甲公司", "群众"]], [], []),
    ([["企业基本情况", "", "党员情况", ""], ["企业名称", "备注", "姓名", "备注2"], ["甲公司", "", "某某", "x"]], [(0, 0, 0, 1, "企业基本情况"), (0, 2, 0, 3, "党员情况")], []),
])
def test_columns_about_persons_are_found_wherever_they_hide(engine: GraphEngine, tmp_path: Path, rows: Cells,
                                                            merges: Sequence[tuple[int, int, int, int, str]], hidden: Sequence[int]) -> None:
    path = ledger(tmp_path / "a.xlsx", rows, merges, hidden=hidden)
    with pytest.raises(RegisterError) as error:
        load(engine, [path], guidance=Guidance(as_of="2024-03", confirm=lambda _: True))
    assert error.value.code in ("register.personal", "register.headcount")
    assert "310105199001011234" not in str(error.value)
    assert "某某" not in str(error.value)
    with engine.read() as snapshot:
        assert not any(snapshot.counts().values())


def test_a_guess_is_confirmed_once_and_remembered(engine: GraphEngine, tmp_path: Path) -> None:
    header, asked = ("企业名称", "经营状况"), list[Proposal]()
    with pytest.raises(RegisterError) as error:
        load(engine, [register(tmp_path, "a", header, ("甲公司", "在营"))])
    assert (error.value.code, "--yes" in error.value.hint) == ("register.guess", True)

    def confirm(proposal: Proposal) -> bool:
        asked.append(proposal)
        return True

    guidance = Guidance(confirm=confirm)
    load(engine, [register(tmp_path, "a", header, ("甲公司", "在营"))], guidance=guidance, dry_run=True)
    load(engine, [register(tmp_path, "a", header, ("甲公司", "在营"))], guidance=guidance)
    assert [(p.columns, p.guesses) for p in asked] == [((("企业名称", "企业名称"), ("经营状况", "经营状态")), ("“经营状况”看作“经营状态”",))] * 2
    assert load(engine, [register(tmp_path, "b", header, ("乙公司", "失联"))]).reports[0].state == "loaded"  # nobody is asked again
    assert values(engine, "乙公司") == {"status": "unreachable"}
    with pytest.raises(RegisterError):
        load(engine, [register(tmp_path, "c", (*header, "备注"), ("丙公司", "失联", ""))])  # another header


def test_a_guess_that_is_refused_loads_nothing(engine: GraphEngine, tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match=r"register\.guess"):
        load(engine, [register(tmp_path, "a", ("企业名称", "经营状况"), ("甲公司", "在营"))], guidance=Guidance(confirm=lambda _: False))
    with engine.read() as snapshot:
        assert not snapshot.imports()


def test_a_title_tells_which_register_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("天山街道园区一览表\n截至,2024-03\n名称,备注\n甲园,\n", encoding="utf-8")
    with pytest.raises(RegisterError, match="按标题、工作表名或文件名看作园区登记表"):
        open_register(path)


MAPPING = """
name = "天山街道台账"
source = "天山路街道"
[[sheet]]
sheet = "入驻企业"
kind = "企业"
title = "天山街道入驻企业台账"
[sheet.columns]
"序号" = ""
"单位" = "企业名称"
"大厦" = "所在楼宇"
"帮扶支部" = { relation = "被覆盖于", to = ["党组织"], many = true }
"联系电话" = ""
[[sheet]]
sheet = "支部"
kind = "党组织"
[sheet.columns]
"支部" = "党组织名称"
"类型" = "组建形式"
"""


def mapping(folder: Path, text: str = MAPPING) -> Path:
    path = folder / "天山.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_layout_of_ones_own_with_several_sheets(engine: GraphEngine, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, rows in (("入驻企业", [["序号", "单位", "大厦", "帮扶支部", "联系电话"], ["1", "甲公司", "[楼]", "甲支部、乙支部", "62521234"]]),
                           ("支部", [["支部", "类型"], ["甲支部", "联合"], ["乙支部", "联合"]])):
            sheet = book.add_worksheet(name)
            for i, row in enumerate(rows):
                sheet.write_row(i, 0, [c.replace("[楼]", "") for c in row])
    own = read_ledger(mapping(tmp_path))
    assert (own.name, own.source, [s.sheet for s in own.sheets]) == ("天山街道台账", "天山路街道", ["入驻企业", "支部"])
    result = load(engine, [path], guidance=Guidance(own.sheets, as_of="2024-03", source=own.source))
    assert result.rejects == ()
    (report,) = result.reports
    assert (report.created, report.warnings, report.relationships) == (3, (), {"created": 2})


@pytest.mark.parametrize(("change", "told"), [
    (('kind = "企业"', 'kind = "飞船"'), "没有“飞船”这一类"), (('"企业名称"', '"备注"'), "没有写明哪一列"), (('"所在楼宇"', '"楼高"'), "没有“楼高”这一列"),
    (('"被覆盖于"', '"爱好"'), "不能以“爱好”"), (('many = true', 'mony = true'), "mony"), (('"联系电话" = ""', '"党员姓名" = "备注"'), "个人信息"),
    (('"大厦" =', '"备注2" = "企业名称"\n"大厦" ='), "同一列"), (("[[sheet]]\nsheet = \"支部\"", "[[sheet\n"), "TOML"),
])
def test_a_mapping_that_is_wrong_says_where(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    with pytest.raises(RegisterError, match=told) as error:
        read_ledger(mapping(tmp_path, MAPPING.replace(*change)))
    assert "天山.toml" in error.value.where


@pytest.mark.parametrize(("rows", "told"), [
    (("甲公司", "", "3"), "没有填在哪个楼宇"), (("甲公司", "甲楼、乙楼", "3"), "有 2 个楼宇"),
])
def test_floors_belong_to_buildings(engine: GraphEngine, tmp_path: Path, rows: tuple[str, ...], told: str) -> None:
    result = load(engine, [register(tmp_path, "a", ("企业名称", "所在楼宇", "楼层"), rows), register(tmp_path, "楼宇", ("楼宇名称",), ("甲楼",), ("乙楼",))])
    (reject,) = result.rejects
    assert told in reject.message
    assert reject.column == "楼层"


@pytest.mark.parametrize(("text", "told"), [
    ("a = " + "[" * 20_000, "嵌套过深"), ("a = 2024-02-30", "没有这样的日期"), ("x = ]", "第 1 行"), ("sheet = 1", "sheet：应为列表"), ("x = 1", "缺少"),
])
def test_a_broken_mapping_is_told_in_chinese(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RegisterError) as error:
        read_ledger(path)
    assert error.value.code == "mapping.file"
    assert told in error.value.message
