"""The register of relationships written back: a row for each stated relationship that holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from graph.engine import Snapshot
from graph.frame import Frame
from graph.parts import Edge
from ingest.export_cells import INFERRED, NAMELESS, Cells
from ingest.mapping import Column
from schemas.dates import UNKNOWN, last, written
from schemas.identifiers import kind_of
from schemas.kinds import KINDS
from schemas.metapath import Metapath
from schemas.relations import RELATIONS

HEADERS = ("起点类别", "起点", "关系", "终点类别", "终点", "角色", "层级", "开始日期", "结束日期", "楼层", "房号")
CHUNK = 1_000  # bodies read at once


def relation_rows(cells: Cells, shown: Sequence[Column | None], paths: Sequence[Metapath]) -> Iterator[list[str]]:
    """By source, type and target; within the scope where one is given (of the source)."""
    types = [(name, True) for name in RELATIONS]
    for ids in _sources(cells.snapshot, cells.frame, paths):
        edges = cells.snapshot.step(ids, types, cells.frame)
        for edge in sorted(edges, key=lambda e: (e.source, e.type, e.target, e.role, e.start)):
            if not edge.stated:
                cells.missed[INFERRED] += 1
            elif told := _told(cells, edge):
                yield [told.get(c.field.name if c.field else c.meaning, "") if c else "" for c in shown]
            else:
                cells.missed[NAMELESS] += 1


def _sources(snapshot: Snapshot, frame: Frame, paths: Sequence[Metapath]) -> Iterator[list[str]]:
    bodies = (item[0] for what, item in snapshot.export() if what == "body")
    ids = list(bodies)
    if paths:
        by_kind = [(p, [i for i in ids if kind_of(i) in p.subject.kinds]) for p in paths]
        ids = sorted({i for p, some in by_kind for i in snapshot.true_for(p, some, frame)})
    rest = iter(ids)
    while part := list(islice(rest, CHUNK)):
        yield part


def _told(cells: Cells, edge: Edge) -> dict[str, str] | None:
    """Meaning or field -> cell; None where one of the ends cannot be named."""
    relation, bodies = RELATIONS[edge.type], cells.snapshot.bodies([edge.source, edge.target])
    if len(bodies) < 2:
        return None
    ends = [bodies[edge.source], bodies[edge.target]]
    names = [cells.reference(b, (b.kind,)) for b in ends]
    if not all(names):
        return None
    fields = {f.name: cells.value(f, edge.values[f.name]) for f in relation.fields if f.name in edge.values}
    kinds = [KINDS[b.kind].label for b in ends]
    return {"source_kind": kinds[0], "source": names[0], "type": relation.label, "target_kind": kinds[1], "target": names[1],
            "role": relation.roles.get(edge.role, ""), "start": _start(edge), "end": last(edge.until, edge.until_precision) or "", **fields}


def _start(edge: Edge) -> str:
    return "" if edge.start == UNKNOWN else written(edge.start, edge.start_precision) or ""
