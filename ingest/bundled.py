"""The registers and declarations of Changning that come with the product."""

from __future__ import annotations

from importlib.resources import files as resources
from pathlib import Path

FOLDER = Path(str(resources("ingest").joinpath("registers")))


def files() -> list[Path]:
    """Registers and declarations, by name."""
    return sorted(p for p in FOLDER.iterdir() if p.suffix in (".csv", ".toml"))


def assumption() -> Path:
    """The example of a declaration to be assumed: that the carriers of 人工智能产业 are registered in full."""
    return FOLDER / "examples" / "assume-industry-carriers.toml"
