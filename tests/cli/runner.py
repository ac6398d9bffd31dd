"""Runs one command in this process, as a shell would see it."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import dataclass
from typing import Any

from api.cli import main


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def flat(self) -> str:
        """The output without line breaks and padding: what is said, however the lines were folded."""
        return "".join(self.out.split())


def run(*arguments: object) -> Result:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([str(a) for a in arguments])
    return Result(code, out.getvalue(), err.getvalue())


def answer(*arguments: object) -> Any:
    """The JSON answer of a command that must succeed."""
    result = run(*arguments, "--json")
    assert result.code == 0, result.err
    assert result.err == ""
    return result.json
