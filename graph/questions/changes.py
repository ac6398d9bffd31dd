"""A body or a relationship before and after, field by field, each value with the rows that say it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from graph.parts import Body, Edge, RowRef
from graph.questions.present import Presenter
from schemas.answers import BASIS_LABELS
from schemas.dates import ended, written
from schemas.difference import FieldChange
from schemas.facts import BodyFact, Value
from schemas.kinds import COMMON, KINDS
from schemas.parts import Evidence
from schemas.relations import RELATIONS

KEY_LABELS = {"credit_code": "统一社会信用代码", "alias": "别名", "former": "曾用名", "brand": "品牌"}
HIDDEN = "（个人信息，不显示）"
NAME = "name"
CONFIRMED = "confirmed"  # each source tells when it looked: to differ in that is no conflict


def body_changes(before: Presenter, after: Presenter, old: Body | None, new: Body) -> tuple[FieldChange, ...]:
    """The name, keys and fields that differ; of a body that was not there, all."""
    was, now = _texts(before, old) if old else {}, _texts(after, new)
    order = [NAME, *KEY_LABELS, *(f.name for f in (*KINDS[new.kind].fields, *COMMON))]
    changed = [n for n in order if was.get(n) != now.get(n)]
    old_rows = _who(before, old, changed) if old else {}
    new_rows = _who(after, new, changed)
    return tuple(FieldChange(name=n, label=_label(new.kind, n), old_evidence=old_rows.get(n, ()), new_evidence=new_rows.get(n, ()),
                             old=_shown(new.kind, n, was.get(n, "")), new=_shown(new.kind, n, now.get(n, ""))) for n in changed)


def _texts(present: Presenter, body: Body) -> dict[str, str]:
    keys = {s: "、".join(v for scheme, v in body.keys if scheme == s) for s in KEY_LABELS if any(scheme == s for scheme, _ in body.keys)}
    return {NAME: body.name, **keys, **{n: _value_text(present, body.kind, n, v) for n, v in body.values.items()}}


def _value_text(present: Presenter, kind: str, name: str, value: Value) -> str:
    only = "仅：" if value.complete and value.value else ""
    inferred = f"（{BASIS_LABELS['inferred']}）" if value.basis == "inferred" else ""
    return only + present.value_text(kind, name, value) + inferred


def _label(kind: str, name: str) -> str:
    field = KINDS[kind].field(name)
    return "名称" if name == NAME else KEY_LABELS.get(name) or (field.label if field else name)


def _shown(kind: str, name: str, text: str) -> str:
    """Personal fields are shown by role only: here that they change, not what they say."""
    field = KINDS[kind].field(name)
    return HIDDEN if text and field and field.personal else text


def _who(present: Presenter, body: Body, names: Sequence[str]) -> dict[str, tuple[Evidence, ...]]:
    """Of each field the row that decides: the last one that says anything of it, in rule-1 order; of keys all that give one."""
    said = present.snapshot.facts(body.rows)
    order = sorted(said, key=lambda r: (present.imports[r[0]].as_of, r))
    found = dict[str, tuple[Evidence, ...]]()
    for name in names:
        asserts = _asserts(body.id, name)
        rows = [r for r in order if any(isinstance(f, BodyFact) and asserts(f) for f in said[r])]
        found[name] = tuple(map(present.evidence, rows if name in KEY_LABELS else rows[-1:]))
    return found


def _asserts(id: str, name: str) -> Callable[[BodyFact], bool]:
    if name == NAME:
        return lambda f: f.id == id and bool(f.name)
    if name in KEY_LABELS:
        return lambda f: f.id == id and any(s == name for s, _ in f.keys)
    return lambda f: f.id == id and any(n == name for n, _ in f.fields)


def new_conflicts(old: Body | None, new: Body) -> list[str]:
    """The fields of which sources say something different now."""
    apart = {n: said for n, said in new.conflicts.items() if n != CONFIRMED}
    known = {n: {v.value for v, _ in said} for n, said in old.conflicts.items()} if old else {}
    return [n for n, said in apart.items() if not {v.value for v, _ in said} <= known.get(n, set())]


def edge_changes(before: Presenter, after: Presenter, old: Sequence[Edge], new: Sequence[Edge]) -> tuple[FieldChange, ...]:
    """What of the spells of a relationship differs: their dates, roles, basis and fields."""
    was, now = _spells(before, old), _spells(after, new)
    known = {r for e in old for r in e.rows}
    return tuple(FieldChange(name=n, label=label, old=was.get((n, label), ""), new=now.get((n, label), ""),
                             old_evidence=_rows(before, [r for e in old for r in e.rows]),
                             new_evidence=_rows(after, [r for e in new for r in e.rows if r not in known]))
                 for n, label in {**was, **now} if was.get((n, label)) != now.get((n, label)))


def _rows(present: Presenter, rows: Sequence[RowRef]) -> tuple[Evidence, ...]:
    return tuple(map(present.evidence, dict.fromkeys(rows)))


def _spells(present: Presenter, edges: Sequence[Edge]) -> dict[tuple[str, str], str]:
    """(name, label) -> what all spells say, in time order."""
    found = dict[tuple[str, str], list[str]]()
    bodies = present.snapshot.bodies([edges[0].source, edges[0].target]) if edges else {}
    for e in edges:
        relation, basis = RELATIONS[e.type], BASIS_LABELS["stated" if e.stated else "inferred"]
        texts = {("role", "角色"): relation.roles.get(e.role, e.role), ("since", "开始"): written(e.start, e.start_precision) or "",
                 ("until", "结束"): ended(until) if (until := present.until(e, bodies.values())) else "", ("basis", "依据"): basis}
        for name, value in e.values.items():
            field, text = relation.field(name), str(value.value)
            texts[name, field.label if field else name] = field.choices.get(text, text) if field else text
        for key, text in texts.items():
            found.setdefault(key, []).append(text)
    return {k: "；".join(t for t in texts if t) for k, texts in found.items()}
