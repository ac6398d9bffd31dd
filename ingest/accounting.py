"""What a load reports of each file: read = created + updated + unchanged + rejected (semantics 25)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from ingest.headers import Register
from ingest.opening import label_of
from ingest.prepare import Prepared
from schemas.errors import InputError
from schemas.reports import LoadReport

NOTHING: Mapping[str, int] = {}


def refused_report(f: Path, error: InputError) -> LoadReport:
    return LoadReport(file=f.name, import_number=None, state="refused", layout="", message=str(error))


def add_effects(total: Counter[str], counts: dict[str, int]) -> None:
    """``Kind.effect`` -> effect."""
    for key, number in counts.items():
        total[key.rpartition(".")[2]] += number


def report_of(p: Prepared, number: int | None, effects: Counter[str], bodies: Mapping[str, int] = NOTHING,
            relationships: Mapping[str, int] = NOTHING) -> LoadReport:
    warnings = list(p.register.warnings) if isinstance(p.register, Register) else []
    if not p.accepted and not p.rejects:
        warnings.append("没有数据行，什么也没有导入")
    if p.stubs:
        warnings.append(f"有 {len(p.stubs)} 个对象只被提到、还没有登记，已记为待补录；登记后即补全")
    if p.personal:
        warnings.append(f"有 {p.personal} 行的文字像是含有身份证号或手机号，请核对；本系统不登记个人信息")
    return LoadReport(
        file=p.register.path.name, import_number=number, state="loaded" if number else "dry_run", layout=label_of(p.register),
        read=p.accepted + p.standing + len(p.rejects), created=effects["created"], updated=effects["updated"],
        unchanged=effects["unchanged"] + effects["confirmed"] + p.standing, confirmed=effects["confirmed"], rejected=len(p.rejects),
        bodies=dict(bodies), relationships=dict(relationships), warnings=tuple(warnings))
