"""``python -m bench --enterprises N``: all measures on one made district, as a markdown table."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from bench import coverage, gaps, http, load, paths, pictures, server, xlsx
from bench.district import STORE, opened
from bench.district import load as load_district
from bench.measure import HEAD, Figure, machine

QUESTIONS = {"coverage": coverage.figures, "gaps": gaps.figures, "paths": paths.figures, "pictures": pictures.figures,
             "http": http.figures}


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--enterprises", type=int, default=100_000)
    parser.add_argument("--only", choices=["load", "xlsx", *QUESTIONS, "neo4j"], action="append", help="this measure only; may be repeated")
    parser.add_argument("--folder", type=Path, help="keep the district here; one that is here already is used, and its load not measured")
    parser.add_argument("--neo4j", metavar="URL", help="a server whose data may be thrown away, for the measures of a Neo4j store")
    parser.add_argument("--ask", choices=server.MEASURES, action="append", help="of the Neo4j store, this measure only; may be repeated")
    asked = parser.parse_args()
    print(f"{machine()}; district of {asked.enterprises:,} enterprises\n\n{HEAD}")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        kept = asked.folder or Path(folder)
        if set(asked.only or ["neo4j"]) != {"neo4j"} or not asked.neo4j:
            run(kept, asked.enterprises, set(asked.only or ["load", "xlsx", *QUESTIONS]))
        if asked.neo4j:
            for figure in server.figures(asked.neo4j, kept, asked.enterprises, set(asked.ask or server.MEASURES)):
                tell([figure])


def run(folder: Path, enterprises: int, wanted: set[str]) -> None:
    if "xlsx" in wanted:
        tell(xlsx.figures(folder, enterprises))
    if wanted == {"xlsx"}:
        return
    store = folder / STORE
    if not store.exists():
        loaded = load_district(folder, enterprises)
        if "load" in wanted:
            tell(load.figures(store, loaded))
    if names := [n for n in QUESTIONS if n in wanted]:
        district = opened(store)
        for name in names:
            tell(QUESTIONS[name](district))


def tell(figures: list[Figure]) -> None:
    for figure in figures:
        print(figure.line(), flush=True)


if __name__ == "__main__":
    main()
