"""The demonstration: bundled registers (or a made district) in, the main questions answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import BaseModel, ConfigDict

from api.wiring import view
from graph.engine import GraphEngine
from graph.questions.coverage import coverage
from graph.questions.gaps import gaps
from graph.questions.liaison import paths
from graph.questions.reconciliation import reconcile
from graph.questions.search import search
from graph.questions.statistics import statistics
from ingest import bundled
from ingest.assume import assumed
from ingest.load import load
from ingest.synthetic import synthesize
from schemas.answers import Coverage, Gap, Gaps, Paths, Reconciliation, Statistics
from schemas.reports import LoadReport
from schemas.view import View

COVERAGE_RULE, CARRIER_RULE = "no-coverage", "key-industry-carrier"
SHOWN = 5


class Demo(BaseModel):
    """Everything that the demonstration shows. ``assumed``: the same rule before and after a declaration is taken as given."""

    model_config = ConfigDict(frozen=True)
    synthetic: bool
    changed: bool
    loads: tuple[LoadReport, ...]
    coverage: Coverage
    paths: Paths
    no_path: Paths
    gaps: Gaps
    carrier: Gap | None
    carrier_assumed: Gap | None
    statistics: Statistics
    reconciliation: Reconciliation


@dataclass(frozen=True)
class Example:
    """Whom the demonstration asks about: public ids or names."""

    enterprise: str
    department: str
    unreachable: str


CHANGNING = Example("分众传媒", "区税务局", "浦发银行")


def demonstrate(engine: GraphEngine, *, synthetic: int | None = None, policy: str | None = None) -> Demo:
    """Load what is missing and ask; a second run changes nothing."""
    reports = _load_made(engine, synthetic) if synthetic else load(engine, bundled.files()).reports
    frame = view(engine, policy=policy)
    example = _chosen(engine, frame) if synthetic else CHANGNING
    before, after = (None, None) if synthetic else _carrier(engine, frame)
    return Demo(
        synthetic=bool(synthetic), changed=any(r.state == "loaded" for r in reports), loads=tuple(reports),
        coverage=coverage(engine, example.enterprise, frame),
        paths=paths(engine, example.department, example.enterprise, frame),
        no_path=paths(engine, example.department, example.unreachable, frame),
        gaps=gaps(engine, frame, limit=SHOWN), carrier=before, carrier_assumed=after,
        statistics=statistics(engine, frame, by="subdistrict" if synthetic else None), reconciliation=reconcile(engine, frame))


def _load_made(engine: GraphEngine, enterprises: int) -> Sequence[LoadReport]:
    with TemporaryDirectory() as folder:
        return load(engine, synthesize(Path(folder), enterprises, seed=1)).reports


def _chosen(engine: GraphEngine, frame: View) -> Example:
    """A department that can reach a unit (uncovered, if there is one), and a unit that it cannot, as far as a page of each shows."""
    pages = (gaps(engine, frame, rules=(COVERAGE_RULE,), states=(state,), limit=20).gaps for state in ("gap", "not_known", "ok"))
    units = [g.subject.id for page in pages for g in page]
    for department in (h.body.id for h in search(engine, "局", kinds=("Department",), limit=10).hits):
        outcomes = {unit: paths(engine, department, unit, frame, k=1).outcome for unit in units}
        if "paths" in outcomes.values():
            break
    reachable = next((i for i, o in outcomes.items() if o == "paths"), next(iter(outcomes)))
    return Example(reachable, department, next((i for i, o in outcomes.items() if o == "none"), reachable))


def _carrier(engine: GraphEngine, frame: View) -> tuple[Gap | None, Gap | None]:
    """The finding on the industry without a known carrier: as registered, and with the list taken as complete."""
    declared = View(policy=frame.policy, as_of=frame.as_of, assume=assumed(engine, bundled.assumption()))
    after = next(iter(gaps(engine, declared, rules=(CARRIER_RULE,)).gaps), None)
    before = gaps(engine, frame, rules=(CARRIER_RULE,), states=("gap", "not_known")).gaps
    return next((g for g in before if after and g.id == after.id), None), after
