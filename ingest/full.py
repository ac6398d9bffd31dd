"""Of what a register says to be the full register: the scope in words and as metapaths, and the relationships of its columns."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from graph.questions.reasons import hop_words, position_words
from ingest.headers import Register, Table
from ingest.resolve import Bodies
from ingest.values import ValueProblem
from schemas.errors import MetapathError, RegisterError
from schemas.identifiers import clean
from schemas.kinds import KINDS
from schemas.metapath import Metapath, parse
from schemas.scopes import PATHS, scope_paths

WHOLE = ("全区", "全部", "全市", "是")


@dataclass(frozen=True)
class Claim:
    """``words``: 天山路街道全部党组织; ``scope``: metapaths of which one is TRUE for the bodies that are all listed."""

    words: str
    scope: tuple[Metapath, ...]

    def hops(self, tables: Collection[Table], stated: Collection[tuple[int, int]]) -> tuple[Metapath, ...]:
        """What the columns list in full: those in which any row says something."""
        return tuple(dict.fromkeys(parse(f"(:{t.layout.kind}){c.hop}") for n, t in enumerate(tables) for i, c in enumerate(t.columns)
                                   if c and c.meaning == "relation" and (n, i) in stated))


def claimed(register: Register, bodies: Bodies) -> Claim | None:
    """Raises RegisterError: what is named does not exist, or is no scope of what the register lists."""
    text, where = clean(register.full), register.path.name
    if not text or text == "否":
        return None
    kinds = tuple(dict.fromkeys(t.layout.kind for t in register.tables))
    if "" in kinds:
        raise RegisterError("register.full", "关系登记表里看不出哪类对象的哪种关系列全了，不能这样声明为全量", where=where,
                            hint="请另写一个声明文件（.toml，来源、截至与此表相同），写明哪种关系列全了（[[completeness]]，full = true），"
                                 "两个文件一起导入；写法见 docs/registers.md“全量登记表”。或去掉“全量”一行")
    labels = "、".join(KINDS[k].label for k in kinds)
    if text in WHOLE:
        return Claim(f"全部{labels}", tuple(parse(f"(:{k})") for k in kinds))
    if text.startswith("("):
        return _by_metapath(text, kinds, labels, where)
    scope = _by_place(text, bodies, where)
    inside = tuple(m for m in scope if set(m.subject.kinds) & set(kinds))
    if missing := [k for k in kinds if not any(k in m.subject.kinds for m in inside)]:
        raise RegisterError("register.full", f"“{text}”不能作为{KINDS[missing[0]].label}的范围", where=where,
                            hint="可写街镇、商圈、楼宇、园区、行业的名称，或 全区；仍不行的请写元路径")
    return Claim(f"{text}全部{labels}", inside)


def _by_place(text: str, bodies: Bodies, where: str) -> tuple[Metapath, ...]:
    try:
        id = bodies.reference(tuple(PATHS), text, "stated", "", [])
    except ValueProblem as problem:
        raise RegisterError("register.full", f"全量的范围：{problem.message}", where=where, hint=problem.hint) from None
    kind = next(k for k in PATHS if id.startswith(KINDS[k].prefix + "-"))
    return scope_paths(kind, id)


def _by_metapath(text: str, kinds: tuple[str, ...], labels: str, where: str) -> Claim:
    try:
        path = parse(text)
    except MetapathError as error:
        raise RegisterError("register.full", f"全量的元路径：{error.message}", where=f"{where}：{error.where}", hint=error.hint) from None
    if not set(kinds) <= set(path.subject.kinds):
        raise RegisterError("register.full", f"全量的元路径的起点不是{labels}", where=where, hint=f"起点请写 (:{'|'.join(kinds)})")
    steps = "、其".join(hop_words(h, p) for h, p in zip(path.hops, path.positions[1:], strict=True))
    return Claim(f"全部{position_words(path.subject)}" + (f"（{steps}）" if steps else ""), (path,))
