"""Where the server is, and with whose password: never from an address, a command line or a log."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from schemas.errors import StoreAddressError, StoreError, why

USER, PASSWORD, PASSWORD_FILE, DATABASE = (f"JINGLUO_NEO4J_{n}" for n in ("USER", "PASSWORD", "PASSWORD_FILE", "DATABASE"))


@dataclass(frozen=True)
class Address:
    """``url`` without secrets."""

    url: str

    @classmethod
    def of(cls, url: str) -> Address:
        """Raises StoreAddressError: a user or password in the address, no host, a port that is none, anything behind it."""
        if "@" in url:
            raise StoreAddressError("store.secret-in-url", "数据库地址里不要写用户名和密码",
                                    hint=f"请用环境变量 {USER} 和 {PASSWORD}（或 {PASSWORD_FILE} 指向的文件）")
        scheme, _, host = url.partition("://")
        if not _is_host(host.rstrip("/")):
            raise StoreAddressError("store.url", f"无法识别的数据库地址：{url.partition('?')[0]}{'?…' if '?' in url else ''}",
                                    hint=f"请写成 neo4j://主机:7687；数据库名用环境变量 {DATABASE} 指定")
        return cls(f"{scheme}://{host.rstrip('/')}")


def _is_host(text: str) -> bool:
    """Whether it is a host, with a port or without, and nothing else."""
    try:
        parts = urlsplit(f"//{text}")
        return bool(parts.hostname) and parts.netloc == text and parts.port != 0
    except ValueError:
        return False


def credentials() -> tuple[str, str] | None:
    """(user, password) from the environment or the password file; ``None``: the server asks for none."""
    password = os.environ.get(PASSWORD, "")
    if file := os.environ.get(PASSWORD_FILE):
        password = _password_in(Path(file))
    return (os.environ.get(USER, "neo4j"), password) if password else None


def _password_in(file: Path) -> str:
    try:
        password = file.read_text(encoding="utf-8-sig").strip()
    except OSError as error:
        raise _no_password(f"无法读取密码文件：{why(error)}") from None
    except UnicodeDecodeError:  # the error would hold what is in the file
        raise _no_password("密码文件不是 UTF-8 文本") from None
    if not password:
        raise _no_password("密码文件是空的")
    return password


def _no_password(problem: str) -> StoreError:
    return StoreError("store.password-file", problem, hint=f"请检查 {PASSWORD_FILE}")


def database() -> str | None:
    """The database of the server; ``None``: the user's home database."""
    return os.environ.get(DATABASE) or None
