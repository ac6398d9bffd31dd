"""Whose names have a rare part in common: a part of very many names tells nobody apart, and what is compared grows with the file,
not with the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz, process

from graph.engine import Snapshot
from graph.parts import Body
from ingest.names import NEAR, Names, likeness, parts, usual
from schemas.identifiers import normal
from schemas.kinds import KINDS

MOST = 50  # names that have a part in common; one of more says nothing
KEPT = 250_000  # names kept, by part: others of the same load have it, too
Hit = tuple[str, str]  # (id, core of one of its names)


class Blocks:
    """Looks up who has a rare part of a name in common with others."""

    def __init__(self, snapshot: Snapshot, names: Names) -> None:
        self.snapshot, self.names, self.common = snapshot, names, set[str]()
        self.held, self.kept = dict[str, list[Hit]](), 0

    def likely(self, bodies: Sequence[Body]) -> list[dict[str, int]]:
        """For each body: others of its kind by id, with the likeness of their nearest names."""
        cores = [self.names.core(normal(b.name)) for b in bodies]
        held = self._held({p for c in cores for p in parts(c)})
        common = [c for c in cores if not any(p in held for p in parts(c))]  # nothing of it is rare, but the whole may be
        held |= self._held(set(common))
        return [self._nearest(b, c, held) for b, c in zip(bodies, cores, strict=True)]

    def _held(self, asked: set[str]) -> dict[str, list[Hit]]:
        """Part -> all names that have it, if they are not too many."""
        known = {part: self.held[part] for part in asked if part in self.held}
        asked = asked - self.common - known.keys()
        found = self.snapshot.sharing(sorted(asked), MOST)
        self.common |= asked - found.keys()
        new = {part: [(id, self.names.core(name)) for id, name in hits] for part, hits in found.items()}
        self._keep(new)
        return known | new

    def _keep(self, new: Mapping[str, list[Hit]]) -> None:
        self.held |= new
        self.kept += sum(map(len, new.values()))
        while self.kept > KEPT:
            self.kept -= len(self.held.pop(next(iter(self.held))))

    def _nearest(self, body: Body, own: str, held: Mapping[str, list[Hit]]) -> dict[str, int]:
        kind = KINDS[body.kind].prefix + "-"
        hits = list(dict.fromkeys(hit for p in (*parts(own), own) for hit in held.get(p, ()) if hit[0].startswith(kind)
                                  and hit[0] != body.id))
        if not hits:
            return {}
        near = process.extract(own, [name for _, name in hits], scorer=fuzz.ratio, score_cutoff=NEAR - 0.5, limit=None)
        within = [n for n, (_, name) in enumerate(hits) if name.startswith(own) or own.startswith(name)]
        best, common = dict[str, int](), usual(own, self.common)
        for id, name in (hits[n] for n in {*within, *(n for _, _, n in near)}):
            if like := likeness(own, name, common):
                best[id] = max(like, best.get(id, 0))
        return best
