"""Findings about names and ranks: names and codes that several bodies have, organisations subordinate to themselves."""

from __future__ import annotations

from collections.abc import Iterator

from graph.questions.present import Presenter
from schemas.relations import RELATIONS
from schemas.reports import Finding

RANKS = "SUBORDINATE_TO"
SHOWN = 5  # names in one finding


def namesakes(present: Presenter, limit: int) -> Iterator[Finding]:
    """One credit code under two names, two bodies of one name, and names by which another body is called."""
    found, total = present.snapshot.namesakes(limit)
    bodies = present.snapshot.bodies({id for _, said in found for id, _ in said})
    for value, said in found:
        schemes = {scheme for _, scheme in said}
        refs = tuple(present.body_ref(bodies[id]) for id in dict.fromkeys(id for id, _ in said) if id in bodies)
        names = "、".join(f"{r.name}（{r.id}）" for r in refs[:SHOWN]) + (f"等 {len(refs)} 个" if len(refs) > SHOWN else "")
        if schemes == {"credit_code"}:
            yield Finding(code="data.same-code", level="error", bodies=refs,
                          message=f"信用代码 {value.upper()} 登记在几个对象名下：{names}")
        elif schemes == {"name"}:
            yield Finding(code="data.same-name", level="warning", bodies=refs,
                          message=f"同名的{refs[0].kind_label}：{names}；是同一个的，请补填信用代码")
        elif "name" in schemes:
            yield Finding(code="data.alias-is-name", level="warning", bodies=refs,
                          message=f"“{value}”既是名称，又是另一{refs[0].kind_label}的别名、曾用名或品牌：{names}")
        else:
            yield Finding(code="data.same-alias", level="information", bodies=refs,
                          message=f"几个{refs[0].kind_label}都叫“{value}”：{names}")
    if total > limit:
        yield Finding(code="data.more-namesakes", level="information", message=f"同名、同代码的共 {total} 组，此处列出前 {limit} 组")


def circles(present: Presenter, limit: int) -> Iterator[Finding]:
    """Organisations that are, step by step, subordinate to themselves."""
    import networkx as nx  # slow to import, and most questions do without

    graph: nx.DiGraph[str] = nx.DiGraph(present.snapshot.pairs(RANKS, present.frame))
    rings = sorted(sorted(part) for part in nx.strongly_connected_components(graph) if len(part) > 1)
    for ring in rings[:limit]:
        bodies = present.snapshot.bodies(ring)
        refs = tuple(present.body_ref(bodies[id]) for id in ring if id in bodies)
        names = "、".join(r.name for r in refs[:SHOWN]) + (f"等 {len(refs)} 个" if len(refs) > SHOWN else "")
        yield Finding(code="data.circle", level="error", bodies=refs, message=f"“{RELATIONS[RANKS].label}”成环：{names}")
    if len(rings) > limit:
        yield Finding(code="data.more-circles", level="information", message=f"隶属成环共 {len(rings)} 处，此处列出前 {limit} 处")
