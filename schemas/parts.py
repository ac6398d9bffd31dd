"""What answers are made of: bodies, evidence, steps, matches, the frame they were given in, and where a list was cut."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    model_config = ConfigDict(frozen=True, json_schema_serialization_defaults_required=True)  # what has a default is given all the same

    @classmethod
    def of(cls, **fields: Any) -> Self:
        """An answer of values that are right already: like ``model_construct``, at a fifth of its price, which an answer pays a
        dozen times. Every field without a default must be given, by its name."""
        made, (defaults, names) = cls.__new__(cls), _defaults(cls)
        object.__setattr__(made, "__dict__", fields if [*fields] == [*defaults] else {**defaults, **fields})
        object.__setattr__(made, "__pydantic_fields_set__", names)
        object.__setattr__(made, "__pydantic_extra__", None)
        object.__setattr__(made, "__pydantic_private__", None)
        return made


@cache
def _defaults(model: type[Answer]) -> tuple[dict[str, Any], set[str]]:
    """In the order of declaration, which is that of the document; required fields are overwritten. And the names of all."""
    return {name: None if field.is_required() else field.get_default(call_default_factory=True, validated_data={})
            for name, field in model.model_fields.items()}, set(model.model_fields)


class BodyRef(Answer):
    """A body in an answer. ``name`` of an unnamed body says what it is known by; ``unnamed`` marks it. ``stub``: it is only referred
    to, and nobody has registered it (待补录)."""

    id: str
    kind: str
    kind_label: str
    name: str
    unnamed: bool = False
    synthetic: bool = False
    stub: bool = False


class Evidence(Answer):
    """A register row: import number, file, sheet, row as people see it, source and its as-of (ISO, to its precision)."""

    import_number: int
    file: str
    sheet: str
    row: int
    source: str
    as_of: str


class Step(Answer):
    """One hop of a path, from ``source`` to ``target`` as walked; ``forward`` is false where it is walked against its direction.

    ``since``, ``until``: ISO to the precision that is known, as the source wrote them: a month or a year in ``until`` is the last in
    which it holds, a day the first on which it does not. ``values``: what is told of the
    relationship itself, label -> value (楼层 -> 5)."""

    relation: str
    label: str
    forward: bool
    source: BodyRef
    target: BodyRef
    role: str = ""
    since: str | None = None  # None: not known
    until: str | None = None
    basis: Literal["stated", "inferred"] = "stated"
    reason: str = ""
    values: dict[str, str] = {}
    evidence: tuple[Evidence, ...] = ()


class Match(Answer):
    """One match of a metapath. Not ``certain``: ``needs`` says what it needs (inferred, a field, a date)."""

    steps: tuple[Step, ...]
    certain: bool
    needs: tuple[str, ...] = ()


class OpenHop(Answer):
    """A reason for "not known": a body whose next hop is not registered in full, or a field that is not recorded."""

    body: BodyRef
    missing: str
    message: str


class WhyNot(Answer):
    """The first hop that is missing: ``reached`` bodies (with a sample) had none; ``ended``: when the last one ended."""

    hop: str
    label: str
    reached: int
    sample: tuple[BodyRef, ...]
    ended: str | None = None
    message: str = ""
    closed_by: tuple[Evidence, ...] = ()  # where it is FALSE: the completeness statements that make it so


class AsOf(Answer):
    """Oldest and newest as-of of the evidence (ISO); ``note`` is the Chinese sentence, e.g. 截至2020-09，此后未核实."""

    oldest: str | None
    newest: str | None
    stale: bool
    note: str


class Note(Answer):
    """A doubt or an exemption in force about a body."""

    type: Literal["doubt", "exemption"]
    about: str
    reason: str
    evidence: Evidence | None = None


class Frame(Answer):
    """In which frame an answer was given."""

    as_of: str
    policy: str
    policy_version: int
    data_version: int
    assumed: int = 0
    overlay: bool = False
    loading: bool = False


class Page(Answer):
    """Where a list was cut: ``total`` is exact, ``cursor`` asks for the next page (``None`` on the last)."""

    total: int
    limit: int
    truncated: bool
    cursor: str | None = None
