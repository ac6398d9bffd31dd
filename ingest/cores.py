"""A name in a cell that nobody has, and the one body whose name is the same but for legal form and region (semantics 6)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from functools import cached_property
from itertools import chain, product

from graph.engine import Snapshot
from ingest.blocks import MOST
from ingest.names import Names

Key = tuple[str, str]  # (kind, normalised name)


class CoreNames:
    """The names of a load and of the store by their core. ``told``: the names of the load, all known by now."""

    def __init__(self, snapshot: Snapshot | None, names: Names, *told: Collection[Key]) -> None:
        self.snapshot, self.names, self.told = snapshot, names, told

    def of(self, kind: str, own: str) -> set[str]:
        """All names of the core ``own`` that are bodies' of the kind, or of any where they are the store's; very many: none."""
        stored = self.snapshot.sharing([own], MOST).get(own) if self.snapshot else []
        return set() if stored is None else {*self._in_load.get((kind, own), ()), *(n for _, n in stored if self.names.core(n) == own)}

    @cached_property
    def _in_load(self) -> dict[Key, set[str]]:
        found = dict[Key, set[str]]()
        for kind, plain in chain(*self.told):
            found.setdefault((kind, self.names.core(plain)), set()).add(plain)
        return found


def only(names: Names, kind: str, plain: str, called: Mapping[str, Set[str]], proper: Collection[str]) -> str | None:
    """Of bodies of a kind ``called`` by names of the core of ``plain`` the one that is meant: the only one of which no name says
    otherwise, and that is not as well one of the others. ``proper``: those whose registered name it is, and no other name."""
    may = [i for i, own in called.items() if any(names.agree(kind, plain, n) for n in own)]
    if len(may) != 1 or may[0] not in proper or not all(names.agree(kind, plain, n) for n in called[may[0]]):
        return None
    rivals = (n for i, own in called.items() if i != may[0] for n in own)
    return None if any(names.agree(kind, a, b) for a, b in product(called[may[0]], rivals)) else may[0]
