"""What must not be here: columns about individuals are refused before anything is stored (semantics 26)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from schemas.errors import RegisterError
from schemas.identifiers import normal

FORBIDDEN = ("政治面貌", "政治面目", "入党", "党龄", "转正时间", "转正日期", "身份证", "身分证", "身份号", "公民身份", "idcard", "证件号",
             "证件编号", "护照", "通行证", "积极分子", "积极份子", "发展对象", "预备党员", "名单", "名册", "思想汇报", "思想动态",
             "思想状况", "宗教信仰", "民族", "出生", "性别", "籍贯", "户籍", "婚姻", "健康状况", "个人简历", "家庭住址", "手机", "手提电话",
             "移动电话", "个人电话", "微信", "qq号", "mobile")
ALONE = ("姓名", "党员", "年龄", "生日", "学历", "住址", "信仰", "qq")  # as a whole header; part of others it may be harmless
# also where 党员情况 stands merged over 姓名
GROUPED = re.compile(r"(是否|在册|流动|正式)党员$|党员.{0,6}(姓名|名字|电话|年龄|学历|住址|情况表|明细)|姓名.?党员")
HEADCOUNT = re.compile(r"党员([总人名个]*(数|人$)|.{0,4}(人数|总数|数量))(?!.*档)")  # only as bands: 党员数, 党员人数, 在册党员总数（人）
ALLOWED = ("正式党员数档",)
SIMPLE = str.maketrans("黨員機證號連時間齡紀錄單冊積極體貌歷", "党员机证号连时间龄纪录单册积极体貌历")
PERSONAL = re.compile(r"(?<!\d)(\d{17}[\dXx]|1[3-9]\d{9})(?!\d)")  # an identity card's or a mobile telephone's number


def refuse_personal(headers: Sequence[str], file: str) -> None:
    """Raise RegisterError if a header names what this knowledge base must not hold; cells are neither read nor told."""
    for header in headers:
        name = normal(header).translate(SIMPLE)
        if name in ALLOWED:
            continue
        if name in ALONE or GROUPED.search(name) or any(word in name for word in FORBIDDEN):
            raise RegisterError("register.personal", f"“{header}”列涉及个人信息，整个文件未导入", where=file,
                                hint="本系统只登记组织和岗位，请删除该列后再导入")
        if HEADCOUNT.search(name):
            raise RegisterError("register.headcount", f"“{header}”列是党员人数，整个文件未导入", where=file,
                                hint="请改为“正式党员数档”列，填 0、1-2 或 3及以上")


def mentions_person(text: str) -> bool:
    """Whether free text holds something like an identity card's or a mobile telephone's number."""
    return PERSONAL.search(text) is not None
