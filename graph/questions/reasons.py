"""Reasons in words: what a match needs, which hop is missing, what is not known (semantics 13, 14)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graph.judge import judge_body
from graph.parts import FALSE, Body, Chain, Edge
from graph.questions.present import Presenter
from graph.questions.trace import Trace, missing_hop
from schemas.dates import ended
from schemas.declarations import Completeness
from schemas.identifiers import kind_of
from schemas.kinds import GROUP_LABELS, KINDS
from schemas.metapath import Hop, Metapath, Position, named, parse
from schemas.parts import Evidence, Match, OpenHop, WhyNot

SAMPLE = 5
OPENINGS = 10  # reasons shown; the total is told


@dataclass(frozen=True)
class Reasons:
    why_not: WhyNot | None
    open: tuple[OpenHop, ...]
    open_total: int


def match_answers(present: Presenter, chains: Sequence[Chain], path: Metapath) -> tuple[Match, ...]:
    """Matches with their steps; parallel relationships between the same bodies are one match, shown by its first chain
    with the evidence of all."""
    merged: dict[tuple[str, ...], list[Chain]] = {}
    for c in chains:
        merged.setdefault(tuple(b.id for b in c.bodies), []).append(c)
    return tuple(_match(present, same, path) for same in merged.values())


def _match(present: Presenter, same: list[Chain], path: Metapath) -> Match:
    first = same[0]
    bodies = {b.id: b for b in first.bodies}
    steps = []
    for i, body in enumerate(first.bodies[:-1]):
        step = present.step(first.edges[i], bodies, body.id)
        if len(same) > 1:
            more = dict.fromkeys(r for c in same for r in c.edges[i].rows)
            step = step.model_copy(update={"evidence": tuple(present.evidence(r) for r in more)})
        steps.append(step)
    needs = () if first.certain else needs_words(present, first, path)
    return Match.of(steps=tuple(steps), certain=first.certain, needs=needs)


def needs_words(present: Presenter, chain: Chain, path: Metapath) -> tuple[str, ...]:
    """What a match that is not certain needs: something inferred, a date, a role, a field that is not recorded."""
    said, day = list[str](), present.frame.day
    for hop, edge in zip(path.hops, chain.edges, strict=True):
        label = hop.relation.label
        if not edge.stated:
            said.append(f"“{label}”为推断" + (f"：{edge.reason}" if edge.reason else ""))
        if not edge.holds(day):
            seen = present.as_of(edge.rows)
            said.append(f"“{label}”起始日期未登记" + (f"，最早见于 {seen.oldest}" if seen else ""))
        if any((f == "role" and not edge.role) or (f != "role" and f not in edge.values) for f, _ in hop.where):
            said.append(f"“{label}”的{'、'.join('角色' if f == 'role' else _label_of(hop, f) for f, _ in hop.where)}未登记")
    for position, body in zip(path.positions, chain.bodies, strict=True):
        said += [f"{present.body_ref(body).name}的“{field_label(body.kind, f)}”{_lack(body.values.get(f))}"
                 for f in judge_body(position, body, present.frame)[1]]
    return tuple(dict.fromkeys(said))


def _lack(value: object) -> str:
    return "未登记" if value is None else "为推断或未列全"


def _label_of(hop: Hop, name: str) -> str:
    field = hop.relation.field(name)
    return field.label if field else name


def field_label(kind: str, name: str) -> str:
    field = KINDS[kind].field(name)
    return field.label if field else {"name": "名称"}.get(name, name)


def explain(present: Presenter, path: Metapath, t: Trace) -> Reasons:
    """Why a metapath is not TRUE for the trace's subject: the missing hop, and what is not known."""
    why_not = None if t.chains else _why_not(present, path, t)
    opened = list(dict.fromkeys((b.id, level, name) for b, level, name in t.open))
    bodies = {b.id: b for b, _, _ in t.open}
    shown = tuple(_open_hop(present, path, bodies[id], level, name) for id, level, name in opened[:OPENINGS])
    return Reasons(why_not, shown, len(opened))


def _open_hop(present: Presenter, path: Metapath, body: Body, level: int, name: str) -> OpenHop:
    ref = present.body_ref(body)
    if name:
        label = field_label(ref.kind, name)
        return OpenHop.of(body=ref, missing=name, message=f"{ref.name}的“{label}”未登记")
    hop, target = path.hops[level], path.positions[level + 1]
    return OpenHop.of(body=ref, missing=f"{hop}{target}",
                                   message=f"{ref.name}的“{hop_words(hop, target)}”是否已全部登记，情况不明")


def hop_words(hop: Hop, target: Position) -> str:
    """A hop in Chinese: 建有 党组织, 位于 楼宇或园区."""
    label = hop.relation.label if hop.forward else hop.relation.reverse
    return f"{label} {position_words(target)}"


def position_words(position: Position) -> str:
    kinds = named(position.kinds)
    words = "或".join(GROUP_LABELS.get(k) or KINDS[k].label for k in kinds)
    tests = []
    for name, values in position.where:
        field = next((f for k in position.kinds if (f := KINDS[k].field(name))), None)
        shown = "/".join((field.choices.get(v) or {"true": "是", "false": "否"}.get(v, v)) if field else v for v in values)
        tests.append(f"{field.label if field else '名称'}：{shown}")
    return words + (f"（{'，'.join(tests)}）" if tests else "")


def _why_not(present: Presenter, path: Metapath, t: Trace) -> WhyNot:
    level = missing_hop(t)
    if level >= len(path.hops):  # no hop: the subject's own fields
        return WhyNot.of(hop=str(path), label=position_words(path.subject), reached=0, sample=(), ended=None,
                                      message=f"不符合：{position_words(path.subject)}")
    hop, target = path.hops[level], path.positions[level + 1]
    reached = list(t.reached[level].values())
    over = _ended(present, [b.id for b in reached], hop, target)
    sample = tuple(present.body_ref(b) for b in reached[:SAMPLE])
    where = "、".join(b.name for b in sample) + (f" 等 {len(reached)} 个" if len(reached) > SAMPLE else "")
    said = f"曾有“{hop_words(hop, target)}”，已于 {ended(over)} 结束" if over else f"未登记“{hop_words(hop, target)}”"
    closed_by = _closed_by(present, hop, path.positions[level], target) if t.score == FALSE else ()
    return WhyNot.of(hop=f"{hop}{target}", label=hop_words(hop, target), reached=len(reached), sample=sample,
                                  ended=over, message=f"{where or '起点'}：{said}", closed_by=closed_by)


def _closed_by(present: Presenter, hop: Hop, at: Position, target: Position) -> tuple[Evidence, ...]:
    """The rows that declare the hop complete: how we know that there is none."""
    key = "closed_by", hop, at.kinds, target
    if key not in present.frame.memo:
        present.frame.memo[key] = {str(s) for k in at.kinds for closing in present.frame.closings(k, hop, target) for s in closing.scopes}
    scopes: set[str] = present.frame.memo[key]
    return tuple(present.evidence(d.row) for d in present.snapshot.declarations()
                 if isinstance(d.declaration, Completeness) and parse(d.declaration.hop).hops[0].type == hop.type
                 and scopes & set(d.declaration.scope))


def _ended(present: Presenter, ids: list[str], hop: Hop, target: Position) -> str | None:
    """When the last relationship of the missing hop ended, if there ever was one."""
    edges = [e for e in _left(present, ids, hop) if e.until <= present.frame.day
             and kind_of(e.target if hop.forward else e.source) in target.kinds]
    latest = max(edges, key=lambda e: (e.until, e.until_precision), default=None)
    return present.until(latest, present.snapshot.bodies([latest.source, latest.target]).values()) if latest else None


def _left(present: Presenter, ids: Iterable[str], hop: Hop) -> list[Edge]:
    """What has ever left these bodies by a type; kept, so that what ``foresee`` has read is not asked again body by body."""
    known = present.past.setdefault((hop.type, hop.forward), {})
    asked = list(dict.fromkeys(ids))
    if lacking := [i for i in asked if i not in known]:
        known.update({i: [] for i in lacking})
        for e in present.snapshot.step(lacking, [(hop.type, hop.forward)], None):
            known[e.source if hop.forward else e.target].append(e)
    return [e for i in asked for e in known[i]]


def foresee(present: Presenter, traced: Iterable[tuple[Metapath, Trace]]) -> None:
    """Read for many traces at once what ``explain`` will ask of each: a round trip a hop."""
    missing = dict[Hop, dict[str, Body]]()
    for path, t in traced:
        if not t.chains and (level := missing_hop(t)) < len(path.hops):
            missing.setdefault(path.hops[level], {}).update(t.reached[level])
    over = [e for hop, bodies in missing.items() for e in _left(present, bodies, hop) if e.until <= present.frame.day]
    present.snapshot.bodies({id for e in over for id in (e.source, e.target)})
