"""The commands that ask: each is one question on one store, printed for people or as JSON."""

from __future__ import annotations

from typing import Annotated

import typer

from api.commands.options import AsOf, Assume, By, Cursor, GapState, Json, Limit, Policy, Scope, Store
from api.output import coverage as coverage_page
from api.output import gaps as gaps_page
from api.output import lists, paths
from api.output import statistics as statistics_page
from api.output.paper import give
from api.wiring import opened, view
from schemas.dates import asked

Who = Annotated[str, typer.Argument(metavar="单位", show_default=False, help="名称、别名、信用代码或编号")]
Anybody = Annotated[str, typer.Argument(metavar="对象", show_default=False, help="名称、别名、信用代码或编号")]


def search(
    text: Annotated[str, typer.Argument(metavar="文字", show_default=False,
                                        help="名称的任意一段、别名、信用代码、 全拼或拼音首字母； 一个字也行")],
    kind: Annotated[list[str] | None, typer.Option("--kind", metavar="类别", show_default=False,
                                                    help="只找某类对象，如 企业；可多次给出")] = None,
    limit: Limit = 20, cursor: Cursor = None, store: Store = None, json: Json = False,
) -> None:
    """按名称、别名、信用代码或拼音查找。

    \b
    示例：
      jingluo search fzcm
      jingluo search 税务 --kind 职能部门
    """
    from graph.questions.search import search as ask

    with opened(store) as engine:
        give(ask(engine, text, kinds=tuple(kind or ()), limit=limit, cursor=cursor), lists.search, as_json=json)


def directory(
    kind: Annotated[str, typer.Argument(metavar="类别", show_default=False, help="如 企业、楼宇、党组织")],
    scope: Scope = None, as_of: AsOf = None, policy: Policy = None, limit: Limit = 50, cursor: Cursor = None,
    store: Store = None, json: Json = False,
) -> None:
    """某一类对象的名录。

    未终止的，按拼音排列，附信用代码、登记的内容和所在地。

    \b
    示例：
      jingluo directory 企业 --scope 天山路街道
      jingluo directory 楼宇
    """
    from graph.questions.directory import directory as ask

    with opened(store) as engine:
        answer = ask(engine, kind, view(engine, as_of=as_of, policy=policy), scope=scope, limit=limit, cursor=cursor)
        give(answer, lists.directory, as_json=json)


def show(who: Anybody, as_of: AsOf = None, policy: Policy = None, limit: Limit = 50, cursor: Cursor = None,
         store: Store = None, json: Json = False) -> None:
    """一个对象登记的全部内容。

    字段、名称、各种关系和依据。

    \b
    示例：
      jingluo show 分众传媒
      jingluo show 天山商圈党委
    """
    from graph.questions.profile import profile as ask

    with opened(store) as engine:
        give(ask(engine, who, view(engine, as_of=as_of, policy=policy), limit=limit, cursor=cursor), lists.profile, as_json=json)


def coverage(
    who: Who, as_of: AsOf = None, policy: Policy = None, assume: Assume = None,
    brief: Annotated[bool, typer.Option("--brief", help="不说明断在哪一步、还要登记什么，快得多")] = False,
    store: Store = None, json: Json = False,
) -> None:
    """一个单位是否被覆盖，怎样覆盖，依据何在。

    党的组织覆盖和工作覆盖的每种方式各列一行；不成立的说明断在哪一步，情况不明的说明还要登记什么。服务联系另列，不计入覆盖。

    \b
    示例：
      jingluo coverage 分众传媒
      jingluo coverage 分众传媒 --as-of 2019-06-01
    """
    from graph.questions.coverage import coverage as ask

    with opened(store) as engine:
        answer = ask(engine, who, view(engine, as_of=as_of, policy=policy, assume=assume), why_not=not brief)
        give(answer, coverage_page.coverage, as_json=json)


def path(
    start: Annotated[str, typer.Argument(metavar="起点", show_default=False, help="如 区税务局")],
    end: Annotated[str, typer.Argument(metavar="终点", show_default=False, help="如 分众传媒")],
    k: Annotated[int, typer.Option("-k", metavar="N", min=1, max=100, help="最多给出几条")] = 3,
    via: Annotated[list[str] | None, typer.Option("--via", metavar="对象", show_default=False, help="须依次经过的对象；可多次给出")] = None,
    avoid: Annotated[list[str] | None, typer.Option("--avoid", metavar="对象或类别", show_default=False,
                                                     help="不得经过的对象或类别；可多次给出")] = None,
    max_hops: Annotated[int, typer.Option("--max-hops", metavar="N", min=1, max=12, help="最多几步")] = 6,
    stated_only: Annotated[bool, typer.Option("--stated-only", help="只走原文明示的关系，不走推断的")] = False,
    as_of: AsOf = None, policy: Policy = None, store: Store = None, json: Json = False,
) -> None:
    """联系渠道：从一方到另一方经谁联系。

    给出最近的几条路径，每一步附依据；没有路径时，说明两端各与谁有联系。

    \b
    示例：
      jingluo path 区税务局 分众传媒
      jingluo path 区税务局 分众传媒 --stated-only -k 1
    """
    from graph.questions.liaison import paths as ask

    with opened(store) as engine:
        answer = ask(engine, start, end, view(engine, as_of=as_of, policy=policy), k=k, via=tuple(via or ()), avoid=tuple(avoid or ()),
                     max_hops=max_hops, stated_only=stated_only)
        give(answer, paths.paths, as_json=json)


def gaps(
    rule: Annotated[list[str] | None, typer.Option("--rule", metavar="代号", show_default=False, help="只查某条规则；可多次给出")] = None,
    scope: Scope = None,
    state: Annotated[list[GapState] | None, typer.Option("--state", metavar="状态", show_default=False,
                                                             help="gap 薄弱项、 not_known 不明、 exempt 不纳入、 ok 已达到； "
                                                                  "默认 gap， 可多次给出")] = None,
    summary: Annotated[bool, typer.Option("--summary", help="只要各条规则的条数")] = False,
    as_of: AsOf = None, assume: Assume = None, policy: Policy = None, limit: Limit = 50, cursor: Cursor = None,
    store: Store = None, json: Json = False,
) -> None:
    """薄弱项：逐条规则查谁没有达到。

    也列出谁情况不明、还要登记什么。

    \b
    示例：
      jingluo gaps --state gap --state not_known
      jingluo gaps --scope 天山路街道
      jingluo gaps --rule key-industry-carrier --assume 声明.toml
    """
    from graph.questions.gaps import gap_summary
    from graph.questions.gaps import gaps as ask

    with opened(store) as engine:
        frame = view(engine, as_of=as_of, policy=policy, assume=assume)
        if summary:
            give(gap_summary(engine, frame, rules=tuple(rule or ()), scope=scope), gaps_page.gap_summary, as_json=json)
            return
        answer = ask(engine, frame, rules=tuple(rule or ()), scope=scope,
                     states=tuple(s.value for s in state or [GapState.gap]), limit=limit, cursor=cursor)
        give(answer, gaps_page.gaps, as_json=json)


def statistics(
    by: Annotated[By | None, typer.Option("--by", metavar="分组", show_default=False,
                                               help="subdistrict 街镇、 business-district 商圈、 building 楼宇、 "
                                                    "industry 行业、 type 单位类型")] = None,
    scope: Scope = None, as_of: AsOf = None,
    compare: Annotated[str | None, typer.Option("--compare", metavar="日期", show_default=False, help="与另一天对比")] = None,
    policy: Policy = None, limit: Limit = 50, cursor: Cursor = None, store: Store = None, json: Json = False,
) -> None:
    """覆盖率统计，可分组、可对比。

    有情况不明的，覆盖率给出区间。

    \b
    示例：
      jingluo statistics --by subdistrict
      jingluo statistics --compare 2019-12-31
    """
    from graph.questions.statistics import statistics as ask

    with opened(store) as engine:
        answer = ask(engine, view(engine, as_of=as_of, policy=policy), by=by.value if by else None, scope=scope,
                     compare=asked(compare) if compare else None, limit=limit, cursor=cursor)
        give(answer, statistics_page.statistics, as_json=json)


def reconcile(as_of: AsOf = None, policy: Policy = None, limit: Limit = 50, cursor: Cursor = None,
              store: Store = None, json: Json = False) -> None:
    """数据核对：公布数、台账数和待补录数。

    \b
    示例：
      jingluo reconcile
    """
    from graph.questions.reconciliation import reconcile as ask

    with opened(store) as engine:
        give(ask(engine, view(engine, as_of=as_of, policy=policy), limit=limit, cursor=cursor), statistics_page.reconciliation,
             as_json=json)


def check(as_of: AsOf = None, policy: Policy = None, limit: Limit = 50, cursor: Cursor = None,
          store: Store = None, json: Json = False) -> None:
    """检查数据、口径和声明是否相符。

    只应有一个的有几个、来源不一致、声明所指不存在等。

    \b
    示例：
      jingluo check
    """
    from graph.questions.check import check as ask

    with opened(store) as engine:
        give(ask(engine, view(engine, as_of=as_of, policy=policy), limit=limit, cursor=cursor), lists.check, as_json=json)


def committee(who: Annotated[str, typer.Argument(metavar="商圈党委或载体", show_default=False, help="名称、别名或编号")],
              as_of: AsOf = None, policy: Policy = None, limit: Limit = 300, cursor: Cursor = None,
              store: Store = None, json: Json = False) -> None:
    """一个商圈党委或载体的成员，登记的和待补录的。

    \b
    示例：
      jingluo committee 天山商圈党委
    """
    from graph.questions.committee import committee as ask

    with opened(store) as engine:
        give(ask(engine, who, view(engine, as_of=as_of, policy=policy), limit=limit, cursor=cursor), lists.committee, as_json=json)


def stats(store: Store = None, json: Json = False) -> None:
    """数据库里有什么：各类对象和关系的数量。

    \b
    示例：
      jingluo stats
    """
    from graph.questions.stats import stats as ask

    with opened(store) as engine:
        give(ask(engine), lists.stats, as_json=json)


def network(
    shared: Annotated[bool, typer.Option("--shared", help="只要同属多个载体的成员，全部列出")] = False,
    as_of: AsOf = None, policy: Policy = None, limit: Limit = 50, cursor: Cursor = None, store: Store = None, json: Json = False,
) -> None:
    """联盟网络：载体的成员、共同成员和桥梁。

    \b
    示例：
      jingluo network
      jingluo network --shared
    """
    from graph.questions.network import alliances, shared_members

    with opened(store) as engine:
        frame = view(engine, as_of=as_of, policy=policy)
        if shared:
            give(shared_members(engine, frame, limit=limit, cursor=cursor), lists.shared_members, as_json=json)
            return
        give(alliances(engine, frame, limit=limit, cursor=cursor), lists.network, as_json=json)
