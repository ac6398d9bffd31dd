"""Register templates that people fill in: headers from the mapping, drop-downs, a sample row, and a sheet that explains each column."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xlsxwriter.worksheet import Worksheet

from ingest.column_help import SAMPLE, Told, columns, told
from ingest.mapping import Layout, layouts
from ingest.sheets import GUIDE, LISTS
from ingest.workbook import LAST_ROW, Workbook, height, page, width
from schemas.errors import InputError
from schemas.identifiers import normal
from schemas.kinds import KINDS

HEADER = 3  # 0-based row of the header: below the title, 来源 and 截至
ROWS = 10_000  # below the header that get drop-downs
RULES = (
    "先填上方两格：来源（哪里来的资料）和 截至（资料截至哪一天，如 2024-03）。",
    "深色表头的列必填。其余不清楚的留空：空格子是“不知道”，填“无”是“确实没有”。",
    "灰色的示例行不会导入，可以删去。",
    "几个值用顿号隔开：甲公司、乙公司。",
    "各列已设为文本格式，信用代码和日期照实填写即可；整列不用的可以删去，列的次序不限。",
    "只登记组织和岗位，不要加入身份证号、政治面貌、党员名单等个人信息的列：有这样的列，整个文件都不会导入。",
    "填好后先预检再导入：jingluo load --dry-run 文件，确认无误后去掉 --dry-run。",
)


def layout_named(text: str) -> Layout:
    """A register by its kind, label or layout name (企业, 企业登记表, Enterprise, enterprise, 关系); raises InputError."""
    for layout in layouts():
        label = KINDS[layout.kind].label if layout.kind else "关系"
        if normal(text) in map(normal, (layout.name, layout.label, layout.kind or "relation", label)):
            return layout
    known = "、".join(KINDS[x.kind].label if x.kind else "关系" for x in layouts())
    raise InputError("template.kind", f"没有“{text}”登记表", hint=f"可用：{known}")


def template(kind: str, path: Path | None = None) -> Path:
    """Write the template of one register; where it was written. ``path``: by default 企业登记表_模板.xlsx in the current folder.

    Raises InputError: no such register, a file that is there already (somebody may have filled it in), one that cannot be written.

    >>> template("企业", Path("企业.xlsx"))
    PosixPath('企业.xlsx')
    """
    layout = layout_named(kind)
    return _write(layout, path or Path(f"{layout.label}_模板.xlsx"))


def templates(folder: Path) -> tuple[Path, ...]:
    """The templates of all registers, one file each, in a folder, which is made where it is missing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise InputError("template.folder", f"无法新建文件夹 {folder}", hint="请检查路径和写权限") from None
    return tuple(_write(layout, folder / f"{layout.label}_模板.xlsx") for layout in layouts())


def checked_path(path: Path) -> Path:
    """Where a workbook to fill in may be written; raises InputError where a file is there already: somebody may have filled it in."""
    if path.suffix.lower() != ".xlsx":
        raise InputError("file.suffix", f"文件名 {path} 应以 .xlsx 结尾", hint="写出的是 Excel 工作簿")
    if path.exists():
        raise InputError("file.exists", f"文件 {path} 已经存在，没有覆盖", hint="可能有人已经填写；请换一个文件名，或先把它移走")
    return path


def _write(layout: Layout, path: Path) -> Path:
    checked_path(path)
    shown = [told(layout, c) for c in columns(layout)]
    with Workbook(path) as book:
        sheet = book.sheet(layout.label)
        guide = book.sheet(GUIDE)
        _register(book, sheet, layout, shown)
        _guide(book, guide, shown)
        _drop_downs(book, sheet, shown)
    return path


def _register(book: Workbook, sheet: Worksheet, layout: Layout, shown: Sequence[Told]) -> None:
    widths = [width((t.column.header, *t.options, SAMPLE + t.example), least=12, most=30) for t in shown]
    for i, wide in enumerate(widths):
        sheet.set_column(i, i, wide, book.style("text"))
    book.row(sheet, 0, [layout.label], "title")
    sheet.set_row(0, 26)
    for row, label, note in ((1, "来源", "← 资料从哪里来"), (2, "截至", "← 资料截至哪一天，如 2024-03")):
        book.row(sheet, row, [label], "label")
        sheet.write_blank(row, 1, None, book.style("fill"))
        sheet.data_validation(row, 1, row, 1, {"validate": "any", "input_title": label, "input_message": note.removeprefix("← ")})
    sheet.set_row(HEADER, 32)
    for i, t in enumerate(shown):
        sheet.write_string(HEADER, i, t.column.header, book.style("needed" if t.needed else "header"))
    book.row(sheet, HEADER + 1, [(SAMPLE if i == 0 else "") + t.example for i, t in enumerate(shown)], "sample", empty=True)
    sheet.freeze_panes(HEADER + 1, 1)
    page(sheet, HEADER, widths)


def _guide(book: Workbook, sheet: Worksheet, shown: Sequence[Told]) -> None:
    widths = (18, 40, 50, 24, 8)
    for i, wide in enumerate(widths):
        sheet.set_column(i, i, wide)
    sheet.hide_gridlines(2)
    book.row(sheet, 0, [GUIDE], "title")
    for i, rule in enumerate(RULES, 1):
        sheet.merge_range(i, 0, i, 4, f"{i}．{rule}", book.style("note"))
        sheet.set_row(i, height([rule], [sum(widths)]))
    head = len(RULES) + 2
    book.row(sheet, head, ("列", "填什么", "怎样填", "例", "必填"), "header")
    for i, t in enumerate(shown, head + 1):
        cells = (t.column.header, t.meaning, t.form, t.example, "必填" if t.needed else "")
        book.row(sheet, i, cells, "grid", empty=True)
        sheet.set_row(i, height(cells, widths))
    page(sheet, head, widths)


def _drop_downs(book: Workbook, sheet: Worksheet, shown: Sequence[Told]) -> None:
    """Lists from a hidden sheet (inline ones stop at 255 characters); where several may be chosen, only told."""
    lists = book.sheet(LISTS)
    lists.hide()
    at = dict[tuple[str, ...], int]()
    for i, t in enumerate(shown):
        rule: dict[str, object] = {"input_title": t.column.header[:32], "input_message": _short(t)}
        if t.options and not t.several:
            if t.options not in at:
                at[t.options] = len(at)
                for row, option in enumerate(t.options):
                    lists.write_string(row, at[t.options], option)
            column = chr(ord("A") + at[t.options])
            rule |= {"validate": "list", "source": f"={LISTS}!${column}$1:${column}${len(t.options)}", "error_title": "没有这个选项",
                     "error_message": f"“{t.column.header}”请从下拉列表中选；不清楚的留空"}
        else:
            rule["validate"] = "any"
        sheet.data_validation(HEADER + 1, i, min(HEADER + ROWS, LAST_ROW), i, rule)


def _short(t: Told) -> str:
    """At most the 255 characters that a hint may have."""
    text = f"{t.meaning}。{t.form}"
    return text if len(text) <= 250 else text[:249] + "…"
