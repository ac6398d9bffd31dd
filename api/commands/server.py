"""The command that serves the API and the pages."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from api.commands.options import Policy, Store
from api.settings import settings

Host = Annotated[str, typer.Option("--host", metavar="地址", help="在哪个地址上监听")]
Port = Annotated[int, typer.Option("--port", metavar="端口", help="端口，0-65535； 0 为任一空闲端口")]


def serve(
    host: Host = "127.0.0.1", port: Port = 8000, store: Store = None, policy: Policy = None,
    anyone: Annotated[bool, typer.Option("--allow-anyone", help="允许在本机以外监听： 能连到端口的人都可以看到全部数据")] = False,
    name: Annotated[list[str] | None, typer.Option("--name", metavar="主机名", show_default=False,
                                                   help="人们在浏览器里用的主机名（IP 地址不必写）；可多次给出")] = None,
) -> None:
    """启动网页和接口。

    日志写到标准错误，一行一个 JSON。

    \b
    示例：
      jingluo serve
      jingluo serve --store jingluo-demo.db --port 8001
      jingluo serve --host 0.0.0.0 --allow-anyone --name jingluo.example
    """
    from api.serving import serve as run

    own = settings()
    run(replace(own, store=store or own.store, policy=policy or own.policy, hosts=tuple(name or ())), host=host, port=port, anyone=anyone,
        say=typer.echo)
