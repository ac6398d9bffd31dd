"""People's own ledger, written back: in the columns, order and sheet names of its layout, with what the store knows now.

What the store only infers is left out: in a ledger it would read as stated. Loading the file again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict
from xlsxwriter.worksheet import Worksheet

from graph.engine import GraphEngine, Snapshot
from graph.frame import Frame
from graph.questions.present import frame_for
from graph.questions.scopes import scope_of
from ingest.column_help import columns
from ingest.detect import UNCOUNTED
from ingest.export_cells import Cells
from ingest.export_relations import HEADERS, relation_rows
from ingest.mapping import Column, Layout
from ingest.own_layouts import Ledger
from ingest.told_columns import mapping_of, tell
from ingest.workbook import LAST_ROW, Workbook, page, width
from schemas.dates import OPEN, number, today, written
from schemas.errors import InputError
from schemas.identifiers import kind_of, normal
from schemas.metapath import Metapath
from schemas.view import View

CHUNK = 1_000  # bodies read at once
LOOKED = 200  # rows by which a column's width is chosen
SOURCE = "台账导出"


class Written(BaseModel):
    """What was written: ``sheets`` has (name, rows); ``left_out`` says in words what the ledger cannot hold, and how much of it."""

    model_config = ConfigDict(frozen=True)
    file: str
    as_of: str
    sheets: tuple[tuple[str, int], ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class _Sheet:
    """A sheet to be written; ``shown``: header and meaning of each column, ``None``: not known to the store."""

    name: str
    title: str
    shown: tuple[tuple[str, Column | None], ...]


def export(engine: GraphEngine, ledger: Ledger, path: Path, view: View, *, scope: str | None = None, personal: bool = False) -> Written:
    """Write a ledger as .xlsx. ``view``: at which date relationships hold; ``scope``: only the bodies of a sub-district, building …;
    ``personal``: fields such as a post's holder, too.

    The file says as 截至 the newest as-of of the sources in force, decisions on who is who aside: it knows nothing newer. Raises
    InputError where it cannot be written, UnknownBodyError or QuestionError for the scope."""
    if path.suffix.lower() != ".xlsx":
        raise InputError("file.suffix", f"文件名 {path} 应以 .xlsx 结尾", hint="台账写成 Excel 工作簿")
    if path.exists():
        raise InputError("file.exists", f"文件 {path} 已经存在，没有覆盖", hint="请换一个文件名，或先把它移走")
    with engine.read() as snapshot:
        frame, (_, paths) = frame_for(snapshot, view), scope_of(snapshot, scope)
        as_of, cells = _newest(snapshot), Cells(snapshot, frame, personal)
        listed = _ids(snapshot, {layout.kind for layout in ledger.sheets if layout.kind}, frame, paths)
        synthetic = _all_synthetic(snapshot, [i for ids in listed.values() for i in ids])
        told = (("来源", ledger.source or SOURCE), ("截至", as_of), *((("虚构数据", "是"),) if synthetic else ()))
        with Workbook(path) as book:
            done = tuple(_layout(book, layout, told, snapshot, cells, listed, paths) for layout in ledger.sheets)
            tell(book, (line for x, (name, _) in zip(ledger.sheets, done, strict=True) if x.own for line in mapping_of(x, x.order, name)))
    return Written(file=str(path), as_of=as_of, sheets=done, left_out=(*_blank(ledger, done), *cells.left_out()))


def _blank(ledger: Ledger, done: Sequence[tuple[str, int]]) -> Iterator[str]:
    """The columns of people's own that are not imported: what they had in them is not known here."""
    for layout, (sheet, _) in zip(ledger.sheets, done, strict=True):
        if own := [h for h, c in layout.order if c is None and normal(h) not in map(normal, UNCOUNTED)]:
            yield f"“{sheet}”表里不导入的列（{'、'.join(own)}）留空，原来的内容请从旧表抄来"


def _newest(snapshot: Snapshot) -> str:
    """The newest as-of of what is registered, as its source wrote it; today where nothing is."""
    dated = [(i.as_of, i.as_of_precision) for i in snapshot.sources().values() if i.dates]
    return written(*min(max(dated, default=(OPEN, "day")), (number(today()), "day"))) or ""


def _layout(book: Workbook, layout: Layout, told: Sequence[tuple[str, str]], snapshot: Snapshot, cells: Cells,
            listed: dict[str, list[str]], paths: Sequence[Metapath]) -> tuple[str, int]:
    shown = layout.order or tuple((c.header, c) for c in columns(layout))
    if layout.kind:
        sheet = _Sheet(layout.sheet or layout.label, layout.title or layout.label, shown)
        rows = _rows(snapshot, layout, sheet, listed[layout.kind], cells)
    else:
        shown = layout.order or tuple((h, layout.column(h)) for h in HEADERS)
        sheet = _Sheet(layout.sheet or layout.label, layout.title or layout.label, shown)
        rows = relation_rows(cells, [c for _, c in shown], paths)
    return sheet.name, _write(book, sheet, told, rows)


def _ids(snapshot: Snapshot, kinds: set[str], frame: Frame, paths: Sequence[Metapath]) -> dict[str, list[str]]:
    """The bodies of each kind that there are at the day, within the scope, by (sort key, id)."""
    found: dict[str, list[str]] = {k: [] for k in kinds}
    for what, item in snapshot.export():
        if what != "body":
            break
        if (kind := kind_of(item[0]) or "") in kinds and item[2] > frame.day:
            found[kind].append(item[0])
    for kind, ids in found.items():
        if paths:
            ids = sorted({i for p in paths if kind in p.subject.kinds for i in snapshot.true_for(p, ids, frame)})
        keys = {b.id: b.sort_key for part in _parts(ids) for b in snapshot.bodies(part).values()}
        found[kind] = sorted(ids, key=lambda i: (keys[i], i))
    return found


def _all_synthetic(snapshot: Snapshot, ids: Sequence[str]) -> bool:
    return bool(ids) and all(b.synthetic for part in _parts(ids) for b in snapshot.bodies(part).values())


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[i:i + CHUNK] for i in range(0, len(ids), CHUNK))


def _rows(snapshot: Snapshot, layout: Layout, sheet: _Sheet, ids: Sequence[str], cells: Cells) -> Iterator[list[str]]:
    numbered = [normal(h) in map(normal, UNCOUNTED) and c is None for h, c in sheet.shown]
    count = 0
    for part in _parts(ids):
        for row in cells.rows(layout, part, [c for _, c in sheet.shown]):
            if row is not None:
                count += 1
                yield [str(count) if n else cell for n, cell in zip(numbered, row, strict=True)]


def _write(book: Workbook, sheet: _Sheet, told: Sequence[tuple[str, str]], rows: Iterator[list[str]]) -> int:
    """The title, where it comes from, the header, frozen, and the rows; how many rows."""
    out, header = book.sheet(sheet.name), len(told) + 1
    book.row(out, 0, [sheet.title], "title")
    for i, pair in enumerate(told, 1):
        book.row(out, i, pair, "label")
    book.row(out, header, [h for h, _ in sheet.shown], "header", empty=True)
    looked, count = [[h] for h, _ in sheet.shown], 0
    for count, row in enumerate(rows, 1):
        if header + count > LAST_ROW:
            raise InputError("export.too-many", f"“{sheet.name}”超过一张工作表能有的行数", hint="请用 --scope 分街镇、楼宇写出")
        book.row(out, header + count, row, "grid", empty=True)
        if count <= LOOKED:
            for texts, cell in zip(looked, row, strict=True):
                texts.append(cell)
    _dress(book, out, header, count, [width(texts) for texts in looked])
    return count


def _dress(book: Workbook, out: Worksheet, header: int, count: int, widths: Sequence[int]) -> None:
    for i, wide in enumerate(widths):
        out.set_column(i, i, wide, book.style("text"))
    out.freeze_panes(header + 1, 1)
    out.autofilter(header, 0, header + max(count, 1), len(widths) - 1)
    page(out, header, widths)
