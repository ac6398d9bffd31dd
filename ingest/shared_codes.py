"""Credit codes that rows give to clearly different names. Each is one body all the same; a person is to see whether a code was
mistyped (semantics 6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from itertools import islice

from graph.engine import Writer
from graph.questions.present import Presenter
from graph.questions.unsettled import SHARED_CODES, Named, code_words, named_by_code
from ingest.names import Names, likeness

SHOWN = 20  # told a file; all are counted, and noted for the check


def shared_codes(writer: Writer, present: Presenter, names: Names, ids: Set[str]) -> list[str]:
    """Of the bodies ``ids``, those whose code has names that are not near: warnings of a load, with the rows; noted in the store."""
    snapshot, told, number = present.snapshot, list[str](), 0
    for body in {b.id: b for b in snapshot.bodies(sorted(ids)).values()}.values():
        for code, named in named_by_code(snapshot, body).items():
            if apart := _apart(named, names):
                number += 1
                writer.put_record(SHARED_CODES, f"{body.id}~{code}", {"body": body.id, "code": code, "names": sorted(apart)})
                told += [code_words(present, code, apart)] if number <= SHOWN else []
    return [*told, *([f"一个信用代码有几个相差很大的名称的，共 {number} 个；jingluo check 列出其余的"] if number > SHOWN else [])]


def _apart(named: Named, names: Names) -> Named:
    """The names that are not near to some other."""
    return {name: rows for name, rows in named.items()
            if any(not likeness(names.core(name), names.core(other)) for other in _but(name, named))}


def _but(name: str, names: Iterable[str]) -> Sequence[str]:
    return [n for n in islice(names, SHOWN) if n != name]
