"""The bundled policies and policy files of one's own."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from schemas.errors import PolicyError
from schemas.policy import Policy, load
from schemas.validation import SIZE, text_of


def bundled() -> tuple[str, ...]:
    return tuple(sorted(f.name.removesuffix(".toml") for f in files("graph").joinpath("policies").iterdir() if f.name.endswith(".toml")))


@lru_cache(maxsize=32)
def policy(name: str = "changning") -> Policy:
    """A bundled policy by name, or the policy file at a path; raise PolicyError if it is missing or broken."""
    if name.endswith(".toml"):
        return load(_text(Path(name)), Path(name).name, _extended)
    return load(_extended(name), f"{name}.toml", _extended)


def _extended(name: str) -> str:
    if name not in bundled():
        raise PolicyError("policy.missing", f"没有名为“{name}”的口径", hint=f"可用：{'、'.join(bundled())}，或一个 .toml 文件")
    return files("graph").joinpath("policies", f"{name}.toml").read_text(encoding="utf-8")


def _text(path: Path) -> str:
    try:
        content = text_of(path)
    except UnicodeDecodeError:
        raise PolicyError("policy.encoding", f"口径文件 {path.name} 不是 UTF-8 编码", hint="请用 UTF-8 编码另存") from None
    except (OSError, ValueError):  # ValueError: a NUL in the path
        raise PolicyError("policy.missing", f"没有或无法读取口径文件 {path.name}", hint="请检查路径和读取权限") from None
    if content is None:
        raise PolicyError("policy.too-large", f"口径文件 {path.name} 超过 {SIZE >> 20} MB", hint="请检查是否选错了文件")
    return content
