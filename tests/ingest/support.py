"""Register files written in a test, and what a store holds, for comparison."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from graph.engine import GraphEngine
from ingest.load import LoadResult, load
from schemas.facts import Reject
from schemas.identifiers import credit_check

Rows = Sequence[Sequence[str]]
AS_OF = "2024-03"
RELATIONS = ("起点类别", "起点", "关系", "终点类别", "终点")


def csv_text(header: Sequence[str], rows: Rows, *, source: str = "测试", as_of: str = AS_OF, delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([("来源", source), ("截至", as_of), header, *rows])
    return out.getvalue()


def register(folder: Path, name: str, header: Sequence[str], *rows: Sequence[str], source: str = "测试", as_of: str = AS_OF) -> Path:
    path = folder / f"{name}.csv"
    path.write_text(csv_text(header, rows, source=source, as_of=as_of), encoding="utf-8")
    return path


def declarations(folder: Path, text: str) -> Path:
    path = folder / "声明.toml"
    path.write_text(f'source = "测试"\nas_of = "{AS_OF}"\n{text}', encoding="utf-8")
    return path


def code(number: int) -> str:
    """A valid credit code."""
    first = f"91310105{number:09d}"
    return first + credit_check(first)


def rejects(result: LoadResult) -> list[tuple[str, int, str, str]]:
    return [(r.file, r.row, r.column, r.code) for r in result.rejects]


def refused(engine: GraphEngine, *files: Path) -> Reject:
    """The only refused row of a load."""
    result = load(engine, files)
    assert len(result.rejects) == 1, result
    return result.rejects[0]


def content(engine: GraphEngine) -> list[str]:
    """All that a store holds, provenance included."""
    with engine.read() as snapshot:
        return [json.dumps(item, ensure_ascii=False, sort_keys=True, default=str) for item in snapshot.export()]


def facts(engine: GraphEngine) -> list[str]:
    """What is in force, without the files and row numbers that say it (the last item of a record)."""
    with engine.read() as snapshot:
        kept = [(what, _without_rows(what, item)) for what, item in snapshot.export()]
        keys = [snapshot.keys(item[0]) for what, item in kept if what == "body"]
    return sorted(json.dumps(item, ensure_ascii=False, sort_keys=True, default=str) for item in (*kept, *keys))


def _without_rows(what: str, item: list[Any]) -> list[Any]:
    return item[:2] if what == "declaration" else item[:-1]


def version(engine: GraphEngine) -> int:
    with engine.read() as snapshot:
        return snapshot.version


def names(engine: GraphEngine) -> set[str]:
    with engine.read() as snapshot:
        return {item[1] for what, item in snapshot.export() if what == "body"}


def values(engine: GraphEngine, name: str) -> dict[str, Any]:
    with engine.read() as snapshot:
        (body,) = snapshot.lookup(None, name)
        return {field: v.value for field, v in body.values.items()}
