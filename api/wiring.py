"""Settings -> engine and view: the only place where things are joined."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from api.settings import settings
from graph.connect import connect
from graph.engine import GraphEngine, Snapshot
from graph.policy_files import policy as read_policy
from schemas.dates import asked
from schemas.errors import StoreError
from schemas.kinds import KINDS
from schemas.relations import RELATIONS
from schemas.view import View

if TYPE_CHECKING:
    from ingest.guidance import Guidance, Proposal
    from ingest.own_layouts import Ledger


@contextmanager
def opened(store: str | None = None, *, create: bool = False) -> Iterator[GraphEngine]:
    """The engine of a store URL or of a plain file name; without one, of JINGLUO_STORE. ``create``: make a missing file.

    Raises StoreError and its kinds: a question never makes an empty store."""
    engine = connect(store_url(store or settings().store), create=create)
    try:
        yield engine
    finally:
        engine.close()


class Store:
    """The store of a server: connected to at the first question, and again at the next one if that failed."""

    def __init__(self, store: str) -> None:
        self.url = store_url(store)
        self.engine: GraphEngine | None = None
        self._connecting = threading.Lock()
        self._counted = (-1, (0, 0))

    def connect(self) -> GraphEngine:
        """Raises StoreError and its kinds."""
        with self._connecting:
            if self.engine is None:
                self.engine = connect(self.url, create=False)
            return self.engine

    def look(self) -> int:
        """The data version; raises StoreError and its kinds."""
        with self.connect().read() as snapshot:
            return snapshot.version

    def counts(self, snapshot: Snapshot) -> tuple[int, int]:
        """(bodies, relationships), counted once a data version: whoever watches over the server asks all the time."""
        version, known = self._counted
        if version != snapshot.version:
            counts = snapshot.counts()
            known = sum(counts[k] for k in KINDS), sum(counts[r] for r in RELATIONS)
            self._counted = snapshot.version, known
        return known

    def close(self) -> None:
        if self.engine is not None:
            self.engine.close()
            self.engine = None


@contextmanager
def tried(store: str | None = None) -> Iterator[GraphEngine]:
    """The engine for what will be taken back: where the file is missing, an empty store elsewhere stands in and none is made."""
    url = store_url(store or settings().store)
    if _is_there(url):
        with opened(url) as engine:
            yield engine
        return
    with TemporaryDirectory() as folder, opened(f"{folder}/empty.db", create=True) as engine:
        yield engine


def _is_there(url: str) -> bool:
    try:
        with opened(url) as engine, engine.read():
            return True
    except StoreError as error:
        if error.code == "store.missing":
            return False
        raise


def store_url(store: str) -> str:
    return store if "://" in store else f"sqlite:///{store}"


def view(engine: GraphEngine, *, as_of: str | None = None, policy: str | None = None, assume: Path | None = None) -> View:
    """The frame of one question. Raises QuestionError (date), PolicyError, DeclarationError, UnknownBodyError."""
    frame = View(policy=read_policy(policy or settings().policy), as_of=asked(as_of))
    if assume is None:
        return frame
    from ingest.assume import assumed  # the readers are needed only where a file is given

    return View(policy=frame.policy, as_of=frame.as_of, assume=assumed(engine, assume))


def ledgers(mapping: Sequence[Path] = ()) -> tuple[Ledger, ...]:
    """Layouts of one's own: those given, then those of the folder that the settings name. Raises RegisterError."""
    from ingest.own_layouts import read_ledger, read_ledgers

    folder = settings().mappings
    return (*(read_ledger(p) for p in mapping), *(read_ledgers(Path(folder)) if folder else ()))


def guidance(mapping: Sequence[Path] = (), *, as_of: str = "", source: str = "", full: str = "", stubs: bool = False,
             confirm: Callable[[Proposal], bool] | None = None) -> Guidance:
    """What a load is told beside its files. Raises RegisterError (mapping), QuestionError (date)."""
    from ingest.guidance import Guidance

    if as_of:
        asked(as_of)
    own = ledgers(mapping)
    by_mapping = next((x.source for x in own if x.source), "")
    return Guidance(tuple(sheet for x in own for sheet in x.sheets), as_of, source or by_mapping, full, stubs, confirm)
