"""Taking a load back: exactly, and not while others refer to what only it asserts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from graph.digest import digest
from graph.engine import GraphEngine
from graph.lock import held
from ingest.asking import MERGED
from ingest.load import load
from ingest.undo import undo
from schemas.errors import StoreBusyError, UndoError
from tests.ingest.support import code, content, declarations, names, register, rejects, values


def stored(engine: GraphEngine) -> str:
    with engine.read() as snapshot:
        return digest(snapshot)


def states(engine: GraphEngine) -> list[str]:
    with engine.read() as snapshot:
        return [i.state for i in snapshot.imports().values()]


def made_one(engine: GraphEngine) -> set[str]:
    """The rows by which loads said that bodies are one."""
    with engine.read() as snapshot:
        return {row.hash for n, i in snapshot.imports().items() if i.state != "undone" for row in snapshot.rows(n) if row.sheet == MERGED}


def test_an_undone_load_can_be_loaded_again(engine: GraphEngine, tmp_path: Path) -> None:
    units = register(tmp_path, "企业", ("企业名称", "企业类型", "所在楼宇"), ("甲公司", "民营", "某楼"), ("乙公司", "", "无"))
    buildings = register(tmp_path, "楼宇", ("楼宇名称",), ("某楼",))
    load(engine, [buildings])
    before = content(engine)
    load(engine, [units])
    loaded = stored(engine)
    report = undo(engine, 2, who="张三")
    assert (report.changed, report.bodies, report.relationships) == (True, {"removed": 2}, {"removed": 1})
    assert (report.undone.state, report.undone.undone_by, report.undone.counts["read"]) == ("undone", "张三", 2)
    assert content(engine) == before
    assert not undo(engine, 2).changed
    again = load(engine, [units]).reports[0]
    assert (again.state, again.import_number, again.created) == ("loaded", 3, 2)
    assert stored(engine) == loaded
    assert states(engine) == ["done", "undone", "done"]


def test_rows_of_an_undone_import_come_into_force_under_its_own_number(engine: GraphEngine, tmp_path: Path) -> None:
    load(engine, [register(tmp_path, "企业", ("企业名称",), ("甲公司",))])
    loaded = stored(engine)
    with engine.read() as snapshot:
        record, rows = snapshot.imports()[1], list(snapshot.rows(1))
    undo(engine, 1)
    with engine.write() as writer:
        writer.begin_import(record)
        assert writer.apply(1, rows).rows == ["created"]
        writer.finish_import(1, "done", {})
    assert stored(engine) == loaded


@pytest.mark.parametrize("other", ["register", "declaration", "statement"])
def test_what_others_refer_to_stays(engine: GraphEngine, tmp_path: Path, other: str) -> None:
    load(engine, [register(tmp_path, "企业", ("企业名称",), ("甲公司",), ("乙公司",))])
    with engine.read() as snapshot:
        id = snapshot.lookup("name", "甲公司")[0].id
    second = {"register": lambda: register(tmp_path, "党组织", ("党组织名称", "建于"), ("甲支部", "甲公司")),
              "declaration": lambda: declarations(tmp_path, '[[doubt]]\nbody = "甲公司"\nabout = "coverage"\nreason = "待核"'),
              "statement": lambda: declarations(tmp_path, f"[[completeness]]\nscope = [\"(:Enterprise {{id: '{id}'}})\"]\n"
                                                          'hop = "(:Enterprise)<-[:FORMED_IN]-(:PartyOrganization)"')}[other]()
    load(engine, [second])
    with pytest.raises(UndoError) as caught:
        undo(engine, 1)
    assert caught.value.code == "undo.needed"
    assert "第 2 次" in caught.value.message
    assert "“甲公司”（企业）" in caught.value.message
    load(engine, [register(tmp_path, "再登记", ("企业名称",), ("甲公司",))])
    assert undo(engine, 1).bodies == {"removed": 1, "confirmed": 1}  # another load asserts 甲公司 now
    assert names(engine) >= {"甲公司"}
    undo(engine, 2)
    undo(engine, 3)
    assert content(engine) == []


@pytest.mark.parametrize("number", [0, 7])
def test_no_such_load(engine: GraphEngine, number: int) -> None:
    with pytest.raises(UndoError) as caught:
        undo(engine, number)
    assert caught.value.code == "undo.unknown"


def test_a_load_under_way_is_not_taken_back_and_one_cut_off_is(engine: GraphEngine, tmp_path: Path) -> None:
    load(engine, [register(tmp_path, "企业", ("企业名称",), ("甲公司",))])
    with held(engine, "导入"):
        with engine.read() as snapshot, engine.write() as writer:
            writer.begin_import(snapshot.imports()[1])
        with pytest.raises(StoreBusyError) as caught:
            undo(engine, 1, wait=0)
        assert caught.value.code == "store.busy"
    assert undo(engine, 1).changed


def test_ids_of_undone_loads_mislead_nobody(engine: GraphEngine, tmp_path: Path) -> None:
    """The registry outlives undo; a code that another body was known by does not join two bodies."""
    header = ("企业名称", "统一社会信用代码", "企业类型")
    first = register(tmp_path, "a", header, ("甲公司", code(1), "民营"))
    load(engine, [first, register(tmp_path, "b", header, ("甲公司", code(2), "外资"))])
    undo(engine, 1)
    assert not load(engine, [register(tmp_path, "c", ("企业名称", "重点单位"), ("甲公司", "是"))]).rejects  # only one is left
    assert values(engine, "甲公司") == {"type": "foreign", "key": "true"} or values(engine, "甲公司") == {"type": "private", "key": "true"}
    load(engine, [first, register(tmp_path, "b", header, ("甲公司", code(2), "外资"))])
    with engine.read() as snapshot:
        codes = [[v for s, v in snapshot.keys(b.id) if s == "credit_code"] for b in snapshot.lookup("name", "甲公司")]
    assert sorted(codes) == [[code(1)], [code(2)]]


# -- random loads ------------------------------------------------------------------------------------------------------------

UNITS, PARTIES = ("甲公司", "乙公司", "丙公司"), ("甲支部", "乙支部")
cell = st.sampled_from
unit_rows = st.tuples(cell(UNITS), cell(("", "民营", "外资")), cell(("", "", "无", *PARTIES, "[建于：甲公司]")), cell(("", "简称甲")))
party_rows = st.tuples(cell((*PARTIES, "[建于：乙公司]")), cell(("", "无", *UNITS)), cell(("", "单独", "联合")), cell(("",)))
HEADERS = {"企业": ("企业名称", "企业类型", "党组织", "别名"), "党组织": ("党组织名称", "建于", "组建形式", "别名")}


@settings(max_examples=25, deadline=None, report_multiple_bugs=False, phases=(Phase.explicit, Phase.reuse, Phase.generate), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_as_if_the_load_had_never_happened(fresh: Callable[[], GraphEngine], tmp_path_factory: pytest.TempPathFactory,
                                           data: st.DataObject) -> None:
    """Whichever of the loads is taken back: the store is as if the others alone had been loaded. What they found to be one stays,
    by rows of their own."""
    files, folder = list[Path](), tmp_path_factory.mktemp("loads")
    for n in range(data.draw(st.integers(2, 4))):
        what = data.draw(cell(tuple(HEADERS)))
        rows = data.draw(st.lists(unit_rows if what == "企业" else party_rows, min_size=1, max_size=3))
        file = register(folder, f"{n}", HEADERS[what], *rows, source=data.draw(cell(("甲源", "乙源"))),
                        as_of=data.draw(cell(("2020-09", "2021-03", "2024"))))
        file.write_text(f"第{n}张表\n{file.read_text(encoding='utf-8')}", encoding="utf-8")  # or it would be loaded already
        files.append(file)
    number = data.draw(st.integers(1, len(files)))
    others = [f for n, f in enumerate(files, 1) if n != number]
    engine = fresh()
    refused = [rejects(load(engine, [f])) for f in others]
    never, joined = stored(engine), made_one(engine)
    engine = fresh()
    told = [rejects(load(engine, [f])) for f in files]
    try:
        undo(engine, number)
    except UndoError as error:
        assert error.code == "undo.needed"
        return
    if [t for n, t in enumerate(told, 1) if n != number] == refused and made_one(engine) == joined:  # what others said was understood alike
        assert stored(engine) == never
    undone = stored(engine)
    load(engine, [files[number - 1]])
    undo(engine, len(files) + 1)
    assert stored(engine) == undone


PLAIN_ONCE_UNDONE = {
    "the second makes two of what the third would have seen one of": (
        ("企业", "乙源", "2020-09", [("乙公司", "外资", "无", ""), ("甲公司", "民营", "[建于：甲公司]", "简称甲"), ("乙公司", "外资", "无", "")]),
        ("党组织", "乙源", "2020-09", [("[建于：乙公司]", "丙公司", "联合", ""), ("[建于：乙公司]", "甲公司", "联合", ""), ("甲支部", "乙公司", "单独", "")]),
        ("党组织", "甲源", "2020-09", [("甲支部", "无", "联合", ""), ("乙支部", "甲公司", "单独", ""), ("甲支部", "乙公司", "单独", "")]),
        ("企业", "乙源", "2020-09", [("丙公司", "外资", "甲支部", "简称甲")])),
    "that two are one tells of a third": (
        ("企业", "甲源", "2021-03", [("甲公司", "外资", "乙支部", "简称甲")]),
        ("党组织", "甲源", "2021-03", [("乙支部", "甲公司", "", ""), ("乙支部", "乙公司", "", "")]),
        ("企业", "甲源", "2020-09", [("乙公司", "", "无", ""), ("乙公司", "民营", "[建于：甲公司]", ""), ("甲公司", "", "[建于：甲公司]", "")]),
        ("党组织", "乙源", "2020-09", [("[建于：乙公司]", "乙公司", "单独", ""), ("甲支部", "甲公司", "", ""), ("乙支部", "", "", "")]))}


@pytest.mark.parametrize("case", PLAIN_ONCE_UNDONE)
def test_what_waited_is_plain_once_its_rival_is_taken_back(fresh: Callable[[], GraphEngine], tmp_path: Path, case: str) -> None:
    files = [register(tmp_path, f"{n}", HEADERS[what], *rows, source=source, as_of=as_of)
             for n, (what, source, as_of, rows) in enumerate(PLAIN_ONCE_UNDONE[case])]
    engine = fresh()
    for file in (files[0], *files[2:]):
        load(engine, [file])
    never, engine = stored(engine), fresh()
    for file in files:
        load(engine, [file])
    undo(engine, 2)
    assert stored(engine) == never
    load(engine, [files[1]])
    undo(engine, 5)
    assert stored(engine) == never
