"""What must not be here: columns about individuals are refused before anything is stored (semantics 26)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from ingest.readers.table import RawRow
from schemas.errors import RegisterError
from schemas.identifiers import normal, shown

GAPS = (" ", "  ", "\u3000", "\u3000\u3000")  # by which offices widen words of two characters
FORBIDDEN = ("政治面貌", "政治面目", "政治身份", "入党", "加入中国共产党", "党龄", "转正时间", "转正日期", "身份证", "身分证", "身份号",
             "身份信息", "公民身份", "公民号码", "idcard", "idnumber", "证件号", "证件编号", "护照", "passport", "通行证", "积极分子",
             "积极份子", "发展对象", "预备党员", "花名册", "思想汇报", "思想动态", "思想状况", "宗教信仰", "信教", "出生", "birth", "性别",
             "gender", "籍贯", "户籍", "户口", "婚姻", "配偶", "家庭成员", "家庭地址", "家庭住址", "家庭出身", "健康状况", "个人简历",
             "手机", "手提电话", "移动电话", "个人电话", "个人联系", "微信", "wechat", "qq号", "mobile", "cellphone", "partymember",
             "politicalstatus")
ALONE = ("姓名", "名字", "党员", "年龄", "生日", "学历", "住址", "信仰", "转正", "qq", "sex", "dob", "sfz",
         "sfzh")  # as a whole header; part of others it may be harmless
# also where 党员情况 stands merged over 姓名; 是否有党员 is asked of an organisation
GROUPED = re.compile(r"(?<![有无])党员(身份)?$|党员.{0,6}(姓名|名字|电话|年龄|学历|住址|情况表|明细)|姓名.?党员"
                     r"|(人员|职工|员工|个人|成员|学员)(姓名|名字)|民族(?!品牌|企业|用品)"
                     r"|(?<![白黑])(?<!企业|单位|机构|组织|项目)名[单册]")
# as a title: 天山路街道党员名单（截至2024年3月）, and no sentence that only speaks of such a list
PEOPLE = re.compile(r".{0,20}((党员|积极分子|发展对象|申请人|职工|员工|人员|干部|居民|个人)(信息|情况)?名[单册]|花名册)表?"
                    r"((截[至止])?\d.*)?")
HEADCOUNT = re.compile(r"党员([总人名个]*(数|人$)|.{0,4}(人数|总数|数量))(?!.*档)")  # only as bands: 党员数, 党员人数, 在册党员总数（人）
ALLOWED = ("正式党员数档",)
SIMPLE = str.maketrans("黨員機證証號連時間齡紀錄單冊積極體貌皃歷戶別學書電話護發對預備簡個態狀況動業職",
                       "党员机证证号连时间龄纪录单册积极体貌貌历户别学书电话护发对预备简个态状况动业职")
# an identity card's or a mobile telephone's number, as people write it
PERSONAL = re.compile(r"(?<!\d)(\d{6}[ -]?\d{8}[ -]?\d{3}[\dXx]|1[3-9]\d[ -]?\d{4}[ -]?\d{4})(?!\d)")
# two of them side by side among the rows are the header of one more table
WIDENED = ("姓名", "性别", "民族", "年龄", "学历", "籍贯", "手机")
HEADERS = frozenset((*WIDENED, *(word[0] + gap + word[1] for word in WIDENED for gap in GAPS), "党员姓名", "身份证", "身份证号",
                     "身份证号码", "公民身份号码", "政治面貌", "入党时间", "入党日期", "出生年月", "出生日期", "手机号", "手机号码"))
HINT = "本系统只登记组织和岗位，请删除该列后再导入"


def refuse_personal(headers: Sequence[str], file: str) -> None:
    """Raise RegisterError if a header names what this knowledge base must not hold; cells are neither read nor told."""
    for header in headers:
        name = normal(header).translate(SIMPLE)
        if name in ALLOWED:
            continue
        if name in ALONE or GROUPED.search(name) or any(word in name for word in FORBIDDEN):
            raise RegisterError("register.personal", f"“{shown(header)}”列涉及个人信息，整个文件未导入", where=file, hint=HINT)
        if HEADCOUNT.search(name):
            raise RegisterError("register.headcount", f"“{shown(header)}”列是党员人数，整个文件未导入", where=file,
                                hint="请改为“正式党员数档”列，填 0、1-2 或 3及以上")


def refuse_people(titles: Iterable[str], file: str) -> None:
    """Raise RegisterError if a title or a sheet's name says that people are listed; 重点企业名单 is a list of organisations."""
    for title in titles:
        if PEOPLE.fullmatch(normal(title).translate(SIMPLE)):
            raise RegisterError("register.personal", f"“{shown(title)}”是个人名单，整个文件未导入", where=file,
                                hint="本系统只登记组织和岗位，请删除这张表后再导入")


def refuse_headers_below(row: RawRow, file: str) -> None:
    """Raise RegisterError for a row that is the header of one more table, about people, below a register."""
    if not HEADERS.isdisjoint(row.cells) and len(found := HEADERS.intersection(row.cells)) > 1:
        raise RegisterError("register.personal", f"下方另有涉及个人信息的表（{'、'.join(sorted(found))}），整个文件未导入",
                            where=f"{file}{f' 工作表“{row.sheet}”' if row.sheet else ''} 第 {row.number} 行",
                            hint="本系统只登记组织和岗位，请删除这部分后再导入")


def mentions_person(text: str) -> bool:
    """Whether free text holds something like an identity card's or a mobile telephone's number."""
    return PERSONAL.search(unicodedata.normalize("NFKC", text)) is not None
