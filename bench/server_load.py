"""The peer of the load: a bare driver script that writes what our load has written, by UNWIND + MERGE, with the same constraints."""

from __future__ import annotations

import pickle
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from neo4j import Driver, ManagedTransaction, Session

from graph.engines.neo4j_schema import STATEMENTS
from schemas.kinds import KINDS
from schemas.relations import RELATIONS

AT_ONCE = 10_000
# what identifies a node of each label, as our constraints say
KEYS = {"Row": ("id",), "Key": ("value", "scheme", "kind", "id"), "Declaration": ("row", "position"), "Import": ("number",),
        "Claim": ("source", "type", "target")}


def bare(driver: Driver, folder: Path) -> tuple[float, int]:
    """(seconds of writing, nodes and relationships written). The data are kept in a file meanwhile; reading them is not counted."""
    with driver.session() as session, (folder / "written").open("w+b") as file:
        items = _keep(session, file)
        _wipe(session)
        file.seek(0)
        begun = time.perf_counter()
        for statement in STATEMENTS:
            session.run(statement).consume()
        spent = time.perf_counter() - begun
        while True:
            try:
                text, rows = pickle.load(file)  # noqa: S301  # our own bytes
            except EOFError:
                break
            begun = time.perf_counter()
            session.execute_write(_run, text, rows)
            spent += time.perf_counter() - begun
        found = session.run("MATCH (n) RETURN count(n) + COUNT { MATCH ()-->() } AS n").single(strict=True)["n"]
        assert found == items, (found, items)
    return spent, items


def _run(tx: ManagedTransaction, text: str, rows: list[Any]) -> None:
    tx.run(text, rows=rows).consume()


def _wipe(session: Session) -> None:
    session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 20000 ROWS").consume()


def _keep(session: Session, file: IO[bytes]) -> int:
    """Every node and relationship as the rows of statements that write it."""
    number = 0
    for text, read in _statements():
        batch = list[Any]()
        for record in session.run(read):
            batch.append(record[0])
            number += 1
            if len(batch) == AT_ONCE:
                pickle.dump((text, batch), file)
                batch = []
        if batch:
            pickle.dump((text, batch), file)
    return number


def _statements() -> Iterator[tuple[str, str]]:
    """(what writes, what reads): bodies by kind, the rest by label, then relationships by type."""
    for kind in KINDS:
        yield f"UNWIND $rows AS row MERGE (n:Body:{kind} {{id: row.id}}) SET n += row", f"MATCH (n:Body:{kind}) RETURN properties(n)"
    yield ("UNWIND $rows AS row MERGE (n:Body {id: row.id}) SET n += row",
           "MATCH (n:Body) WHERE n.name IS NULL RETURN properties(n)")
    for label, keys in KEYS.items():
        same = ", ".join(f"{k}: row.{k}" for k in keys)
        yield f"UNWIND $rows AS row MERGE (n:{label} {{{same}}}) SET n += row", f"MATCH (n:{label}) RETURN properties(n)"
    for label in ("Closed", "JingluoStore", "Record"):
        yield f"UNWIND $rows AS row CREATE (n:{label}) SET n += row", f"MATCH (n:{label}) RETURN properties(n)"
    for relation in RELATIONS:
        yield (f"UNWIND $rows AS row MATCH (a:Body {{id: row.s}}) MATCH (b:Body {{id: row.t}})"
               f" MERGE (a)-[r:{relation} {{role: row.p.role, nth: row.p.nth}}]->(b) SET r += row.p",
               f"MATCH (a)-[r:{relation}]->(b) RETURN {{s: a.id, t: b.id, p: properties(r)}}")
