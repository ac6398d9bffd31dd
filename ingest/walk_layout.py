"""The columns of the sheet for a walk through a building (扫楼), as ``ingest.worklist`` writes and ``ingest.walk`` reads it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from ingest.mapping import Column, Layout, Meaning
from schemas.identifiers import clean, normal
from schemas.kinds import COMMON, GROUPS, KINDS

NAME, LABEL = "worklist", "扫楼工作表"
PLACE_ROW = "楼宇园区"  # in the column 类别 of the row that says which building it is
UNITS = {KINDS[k].label: k for k in GROUPS["Unit"]}
ROLES = {"operating": "经营地", "registered": "注册地", "": ""}
# headers that assert something, and those that only tell what is known
ASSERTING: dict[str, Meaning] = {
    "楼层": "floor", "房号": "room", "类别": "kind", "单位名称": "name", "统一社会信用代码": "credit_code",
    "是否仍在": "still", "现名称": "now_called", "新入驻": "moved_in", "已迁出日期": "moved_out",
    "核实日期": "checked", "地址类别": "place_role", "编号": "body_id"}
MARK = "是否仍在"  # a column that no other register has
TOLD = ("经营状态", "党组织与群团", "覆盖情况", "联络岗位", "最近核实日期", "需要核实")


def walk_layouts(cells: Iterable[str]) -> list[Layout]:
    """The layout of a walk, if these may be cells of one: any list of 单位名称 would else be taken for it."""
    return [walk_layout()] if any(clean(c) == MARK for c in cells) else []


@lru_cache(maxsize=1)
def walk_layout() -> Layout:
    """Units are enterprises where the row does not say what they are."""
    columns = {normal(h): Column(h, meaning) for h, meaning in ASSERTING.items()}
    columns[normal("备注")] = Column("备注", "field", COMMON[1])
    return Layout(NAME, LABEL, "Enterprise", ("单位名称",), columns, ignored=frozenset(map(normal, TOLD)))
