"""The plain, slow reference that every engine is compared with: written from the semantics, by brute force."""

from tests.conformance.reference_metapath import MAYBE, NO, SURE, Asked, Walk
from tests.conformance.reference_paths import Route, routes, search
from tests.conformance.reference_projection import Loaded, Spell, Thing, World, overlaid, world
from tests.conformance.reference_questions import (
    Judged,
    as_of,
    asserted,
    coverage,
    evidence,
    judge,
    rates,
    reconcile,
    scan,
    subjects,
    tally,
)

__all__ = ["MAYBE", "NO", "SURE", "Asked", "Judged", "Loaded", "Route", "Spell", "Thing", "Walk", "World", "as_of", "asserted", "coverage",
           "evidence", "judge", "overlaid", "rates", "reconcile", "routes", "scan", "search", "subjects", "tally", "world"]
