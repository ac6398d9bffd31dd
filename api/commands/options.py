"""The options that commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

Store = Annotated[str | None, typer.Option("--store", metavar="地址", show_default=False,
                                           help="数据库：文件名、sqlite:///文件.db 或 neo4j://主机:7687。 默认 取 JINGLUO_STORE， "
                                                "否则 sqlite:///jingluo.db")]
Json = Annotated[bool, typer.Option("--json", help="只输出 JSON；出错时 JSON 写到标准错误")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="日期", show_default=False,
                                           help="按哪一天回答， 如 2020-09-01、2020-09； 默认今天")]
Policy = Annotated[str | None, typer.Option("--policy", metavar="口径", show_default=False,
                                            help="changning、 national 或 .toml 文件。 默认取 JINGLUO_POLICY， 否则 changning")]
Assume = Annotated[Path | None, typer.Option("--assume", metavar="文件", show_default=False,
                                             help="假定成立的声明文件（.toml）， 只对这一次提问有效")]
Mapping = Annotated[list[Path] | None, typer.Option("--mapping", metavar="文件.toml", show_default=False,
                                                    help="自己的格式： 哪个表头是哪一列。 另取 JINGLUO_MAPPINGS 文件夹里的")]
Scope = Annotated[str | None, typer.Option("--scope", metavar="名称", show_default=False, help="只看某街镇、商圈、 楼宇、园区或行业")]
Limit = Annotated[int, typer.Option("--limit", metavar="N", min=1, max=10_000, help="每页条数")]
Cursor = Annotated[str | None, typer.Option("--cursor", metavar="游标", show_default=False, help="下一页的游标，见上一页末尾")]


class GapState(StrEnum):
    gap = "gap"
    not_known = "not_known"
    exempt = "exempt"
    ok = "ok"


class By(StrEnum):
    subdistrict = "subdistrict"
    business_district = "business-district"
    building = "building"
    industry = "industry"
    type = "type"
