"""What the check says of names, codes and ranks (semantics 25), on both engines."""

from __future__ import annotations

from pathlib import Path

from graph.engine import GraphEngine
from graph.policy_files import policy
from graph.questions.check import check
from ingest.load import load
from schemas.view import View
from tests.ingest.support import code, register


def findings(engine: GraphEngine) -> dict[str, list[str]]:
    found = dict[str, list[str]]()
    for f in check(engine, View(policy()), limit=1_000).findings:
        if f.code.startswith("data."):
            found.setdefault(f.code, []).append(f.message)
    return found


def test_names_codes_and_ranks(engine: GraphEngine, tmp_path: Path) -> None:
    units = ("企业名称", "统一社会信用代码", "别名")
    load(engine, [
        register(tmp_path, "企业", units, ("甲公司", code(1), ""), ("甲公司", code(2), ""), ("乙公司", code(3), "丙公司"), ("丙公司", "", "")),
        register(tmp_path, "社会组织", ("社会组织名称", "统一社会信用代码"), ("某会", code(3))),
        register(tmp_path, "党组织", ("党组织名称", "隶属"), ("一支部", "二支部"), ("二支部", "三支部"), ("三支部", "一支部"), ("四支部", "一支部"))])
    found = findings(engine)
    assert set(found) == {"data.same-code", "data.same-name", "data.alias-is-name", "data.circle"}
    assert code(3) in found["data.same-code"][0]
    assert "甲公司" in found["data.same-name"][0]
    assert "丙公司" in found["data.alias-is-name"][0]
    assert "四支部" not in found["data.circle"][0]


def test_nothing_to_say(engine: GraphEngine, tmp_path: Path) -> None:
    load(engine, [register(tmp_path, "党组织", ("党组织名称", "隶属"), ("一支部", "二支部"), ("二支部", ""))])
    assert findings(engine) == {}
