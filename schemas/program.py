"""The version of the program that runs."""

from __future__ import annotations

from functools import cache
from importlib import metadata
from pathlib import Path

from schemas.validation import toml_of

NAME, NOT_INSTALLED = "jingluo", "未安装"


@cache
def version() -> str:
    """Of a checkout what its pyproject.toml says, whatever else is installed; else of what is installed."""
    if told := _of(Path(__file__).parents[1]):
        return told
    try:
        return metadata.version(NAME)
    except metadata.PackageNotFoundError:
        return NOT_INSTALLED


def _of(folder: Path) -> str:
    """The version of a checkout in a folder; "" where it holds none."""
    try:
        project = toml_of((folder / "pyproject.toml").read_text(encoding="utf-8")).get("project", {})
    except (OSError, ValueError):
        return ""
    return str(project["version"]) if project.get("name") == NAME and "version" in project else ""
