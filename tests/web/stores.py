"""Stores that the pages are shown of: the bundled data, a made district, registers full of hostile names, and nothing at all."""

from __future__ import annotations

from pathlib import Path

from graph.connect import connect
from ingest import bundled
from ingest.load import load
from ingest.synthetic import synthesize
from tests.ingest.support import RELATIONS, register

HOSTILE = (
    "</script><script>window.hacked=1</script>", "<img src=x onerror=window.hacked=1>", "\"'`&{{7*7}}{% x %}", "\u202eשלום倒写公司\u2066",
    "很" * 200, "😀公司👨‍👩‍👧‍👦", "=cmd|' /C calc'!A0", "<!--<b>href=javascript:window.hacked=1</b>]]>", "Long" * 30, "甲&amp;乙/丙?丁#戊%41",
)
BUILDING, PARTY, ALLIANCE, OFFICE = "</style>大厦", "<b>党支部</b>", "'\"><svg onload=window.hacked=1>联盟", "区<i>局</i>"
ENTERPRISES = 2_000
MANY = 60


def changning(folder: Path) -> str:
    return _loaded(folder, bundled.files())


def made(folder: Path) -> str:
    return _loaded(folder, synthesize(folder / "registers", ENTERPRISES, seed=1))


def hostile(folder: Path) -> str:
    """Units with hostile names in one building; the first has a Party organisation, all are in an alliance that a department's team
    serves, so that each can be reached."""
    files = [
        register(folder, "楼宇", ("楼宇名称",), (BUILDING,)),
        register(folder, "企业", ("企业名称", "所在楼宇", "备注"), *((n, BUILDING, n) for n in HOSTILE), source="<u>来源</u>"),
        register(folder, "党组织", ("党组织名称", "组建形式"), (PARTY, "单独")),
        register(folder, "载体", ("行业党建载体名称",), (ALLIANCE,), ("另一联盟",)),
        register(folder, "部门", ("职能部门名称",), (OFFICE,)),
        register(folder, "团队", ("服务团队名称",), ("<团队>",)),
        register(folder, "关系", (*RELATIONS, "依据", "推断理由"),
                 ("党组织", PARTY, "建于", "企业", HOSTILE[0], "", ""), ("职能部门", OFFICE, "派员参加", "服务团队", "<团队>", "", ""),
                 ("服务团队", "<团队>", "服务", "行业党建载体", ALLIANCE, "", ""),
                 *(("企业", n, "成员属于", "行业党建载体", ALLIANCE, "推断", "<script>window.hacked=1</script>") for n in HOSTILE),
                 *(("企业", n, "成员属于", "行业党建载体", "另一联盟", "", "") for n in HOSTILE[:3])),
    ]
    return _loaded(folder, files)


def many(folder: Path) -> str:
    """More than a page of everything that a list shows: 60 alliances, 60 units that two of them share each, 60 published counts."""
    alliances, units = [f"联盟{i:02}" for i in range(MANY)], [f"公司{i:02}" for i in range(MANY)]
    counts = "\n".join(f'[[count]]\nid = "c{i}"\nlabel = "公布数{i:02}"\nnumber = {i}\npattern = "(:Enterprise)"\n'
                       f'unit = "家"\nperiod = "{2000 + i}"' for i in range(MANY))
    (folder / "counts.toml").write_text(f'source = "测试"\nas_of = "2024-01"\n{counts}\n', encoding="utf-8")
    return _loaded(folder, [
        register(folder, "载体", ("行业党建载体名称",), *((a,) for a in alliances)), register(folder, "企业", ("企业名称",), *((u,) for u in units)),
        register(folder, "关系", RELATIONS, *(("企业", u, "成员属于", "行业党建载体", alliances[(i + j) % MANY])
                                              for i, u in enumerate(units) for j in (0, 1))), folder / "counts.toml"])


def empty(folder: Path) -> str:
    return _loaded(folder, [])


def _loaded(folder: Path, files: object) -> str:
    url = f"sqlite:///{folder / 'store.db'}"
    engine = connect(url)
    result = load(engine, list(files)) if files else None  # type: ignore[call-overload]  # any sequence of paths
    engine.close()
    assert result is None or all(r.rejected == 0 for r in result.reports), result.rejects
    return url
