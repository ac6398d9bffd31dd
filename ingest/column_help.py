"""What the columns of a register are, in words: meaning, form, example and whether they are needed. One place for templates and pages."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.mapping import Column, Layout
from schemas.identifiers import credit_check
from schemas.kinds import BY_LABEL, COMMON, KINDS, Field
from schemas.relations import BY_LABEL as RELATION_BY_LABEL
from schemas.relations import RELATIONS

FLAG = ("是", "否")
BASES = ("原文明示", "推断")
SAMPLE_CODE = "91310105000000000" + credit_check("91310105000000000")  # of the right form, of nobody
SAMPLE = "示例："  # before the first cell of a row that is there to be looked at and is never loaded
NEEDED = ("name", "source_kind", "source", "type", "target_kind", "target")
LAST = ("alias", "former", "brand", "start", "end", "over", "basis", "reason")  # columns that few fill in
DATES = ("start", "end", "over")  # of a row's relationships
TYPES = {"text": "文字", "flag": "是/否", "date": "日期：2024-03-01、2024-03 或 2024，知道到哪一步写到哪一步", "number": "整数"}
SHARED = {
    "name": ("名称；名称未公布的写成 [建于：企业名称] 的样子", "文字"),
    "credit_code": ("统一社会信用代码，与营业执照一致", "18 位，文本格式"),
    "alias": ("简称等其他名称，别处用它也能指到这个对象", "文字，几个用顿号隔开"),
    "former": ("以前的名称", "文字，几个用顿号隔开"),
    "brand": ("对外的品牌名称", "文字，几个用顿号隔开"),
    "start": ("这一行各项关系从哪天起", TYPES["date"]),
    "end": ("这一行各项关系到哪天止；写到日的，当天已不算在内", TYPES["date"]),
    "over": ("关系已经结束、又不知哪天结束的填 是", "是/否"),
    "basis": ("资料原文写明的，还是推断的；管整行", "原文明示（留空也是）或 推断"),
    "reason": ("推断所依据的", "文字"),
    "source_kind": ("关系的起点是哪类对象", "从下拉列表选"),
    "source": ("起点的名称（或别名、信用代码）；须已登记，或在同一次导入的表里", "文字"),
    "type": ("起点与终点是什么关系", "从下拉列表选"),
    "target_kind": ("关系的终点是哪类对象", "从下拉列表选"),
    "target": ("终点的名称（或别名、信用代码）；须已登记，或在同一次导入的表里", "文字"),
    "role": ("只用于 位于（注册地、经营地）、成员属于（牵头、成员）", "从下拉列表选"),
    "level": ("只用于 联系", "从下拉列表选"),
}
FIELDS = {  # where the label alone does not tell
    "type": "性质", "status": "目前的经营情况", "legal_form": "独立法人，还是分支机构", "staff_band": "从业人员大致有多少",
    "full_member_band": "正式党员有多少（只选档，不填人数和姓名）", "affiliation": "党组织关系归哪里管理", "key": "是否列为重点",
    "leading": "是否行业龙头", "landmark": "是否标志性楼宇", "confirmed": "最近一次核实这一行的日期", "level": "组织的层级",
    "form": "以什么形式组建", "founded": "何时成立", "term_ends": "本届何时届满", "working_body": "是否有实体化运作的工作机构",
    "service_list": "是否有自己的服务清单", "headcount": "团队有多少人", "zone": "是否设有营商服务专区", "zone_class": "专区定为哪一级",
    "self_service": "有哪些自助设备", "provider": "提供方不是登记的对象时，写在这里", "ended": "对象本身终止（注销、撤销）的日期",
    "floor": "在几层（只用于 位于）", "room": "哪个房间（只用于 位于）", "remark": "其他要说明的；不要写个人信息",
}


@dataclass(frozen=True)
class Told:
    """A column in words. ``options``: what may be chosen (a drop-down, unless ``several``)."""

    column: Column
    meaning: str
    form: str
    example: str
    needed: bool
    options: tuple[str, ...] = ()
    several: bool = False


def columns(layout: Layout) -> list[Column]:
    """Each column of a register once, by its first header; those that few fill in last. 虚构数据 stands above the header."""
    first = {c.asserts: c for c in reversed(layout.columns.values())}
    found = [c for c in dict.fromkeys(first[c.asserts] for c in layout.columns.values()) if c.field is None or c.field.name != "synthetic"]
    if layout.kind and not any(c.relation for c in found):
        found = [c for c in found if c.meaning not in DATES]
    own = {f.name for f in COMMON} if layout.kind else {"remark"}
    return sorted(found, key=lambda c: (2 if c.field and c.field.name in own else 1 if c.meaning in LAST else 0,
                                        LAST.index(c.meaning) if c.meaning in LAST else 0))


def told(layout: Layout, column: Column) -> Told:
    options, several = _options(layout, column)
    meaning, form = _words(layout, column)
    return Told(column, meaning, form, _example(layout, column), column.meaning in NEEDED, options, several)


def _words(layout: Layout, column: Column) -> tuple[str, str]:
    if column.relation and not column.field:
        kinds, relation = "、".join(KINDS[k].label for k in column.to), RELATIONS[column.relation]
        verb = relation.label if column.forward else relation.reverse
        role = f"（{relation.roles[column.role]}）" if column.role else ""
        count = "几个用顿号隔开" if column.many else "填一个"
        return f"与{kinds}的关系：{verb}{role}", f"{kinds}的名称，{count}；确实没有的填 无"
    if column.field:
        return _field(column.field)
    meaning, form = SHARED[column.meaning]
    return (f"{KINDS[layout.kind].label}的{meaning}" if column.meaning == "name" else meaning), form


def _field(field: Field) -> tuple[str, str]:
    meaning = FIELDS.get(field.name, field.label) + ("（个人信息，按权限显示）" if field.personal else "")
    if field.type == "choice":
        return meaning, f"选一个：{'、'.join(field.choices.values())}"
    if field.type == "choices":
        return meaning, f"可填几个，用顿号隔开：{'、'.join(field.choices.values())}；只有这些的，前面写 仅：；没有的填 无"
    return meaning, TYPES[field.type]


def _options(layout: Layout, column: Column) -> tuple[tuple[str, ...], bool]:
    if column.field:
        several = column.field.type == "choices"
        return (FLAG if column.field.type == "flag" else tuple(column.field.choices.values())), several
    roles = tuple(dict.fromkeys(label for r in RELATIONS.values() for label in r.roles.values()))
    levels = next(tuple(f.choices.values()) for r in RELATIONS.values() for f in r.fields if f.name == "level")
    lists: dict[str, tuple[str, ...]] = {"basis": BASES, "over": FLAG, "source_kind": tuple(BY_LABEL), "target_kind": tuple(BY_LABEL),
                                         "type": tuple(RELATION_BY_LABEL), "role": roles, "level": levels}
    return lists.get(column.meaning, ()), False


def _example(layout: Layout, column: Column) -> str:
    if column.relation and not column.field:
        names = [f"某某{KINDS[k].label}" for k in column.to]
        return names[0] + ("、" + (names[1] if len(names) > 1 else f"另一{KINDS[column.to[0]].label}") if column.many else "")
    if column.field:
        return _field_example(column.field)
    if not layout.kind:
        return {"source_kind": "企业", "source": "某某公司", "type": "成员属于", "target_kind": "行业党建载体", "target": "某某联盟",
                "role": "成员", "start": "2024-03", "basis": "原文明示"}.get(column.meaning, "")
    return {"name": f"某某{KINDS[layout.kind].label}", "credit_code": SAMPLE_CODE, "alias": "某某", "start": "2024-03",
            "basis": "原文明示"}.get(column.meaning, "")


def _field_example(field: Field) -> str:
    if field.name in ("ended", "remark", "floor", "room") or field.personal:
        return ""
    labels = list(field.choices.values())
    return {"choice": labels[0] if labels else "", "choices": "、".join(labels[:2]), "flag": "是", "date": "2024-03-01", "number": "6",
            "text": "文字"}[field.type]
