"""Credit codes (GB 32100-2015), ids, names and pinyin."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.identifiers import CREDIT_ALPHABET, clean, credit_check, credit_code, kind_of, normal, public_id
from schemas.kinds import KINDS
from schemas.pinyin import reading

BODIES = st.text(CREDIT_ALPHABET, min_size=17, max_size=17)


def test_published_codes_are_right() -> None:
    for code in ("91310000132200821H", "91110000802100433B"):
        assert credit_code(code) == (code, "")


@given(BODIES)
def test_a_code_with_its_check_character_is_right_and_with_any_other_wrong(first: str) -> None:
    right = credit_check(first)
    assert credit_code(first + right)[1] == ""
    for other in CREDIT_ALPHABET.replace(right, ""):
        assert f"应为 {right}" in credit_code(first + other)[1]


@given(BODIES)
def test_codes_are_read_as_people_type_them(first: str) -> None:
    code = first + credit_check(first)
    wide = "".join(chr(ord(c) + 0xFEE0) for c in code.lower())
    assert credit_code(f" {wide[:4]} {wide[4:]}\u200b") == (code, "")
    assert credit_code(f"'{code}") == credit_code(f"‘{code}") == credit_code(f'="{code}"') == (code, "")  # by which people keep a code text


@given(st.sampled_from(sorted(KINDS)), st.text(min_size=1))
def test_an_id_tells_its_kind_and_depends_on_the_key_only(kind: str, name: str) -> None:
    id = public_id(kind, "name", name)
    assert kind_of(id) == kind
    assert id == public_id(kind, "name", name)
    assert id != public_id(kind, "alias", name)


@given(st.text())
def test_normal_names_stay_as_they_are(name: str) -> None:
    assert normal(normal(name)) == normal(name)
    assert clean(clean(name)) == clean(name)


def test_spelling_does_not_matter() -> None:
    assert normal("HONG空间·党群之家") == normal("ｈｏｎｇ 空间 党群之家") == "hong空间党群之家"


@pytest.mark.parametrize(("name", "initials", "full"), [
    ("分众传媒", "fzcm", "fenzhongchuanmei"), ("长宁来福士广场", "cnlfsgc", "changninglaifushiguangchang"),
    ("浦发银行", "pfyh", "pufayinhang"), ("重庆", "cq", "chongqing"),
])
def test_pinyin(name: str, initials: str, full: str) -> None:
    read = reading(normal(name))
    assert initials in read.initials
    assert full in read.full


def test_what_nearly_every_firm_is_called_is_read_in_one_way() -> None:
    assert reading("安安科技股份有限公司").full == ("anankejigufenyouxiangongsi",)


@given(st.text(max_size=30))
def test_sort_keys_are_ascii(name: str) -> None:
    assert reading(normal(name)).sort_key.isascii()
