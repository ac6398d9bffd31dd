"""What the store calls its bodies, as far as a load asks: looked up in blocks, since to a server every question is a round trip."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from graph.engine import Snapshot
from graph.parts import Body
from schemas.identifiers import normal

Key = tuple[str, str, str]  # (kind, scheme, value)
AT_ONCE = 5_000  # keys looked up at once
CODE = 18  # characters of a credit code


class Registry:
    """Who has which keys. What was not foreseen is looked up when it is asked for."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.empty = not any(snapshot.counts().values()) and snapshot.version == 0
        self._ids = dict[Key, Sequence[str]]()
        self._in_force = dict[Key, Sequence[str]]()  # where there are any
        self._told = dict[str, tuple[str, Sequence[str]]]()  # id in force -> normalised name, credit codes

    def foresee(self, keys: Iterable[Key]) -> None:
        """Tell that these will be asked; changes no answer."""
        rest = iter([] if self.empty else [k for k in dict.fromkeys(keys) if k not in self._ids])
        while some := list(islice(rest, AT_ONCE)):
            self._look_up(some)

    def _look_up(self, keys: Sequence[Key]) -> None:
        found = self.snapshot.identify(keys)
        there = self.snapshot.bodies({id for ids in found.values() for id in ids}) if found else {}
        self._told |= {id: (normal(b.name), [v for s, v in b.keys if s == "credit_code"]) for id, b in there.items()}
        self._ids |= {key: found.get(key, ()) for key in keys}
        self._in_force |= {key: now for key, ids in found.items() if (now := [i for i in ids if i in there and _called(there[i], key)])}

    def stored(self, kind: str, scheme: str, value: str) -> Sequence[str]:
        """Ids once given for the key, which outlive an undo."""
        key = kind, scheme, value
        self.foresee([key])
        return self._ids.get(key, ())

    def in_force(self, kind: str, scheme: str, value: str) -> Sequence[str]:
        """Those that rows in force call so: who was called so before an undo is no namesake."""
        return self._in_force.get((kind, scheme, value), ()) if self.stored(kind, scheme, value) else ()

    def with_code(self, kind: str, code: str) -> Sequence[str]:
        return self.in_force(kind, "credit_code", code) if len(code) == CODE else ()

    def codes(self, id: str) -> Sequence[str]:
        """The credit codes of a ``stored`` body, by rows in force."""
        return self._told[id][1] if id in self._told else ()

    def name(self, id: str) -> str | None:
        """The normalised name of a ``stored`` body; ``None`` if no row in force asserts it."""
        return self._told[id][0] if id in self._told else None


def _called(body: Body, key: Key) -> bool:
    _, scheme, value = key
    if scheme == "name":
        return normal(body.name) == value
    return any(s == scheme and (v if scheme == "credit_code" else normal(v)) == value for s, v in body.keys)
