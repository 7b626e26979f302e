"""Time series: values by hand, windows, and never more points than asked for."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from twin.kpi import Window, kpis, series
from twin.run.run import Run

HOUR = 3600.0
ALL = Window(0.0, 2 * HOUR)


@pytest.fixture
def run(build: ModuleType, tmp_path: Path) -> Run:
    made = build.scenario(
        [
            build.station("a", power={"working_kw": 10.0, "idle_kw": 2.0, "down_kw": 1.0}),
            build.station("t", kind="robot", robot="r"),
        ],
        robots=[build.robot("r")],
        horizon_s=2 * HOUR,
        takt_s=36.0,
        building={"size_m": [1, 1, 1], "base_load_kw": 5.0},
    )
    n = 720
    flickering = [("working", 5.0), ("starved", 1.0)] * 600
    rest = [("down/breakdown", 1800.0), ("working", 1800.0)]
    ship: list[dict[str, Any]] = [
        {"time_s": 60.0 * (k + 1), "event": "shipped", "lot": 9, "item": "battery_cell", "n": 1}
        for k in range(120)
    ]
    made_units = [{"time_s": 0.0, "event": "created", "lot": 9, "item": "battery_cell", "n": 200}]
    return build.write_run(  # type: ignore[no-any-return]
        tmp_path / "r",
        made,
        states=build.states("a", *flickering, *rest),
        units=made_units + ship,
        cycles=[
            build.cycle("a", 10.0 * k, 10.0 + (5.0 if k == 400 else 0.0), result="ok")
            for k in range(n)
        ],
        levels=[
            {"place": "b", "time_s": 10.0 * k, "change": 1 if k % 2 == 0 else -1, "lot": k}
            for k in range(n)
        ],
        substeps=[
            {
                "robot": "r", "cycle": c, "step": k, "name": name, "start_s": 10.0 * c + k,
                "nominal_s": 1.0, "actual_s": 1.0 + 0.001 * c,
            }
            for c in range(n)
            for k, name in enumerate(("approach", "grip"))
        ],
        signals=[
            {"resource": "r", "signal": s, "time_s": 10.0 * k, "value": float(k)}
            for s in ("vacuum_kpa", "motor_temp_c")
            for k in range(n)
        ],
    )  # fmt: skip


def test_throughput_per_interval_against_plan(run: Run) -> None:
    found = series.throughput(run, ALL, interval_s=1800.0)
    assert list(found["time_s"]) == [0.0, 1800.0, 3600.0, 5400.0]
    assert list(found["units"]) == [30] * 4
    assert found["per_h"].tolist() == [60.0] * 4
    assert found["plan_per_h"].tolist() == [100.0] * 4


def test_throughput_keeps_every_unit_whatever_the_window(run: Run) -> None:
    window = Window(1000.0, 6500.0)
    found = series.throughput(run, window, interval_s=900.0)
    assert found["length_s"].sum() == pytest.approx(5500.0)
    assert found["units"].sum() == sum(1000 < 60 * (k + 1) <= 6500 for k in range(120))
    assert found["time_s"].iloc[0] == 1000.0
    assert found["time_s"].iloc[1] == 1800.0


def test_station_throughput_counts_its_cycles(run: Run) -> None:
    found = series.throughput(run, Window(0.0, HOUR), station="a")
    assert found["units"].tolist() == [360]
    assert found["plan_per_h"].isna().all()


def test_wip_is_a_step_curve_from_the_window_start(run: Run) -> None:
    found = series.wip(run, Window(90.0, 200.0))
    assert found["time_s"].tolist() == [90.0, 120.0, 180.0]
    assert found["units"].tolist() == [199, 198, 197]


def test_levels_begin_with_the_level_at_the_window_start(run: Run) -> None:
    found = series.levels(run, Window(15.0, 35.0), ["b", "nowhere"])
    b = found[found["place"] == "b"]
    assert b["time_s"].tolist() == [15.0, 20.0, 30.0]
    assert b["level"].tolist() == [0, 1, 0]
    assert found[found["place"] == "nowhere"]["level"].tolist() == [0]


def test_gantt_of_few_intervals_is_exact_and_clipped(run: Run) -> None:
    found = series.gantt(run, Window(2.0, 7.0), ["a"])
    assert found["state"].tolist() == ["working", "starved", "working"]
    assert found["start_s"].tolist() == [2.0, 5.0, 6.0]
    assert found["end_s"].tolist() == [5.0, 6.0, 7.0]


def test_gantt_of_many_intervals_shows_the_main_state(run: Run) -> None:
    found = series.gantt(run, ALL, ["a"], max_intervals=100)
    assert len(found) == 3
    assert found["state"].tolist() == ["working", "down", "working"]
    assert found["reason"].tolist() == ["", "breakdown", ""]
    assert found["start_s"].tolist() == [0.0, 3600.0, 5400.0]
    assert found["end_s"].iloc[-1] == 2 * HOUR
    assert set(found["resource"]) == {"a"}


def test_gantt_of_an_unknown_resource_is_empty(run: Run) -> None:
    assert series.gantt(run, ALL, ["nobody"]).empty


def test_cycle_times_keep_the_peak_when_thinned(run: Run) -> None:
    found = series.cycle_times(run, ALL, "a", max_points=50)
    assert len(found) <= 50
    assert found["duration_s"].max() == 15.0
    assert found["time_s"].is_monotonic_increasing
    assert len(series.cycle_times(run, ALL, "a")) == 720


def test_robot_cycles_are_sums_of_substeps(run: Run) -> None:
    found = series.robot_cycle_times(run, Window(0.0, 100.0), "r")
    assert len(found) == 10
    assert found["nominal_s"].tolist() == [2.0] * 10
    assert found["actual_s"].iloc[5] == pytest.approx(2.01)


def test_substeps_are_thinned_one_by_one(run: Run) -> None:
    found = series.substep_times(run, ALL, "r", max_points=40)
    counts = found.groupby("name").size()
    assert (counts <= 40).all()
    assert set(counts.index) == {"approach", "grip"}
    assert found["actual_s"].max() == pytest.approx(1.719)


def test_signals_around_a_moment(run: Run) -> None:
    found = series.signals(run, Window(95.0, 125.0), "r", "vacuum_kpa")
    assert found["time_s"].tolist() == [100.0, 110.0, 120.0]
    both = series.signals(run, Window(95.0, 125.0), "r")
    assert set(both["signal"]) == {"vacuum_kpa", "motor_temp_c"}
    assert len(both) == 6


def test_energy_adds_up_to_the_kpi(run: Run) -> None:
    found = series.energy(run, ALL, interval_s=700.0)
    by_user = found.groupby("user")["kwh"].sum()
    figures = kpis(run)
    assert by_user["a"] == pytest.approx(figures.stations["a"].energy_kwh, rel=1e-9)
    assert by_user["base_load"] == pytest.approx(10.0)
    assert by_user.sum() == pytest.approx(figures.energy_kwh, rel=1e-9)
    repair = found[(found["user"] == "a") & (found["time_s"] == 4200.0)]
    assert repair["kw"].iloc[0] == pytest.approx(1.0), "down the whole interval"


def test_thinned_keeps_first_last_and_extremes() -> None:
    rows = pd.DataFrame({"time_s": np.arange(1000.0), "x": np.sin(np.arange(1000) / 7.0)})
    rows.loc[333, "x"] = 99.0
    rows.loc[666, "x"] = -99.0
    found = series.thinned(rows, "x", 30)
    assert len(found) <= 30
    assert found["time_s"].iloc[0] == 0.0
    assert found["time_s"].iloc[-1] == 999.0
    assert (found["x"].max(), found["x"].min()) == (99.0, -99.0)


def test_thinned_leaves_short_series_alone() -> None:
    rows = pd.DataFrame({"x": [1.0, 2.0]}, index=[7, 8])
    assert series.thinned(rows, "x", 2)["x"].tolist() == [1.0, 2.0]


def test_empty_tables_give_empty_series(build: ModuleType, tmp_path: Path) -> None:
    run = build.write_run(tmp_path / "e", build.scenario([build.station("a")]))
    window = Window(0.0, 100.0)
    assert series.throughput(run, window)["units"].sum() == 0
    assert series.wip(run, window)["units"].tolist() == [0]
    assert series.cycle_times(run, window, "a").empty
    assert series.substep_times(run, window, "r").empty
    assert series.signals(run, window, "r").empty
    assert series.levels(run, window, []).empty
