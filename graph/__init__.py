"""The public API: connect to a store, take a policy, ask.

    from graph import View, connect, coverage, policy

    engine = connect("sqlite:///jingluo.db")
    print(coverage(engine, "分众传媒", View(policy("changning"))).status_label)

Questions are imported when they are first used, so that a command pays only for what it asks.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from graph.connect import connect  # at once: else the module of that name would stand in its place

if TYPE_CHECKING:
    from graph.keeping import backup, restore, verify
    from graph.policy_files import policy
    from graph.questions.behind import behind
    from graph.questions.check import check
    from graph.questions.committee import committee
    from graph.questions.coverage import coverage
    from graph.questions.directory import directory
    from graph.questions.gap_map import gap_map
    from graph.questions.gaps import gap_summary, gaps
    from graph.questions.imports import imports
    from graph.questions.liaison import paths
    from graph.questions.network import alliances, shared_members
    from graph.questions.profile import profile
    from graph.questions.reconciliation import reconcile
    from graph.questions.search import search
    from graph.questions.statistics import statistics
    from graph.questions.stats import stats
    from schemas.view import View

HOMES = {
    "View": "schemas.view", "policy": "graph.policy_files", "alliances": "graph.questions.network", "behind": "graph.questions.behind",
    "backup": "graph.keeping", "restore": "graph.keeping", "verify": "graph.keeping",
    "check": "graph.questions.check", "committee": "graph.questions.committee", "coverage": "graph.questions.coverage",
    "directory": "graph.questions.directory",
    "gap_map": "graph.questions.gap_map", "gap_summary": "graph.questions.gaps", "gaps": "graph.questions.gaps",
    "imports": "graph.questions.imports", "paths": "graph.questions.liaison", "profile": "graph.questions.profile",
    "reconcile": "graph.questions.reconciliation", "search": "graph.questions.search",
    "shared_members": "graph.questions.network", "statistics": "graph.questions.statistics",
    "stats": "graph.questions.stats",
}
__all__ = ["View", "alliances", "backup", "behind", "check", "committee", "connect", "coverage", "directory", "gap_map", "gap_summary",
           "gaps", "imports", "paths", "policy", "profile", "reconcile", "restore", "search", "shared_members", "statistics", "stats",
           "verify"]


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"module 'graph' has no attribute '{name}'")
    return getattr(import_module(HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})  # for help() and whoever completes names
