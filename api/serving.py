"""Runs the application on a port: on this machine alone, until somebody says that whoever reaches the port may read everything."""

from __future__ import annotations

import errno
import ipaddress
import logging
import os
import socket
from collections.abc import Callable
from contextlib import suppress

import uvicorn

from api.app import create_app
from api.logs import to_stderr
from api.settings import Settings
from graph.policy_files import policy
from schemas.errors import InputError, StoreError

HOST, PORT = "127.0.0.1", 8000
STOPS = 5  # seconds that answers under way are given when the server stops
PASSES = ("store.unreachable", "store.busy", "store.timeout", "store.moved")  # worth waiting for; anything else is told at once


def serve(settings: Settings, *, host: str = HOST, port: int = PORT, anyone: bool = False, other_port: bool = False,
          level: int = logging.INFO, say: Callable[[str], None] = print) -> None:
    """Serve until stopped. ``port`` 0: any that is free; ``other_port``: take another where this one is taken.

    Raises InputError (host, port), PolicyError, StoreError (a store that waiting does not mend)."""
    policy(settings.policy)
    if not 0 <= port <= 65535:
        raise InputError("serve.port", f"没有端口 {port}", hint="端口为 0 至 65535")
    if not anyone and not is_loopback(host):
        raise InputError("serve.anyone", f"在 {host} 上监听，能连到这个端口的人都可以看到全部数据",
                         hint="确实要这样，请加 --allow-anyone；只在本机使用，请去掉 --host")
    app = create_app(settings)
    waited_for = _waited_for(app.state.store.look)
    with _listening(host, port, other_port) as listening:
        _announce(listening, anyone, waited_for, say)
        to_stderr(level)
        config = uvicorn.Config(app, log_config=None, access_log=False, proxy_headers=False, server_header=False, ws="none",
                                timeout_graceful_shutdown=STOPS)
        with suppress(KeyboardInterrupt):  # raised again once everything has ended
            uvicorn.Server(config).run(sockets=[listening])
        say("已停止")


def is_loopback(host: str) -> bool:
    return all(ipaddress.ip_address(a.partition("%")[0]).is_loopback for _, a in _addresses(host, 0))


def _addresses(host: str, port: int) -> list[tuple[socket.AddressFamily, str]]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise InputError("serve.host", f"没有地址“{host}”", hint="本机用 127.0.0.1，全部网卡用 0.0.0.0") from None
    return [(family, str(address[0])) for family, _, _, _, address in sorted(found, key=lambda f: f[0] != socket.AF_INET)]


def _listening(host: str, port: int, other_port: bool) -> socket.socket:
    family, address = _addresses(host, port)[0]
    own = socket.socket(family, socket.SOCK_STREAM)
    if os.name == "posix":  # elsewhere it would let two servers share a port
        own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        own.bind((address, port))
        own.listen(socket.SOMAXCONN)
    except OSError as error:
        own.close()
        if error.errno == errno.EADDRINUSE and other_port:
            return _listening(host, 0, False)
        raise _refused(error, host, port) from None
    return own


def _refused(error: OSError, host: str, port: int) -> InputError:
    if error.errno == errno.EADDRINUSE:
        return InputError("serve.port-in-use", f"端口 {port} 已被占用，可能已有一个经络在运行", hint="请先停止它，或用 --port 换一个端口")
    if error.errno == errno.EACCES:
        return InputError("serve.port-refused", f"没有权限使用端口 {port}", hint="请用 --port 换一个 1024 以上的端口")
    return InputError("serve.host", f"不能在 {host} 上监听：{error.strerror}", hint="本机用 127.0.0.1，全部网卡用 0.0.0.0")


def _waited_for(look: Callable[[], object]) -> StoreError | None:
    """Why the store does not answer yet, where that passes."""
    try:
        look()
    except StoreError as error:
        if error.code not in PASSES:
            raise
        return error
    return None


def _announce(listening: socket.socket, anyone: bool, waited_for: StoreError | None, say: Callable[[str], None]) -> None:
    address, port = listening.getsockname()[:2]
    name = "127.0.0.1" if address in ("0.0.0.0", "127.0.0.1") else "[::1]" if address in ("::", "::1") else address  # noqa: S104 - read
    say(f"\n经络已启动，请在浏览器中打开（按 Ctrl-C 停止）：\n  页面      http://{name}:{port}/\n  接口说明  http://{name}:{port}/docs")
    if anyone:
        say("  注意：能连到这个端口的人都可以看到全部数据")
    if waited_for:
        say(f"  注意：数据库现在不能回答（{waited_for.message}），恢复后自动可用")
