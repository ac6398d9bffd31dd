"""Rows below a register that are no data: totals, who filled it in and signed it, notes, the end of a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from schemas.identifiers import clean

TOTAL = r"([合小总共]计|累计)([:：（(\d]|$)"
WHO = (r"(单位|部门|分管)?(填表|填报|制表|审核|复核|审批|经办|校对|录入|负责|联系)(人|者|单位|部门|领导|日期|时间)?"
       r"([（(]?(签字|签名|签章|盖章|公章)[)）]?)?[:：]|填表人|审核人|填报单位|制表((人|单位|日期|时间)|$)")
SEAL = r"[（(]?(单位)?(盖章|公章|签章)[)）]?[:：]?$"
NOTE = r"[*＊※]?(备?注|[填制]?[表报]?说明|示例|数据来源|统计口径|联系电话)\d{0,2}[:：]|(\d{1,2}[.、．)）])?本表"
END = r"第\d+页(，?共\d+页)?$|[-—–=]*(以下空白|此下空白|以下无正文)|\d{4}年\d{1,2}月(\d{1,2}日)?$"
NOT_DATA = re.compile("|".join((TOTAL, WHO, SEAL, NOTE, END)))


def is_data(cells: Sequence[str], meant: Sequence[object]) -> bool:
    """Whether a row is more than a note, as its first text tells, or the next one where that is a number (序号); a number alone in a
    column that means nothing (``meant`` has something for each that does) is a row that was prepared and left empty."""
    found = list(islice(((i, text) for i, cell in enumerate(cells) if (text := "".join(clean(cell).split()))), 2))
    if not found:
        return False
    at, first = found[0]
    if not first.isdecimal():
        return not NOT_DATA.match(first)
    return not NOT_DATA.match(found[1][1]) if len(found) > 1 else at >= len(meant) or meant[at] is not None
