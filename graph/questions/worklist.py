"""What is to be looked at on a walk through a building (扫楼): its units floor by floor, what is known, and what to ask."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from graph.engine import GraphEngine
from graph.parts import Body, Edge
from graph.questions.gap_map import coverage_rule
from graph.questions.gaps import STATES, page_gaps
from graph.questions.present import Presenter
from graph.questions.search import resolve
from graph.questions.steady import steady
from schemas.answers import Gap
from schemas.dates import months_before, number, read
from schemas.errors import QuestionError
from schemas.kinds import GROUPS, KINDS
from schemas.metapath import parse
from schemas.parts import BodyRef
from schemas.scopes import scope_paths
from schemas.view import View
from schemas.worklist import Worklist, WorklistUnit

PLACES = ("Building", "Park")
LIMIT = 5_000  # units of one building
ASKED = 6  # questions a unit
BEHIND = (("FORMED_IN", False), ("COVERS", False), ("LIAISES_WITH", False))
WANTED = ("status", "staff_band", "full_member_band")  # fields that are asked for where they are not recorded
COVERAGE = {"ok": "已覆盖", "gap": "空白点", "exempt": "不纳入统计", "not_known": "情况不明"}
FAR_END = re.compile(r"\(:([A-Za-z|]+)( ?\{.*\})?\)$")
# kinds that cover units, and whether their label is said behind what they are: 联合党组织, but 工会
BY_CHOICE = {"PartyOrganization": True, "LiaisonPost": False, "MassOrganization": False}
NUMERALS = {c: i for i, c in enumerate("零一二三四五六七八九")}


@steady
def worklist(engine: GraphEngine, place: str, view: View, *, limit: int = LIMIT) -> Worklist:
    """The units in a building or park at the view's day, in order of floor and room, at most ``limit``; a unit that is both
    registered and operating there once, as operating.

    Raises UnknownBodyError, QuestionError (no building or park).

    >>> [u.unit.name for u in worklist(engine, "龙之梦雅仕大厦", view).units]
    ['浦发银行', 'ZARA']
    """
    with engine.read(view.overlay) as snapshot:
        present, where = Presenter(snapshot, view), resolve(snapshot, place)
        if where.kind not in PLACES:
            raise QuestionError("question.place", f"“{where.name}”是{KINDS[where.kind].label}，不能扫楼", hint="请写楼宇或园区的名称")
        edges = _located(present, where.id)
        bodies = snapshot.bodies(edges)
        order = sorted(bodies.values(), key=lambda b: (floor_order(_text(edges[b.id], "floor")), natural(_text(edges[b.id], "room")),
                                                       b.sort_key, b.id))
        shown = order[:limit]
        gaps = _gaps(present, where, len(order))
        behind = _behind(present, [b.id for b in shown])
        units = tuple(_unit(present, b, edges[b.id], gaps.get(b.id), behind.get(b.id, ())) for b in shown)
        return Worklist(frame=present.document, place=present.body_ref(where), units=units, total=len(order))


def _located(present: Presenter, place: str) -> dict[str, Edge]:
    """Unit -> where it is in the building; the operating place before the registered one."""
    prefixes = tuple(KINDS[k].prefix + "-" for k in GROUPS["Unit"])
    found = dict[str, Edge]()
    edges = present.snapshot.step([place], [("LOCATED_IN", False)], present.frame)
    for e in sorted(edges, key=lambda e: (e.role == "registered", e.since)):
        if e.source.startswith(prefixes):
            found.setdefault(e.source, e)
    return found


def _gaps(present: Presenter, place: Body, units: int) -> dict[str, Gap]:
    """The coverage of each unit with what is not known, for all of them at once."""
    rule = coverage_rule(present.view.policy)
    page = present.snapshot.scan(rule, present.frame, scope_paths(place.kind, place.id), STATES, None, max(units, 1))
    return {g.subject.id: g for g in page_gaps(present, rule, page)}


def _behind(present: Presenter, ids: Sequence[str]) -> dict[str, list[Body]]:
    """Organisations and posts of each unit."""
    edges = [e for e in present.snapshot.step(ids, BEHIND, present.frame) if e.holds(present.frame.day)]
    bodies = present.snapshot.bodies({e.source for e in edges})
    found = dict[str, dict[str, Body]]()
    for e in edges:
        found.setdefault(e.target, {})[e.source] = bodies[e.source]
    return {id: sorted(them.values(), key=lambda b: (b.sort_key, b.id)) for id, them in found.items()}


def _unit(present: Presenter, body: Body, edge: Edge, gap: Gap | None, behind: Sequence[Body]) -> WorklistUnit:
    values = {n: present.value_text(body.kind, n, v) for n, v in body.values.items()}
    code = next((v for s, v in body.keys if s == "credit_code"), "")
    return WorklistUnit(
        unit=present.body_ref(body), role=edge.role, floor=_text(edge, "floor"), room=_text(edge, "room"), credit_code=code,
        status=values.get("status", ""), organisations=_refs(present, behind, "PartyOrganization", "MassOrganization"),
        posts=_refs(present, behind, "LiaisonPost"), coverage=COVERAGE.get(gap.state, "") if gap else "",
        confirmed=values.get("confirmed", ""), ask=tuple(_ask(present, body, edge, gap, code, values))[:ASKED])


def _refs(present: Presenter, bodies: Iterable[Body], *kinds: str) -> tuple[BodyRef, ...]:
    return tuple(present.body_ref(b) for b in bodies if b.kind in kinds)


def _text(edge: Edge, name: str) -> str:
    value = edge.values.get(name)
    return str(value.value) if value else ""


def _ask(present: Presenter, body: Body, edge: Edge, gap: Gap | None, code: str, values: Mapping[str, str]) -> Iterable[str]:
    """What is not known, the simplest first."""
    if not _text(edge, "floor") and not _text(edge, "room"):
        yield "楼层房号"
    if edge.role == "registered":
        yield "只登记为注册地：是否在此经营"
    if _stale(present, values.get("confirmed", "")):
        yield "久未核实，请核对全行"
    if gap and gap.state == "gap":
        yield "空白点：能否组建或由联合党组织覆盖"
    wanted = dict.fromkeys(w for o in gap.open if o.body.id == body.id and (w := _wanted(o.missing))) if gap else {}
    if wanted:
        yield f"有无{'、'.join(wanted)}"
    if not code:
        yield "信用代码"
    kind = KINDS[body.kind]
    yield from (field.label for n in WANTED if not values.get(n) and (field := kind.field(n)))


def _wanted(missing: str) -> str:
    """What would cover the unit, by the hop that is not known: 党组织, 联合党组织, 党建指导员/党建联络员; "" where it is a place."""
    match = FAR_END.search(missing)
    if not match or not set(kinds := match[1].split("|")) <= set(BY_CHOICE):
        return ""
    end = parse(f"(:{match[1]}{match[2] or ''})").subject
    labels = "/".join(KINDS[k].label for k in kinds)
    chosen = [field.choices.get(v, v) for name, values in end.where for v in values if (field := KINDS[end.kinds[0]].field(name))]
    return "/".join(chosen) + (labels if BY_CHOICE[kinds[0]] or not chosen else "")


def _stale(present: Presenter, confirmed: str) -> bool:
    day = read(confirmed)
    return day is not None and day[0] < number(months_before(present.view.as_of, present.view.policy.stale_months))


# -- floors and rooms as people count them -----------------------------------------------------------------------------------


def natural(text: str) -> tuple[tuple[int, int | str], ...]:
    """Numbers within a text are compared as numbers: 2 before 10, A2 before A10; nothing last."""
    if not text:
        return ((2, ""),)
    return tuple((0, int(part)) if part.isdigit() else (1, part) for part in re.split("([0-9]+)", text) if part)


def floor_order(text: str) -> tuple[int, int, tuple[tuple[int, int | str], ...]]:
    """Basements, then floors upward, then what is no number, then nothing: B2, 地下1层, 1F, 二楼, 十二层, 裙楼."""
    plain = text.strip().upper()
    if not plain:
        return 2, 0, ()
    below = plain.startswith(("B", "-", "地下", "负"))
    found = re.search("[0-9]+", plain)
    level = int(found[0]) if found else _chinese(plain)
    return (1, 0, natural(plain)) if level is None else (0, -level if below else level, natural(plain))


def _chinese(text: str) -> int | None:
    """三 -> 3, 十二 -> 12, 二十一 -> 21; None where there is no numeral."""
    match = re.search("([一二三四五六七八九]?)(十?)([一二三四五六七八九]?)(?:层|楼|F|$)", text)
    if not match or not (match[1] or match[2] or match[3]):
        return None
    tens = (NUMERALS.get(match[1], 1) if match[2] else 0) * 10
    return tens + (NUMERALS.get(match[3], 0) if match[2] else NUMERALS.get(match[1] or match[3], 0))
