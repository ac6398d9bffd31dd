"""What a load keeps between its passes, in a temporary file of its own: a register may have a million rows."""

from __future__ import annotations

import marshal
import tempfile
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from schemas.facts import Basis, BodyFact, DeclarationFact, Fact, RelationFact, Row, Value

Plain = tuple[Any, ...]  # of texts, numbers and such tuples: what marshal can write
Fields = tuple[tuple[str, Value], ...]
IN_MEMORY = 1 << 20  # bytes; most registers are small
TARGET = RelationFact._fields.index("target")
FIELDS = RelationFact._fields.index("fields")


class Spool:
    """Batches of plain items, read in the order in which they were written, as often as asked."""

    def __init__(self) -> None:
        self.file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - read as long as the load lives
        self.sizes = list[int]()  # of the batches, in bytes
        self.number = 0  # of items

    def add(self, items: list[Plain]) -> None:
        if items:
            self.sizes.append(self.file.write(marshal.dumps(items)))
            self.number += len(items)

    def batches(self) -> Iterator[list[Plain]]:
        at = 0
        for size in self.sizes:
            self.file.seek(at)  # it may be read elsewhere meanwhile
            yield marshal.loads(self.file.read(size))  # noqa: S302 - written by this process a moment ago
            at += size

    def clear(self) -> None:
        self.file.seek(0)
        self.file.truncate()
        self.sizes.clear()
        self.number = 0


def packed(row: Row) -> Plain:
    """A row as plain tuples; ``unpacked`` gives it back."""
    return row.number, row.hash, row.sheet, [_packed(f) for f in row.facts]


def _packed(fact: Fact) -> Plain:
    if isinstance(fact, BodyFact):
        return fact.id, fact.name, fact.keys, _plain(fact.fields)
    if isinstance(fact, RelationFact):
        return (*fact[:FIELDS], _plain(fact.fields), *fact[FIELDS + 1:]) if fact.fields else tuple(fact)
    return (fact.data,)


@lru_cache(4096)  # what fields say is the same for many, and then one object, which is written once
def _plain(fields: Fields) -> Plain:
    return tuple([(name, *value) for name, value in fields])


def mentioned(items: Iterable[Plain], named: set[str], touched: set[str]) -> None:
    """Add the bodies that packed rows name, and all that they speak of; it takes no row apart."""
    for *_, facts in items:
        for fact in facts:
            if len(fact) == len(BodyFact._fields):
                touched.add(fact[0])
                if fact[1]:
                    named.add(fact[0])
            elif len(fact) > 1:
                touched.update(fact[:TARGET + 1:TARGET])


def unpacked(item: Plain) -> Row:
    number, hash, sheet, facts = item
    return Row(number, hash, tuple([_unpacked(f) for f in facts]), sheet)


def _unpacked(item: Plain) -> Fact:
    if len(item) == len(BodyFact._fields):
        id, name, keys, fields = item
        return BodyFact(id, name, keys, _fields(fields))
    if len(item) == 1:
        return DeclarationFact(*item)
    return RelationFact._make((*item[:FIELDS], _fields(item[FIELDS]), *item[FIELDS + 1:]) if item[FIELDS] else item)


@lru_cache(4096)
def _fields(plain: tuple[Plain, ...]) -> Fields:
    return tuple([(name, _value(value, basis, complete)) for name, value, basis, complete in plain])


@lru_cache(4096)  # most are choices, the same few for thousands of bodies
def _value(value: str | tuple[str, ...], basis: Basis, complete: bool) -> Value:
    return Value(value, basis, complete)
