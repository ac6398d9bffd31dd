"""Policies and declarations: a broken file names the entry and the wrong step."""

from __future__ import annotations

import re

import pytest

from graph.policy_files import bundled, policy
from schemas.declarations import Completeness, read_file
from schemas.errors import DeclarationError, PolicyError
from schemas.policy import load

HEAD = 'name = "t"\nlabel = "t"\nversion = 1\n'
WAY = '[[ways]]\nname = "own"\nlabel = "单独"\nclass = "organisation"\nmetapath = "{}"\n'
RULE = '[[requirements]]\nid = "r"\nlabel = "r"\nsubject = "(:Building)"\n{}\n'


@pytest.mark.parametrize(("text", "code", "where"), [
    ("name = ", "policy.syntax", "t.toml"),
    (HEAD + WAY.format("(:Unit)<-[:FORMED_IN]-(:Building)"), "policy.metapath", "ways.own"),
    (HEAD + WAY.format("(:Unit)") * 2, "policy.entry", "t.toml"),
    (HEAD + RULE.format('metapath = "(:Building)"\ncoverage = true'), "policy.entry", "requirements"),
    (HEAD + RULE.format('metapath = "(:Building {ky: true})"'), "policy.metapath", "requirements.r"),
    (HEAD + RULE.format("at_least = 1"), "policy.entry", "requirements"),
    (HEAD + "[contact]\nMEETS = 1\n", "policy.entry", "t.toml"),
    (HEAD + "speed = 3\n", "policy.entry", "speed"),
    (HEAD + 'regions = ["西湖区"]\n', "policy.entry", "regions.0：应为列表"),
    (HEAD + 'regions = [["杭州市", "杭"], ["西湖区"]]\n', "policy.entry", "regions：每级"), (HEAD + "regions = [[]]\n", "policy.entry", "regions：每级"),
])
def test_a_broken_policy_names_the_entry(text: str, code: str, where: str) -> None:
    with pytest.raises(PolicyError) as caught:
        load(text, "t.toml")
    assert caught.value.code == code
    assert where in str(caught.value)


def test_a_policy_extends_another_and_its_own_entries_win() -> None:
    head = 'name = "o"\nlabel = "o"\nversion = 2\nextends = "base"\n'
    own = load(head + WAY.format("(:Unit)<-[:FORMED_IN]-(:PartyOrganization)"), "o.toml",
               lambda name: HEAD + WAY.format("(:Unit)<-[:COVERS]-(:PartyOrganization)") + RULE.format('metapath = "(:Building)"'))
    assert [w.metapath for w in own.ways] == ["(:Unit)<-[:FORMED_IN]-(:PartyOrganization)"]
    assert [r.id for r in own.requirements] == ["r"]
    assert own.version == 2


@pytest.mark.parametrize("name", bundled())
def test_bundled_policies_are_valid(name: str) -> None:
    assert policy(name).counting_ways


def test_an_unknown_rule_names_those_there_are() -> None:
    with pytest.raises(PolicyError, match="没有规则"):
        policy("changning").requirement("nonsense")


DECLARED = 'source = "s"\nas_of = "2020-09"\n'


@pytest.mark.parametrize(("text", "code"), [
    ('as_of = "2020"\n', "declaration.header"),
    ('source = "s"\nas_of = "soon"\n', "declaration.date"),
    (DECLARED + "[[wish]]\n", "declaration.section"),
    (DECLARED + '[[count]]\nid = "a"\nlabel = "a"\nnumber = 1\npattern = "(:Statoin)"\n', "declaration.metapath"),
    (DECLARED + '[[completeness]]\nscope = ["(:Unit)"]\nhop = "(:Unit)"\n', "declaration.entry"),
    (DECLARED + '[[completeness]]\nscope = []\nhop = "(:Unit)<-[:FORMED_IN]-(:PartyOrganization)"\n', "declaration.entry"),
    ("= 1", "declaration.syntax"),
])
def test_a_broken_declaration_names_the_entry(text: str, code: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        read_file(text, "d.toml")
    assert caught.value.code == code
    assert "d.toml" in str(caught.value)


def test_declarations_are_read() -> None:
    entry = '[[completeness]]\nscope = ["(:Industry {name: 人工智能产业})"]\nhop = "(:Industry)<-[:SERVES]-(:IndustryAlliance)"\n'
    file = read_file(DECLARED + entry, "d.toml")
    assert [type(d) for _, d in file.declarations] == [Completeness]


@pytest.mark.parametrize(("text", "said"), [
    ("a = 1\nb = 乙", "第 2 行第 5 列，值的写法不对"), ("a 1", "第 1 行第 3 列，键的后面应为 ="), ('a = "x', "文件末尾，文字的引号没有成对"),
    ("甲 = 1", "第 1 行第 1 列，行首应为"), ("[a", "文件末尾，应以 ] 结束"), ("a = 1\n[a]\nb = 1", "第 2 行第 3 列，这一项前面已经写过"),
    ("a = [1", "文件末尾，列表没有以 ] 结束"), ('a = "C:\\q"', "文字里的 \\ 应写成 \\\\"), ("a = {b = 1", "文件末尾，表没有以 } 结束"),
])
def test_what_is_wrong_in_a_file_is_told_in_chinese(text: str, said: str) -> None:
    for read in (load, read_file):
        with pytest.raises((PolicyError, DeclarationError)) as caught:
            read(text, "t.toml")
        assert said in caught.value.message
        assert not re.search("[a-zA-Z]{2,} [a-zA-Z]", caught.value.message)
