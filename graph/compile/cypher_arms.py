"""Arms of a statement over many subjects: each says something of subjects as a code; subjects with all codes alike are one row from
there on. For statistics, where much is asked of every subject; where little is, ``cypher_sets`` is cheaper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from schemas.kinds import KINDS

FLAGS, SCORES = 1000, 4  # the first code of a flag; codes a part of what is asked
SUBJECT, GROUP = -100, -1  # less the kind's number: a subject; -1: a group of the subject


def scored(part: int, score: int) -> str:
    """Whether a subject with ``codes`` has this score of a part."""
    return f"{part * SCORES + score} IN codes"


@dataclass
class Flags:
    """Tests as clauses that yield subjects with a code, true once the ``codes`` of each are collected (``cypher.Setwise``)."""

    clauses: dict[str, int] = field(default_factory=dict)
    bound: bool = False

    def test(self, clause: str) -> str:
        return f"{self.clauses.setdefault(clause, FLAGS + len(self.clauses))} IN codes"

    def kinds(self, kinds: Sequence[str]) -> str:
        return one_of(kinds)


def one_of(kinds: Sequence[str]) -> str:
    """Whether a subject with ``codes`` is of one of these kinds."""
    return f"({' OR '.join(f'{SUBJECT - KINDS[k].number} IN codes' for k in kinds)})"


@dataclass
class Arms:
    """Clauses that yield subjects ``x``, each with what it says of them as a code. Each is collected by itself: rows go through a
    UNION of a dozen arms five times as slowly."""

    calls: list[str] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    grouped: bool = False

    def add(self, clause: str, code: int) -> None:
        self._put(clause, [("x", code)])

    def either(self, clause: str, test: str, yes: int, no: int) -> None:
        """``yes`` where the test is true, else ``no``."""
        self._put(clause, [(f"CASE WHEN {test} THEN x END", yes), (f"CASE WHEN {test} THEN null ELSE x END", no)])

    def groups(self, clause: str, group: str) -> None:
        """Subjects of which the clause says a group: ``group`` of its rows."""
        self.grouped = True
        name = f"s{len(self.lists)}"
        self.calls.append(f"CALL () {{ {clause} RETURN collect([x, {group}]) AS {name} }}")
        self.lists.append(f"[{name}, {GROUP}]")

    def subjects(self, kinds: Sequence[str], tests: Sequence[str]) -> None:
        """What is asked about: a code a kind."""
        for kind in kinds:
            self.add(f"MATCH (x:{kind}) WHERE {' AND '.join(tests)}", SUBJECT - KINDS[kind].number)

    def flags(self, flags: Flags) -> None:
        for clause, code in flags.clauses.items():
            self.add(clause, code)

    def _put(self, clause: str, said: Sequence[tuple[str, int]]) -> None:
        names = [f"s{len(self.lists) + i}" for i in range(len(said))]
        told = ", ".join(f"collect({what}) AS {name}" for name, (what, _) in zip(names, said, strict=True))
        self.calls.append(f"CALL () {{ {clause} RETURN {told} }}")
        self.lists += [f"[{name}, {code}]" for name, (_, code) in zip(names, said, strict=True)]

    @property
    def rows(self) -> str:
        """A clause that leaves x, code of every arm's subjects, and the group where the code is ``GROUP``."""
        each = f"{' '.join(self.calls)} UNWIND [{', '.join(self.lists)}] AS s UNWIND s[0] AS e"
        if not self.grouped:
            return f"{each} WITH e AS x, s[1] AS code, null AS grp"
        return (f"{each} WITH CASE s[1] WHEN {GROUP} THEN e[0] ELSE e END AS x, s[1] AS code,"
                f" CASE s[1] WHEN {GROUP} THEN e[1] END AS grp")
