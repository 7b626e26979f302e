"""Output, work in progress and levels, counted by hand.

Every 20 s one battery cell is created, and shipped 10 s later: 180 per hour, and one half of one
in the plant on average.
"""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.figures import flow, level
from dashboard.theme import clock_ms, start_ms
from twin.run.run import Run


def test_output_per_interval(run: Run) -> None:
    data = flow.throughput_data(run)
    assert data.interval_s == 300.0
    assert list(data.t_s) == [300.0 * k for k in range(12)]
    assert list(data.per_h) == [180.0] * 12
    assert data.plan_per_h == 180.0


@pytest.mark.parametrize(
    ("length_s", "expected"),
    [(60.0, 300.0), (4800.0, 300.0), (4801.0, 900.0), (28_800.0, 1800.0), (1e8, 604_800.0)],
)
def test_interval_gives_a_readable_number_of_bars(length_s: float, expected: float) -> None:
    assert flow.interval_s(length_s) == expected


def test_output_figure_has_bars_and_the_plan(run: Run) -> None:
    fig = flow.throughput_figure(flow.throughput_data(run))
    (bars,) = fig.data
    start = start_ms("2026-01-05T00:00:00")
    assert list(bars.x[:2]) == [start + 150_000.0, start + 450_000.0]
    assert [line.y0 for line in fig.layout.shapes] == [180.0]
    assert fig.layout.annotations[0].text == "dashed: plan, 180 per h"


def test_work_in_progress(run: Run) -> None:
    data = flow.wip_data(run)
    assert data.mean == pytest.approx(0.5)
    assert set(data.units) == {0.0, 1.0}
    assert data.t_s[-1] == 3600.0
    assert flow.wip_figure(data).data[0].line.shape == "hv"


def test_work_in_progress_of_a_long_run_stays_small(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow, "MOST_STEPS", 20)
    data = flow.wip_data(run)
    assert len(data.t_s) <= 21
    assert data.mean == pytest.approx(0.5), "the mean counts every step"
    assert (data.units.min(), data.units.max()) == (0.0, 1.0)


def test_levels_of_a_workcell(run: Run) -> None:
    cells = {w.id: w for w in run.plant.workcells()}
    parts, trays = level.level_data(run, cells["inserting"]).levels
    assert (parts.label, parts.capacity) == ("Parts", 4)
    assert list(parts.t_s) == [0.0, 600.0, 1200.0, 3600.0]
    assert list(parts.lots) == [1.0, 2.0, 1.0, 1.0]
    assert list(trays.lots) == [0.0, 0.0]
    (soak,) = level.level_data(run, cells["soaking"]).levels
    assert soak.capacity == 8, "two towers of four slots"
    assert soak.lots[-1] == 2.0


def test_level_figure_shows_shares(run: Run) -> None:
    cells = {w.id: w for w in run.plant.workcells()}
    fig = level.level_figure(level.level_data(run, cells["inserting"]))
    assert list(fig.data[0].y) == [25.0, 50.0, 25.0, 25.0]
    assert [trace.name for trace in fig.data] == ["Parts (4)", "Trays (5)"]


def test_time_axis_is_the_wall_clock() -> None:
    assert start_ms("1970-01-01T00:00:01") == 1000.0
    assert list(clock_ms("1970-01-01T00:00:01", np.array([0.0, 2.0]))) == [1000.0, 3000.0]
