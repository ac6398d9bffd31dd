"""How things look: colour, shape and line of each sort. Never colour alone: shape, line and words say the same."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.answers import GAP_LABELS
from schemas.parts import BodyRef, Step

INK, LINE, ORANGE, MUTED = "#1f2328", "#4b5563", "#b45309", "#6b7280"
DASHED, DOTTED = (9, 5), (2, 4)


@dataclass(frozen=True)
class Look:
    """A box. ``radius``: of its corners; ``dashes``: of its border. ``label``: what the legend says."""

    label: str
    border: str
    fill: str
    radius: int = 4
    dashes: tuple[int, int] | None = None
    width: float = 1.5
    ink: str = INK


@dataclass(frozen=True)
class Stroke:
    label: str
    colour: str
    dashes: tuple[int, int] | None = None
    width: float = 2


LOOKS: dict[str, Look] = {
    "unit": Look("单位", "#0b5d96", "#e3f0fa", radius=1, width=2),
    "party": Look("党组织、行业党建载体", "#a61b1b", "#fbe9e7", radius=18),
    "post": Look("群团、服务团队、联络岗位", "#14713f", "#e4f4ea", radius=9),
    "office": Look("部门、街镇、楼宇等", LINE, "#f3f4f6", radius=1),
    "unnamed": Look("名称未公布（点线边框）", "#a61b1b", "#fbe9e7", radius=18, dashes=DOTTED),
    "stub": Look("〔待补录〕只被提到、还没有登记（点线边框）", LINE, "#f3f4f6", radius=1, dashes=DOTTED),
    "gap": Look("空白点（橙色虚线空心）", ORANGE, "#ffffff", dashes=DASHED, width=2.5),
    "unknown": Look("情况不明，待核实（灰色虚线空心）", MUTED, "#ffffff", dashes=DASHED),
    "placeholder": Look("待补录（点线空心）", MUTED, "#ffffff", radius=6, dashes=DOTTED),
    "exempt": Look("不纳入统计", MUTED, "#e5e7eb", radius=1),
    "covered": Look("已覆盖", "#0b5d96", "#e3f0fa", radius=1, width=2),
    "heading": Look("", "#a61b1b", "#a61b1b", ink="#ffffff"),
    "title": Look("", "#f7f8fa", "#f7f8fa", width=0),
    "note": Look("", MUTED, "#ffffff", radius=6, width=1),
    "calm": Look("没有空白点", "#0b5d96", "#e3f0fa", width=2),
    "gap1": Look("空白点占 20% 以下", ORANGE, "#fdf1e0", dashes=DASHED, width=2),
    "gap2": Look("空白点占 20%-50%", ORANGE, "#f6bf7c", dashes=DASHED, width=2),
    "gap3": Look("空白点占一半以上", ORANGE, "#dd7a1a", dashes=DASHED, width=2),
    "doubtful": Look("情况不明的占一半以上", MUTED, "#ffffff", dashes=DOTTED, width=2),
}
STROKES: dict[str, Stroke] = {
    "stated": Stroke("原文明示", LINE),
    "inferred": Stroke("推断", LINE, DASHED),
    "missing": Stroke("未登记", "#9ca3af", DASHED, 1.5),
    "plain": Stroke("", "#9ca3af", None, 1),
}
BY_KIND = {"Enterprise": "unit", "SocialOrganization": "unit", "PartyOrganization": "party", "BusinessDistrictCommittee": "party",
           "IndustryAlliance": "party", "MassOrganization": "post", "LiaisonTeam": "post", "LiaisonPost": "post"}
BY_STATE = {"ok": "covered", "exempt": "exempt", "gap": "gap", "not_known": "unknown"}
STATE_WORDS = {**GAP_LABELS, "ok": "已覆盖", "gap": "空白点", "not_known": "情况不明"}
BY_STATUS = {"covered": "unit", "exempt": "exempt", "uncovered": "gap", "not_known": "unknown"}


def look_of(body: BodyRef) -> str:
    return BY_KIND.get(body.kind, "office")


def mark_of(body: BodyRef) -> str:
    """The look whose border marks a body that is not registered by a name of its own; "" for the others."""
    return "unnamed" if body.unnamed else "stub" if body.stub else ""


def label_of(body: BodyRef, *more: str) -> str:
    """What stands in its box: its name, whether it is still to be registered, and what else is said."""
    return "\n".join((body.name, *(("〔待补录〕",) if body.stub else ()), *(m for m in more if m)))


def stroke_of(step: Step) -> str:
    return step.basis
