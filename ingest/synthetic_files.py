"""The register files of the made district: their headers, and a writer that streams rows into all of them at once."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

SOURCE, AS_OF = "虚构区登记数据（由程序生成，不对应任何真实单位）", "2025-06-30"
BASIS = ("依据", "推断理由")
INFERRED, STATED = ("推断", "由单位名称与地址推断"), ("", "")
UNIT = ("法人或分支", "经营状态", "从业人员规模", "正式党员数档", "党组织归口", "重点单位", "龙头单位",
        "所在楼宇", "所在园区", "所在街镇", "所属行业", "终止日期")
HEADERS: dict[str, tuple[str, ...]] = {
    "街镇": ("街镇名称",),
    "商圈": ("商圈名称", "所属街镇"),
    "园区": ("园区名称", "所属街镇", "重点园区", "有服务清单"),
    "行业": ("行业名称", "重点行业"),
    "职能部门": ("职能部门名称",),
    "楼宇": ("楼宇名称", "所属街镇", "所属商圈", "所属园区", "重点楼宇", "标志性楼宇", "有服务清单"),
    "物业": ("物业名称", "管理楼宇"),
    "企业": ("企业名称", "统一社会信用代码", "别名", "企业类型", *UNIT, *BASIS),
    "社会组织": ("社会组织名称", "统一社会信用代码", "社会组织类型", *UNIT),
    "党组织": ("党组织名称", "组建形式", "组织层级", "成立日期", "届满日期", "建于", "隶属"),
    "商圈党委": ("商圈党委名称", "组建形式", "实体化运作", "依托商圈", "组建者"),
    "行业党建载体": ("行业党建载体名称", "载体形式", "四个一", "成立日期", "服务行业"),
    "群团组织": ("群团组织名称", "群团类别", "成立日期", "建于"),
    "服务团队": ("服务团队名称", "团队类别", "人数", "服务"),
    "联络岗位": ("联络岗位名称", "岗位类别", "培训模块", "派驻于", "设岗单位"),
    "党群阵地": ("党群阵地名称", "所在楼宇", "所在街镇", "设有营商服务专区", "专区等级", "专区功能"),
    "服务项目": ("服务项目名称", "六个便利模块", "开始日期", "服务地点", "承办方"),
    "诉求": ("诉求名称", "诉求主题", "办理状态", "提出日期", "答复日期", "提出单位", "诉求办理于"),
}
RELATION = ("起点类别", "起点", "关系", "终点类别", "终点", "角色", "层级", "开始日期", "结束日期", *BASIS)
RELATION_FILES = ("关系登记表-覆盖", "关系登记表-联系", "关系登记表-载体与团队", "关系登记表-变动")
Rows = Callable[[Sequence[str]], object]


class Registers:
    """Open files of all registers; ``rows[name]`` writes one row. Memory does not grow with the number of rows."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.headers = {**HEADERS, **dict.fromkeys(RELATION_FILES, RELATION)}
        self.paths = {name: directory / f"{name}.csv" for name in self.headers}
        self.rows: dict[str, Rows] = {}
        self.stack = ExitStack()

    def __enter__(self) -> Registers:
        for name, headers in self.headers.items():
            file = self.stack.enter_context(self.paths[name].open("w", encoding="utf-8-sig", newline=""))
            self.rows[name] = csv.writer(file).writerow
            for row in (("来源", SOURCE), ("截至", AS_OF), ("虚构数据", "是"), headers):
                self.rows[name](row)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stack.close()

    def relate(self, register: str, source: tuple[str, str], relation: str, target: tuple[str, str], role: str = "", level: str = "",
               start: str = "", end: str = "", basis: tuple[str, str] = STATED) -> None:
        """A row of a general register; ``source`` and ``target`` are (kind's label, name)."""
        self.rows[register]((*source, relation, *target, role, level, start, end, *basis))
