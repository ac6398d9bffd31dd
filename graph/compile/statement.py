"""What compilers of every dialect give, and how they bind parameters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from graph.frame import Frame


@dataclass(frozen=True)
class Statement:
    text: str
    params: dict[str, Any]


@dataclass
class Binder:
    """Collects the parameters of one statement; the same value is bound once. ``sign``: what begins a parameter in the dialect."""

    sign: ClassVar[str]
    frame: Frame
    params: dict[str, Any] = field(default_factory=dict)
    by_value: dict[Any, str] = field(default_factory=dict)

    def bind(self, value: Any) -> str:
        key = tuple(value) if isinstance(value, list) else value
        if key not in self.by_value:
            self.by_value[key] = f"p{len(self.by_value)}"
            self.params[self.by_value[key]] = value
        return self.sign + self.by_value[key]

    @property
    def day(self) -> str:
        return self.bind(self.frame.day)

    @property
    def stated_only(self) -> Self:
        """The same statement, by stated relationships whatever the policy counts: for scopes (semantics 4)."""
        return type(self)(self.frame.stated_only, self.params, self.by_value)
