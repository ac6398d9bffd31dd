"""The version of the program that runs."""

from __future__ import annotations

from functools import cache
from importlib import metadata


@cache
def version() -> str:
    try:
        return metadata.version("jingluo")
    except metadata.PackageNotFoundError:  # run from a checkout that is not installed
        return "0"
