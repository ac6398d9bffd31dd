"""What the environment sets, read when it is asked for and never at import."""

from __future__ import annotations

import os
from dataclasses import dataclass

DEFAULT_STORE = "sqlite:///jingluo.db"
DEFAULT_POLICY = "changning"


@dataclass(frozen=True)
class Settings:
    """``store``: store URL; ``policy``: a bundled policy's name or a .toml file; ``who``: noted with each import;
    ``debug``: show the trace of an unexpected error."""

    store: str
    policy: str
    who: str
    debug: bool


def settings() -> Settings:
    return Settings(
        store=os.environ.get("JINGLUO_STORE") or DEFAULT_STORE,
        policy=os.environ.get("JINGLUO_POLICY") or DEFAULT_POLICY,
        who=os.environ.get("JINGLUO_WHO", ""),
        debug=bool(os.environ.get("JINGLUO_DEBUG")),
    )
