"""Search and profile: how a body is found, what a name means, what is shown of it (semantics 6, 23, 26)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from graph.engines.sqlite import SqliteEngine
from graph.questions.imports import imports
from graph.questions.profile import profile
from graph.questions.search import resolve, search
from schemas.errors import QuestionError, UnknownBodyError
from schemas.facts import BodyFact, Fact, RelationFact, Value
from schemas.identifiers import public_id
from schemas.policy import Policy
from schemas.view import View
from tests.questions.districts import named, put, stored

VIEW = View(Policy(name="t", label="t", version=1), date(2021, 1, 1))
CODE = "91310105MA1FW0000R"
MEDIA = BodyFact(public_id("Enterprise", "name", "分众传媒"), "分众传媒",
                 (("credit_code", CODE), ("alias", "分众"), ("former", "聚众传媒")),
                 (("key", Value("true")), ("type", Value("private", "inferred"))))
POST = BodyFact(public_id("LiaisonPost", "name", "指导员岗"), "指导员岗", (),
                (("sort", Value("instructor")), ("holder", Value("张三")), ("training", Value((), complete=True))))
BANK, OTHER_BANK = named("Enterprise", "浦发银行"), named("PartyOrganization", "浦发银行")
UNNAMED = BodyFact(public_id("PartyOrganization", "unnamed", f"FORMED_IN>{MEDIA.id}"), "", (("unnamed", f"FORMED_IN>{MEDIA.id}"),))
MANY = [named("Enterprise", f"虚构第{i:02d}号公司") for i in range(25)]
FACTS: list[Fact] = [MEDIA, POST, BANK, OTHER_BANK, UNNAMED, *MANY, RelationFact(UNNAMED.id, "FORMED_IN", MEDIA.id),
                     *(RelationFact(POST.id, "LIAISES_WITH", u.id) for u in MANY)]


@pytest.fixture(scope="module")
def engine() -> Iterator[SqliteEngine]:
    with stored(FACTS) as found:
        yield found


@pytest.mark.parametrize(("text", "how"), [
    (CODE, "key"), ("分众传媒", "exact"), ("聚众传媒", "exact"), ("分众传", "prefix"), ("众传", "contained"), ("媒", "contained"),
    ("fzcm", "initials"), ("fenzhongchuanmei", "pinyin"), (MEDIA.id, "key")])
def test_one_body_is_found_in_many_ways(engine: SqliteEngine, text: str, how: str) -> None:
    hit = search(engine, text).hits[0]
    assert (hit.body.id, hit.how) == (MEDIA.id, how)


def test_pages_go_through_all_hits_once(engine: SqliteEngine) -> None:
    names, cursor = list[str](), None
    for _ in range(3):
        page = search(engine, "虚构", limit=10, cursor=cursor)
        names += [h.body.name for h in page.hits]
        cursor = page.page.cursor
    assert cursor is None and page.page.total == 25
    assert names == [u.name for u in MANY]
    elsewhere = search(engine, "虚构", limit=10).page.cursor
    for ask in (lambda: search(engine, "虚构", cursor="???"), lambda: profile(engine, "指导员岗", VIEW, cursor=elsewhere)):
        with pytest.raises(QuestionError) as broken:
            ask()
        assert broken.value.code == "question.cursor"
    assert [h.body.kind for h in search(engine, "浦发银行", kinds=("PartyOrganization",)).hits] == ["PartyOrganization"]
    assert search(engine, "无此单位").hits == () and search(engine, " ").page.total == 0


def test_a_cursor_of_another_state_of_the_data_is_refused() -> None:
    with stored(FACTS) as engine:
        cursor = search(engine, "虚构", limit=10).page.cursor
        put(engine, [named("Enterprise", "后来的公司")], 20201001)
        with pytest.raises(QuestionError) as stale:
            search(engine, "虚构", limit=10, cursor=cursor)
    assert stale.value.code == "question.cursor-stale"


def test_what_a_name_means(engine: SqliteEngine) -> None:
    with engine.read() as snapshot:
        for text in ("分众传媒", " 分众 ", "聚众传媒", CODE, MEDIA.id):
            assert resolve(snapshot, text).id == MEDIA.id
        assert resolve(snapshot, "浦发银行", kinds=("Enterprise",)).id == BANK.id
        with pytest.raises(UnknownBodyError) as several:
            resolve(snapshot, "浦发银行")
        assert several.value.code == "body.ambiguous" and {i for i, _ in several.value.nearest} == {BANK.id, OTHER_BANK.id}
        with pytest.raises(UnknownBodyError) as unknown:
            resolve(snapshot, "分众传播")
        assert unknown.value.nearest[0] == (MEDIA.id, "分众传媒")
        with pytest.raises(UnknownBodyError):
            resolve(snapshot, "")


def test_a_profile_shows_fields_names_and_relationships(engine: SqliteEngine) -> None:
    found = profile(engine, "分众传媒", VIEW)
    assert found.fields == {"企业类型": "民营（推断）", "重点单位": "是"}
    assert found.keys["credit_code"] == (CODE,) and set(found.keys["alias"]) == {"分众"}
    step = found.relationships[0]
    assert (step.label, step.forward, step.target.name, step.target.unnamed) == ("建有", False, "分众传媒的党组织（名称未公布）", True)
    assert step.evidence[0].source == "测试" and found.evidence[0].as_of == "2020-09-01"


def test_personal_fields_are_for_those_on_duty(engine: SqliteEngine) -> None:
    assert profile(engine, "指导员岗", VIEW).fields == {"岗位类别": "党建指导员", "培训模块": "无"}
    assert profile(engine, "指导员岗", replace(VIEW, role="duty")).fields["任职人"] == "张三"


def test_relationships_come_in_pages(engine: SqliteEngine) -> None:
    first = profile(engine, "指导员岗", VIEW, limit=20)
    second = profile(engine, "指导员岗", VIEW, limit=20, cursor=first.page.cursor)
    assert [s.target.name for s in (*first.relationships, *second.relationships)] == [u.name for u in MANY]
    assert first.page.total == 25 and second.page.cursor is None


def test_imports_tell_what_was_loaded(engine: SqliteEngine) -> None:
    record, = imports(engine).imports
    assert (record.number, record.file, record.source, record.as_of, record.state) == (1, "district.csv", "测试", "2020-09-01", "done")
