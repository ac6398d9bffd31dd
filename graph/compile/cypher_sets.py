"""Sets of subjects, each collected once; then the subjects are gone through, and whether one is in a set is a look-up.

A set is a list, which the server looks up by hash. Rows would go through a UNION of a dozen arms five times as slowly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from graph.compile.cypher import ALWAYS, NEVER, Chain


@dataclass
class Sets:
    """``subject``: the kinds that ``x`` may be. See ``cypher.Setwise``."""

    subject: Sequence[str]
    bound: bool = True
    collected: dict[tuple[str, tuple[str, ...]], list[str]] = field(default_factory=dict)  # (clause, tests) -> a set a test
    unions: dict[str, str] = field(default_factory=dict)

    def test(self, clause: str) -> str:
        return f"x IN {self.where(clause, ALWAYS)[0]}"

    def kinds(self, kinds: Sequence[str]) -> str:
        return ALWAYS if set(self.subject) <= set(kinds) else f"x:{'|'.join(kinds)}"

    def where(self, clause: str, *tests: str) -> list[str]:
        """For each test the set of what the clause yields where it holds."""
        number = sum(map(len, self.collected.values()))
        return self.collected.setdefault((clause, tests), [f"s{number + i}" for i in range(len(tests))])

    def matched(self, chains: Sequence[Chain]) -> tuple[str, str]:
        """Tests whether ``x`` has a certain match of one of the chains, and whether it has another."""
        found = [self.where(f"{c.text} WITH x, coalesce({c.certain}, false) AS sure", "sure", "NOT sure") for c in chains]
        return self._any([sure for sure, _ in found]), self._any([unsure for _, unsure in found])

    def _any(self, sets: Sequence[str]) -> str:
        """A test whether ``x`` is in one of the sets."""
        if len(sets) < 2:
            return f"x IN {sets[0]}" if sets else NEVER
        return f"x IN {self.unions.setdefault(' + '.join(sets), f'u{len(self.unions)}')}"

    @property
    def text(self) -> str:
        """A clause that leaves every set."""
        calls = [_call(clause, tests, names) for (clause, tests), names in self.collected.items()]
        unions = "".join(f", {text} AS {name}" for text, name in self.unions.items())
        return " ".join(calls) + (f" WITH *{unions}" if unions else "")


def _call(clause: str, tests: Sequence[str], names: Sequence[str]) -> str:
    told = ", ".join(f"collect({'x' if t == ALWAYS else f'CASE WHEN {t} THEN x END'}) AS {n}" for t, n in zip(tests, names, strict=True))
    return f"CALL () {{ {clause} RETURN {told} }}"
