"""What the columns of a table were taken for, as the text of a mapping file: a workbook that holds it is read alike without being told."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from ingest.mapping import Column, Layout, layouts
from ingest.sheets import COLUMNS
from ingest.walk_layout import NAME
from ingest.workbook import Workbook
from schemas.identifiers import normal
from schemas.kinds import KINDS
from schemas.relations import RELATIONS


def tell(book: Workbook, lines: Iterable[str]) -> None:
    """Put the mapping on a hidden sheet: what a mapping file, a person or the file's name has told need not be told again."""
    if told := list(lines):
        sheet = book.sheet(COLUMNS)
        sheet.hide()
        for i, line in enumerate(told):
            sheet.write_string(i, 0, line)


def mapping_of(layout: Layout, shown: Iterable[tuple[str, Column | None]], sheet: str) -> Iterator[str]:
    """The lines of a [[sheet]] of this name, with each header and what it means; none for a walk, whose sheets are all alike.

    >>> list(mapping_of(table.layout, zip(table.headers, table.columns), "企业"))[-2:]
    ['[sheet.columns]', '"单位" = "企业名称"']
    """
    if layout.name == NAME:
        return
    kind = layout.kind
    yield from ("[[sheet]]", f"sheet = {_text(sheet)}", f'kind = "{KINDS[kind].label if kind else "关系"}"', "[sheet.columns]")
    base = next(x for x in layouts() if x.kind == kind)
    columns = {h: c for h, c in shown if h and (c is None or c.meaning != "basis_of")}
    for header in {normal(h): h for h in columns}.values():
        yield f"{_text(header)} = {_column(columns[header], base)}"


def _column(column: Column | None, base: Layout) -> str:
    if column is None:
        return '""'
    known = base.column(column.called)
    if known and known.asserts == column.asserts:
        return _text(column.called)
    to = ", ".join(f'"{k}"' for k in column.to)
    relation = RELATIONS[column.relation]
    named = relation.name if column.forward else relation.reverse
    return f'{{ relation = "{named}", to = [{to}], role = "{column.role}", many = {str(column.many).lower()} }}'


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
