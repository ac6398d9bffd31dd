"""How coverage and gaps move between two snapshots: the state of every subject of every rule, before and after, compared as streams."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field

from graph.questions.present import Presenter
from schemas.answers import GAP_LABELS
from schemas.difference import GONE, NEW, Transition
from schemas.kinds import BY_PREFIX, GROUP_LABELS, GROUPS, KINDS
from schemas.policy import Policy, Requirement

UNIT_COVERAGE = Requirement(id="coverage", label="单位的覆盖", subject="(:Unit)", coverage=True)
COVERAGE_LABELS = {"ok": "已覆盖", "gap": "空白点", "not_known": "情况不明", "exempt": "不纳入统计"}
MEASURE = {"企业": "家", "社会组织": "家", "单位": "家"}
ENDS = {NEW: "新登记", GONE: "不再适用"}


def transitions(before: Presenter, after: Presenter, changed: Set[str] | None, limit: int | None) -> tuple[Transition, ...]:
    """All changes of state, rule by rule in the policy's order, coverage first; at most ``limit`` subjects are named of each.

    ``changed``: the kinds of bodies of which anything has changed, ``None`` where anything may have; rules that speak of none of
    them, nor what closes their hops, are not asked."""
    found, scopes = list[Transition](), _scopes(before) | _scopes(after)
    for rule in (r for r in _rules(after.view.policy) if changed is None or changed & (_kinds(after.view.policy, r) | scopes)):
        moved = dict[tuple[str, str], _Moved]()
        for id, old, new in _moved(before, after, rule):
            one = moved.setdefault((old, new), _Moved())
            one.kinds[id[:2]] += 1
            if limit is None or len(one.ids) < limit:
                one.ids.append(id)
        found += [_transition(before, after, rule, change, moved[change]) for change in sorted(moved)]
    return tuple(found)


def _kinds(policy: Policy, rule: Requirement) -> set[str]:
    """The kinds that a rule speaks of."""
    paths = [w.path for w in policy.counting_ways] if rule.coverage else rule.parts
    return {k for p in (rule.position, *paths) for at in p.positions for k in at.kinds}


def _scopes(present: Presenter) -> set[str]:
    """The kinds that the completeness statements in force speak of, which close hops."""
    return {k for s in present.frame.statements for p in s.scope for at in p.positions for k in at.kinds}


@dataclass
class _Moved:
    kinds: Counter[str] = field(default_factory=Counter)  # prefix of public ids -> how many
    ids: list[str] = field(default_factory=list)  # those that are named


def _transition(before: Presenter, after: Presenter, rule: Requirement, change: tuple[str, str], moved: _Moved) -> Transition:
    old, new = change
    present = before if new == GONE else after
    bodies = sorted(present.snapshot.bodies(moved.ids).values(), key=lambda b: (b.sort_key, b.id))
    labels = {**(COVERAGE_LABELS if rule.coverage else GAP_LABELS), **ENDS}
    return Transition.model_validate({
        "rule": rule.id, "rule_label": rule.label, "severity": rule.severity, "coverage": rule.coverage, "old": old, "new": new,
        "old_label": labels[old], "new_label": labels[new], "total": moved.kinds.total(), "subject_label": _kind_label(moved.kinds),
        "subjects": tuple(present.body_ref(b) for b in bodies)})


def _kind_label(prefixes: Iterable[str]) -> str:
    kinds = {BY_PREFIX[p].name for p in prefixes}
    if len(kinds) == 1:
        return KINDS[kinds.pop()].label
    return GROUP_LABELS["Unit"] if kinds <= set(GROUPS["Unit"]) else "对象"


def sentences(moved: Iterable[Transition]) -> tuple[str, ...]:
    """What the changes of state mean: coverage first, then gaps that open and close."""
    moved = tuple(moved)
    said = [_sentence(t) for t in moved if t.coverage]
    for severity, what in (("gap", "薄弱项"), ("information", "提示")):
        rest = [t for t in moved if not t.coverage and t.severity == severity]
        opened, closed = (sum(t.total for t in rest if getattr(t, side) == "gap") for side in ("new", "old"))
        said += [f"新出现 {opened} 个{what}"] if opened else []
        said += [f"消除 {closed} 个{what}"] if closed else []
    return tuple(said)


def _sentence(t: Transition) -> str:
    who = f"{t.total} {MEASURE.get(t.subject_label, '个')}"
    if t.old == NEW:
        return f"{who}新登记的{t.subject_label}{'为' if t.new == 'gap' else ''}{t.new_label}"
    if t.new == GONE:
        return f"{who}{t.subject_label}不再登记或已终止（原为{t.old_label}）"
    return f"{who}{t.subject_label}由{t.old_label}变为{t.new_label}"


def _rules(policy: Policy) -> list[Requirement]:
    asked = [r for r in policy.requirements if r.on]
    own = [r for r in asked if r.coverage] or [UNIT_COVERAGE]
    return [*own, *(r for r in asked if not r.coverage)]


def _moved(before: Presenter, after: Presenter, rule: Requirement) -> Iterator[tuple[str, str, str]]:
    """(id, state before, state after) where they differ; both streams come by id, so neither is held."""
    old, new = before.snapshot.states(rule, before.frame), after.snapshot.states(rule, after.frame)
    left, right = next(old, None), next(new, None)
    while left or right:
        if right is None or (left is not None and left[0] < right[0]):
            assert left is not None  # noqa: S101 - one of the two is there
            yield left[0], left[1], GONE
            left = next(old, None)
        elif left is None or right[0] < left[0]:
            yield right[0], NEW, right[1]
            right = next(new, None)
        else:
            if left[1] != right[1]:
                yield left[0], left[1], right[1]
            left, right = next(old, None), next(new, None)
