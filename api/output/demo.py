"""The demonstration for people: one section a question, each with the command that asks it."""

from __future__ import annotations

from api.demo import Demo
from api.output import coverage as coverage_page
from api.output import gaps as gaps_page
from api.output import loads, paths
from api.output import statistics as statistics_page
from api.output.paper import Paper


def demo(paper: Paper, answer: Demo) -> None:
    if answer.synthetic:
        paper.line(("虚构数据：以下的区、单位和组织都是生成的，不是真实情况", "bold magenta"))
    loads.load(paper, answer.loads)
    who, start = answer.coverage.subject.name, answer.paths.start.name
    _section(paper, f"coverage {who}")
    coverage_page.coverage(paper, answer.coverage)
    paper.sources()
    _section(paper, f"path {start} {who}")
    paths.paths(paper, answer.paths)
    paper.sources()
    if answer.no_path.end != answer.paths.end:
        _section(paper, f"path {start} {answer.no_path.end.name}")
        paths.paths(paper, answer.no_path)
        paper.sources()
    _section(paper, "gaps")
    gaps_page.gaps(paper, answer.gaps)
    _carrier(paper, answer)
    paper.sources()
    _section(paper, "statistics" + (f" --by {answer.statistics.by}" if answer.statistics.by else ""))
    statistics_page.statistics(paper, answer.statistics)
    _section(paper, "reconcile")
    statistics_page.reconciliation(paper, answer.reconciliation)


def _section(paper: Paper, command: str) -> None:
    paper.console.print()
    paper.console.rule(f"jingluo {command}", align="left", style="bright_black")


def _carrier(paper: Paper, answer: Demo) -> None:
    if answer.carrier is None or answer.carrier_assumed is None:
        return
    paper.heading(answer.carrier.rule_label)
    paper.line("据登记：", indent=2)
    gaps_page.finding(paper, answer.carrier)
    paper.line("假定清单完整（--assume）：", indent=2)
    gaps_page.finding(paper, answer.carrier_assumed)
