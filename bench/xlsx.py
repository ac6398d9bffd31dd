"""A workbook of 20 columns into SQLite, beside the reader alone and bare ``sqlite3`` inserts of the same rows; pinyin and near-matching
apart; growth."""

from __future__ import annotations

import csv
import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

from bench.district import SEED, Loaded
from bench.load import bare
from bench.load_process import cpu_seconds
from bench.measure import Figure, timed
from graph.connect import connect
from graph.policy_files import policy
from ingest.alike import near
from ingest.names import Names
from ingest.readers import open_book
from ingest.synthetic import synthesize
from schemas.facts import BodyFact
from schemas.identifiers import normal
from schemas.pinyin import reading

SMALLER = 10  # times fewer rows, to see how time grows
COLUMNS = 20
STORE = "x.db"
FLOOR, ROOM = ("楼层", "房号")


def figures(folder: Path, rows: int) -> list[Figure]:
    (small, less), (large, loaded) = (_loaded(folder / str(n), n) for n in (rows // SMALLER, rows))
    peer, final, pinyin = alone(large), bare(large.with_name(STORE)), spelt(large)
    ratio, growth = (loaded.cpu - pinyin) / peer, (loaded.cpu / less.cpu) / (rows / (rows // SMALLER))
    told = f"{loaded.cpu:.1f} s ({loaded.wall:.1f} s wall; {loaded.rows:,} rows, {loaded.rejects} refused), of it pinyin {pinyin:.1f} s"
    return [
        Figure(f".xlsx of {rows:,} rows and {COLUMNS} columns into SQLite, CPU", told, f"reader and bare inserts {peer:.2f} s",
               f"{ratio:.1f} x without pinyin, {loaded.cpu / peer:.1f} x with it", "≤ 5 x", ratio <= 5),
        Figure("the same beside bare inserts of the final rows", told, f"into our tables and indexes {final:.1f} s",
               f"{loaded.cpu / final:.1f} x", "", None),
        Figure("the same, peak memory of the process tree", f"{loaded.peak:.0f} MB", "", "", "≤ 600 MB", loaded.peak <= 600),
        Figure(f"growth from {rows // SMALLER:,} rows", f"{less.cpu:.1f} s → {loaded.cpu:.1f} s", "linear", f"{growth:.2f} x", "≤ 1.2 x",
               growth <= 1.2),
        _near(*(matching(w.with_name(STORE)) for w in (small, large))),
    ]


def _near(less: Matching, more: Matching) -> Figure:
    told = [f"{m.seconds:.1f} s for {m.names:,} names, {m.found:,} near pairs" for m in (less, more)]
    times = more.seconds / less.seconds / (more.names / less.names)
    return Figure("near-matching of the names, were they real, CPU (not in the above)", " → ".join(told), "linear", f"{times:.2f} x", "",
                  None)


def _loaded(folder: Path, rows: int) -> tuple[Path, Loaded]:
    """The workbook, and what its load took together with the small registers that it refers to."""
    files = {p.stem: p for p in synthesize(folder, rows, SEED)}
    workbook = _workbook(files["企业"], folder / "企业.xlsx")
    others = [files[n] for n in ("街镇", "商圈", "园区", "行业", "楼宇")]
    for left in folder.glob(f"{STORE}*"):
        left.unlink()
    command = [sys.executable, "-m", "bench.load_process", f"sqlite:///{folder / STORE}", *map(str, (workbook, *others))]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return workbook, Loaded(**json.loads(said.splitlines()[-1]))


def _workbook(register: Path, path: Path) -> Path:
    """The enterprises of the made district as a workbook, with floor and room beside the building."""
    with register.open(encoding="utf-8-sig", newline="") as file, xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("企业台账")
        place = None
        for number, cells in enumerate(csv.reader(file)):
            if "企业名称" in cells:
                place = cells.index("所在楼宇")
                cells = [*cells, FLOOR, ROOM]
                assert len(cells) == COLUMNS, cells
            elif place is not None:
                cells = [*cells, *((str(number % 30 + 1), f"{number % 30 + 1:02}{number % 9 + 1:02}") if cells[place] else ("", ""))]
            sheet.write_row(number, 0, cells)
    return path


def alone(workbook: Path) -> float:
    """CPU seconds of reading all rows, the reader's own process included, and of inserting them into one table as they are."""
    begun = cpu_seconds()
    rows = _cells(workbook)
    db = sqlite3.connect(workbook.with_suffix(".bare.db"))
    db.execute(f"CREATE TABLE cells({', '.join(f'c{i}' for i in range(COLUMNS))})")
    db.execute("BEGIN")
    db.executemany(f"INSERT INTO cells VALUES ({', '.join('?' * COLUMNS)})", rows)
    db.execute("COMMIT")
    db.close()
    spent = cpu_seconds() - begun
    workbook.with_suffix(".bare.db").unlink()
    return spent


def _cells(workbook: Path) -> Iterator[tuple[str, ...]]:
    for row in open_book(workbook).sheets[0].rows():
        yield (*row.cells, *("",) * (COLUMNS - len(row.cells)))[:COLUMNS]


@dataclass(frozen=True)
class Matching:
    """CPU seconds of comparing so many ``names`` with all that the store has, and how many pairs are near."""

    seconds: float
    names: int
    found: int


def matching(store: Path) -> Matching:
    """Of the workbook's import: what its load does at its end where names are real. Made-up ones are alike, so that much is compared."""
    engine = connect(f"sqlite:///{store}")
    names = Names(policy().regions)
    with engine.read() as snapshot:
        number = next(i.number for i in snapshot.imports().values() if i.file.endswith(".xlsx"))
        named = sorted({f.id for row in snapshot.rows(number) for f in row.facts if isinstance(f, BodyFact) and f.name})
        seconds, found = timed(lambda: sum(1 for _ in near(snapshot, names, named, number)))
    engine.close()
    return Matching(seconds, len(named), found)


def spelt(workbook: Path) -> float:
    """CPU seconds of the pinyin of all names and other names, which the load works out for the search by pinyin."""
    names = [normal(cell) for row in _cells(workbook) for cell in (row[0], row[2]) if cell]
    begun = time.process_time()
    for name in names:
        reading(name)
    return time.process_time() - begun

