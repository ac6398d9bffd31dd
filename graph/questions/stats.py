"""What a store holds."""

from __future__ import annotations

from graph.engine import GraphEngine
from graph.lock import under_way
from graph.questions.steady import steady
from schemas.kinds import KINDS
from schemas.overviews import Held, Stats
from schemas.relations import RELATIONS


@steady
def stats(engine: GraphEngine) -> Stats:
    """Bodies by kind (ended ones too), spells of relationships by type, and the sources of the imports in force.

    >>> next(h.number for h in stats(engine).bodies if h.name == "Enterprise")
    11
    """
    with engine.read() as snapshot:
        counts, imports = snapshot.counts(), [i for i in snapshot.sources().values() if i.state != "undone"]
        return Stats(
            data_version=snapshot.version, loading=under_way(snapshot), synthetic=any(i.synthetic for i in imports),
            bodies=tuple(Held(name=k.name, label=k.label, number=counts[k.name]) for k in KINDS.values()),
            relationships=tuple(Held(name=r.name, label=r.label, number=counts[r.name]) for r in RELATIONS.values()),
            imports=len(imports), sources=tuple(dict.fromkeys(i.source for i in imports)))
