"""Names, credit codes and dates of the made district: none can be mistaken for a real one, all follow from numbers alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from schemas.identifiers import credit_check

T = TypeVar("T")
Draw = Callable[[], float]  # the next number of a seeded stream, 0 <= x < 1

MADE = "虚构"
STEMS = "甲乙丙丁戊己庚辛壬癸"
ORDINALS = "一二三四五六七八九十"
# 100 characters that brands are made of; all of one common reading
BRAND = ("安邦宝博昌辰诚驰创达德鼎东飞丰福高光广海汉浩禾恒弘华汇慧吉佳嘉建健捷金锦京景聚凯康科坤蓝朗力立利联亮林龙隆"
         "迈美铭能宁诺鹏普启千勤庆荣瑞润森山尚盛世顺泰腾天通同维文沃祥欣新信兴旭雅阳益永优宇元源远云泽展")
TRADES = (("互联网与生活服务", "网络科技"), ("航空服务", "航空服务"), ("人工智能", "智能科技"), ("时尚创意", "文化创意"),
          ("广告传媒", "文化传媒"), ("金融服务", "投资管理"), ("专业服务", "企业咨询"), ("软件信息", "软件技术"), ("生物医药", "生物医药"),
          ("商贸零售", "商贸"), ("餐饮", "餐饮管理"), ("物流", "供应链"), ("建筑设计", "建筑设计"), ("教育培训", "教育科技"),
          ("体育健康", "健康管理"), ("旅游会展", "会展服务"), ("节能环保", "环保科技"), ("智能制造", "智能装备"),
          ("影视音乐", "影视制作"), ("人力资源", "人力资源"))
SOCIETIES = ("行业协会", "公益基金会", "社会服务中心", "律师事务所")
CIVIC_CODE = ("51", "53", "52", "31")  # first two characters of a credit code, by sort of social organisation
NO_REGION = "999999"  # no administrative division has this number, so no code is a real one
WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # of the inner check character, GB 11714


def brand(number: int) -> str:
    """A name of three characters (four from a million on), another one for every number, neighbours unlike each other."""
    width = 3 if number < 1_000_000 else 4
    rest, letters = number * 618_033 % 100**width, ""  # coprime to 100, so no two numbers meet
    for _ in range(width):
        rest, digit = divmod(rest, 100)
        letters += BRAND[digit]
    return letters


def credit_code(first2: str, number: int) -> str:
    """A credit code that is valid in both its check characters and belongs to nobody; ``number`` < 10**8."""
    body = f"{number:08d}"
    inner = -sum(int(c) * w for c, w in zip(body, WEIGHTS, strict=True)) % 11
    first17 = f"{first2}{NO_REGION}{body}{'X' if inner == 10 else inner}"
    return first17 + credit_check(first17)


def date_text(draw: Draw, first_year: int, last_year: int) -> str:
    """A past date in one of the ways and precisions that offices write it."""
    year, x = first_year + int(draw() * (last_year - first_year + 1)), draw()
    month, day = 1 + int(draw() * 12), 1 + int(draw() * 28)
    if x < 0.15:
        return str(year)
    if x < 0.4:
        return f"{year}-{month:02d}"
    return f"{year}.{month}.{day}" if x < 0.6 else f"{year}年{month}月{day}日" if x < 0.7 else f"{year}-{month:02d}-{day:02d}"


def one_of(draw: Draw, values: Sequence[T]) -> T:
    return values[int(draw() * len(values))]


def weighted(draw: Draw, values: Sequence[tuple[float, str]]) -> str:
    """One of (share, value); the shares add up to 1."""
    x = draw()
    for share, value in values:
        x -= share
        if x < 0:
            return value
    return values[-1][1]
