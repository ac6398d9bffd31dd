"""What endpoints are given: the engine, and the view that the query parameters ask for."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Annotated

from fastapi import Depends, Query, Request
from starlette.concurrency import run_in_threadpool

from api.wiring import Store
from graph.engine import GraphEngine
from graph.policy_files import bundled
from graph.policy_files import policy as read_policy
from schemas.dates import asked
from schemas.errors import PolicyError
from schemas.view import View

MOST = 500  # entries a page

AsOf = Annotated[str | None, Query(max_length=32, description="按哪一天回答，如 2020-09-01、2020-09；默认今天（上海时间）",
                                   examples=["2020-09-01"])]
PolicyName = Annotated[str | None, Query(alias="policy", max_length=64, description="口径的名称；默认为服务器的口径",
                                         examples=["changning"])]
Scope = Annotated[str | None, Query(max_length=200, description="只看某街镇、商圈、楼宇、园区或行业：名称或编号", examples=["天山路街道"])]
Limit = Annotated[int, Query(ge=1, le=MOST, description="每页条数")]
Cursor = Annotated[str | None, Query(max_length=2000, description="翻页标记：上一页的 page.cursor")]


# async: they wait for nothing, and a plain def would be one more turn through the thread pool
async def engine_of(request: Request) -> GraphEngine:
    """Raises StoreError and its kinds while the store is missing or does not answer."""
    store: Store = request.app.state.store
    return store.engine if store.engine else await run_in_threadpool(store.connect)


async def store_of(request: Request) -> Store:
    store: Store = request.app.state.store
    return store


async def view_of(request: Request, as_of: AsOf = None, policy: PolicyName = None) -> View:
    """Raises QuestionError (date), PolicyError."""
    return view(policy_file(policy, request.app.state.settings.policy), asked(as_of))


Engine = Annotated[GraphEngine, Depends(engine_of)]
Asked = Annotated[Store, Depends(store_of)]
AskedView = Annotated[View, Depends(view_of)]


def policy_file(name: str | None, own: str) -> str:
    """What to read: a bundled policy, or the server's own (``own``: a name or a file). A query never names a file."""
    if name is None or name == own or name == read_policy(own).name:
        return own
    if name not in bundled():
        known = dict.fromkeys([read_policy(own).name, *bundled()])
        raise PolicyError("policy.missing", f"没有名为“{name}”的口径", hint=f"可用：{'、'.join(known)}")
    return name


@lru_cache(maxsize=256)
def view(policy: str, as_of: date) -> View:
    """One view for all who ask the same: what engines and questions work out for it is kept by it."""
    return View(policy=read_policy(policy), as_of=as_of)
