"""Where the server is, and with whose password: never from an address, a command line or a log."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from schemas.errors import StoreAddressError, StoreError

USER, PASSWORD, PASSWORD_FILE, DATABASE = (f"JINGLUO_NEO4J_{n}" for n in ("USER", "PASSWORD", "PASSWORD_FILE", "DATABASE"))


@dataclass(frozen=True)
class Address:
    """``url`` without secrets."""

    url: str

    @classmethod
    def of(cls, url: str) -> Address:
        """Raises StoreAddressError: a user or password in the address, no host, a path."""
        parts = urlsplit(url)
        if parts.username is not None or parts.password is not None:
            raise StoreAddressError("store.secret-in-url", "数据库地址里不要写用户名和密码",
                                    hint=f"请用环境变量 {USER} 和 {PASSWORD}（或 {PASSWORD_FILE} 指向的文件）")
        if not parts.hostname or parts.path.strip("/"):
            raise StoreAddressError("store.url", f"无法识别的数据库地址：{url}",
                                    hint=f"请写成 neo4j://主机:7687；数据库名用环境变量 {DATABASE} 指定")
        return cls(url.rstrip("/"))


def credentials() -> tuple[str, str] | None:
    """(user, password) from the environment or the password file; ``None``: the server asks for none."""
    password = os.environ.get(PASSWORD, "")
    if file := os.environ.get(PASSWORD_FILE):
        try:
            password = Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise StoreError("store.password-file", f"无法读取密码文件：{error.strerror}", hint=f"请检查 {PASSWORD_FILE}") from None
    return (os.environ.get(USER, "neo4j"), password) if password else None


def database() -> str | None:
    """The database of the server; ``None``: the user's home database."""
    return os.environ.get(DATABASE) or None
