"""What a load does as a whole: accounting, order, repetition, dry run, interruption, bad files beside good ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.connect import connect
from graph.engine import GraphEngine
from ingest import prepare
from ingest.load import LoadResult, load
from schemas.errors import InputError
from tests.ingest.support import RELATIONS, code, content, csv_text, declarations, facts, names, register, rejects, values, version

UNIT = ("企业名称", "信用代码", "企业类型")


def accounted(result: LoadResult) -> LoadResult:
    for r in result.reports:
        assert r.read == r.created + r.updated + r.unchanged + r.rejected
    return result


def test_good_rows_load_although_bad_ones_do_not(engine: GraphEngine, tmp_path: Path) -> None:
    path = register(tmp_path, "企业", UNIT, ("甲公司", code(1), "民营"), ("乙公司", code(2)[:-1] + "?", ""), ("甲公司", code(1), "民营"), ("", "", ""),
                    ("丙公司", "", "私人"), ("丁公司", "", ""), ("戊公司", "", "", "多出来的"), ("合计", "6", ""))
    result = accounted(load(engine, [path]))
    assert rejects(result) == [("企业.csv", 5, "信用代码", "row.credit-code"), ("企业.csv", 6, "", "row.duplicate"),
                               ("企业.csv", 8, "企业类型", "row.value"), ("企业.csv", 10, "", "row.cells")]
    assert "第 4 行" in result.rejects[1].message
    assert all(r.hint and r.message for r in result.rejects)
    assert (result.reports[0].read, result.reports[0].created, result.reports[0].rejected) == (6, 2, 4)
    assert names(engine) == {"甲公司", "丁公司"}


def test_what_is_no_data_row(engine: GraphEngine, tmp_path: Path) -> None:
    """Totals, signatures, notes and repeated headers; companies whose names begin like these are rows."""
    path = register(tmp_path, "企业", UNIT, ("小计量器具厂", "", ""), UNIT, ("总计算公司", "", ""), ("小计", "2", ""), ("合计：2家", "", ""), ("注：本表不全", "", ""),
                    ("填表人：某某", "", ""), ("制表公司", "", ""))
    assert accounted(load(engine, [path])).reports[0].read == 3
    assert names(engine) == {"小计量器具厂", "总计算公司", "制表公司"}


def test_a_refused_row_takes_with_it_only_those_that_name_its_body(engine: GraphEngine, tmp_path: Path) -> None:
    units = register(tmp_path, "企业", ("企业名称", "所在楼宇"), ("甲公司", "没有的楼"), ("乙公司", ""), ("丙公司", "没有的楼"), ("丙公司", ""))
    organisations = register(tmp_path, "党组织", ("党组织名称", "建于", "隶属"), ("甲支部", "甲公司", ""), ("乙支部", "乙公司", ""), ("丙支部", "丙公司", ""),
                             ("下级", "", "甲支部"), ("末级", "", "下级"))
    result = accounted(load(engine, [organisations, units]))
    assert [(f, n) for f, n, _, _ in rejects(result)] == [("党组织.csv", 4), ("党组织.csv", 7), ("党组织.csv", 8), ("企业.csv", 4), ("企业.csv", 6)]
    assert names(engine) == {"乙公司", "丙公司", "乙支部", "丙支部"}


# -- order ---------------------------------------------------------------------------------------------------------------------

UNITS = [[f"{u}公司", code(i) if i % 2 else "", t, p] for i, (u, t, p) in enumerate(
    (("甲", "民营", "甲支部"), ("乙", "", "[建于：乙公司]"), ("丙", "国有", "没有的支部"), ("丁", "错的", ""), ("戊", "", "无"), ("甲", "", "")))]
PARTIES = [["甲支部", "单独", "总支"], ["总支", "区域性", ""], ["丙支部", "联合", "没有的支部"], ["[建于：乙公司]", "单独", "总支"], ["己支部", "", "丙支部"]]
LINKS = [["党组织", "甲支部", "覆盖", "企业", "乙公司"], ["党组织", "己支部", "覆盖", "企业", "甲公司"], ["党组织", "总支", "覆盖", "企业", "丁公司"],
         ["党组织", "总支", "覆盖", "企业", "戊公司"]]


@settings(max_examples=25, deadline=None)
@given(st.permutations(UNITS), st.permutations(PARTIES), st.permutations(LINKS), st.permutations(range(3)), st.data())
def test_the_order_of_files_and_rows_does_not_matter(units: list[list[str]], parties: list[list[str]], links: list[list[str]],
                                                     files: list[int], data: st.DataObject) -> None:
    kept = data.draw(st.sets(st.sampled_from(range(15))))
    chosen = [[r for i, r in enumerate(rows, start) if i not in kept] for start, rows in ((0, UNITS), (6, PARTIES), (11, LINKS))]
    mixed = [[r for r in rows if r in some] for rows, some in zip((units, parties, links), chosen, strict=True)]
    one, other = _outcome(chosen, [0, 1, 2]), _outcome(mixed, files)
    assert one == other


def _outcome(tables: list[list[list[str]]], order: list[int]) -> tuple[list[str], list[tuple[str, str]]]:
    headers = ((*UNIT, "党组织"), ("党组织名称", "组建形式", "隶属"), RELATIONS)
    with TemporaryDirectory() as folder:
        engine = connect(f"sqlite:///{folder}/store.db")
        paths = [register(Path(folder), str(i), headers[i], *tables[i]) for i in range(3)]
        result = accounted(load(engine, [paths[i] for i in order]))
        found = facts(engine)
        told = sorted((r.code, tables[int(r.file[0])][r.row - 4][0]) for r in result.rejects)
        engine.close()
    return found, told


# -- again, changed, dry ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return [register(tmp_path, "企业", (*UNIT, "党组织"), *([f"第{i}公司", code(i), "民营", "无" if i % 3 else ""] for i in range(9)), ("坏", "1", "", "")),
            register(tmp_path, "党组织", ("党组织名称", "建于"), ("甲支部", "第0公司"), ("[建于：第3公司]", ""), ("乙支部", "第5公司")),
            register(tmp_path, "关系", RELATIONS, ("党组织", "甲支部", "覆盖", "企业", "第4公司"), ("党组织", "[建于：第6公司]", "覆盖", "企业", "第7公司")),
            declarations(tmp_path, '[[exemption]]\nbody = "第8公司"\nrule = "coverage"\nreason = "新设"\n')]


def test_loading_again_changes_nothing(engine: GraphEngine, files: list[Path], tmp_path: Path) -> None:
    first = accounted(load(engine, files))
    before, held = version(engine), content(engine)
    again = load(engine, list(reversed(files)))
    assert [r.state for r in again.reports] == ["already_loaded"] * 4
    assert {r.import_number for r in again.reports} == {r.import_number for r in first.reports}
    (copy := tmp_path / "副本.csv").write_bytes(files[0].read_bytes())
    assert load(engine, [copy]).reports[0].state == "already_loaded"
    assert (version(engine), content(engine)) == (before, held)


def test_two_copies_in_one_load_are_one_file(engine: GraphEngine, files: list[Path], tmp_path: Path) -> None:
    (copy := tmp_path / "副本.csv").write_bytes(files[0].read_bytes())
    result = load(engine, [files[0], copy, files[0]])
    assert [r.state for r in result.reports] == ["loaded", "already_loaded"]
    assert "企业.csv" in result.reports[1].message


def test_a_changed_register_updates(engine: GraphEngine, tmp_path: Path) -> None:
    header = ("企业名称", "企业类型", "备注")
    load(engine, [register(tmp_path, "old", header, ("甲公司", "民营", "旧"), ("乙公司", "国有", ""))])
    new = register(tmp_path, "new", header, ("甲公司", "外资", ""), ("乙公司", "国有", ""), ("丙公司", "", ""), as_of="2024-06")
    report = accounted(load(engine, [new])).reports[0]
    assert (report.created, report.updated + report.unchanged) == (1, 2)
    assert report.updated >= 1
    assert values(engine, "甲公司") == {"type": "foreign", "remark": "旧"}  # an empty cell asserts nothing
    load(engine, [register(tmp_path, "late", header, ("甲公司", "混合所有制", ""), as_of="2023")])
    assert values(engine, "甲公司")["type"] == "foreign"


def test_a_dry_run_stores_nothing_and_reports_the_same(engine: GraphEngine, files: list[Path]) -> None:
    before = version(engine)
    dry = accounted(load(engine, files, dry_run=True))
    assert (version(engine), content(engine)) == (before, [])
    with engine.read() as snapshot:
        assert not snapshot.imports()
    wet = accounted(load(engine, files))
    assert dry.rejects == wet.rejects
    differing = {"state", "import_number"}
    assert [r.model_dump(exclude=differing) for r in dry.reports] == [r.model_dump(exclude=differing) for r in wet.reports]
    assert {r.state for r in dry.reports} == {"dry_run"}


# -- bad files, interruptions ----------------------------------------------------------------------------------------------------


def late_damage(folder: Path) -> Path:
    """A register whose 50th row cannot be read: nobody sees it from the top of the file."""
    path = folder / "坏.csv"
    rows = [[f"坏{i}公司", "", ""] for i in range(50)]
    path.write_text(csv_text(UNIT, rows) + '"没有成对的引号\n', encoding="utf-8")
    return path


@pytest.mark.parametrize("bad", [lambda f: f / "没有.csv", late_damage, lambda f: declarations(f, "[[什么]]\n")])
def test_one_bad_file_beside_a_good_one(engine: GraphEngine, tmp_path: Path, bad: Callable[[Path], Path]) -> None:
    wrong = bad(tmp_path)
    with pytest.raises(InputError):
        load(engine, [wrong])
    good = register(tmp_path, "好", ("党组织名称", "建于"), ("甲支部", ""), ("乙支部", "坏1公司"))
    result = load(engine, [wrong, good])
    assert [r.state for r in result.reports] == ["refused", "loaded"]
    assert wrong.name in result.reports[0].message
    assert [r.code for r in result.rejects] == ["row.unknown-reference"]
    assert names(engine) == {"甲支部"}


@pytest.mark.parametrize("after", range(1, 9))
def test_an_interrupted_load_is_completed_by_the_next(fresh: Callable[[], GraphEngine], files: list[Path], after: int,
                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "BATCH", 2)
    engine = fresh()
    load(engine, files)
    whole = content(engine)
    engine, told = fresh(), list[int]()

    def stop(done: int, total: int) -> None:
        told.append(done)
        if len(told) == after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(engine, files, progress=stop)
    with engine.read() as snapshot:
        states = [i.state for i in snapshot.imports().values()]
    assert states == sorted(states)
    assert states[-1] == "unfinished"
    result = accounted(load(engine, files))
    assert {r.state for r in result.reports} <= {"loaded", "already_loaded"}
    assert content(engine) == whole
    with engine.read() as snapshot:
        assert {i.state for i in snapshot.imports().values()} == {"done"}
        assert len(snapshot.imports()) == len(files)


def test_progress_counts_up_to_the_accepted_rows(engine: GraphEngine, files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "BATCH", 2)
    told = list[tuple[int, int]]()
    result = load(engine, files, progress=lambda done, total: told.append((done, total)))
    assert [d for d, _ in told] == sorted(d for d, _ in told)
    assert told[-1][0] == told[-1][1] == sum(r.read - r.rejected for r in result.reports)
