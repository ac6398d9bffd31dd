"""What the conformance tests share: how many districts, how a district is written, how engine and reference see one view."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from threading import Event, current_thread

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from graph.engine import Batch, GraphEngine, Snapshot, Writer
from graph.frame import Frame
from graph.merging import is_merge
from graph.questions.present import frame_for
from schemas.facts import Row
from schemas.policy import Policy
from schemas.view import View
from tests.conformance.reference import Asked, Loaded, world

Fresh = Callable[[], GraphEngine]
LONG = int(os.environ.get("JINGLUO_LONG", "1"))  # how many times as many districts as in CI
DAYS = st.sampled_from((date(2019, 1, 1), date(2020, 1, 1), date(2020, 6, 15), date(2021, 1, 1), date(2021, 6, 1), date(2022, 6, 1)))
# the fixture gives a new store for every district, so it may be used for many
checked = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def districts_tried(number: int) -> settings:
    """Hypothesis settings for so many districts in CI; ``JINGLUO_LONG=20`` tries twenty times as many."""
    return settings(max_examples=number * LONG, deadline=None, suppress_health_check=checked, report_multiple_bugs=False)


def numbered(engine: GraphEngine, loaded: Sequence[Loaded]) -> list[Loaded]:
    """The district with numbers that the store has not used yet."""
    with engine.read() as snapshot:
        base = max(snapshot.imports(), default=0)
    return [(replace(i, number=base + i.number), rows) for i, rows in loaded]


def write(engine: GraphEngine, loaded: Sequence[Loaded]) -> list[Loaded]:
    """Write a district, one import a batch; as it was numbered."""
    district = numbered(engine, loaded)
    with engine.write() as writer:
        for record, rows in district:
            writer.begin_import(record)
            writer.apply(record.number, rows)
            writer.finish_import(record.number, "done", {})
    return district


def apply_ahead(engine: GraphEngine, number: int, batches: Sequence[Sequence[Row]]) -> None:
    """A load's way of writing. A store that makes batches ready ahead makes all of them ready before the first is written."""
    ready, here, sizes = Event(), current_thread(), list[int]()

    def given() -> Iterator[Batch]:
        for rows in batches:
            if any(is_merge(f) for row in rows for f in row.facts):
                ready.set()  # it is made ready alone
            yield number, rows
        ready.set()

    def held(_: Writer) -> None:
        if current_thread() is not here:
            assert ready.wait(60)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("graph.engines.neo4j_ahead.LANES", len(batches) or 1)
        engine.apply_all(given(), held, lambda _, counts: sizes.append(len(counts.rows)))
    assert sizes == [len(rows) for rows in batches]


def seen(fresh: Fresh, loaded: Sequence[Loaded], policy: Policy, day: date) -> tuple[GraphEngine, Asked]:
    """The district in a store, and as one view sees it in the reference."""
    engine = fresh()
    return engine, Asked(world(write(engine, loaded)), View(policy, day), policy.count_inferred)


@contextmanager
def asking(engine: GraphEngine, view: View) -> Iterator[tuple[Snapshot, Frame]]:
    with engine.read(view.overlay) as snapshot:
        yield snapshot, frame_for(snapshot, view)
