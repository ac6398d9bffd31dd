"""The page about registers says what the mappings say; ``python -m tests.ingest.test_registers_page`` writes its list anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.engine import GraphEngine
from ingest.load import load
from ingest.mapping import COMMON_COLUMNS, RELATION_COLUMNS, Layout, layouts
from schemas.identifiers import normal
from schemas.kinds import COMMON, KINDS, Field
from tests.ingest.support import register

PAGE = Path(__file__).parents[2] / "docs" / "registers.md"
START, END = "<!-- 以下由 tests/ingest/test_registers_page.py 生成 -->\n", "<!-- 生成到此为止 -->\n"
TYPES = {"text": "文字", "flag": "是/否", "date": "日期", "number": "整数"}
SHARED = {normal(h) for _, headers in (*COMMON_COLUMNS, *RELATION_COLUMNS) for h in headers} | {normal(f.label) for f in COMMON}


def generated() -> str:
    return "\n".join(map(_section, layouts()))


def _section(layout: Layout) -> str:
    lines = [f"### {layout.label}", "", "| 列 | 同义表头 | 填什么 |", "|---|---|---|"]
    by_about = dict[object, list[str]]()
    for header, column in layout.columns.items():
        if column.meaning in ("name", "credit_code", "field", "relation") or not layout.kind:
            own = column.meaning == "field" or header not in SHARED or not layout.kind
            if own and not (layout.kind and column.field in COMMON):
                by_about.setdefault((column.meaning, column.about), []).append(header)
    for headers in by_about.values():
        first, *others = (layout.columns[h] for h in headers)
        aliases = "、".join(c.header if c.header != first.header else h for h, c in zip(headers[1:], others, strict=True))
        lines.append(f"| {first.header} | {aliases} | {_told(layout, headers[0])} |")
    return "\n".join((*lines, ""))


def _told(layout: Layout, header: str) -> str:
    column = layout.columns[header]
    if column.field:
        return _field(column.field)
    if column.relation:
        return f"{'、'.join(KINDS[k].label for k in column.to)}{'，可填几个' if column.many else '，填一个'}"
    return {"name": "名称，必填", "credit_code": "18 位", "source_kind": "种类，必填", "target_kind": "种类，必填", "source": "名称，必填",
            "target": "名称，必填", "type": "关系名称，必填", "role": "牵头、成员（成员属于），注册地、经营地（位于）", "level": "区级、街镇级（只用于“联系”）"}.get(column.meaning, "见“各表共有的列”")


def _field(field: Field) -> str:
    if field.choices:
        return ("可填几个：" if field.type == "choices" else "选一个：") + "、".join(field.choices.values())
    return TYPES[field.type] + ("（个人信息，按权限显示）" if field.personal else "")


def test_the_page_lists_every_register_as_the_mappings_have_it() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text.partition(START)[2].partition(END)[0].strip() == generated().strip()


def test_the_page_names_all_shared_columns() -> None:
    page = PAGE.read_text(encoding="utf-8").partition(START)[0]
    shared = [h for _, headers in COMMON_COLUMNS for h in headers] + [f.label for f in COMMON]
    assert [h for h in shared if h not in page] == []


@pytest.mark.parametrize("layout", layouts(), ids=lambda layout: layout.name)
def test_every_listed_header_is_read(engine: GraphEngine, tmp_path: Path, layout: Layout) -> None:
    headers = [line.split("|")[1].strip() for line in _section(layout).splitlines()[4:] if line.startswith("|")]
    report = load(engine, [register(tmp_path, "a", headers)]).reports[0]
    assert report.layout == layout.label
    assert not any("不认识" in w for w in report.warnings)


if __name__ == "__main__":
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(START)
    PAGE.write_text(before + START + "\n" + generated() + "\n" + END + rest.partition(END)[2], encoding="utf-8")
