"""What the environment sets, read when it is asked for and never at import."""

from __future__ import annotations

import os
from dataclasses import dataclass

DEFAULT_STORE = "sqlite:///jingluo.db"
DEFAULT_POLICY = "changning"


@dataclass(frozen=True)
class Settings:
    """``store``: store URL; ``policy``: a bundled policy's name or a .toml file; ``who``: noted with each import;
    ``mappings``: a folder of mapping files (layouts of one's own), "" for none;
    ``debug``: show the trace of an unexpected error.

    Of the server: ``hosts``: names beside addresses and localhost by which it may be called; ``rate``: requests a second that
    one client may make in the long run (``None``: any number), with ``burst`` saved up; ``at_once``: requests under way;
    ``body``, ``url``: bytes at most; ``seconds``: for one answer; ``kept``: bytes of answers kept ready to be given again."""

    store: str = DEFAULT_STORE
    policy: str = DEFAULT_POLICY
    who: str = ""
    debug: bool = False
    mappings: str = ""
    hosts: tuple[str, ...] = ()
    rate: float | None = 50
    burst: int = 500
    at_once: int = 200
    body: int = 1 << 20
    url: int = 8 << 10
    seconds: float = 15
    kept: int = 32 << 20


def settings() -> Settings:
    return Settings(
        store=os.environ.get("JINGLUO_STORE") or DEFAULT_STORE,
        policy=os.environ.get("JINGLUO_POLICY") or DEFAULT_POLICY,
        who=os.environ.get("JINGLUO_WHO", ""),
        debug=bool(os.environ.get("JINGLUO_DEBUG")),
        mappings=os.environ.get("JINGLUO_MAPPINGS", ""),
    )
