"""Planned maintenance, exact by hand: by cycles, working hours, calendar time and time of day."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import simulate
from tests.support.plants import buffer, line, scenario, source, station, tiny_plant
from twin.kpi.kpis import kpis
from twin.run.run import Run

H, DAY = 3600.0, 86_400.0
WORK = {"kind": "constant", "mean_s": 600.0}
OPERATORS = {"id": "crew", "kind": "repair", "home_m": [0, -0.9], "staff": {"day": 1},
             "walk_mps": 1.0}  # fmt: skip
ALWAYS = [{"id": "day", "start": "00:00", "hours": 24}]


def one(folder: Path, horizon_s: float, *, cycle: Any = 100.0, arrivals: Any = None,
        station: dict[str, Any] | None = None, **maintenance: Any) -> Run:  # fmt: skip
    options = {"maintenance": {"service": {"work": WORK, **maintenance}}, **(station or {})}
    return simulate(
        line([cycle], horizon_s=horizon_s, arrivals=arrivals, first_capacity=1000,
             station_options=options),
        folder,
    )  # fmt: skip


def begun(run: Run, state: str = "maintenance") -> np.ndarray:
    rows = run.table("states", where=f"state = '{state}' AND kind = 'machine'")
    return np.sort(rows["start_s"].to_numpy())


def lengths(run: Run, state: str = "maintenance") -> np.ndarray:
    rows = run.table("states", where=f"state = '{state}' AND kind = 'machine'")
    return (rows["end_s"] - rows["start_s"]).to_numpy()


def test_after_so_many_cycles(tmp_path: Path) -> None:
    """10 x 100 s + 600 s = 1,600 s; the 10th unit leaves before the maintenance begins."""
    run = one(tmp_path / "r", 16_000.5, every_cycles=10)
    np.testing.assert_allclose(begun(run), 1000 + 1600 * np.arange(10), atol=1e-9)
    np.testing.assert_allclose(lengths(run), 600.0)
    assert len(run.table("cycles")) == 100
    left = run.table("units", where="event = 'shipped'")["time_s"].to_numpy()
    np.testing.assert_allclose(left[:11], [*range(100, 1001, 100), 1700])


def test_after_so_much_work_at_the_end_of_the_cycle(tmp_path: Path) -> None:
    """0.26 h = 936 s of work: due in the 10th cycle, so at 1,000 s; and so on every 1,600 s."""
    run = one(tmp_path / "r", 16_000.5, every_operating_h=0.26)
    np.testing.assert_allclose(begun(run), 1000 + 1600 * np.arange(10), atol=1e-9)


def test_working_hours_leave_idle_time_out(tmp_path: Path) -> None:
    """A unit of 100 s every 200 s, 936 s of work: after the 10th unit, at 200 x 10 + 100 s."""
    arrivals = {"kind": "constant", "mean_s": 200.0}
    run = one(tmp_path / "r", 4000.0, arrivals=arrivals, every_operating_h=0.26)
    assert begun(run)[0] == pytest.approx(2100.0, abs=1e-9)


def test_by_the_calendar_at_the_end_of_the_cycle(tmp_path: Path) -> None:
    """Every hour on the hour by plan; 3,600 = 36 x 100 exactly, 7,200 s falls 66 x 100 + 600."""
    run = one(tmp_path / "r", 3 * H + 1000, every_h=1)
    np.testing.assert_allclose(begun(run), [3600, 7200, 10_800], atol=1e-5)
    odd = one(tmp_path / "odd", 3 * H + 1000, cycle=97.0, every_h=1)
    first = 38 * 97.0  # 37.1 cycles in the first hour
    second = first + 600 + 30 * 97.0  # 7,196 s; so one more
    np.testing.assert_allclose(begun(odd)[:2], [first, second + 97], atol=1e-5)


def test_at_a_time_of_day_on_some_weekdays(tmp_path: Path) -> None:
    """The run begins on a Monday: Tuesdays and Sundays at 06:30."""
    run = one(tmp_path / "r", 9 * DAY, cycle=900.0, at="06:30", days=["tue", "sun"])
    expected = [DAY + 6.5 * H, 6 * DAY + 6.5 * H, 8 * DAY + 6.5 * H]
    assert begun(run) == pytest.approx(expected, abs=900.0)
    assert begun(run)[0] == DAY + 6.5 * H


@pytest.mark.parametrize(("window_s", "expected"), [(0.0, 3650.0), (150.0, 3650.0)])
def test_an_idle_machine_is_maintained_at_once(
    window_s: float, expected: float, tmp_path: Path
) -> None:
    """A unit of 100 s at 3,550 s, the next at 7,100 s: due at 3,600 in work, idle from 3,650."""
    arrivals = {"kind": "constant", "mean_s": 3550.0}
    run = one(tmp_path / "r", 1.9 * H, arrivals=arrivals, every_h=1, window_s=window_s)
    assert begun(run)[0] == pytest.approx(expected, abs=1e-5)
    idle = one(tmp_path / "idle", 1.4 * H, arrivals=arrivals, every_h=1.2)
    assert begun(idle)[0] == 1.2 * H


def test_the_window_waits_for_an_idle_moment(tmp_path: Path) -> None:
    """Five units wait at 3,600 s and take 500 s; the window of 1 h lets them be done first."""
    plant = tiny_plant(
        [station("s", take="b", put="out", cycle=100.0,
                 maintenance={"service": {"work": WORK, "every_h": 1.01, "window_s": "1h"}})],
        buffers=[buffer("b", capacity=10)],
        sources=[source("src", "b", interval={"kind": "trace",
                                              "values_s": [3600, 0, 0, 0, 0, 1e6]})],
    )  # fmt: skip
    run = simulate(scenario(plant, 2 * H), tmp_path / "r")
    np.testing.assert_allclose(begun(run), [4100.0], atol=1e-5)


@pytest.mark.parametrize(("during", "expected"), [("before", 3680.0), ("after", 3740.0)])
def test_due_while_a_worker_is_at_the_machine(during: str, expected: float, tmp_path: Path) -> None:
    """Due at 3,600 s, the window ends at 3,660 s; 50 s of work by hand before or after 60 s.

    Visits of 110 s begin at 0, 110, ..., 3,520, 3,630. Due in the 33rd; the window ends while the
    34th is prepared (until 3,680) or works. Before: it rests at 3,680 instead of working; the unit
    is in it. After: the 34th is unloaded until 3,740.
    """
    plant = tiny_plant(
        [station("s", take="b", put="out", cycle=60.0,
                 attend={"pool": "ops", "work": {"mean_s": 50, "kind": "constant"},
                         "during": during},
                 maintenance={"service": {"work": WORK, "every_h": 1, "window_s": 60}})],
        buffers=[buffer("b", capacity=10)],
        sources=[source("src", "b")],
        shifts=ALWAYS,
        pools=[{**OPERATORS, "id": "ops", "kind": "operator", "walk_mps": 1e9}],
    )  # fmt: skip
    run = simulate(scenario(plant, 5000.0), tmp_path / "r")
    assert begun(run)[0] == pytest.approx(expected, abs=1e-3)
    assert len(begun(run)) == 1


def test_the_crew_is_waited_for_and_walks(tmp_path: Path) -> None:
    """The crew stands where it works (0 m): 600 s. One of two machines waits for the other."""
    plant = tiny_plant(
        [station("s", take="b", put="out", cycle=100.0, machines=2,
                 maintenance={"service": {"work": WORK, "every_cycles": 10, "crew": "crew"}})],
        buffers=[buffer("b", capacity=10)],
        sources=[source("src", "b")],
        shifts=ALWAYS,
        pools=[OPERATORS],
    )  # fmt: skip
    run = simulate(scenario(plant, 2300.0), tmp_path / "r")
    rows = run.table("states", where="state = 'maintenance' AND kind = 'machine'")
    rows = rows.sort_values(["start_s", "end_s"])
    waiting = rows[rows["reason"] == "waiting_crew"]
    working = rows[rows["reason"] != "waiting_crew"]
    assert list(zip(waiting["start_s"], waiting["end_s"], strict=True)) == [(1000.0, 1600.0)]
    assert list(working["start_s"]) == [1000.0, 1600.0]
    assert list(working["end_s"]) == [1600.0, 2200.0]


def test_a_lot_is_left_between_two_units(tmp_path: Path) -> None:
    """Lots of 40: the 10th unit is finished, then 600 s, then the 11th."""
    plant = tiny_plant(
        [station("s", take="b", put="out", cycle=100.0,
                 maintenance={"service": {"work": WORK, "every_cycles": 10}})],
        items=[{"id": "part", "units_per_lot": 40, "product": True}],
        buffers=[buffer("b", capacity=10)],
        sources=[source("src", "b")],
    )  # fmt: skip
    run = simulate(scenario(plant, 8000.0), tmp_path / "r")
    np.testing.assert_allclose(begun(run)[:3], [1000, 2600, 4200], atol=1e-4)
    ends = np.sort(run.table("cycles")["end_s"].to_numpy())
    np.testing.assert_allclose(ends[8:12], [900, 1000, 1700, 1800], atol=1e-4)


def test_batches_are_finished_first(tmp_path: Path) -> None:
    plant = tiny_plant(
        [station("s", take="b", put="out", cycle=1000.0, kind="batch", batch_lots=2,
                 maintenance={"service": {"work": WORK, "every_h": 0.25}})],
        buffers=[buffer("b", capacity=10)],
        sources=[source("src", "b")],
    )  # fmt: skip
    run = simulate(scenario(plant, 5000.0), tmp_path / "r")
    # due at 900: 1,000 to 1,600; due again at 1,800 and 2,700: 2,600 to 3,200 (2,700 falls in it)
    np.testing.assert_allclose(begun(run), [1000, 2600, 4200], atol=1e-5)


@pytest.mark.parametrize(("planned", "planned_s"), [(True, 10_000.0), (False, 16_000.0)])
def test_oee_counts_it_or_not(planned: bool, planned_s: float, tmp_path: Path) -> None:
    """10 x 600 s of 16,000 s: outside planned time, or an availability loss."""
    run = one(tmp_path / "r", 16_000.0, every_cycles=10, planned=planned)
    oee = kpis(run).stations["s1"].oee
    assert oee.planned_s == pytest.approx(planned_s)
    assert oee.availability == pytest.approx(10_000 / planned_s)
    loss = "maintenance" if planned else "maintenance_in_plan"
    assert oee.losses[loss] == pytest.approx(6000.0)


def test_maintenance_at_night_does_not_cost_working_time(tmp_path: Path) -> None:
    """Due at 22:00, off shift from 14:00 to 06:00 of the next day: at once, then off shift."""
    plant = tiny_plant(
        [station("s", take="b", put="out", cycle=100.0,
                 maintenance={"service": {"work": WORK, "at": "22:00"}})],
        buffers=[buffer("b", capacity=10)],
        sources=[source("src", "b")],
        shifts=[{"id": "day", "start": "06:00", "hours": 8}],
        calendars=[{"id": "work", "shifts": ["day"]}],
        calendar="work",
    )  # fmt: skip
    run = simulate(scenario(plant, 2 * DAY), tmp_path / "r")
    assert list(begun(run)) == [22 * H, 46 * H]
    assert len(run.table("cycles")) == 2 * 288
    assert list(begun(run, "off_shift")) == [0.0, 14 * H, 22 * H + 600, 38 * H, 46 * H + 600]


def test_maintenance_that_runs_into_the_night_ends_off_shift(tmp_path: Path) -> None:
    plant = tiny_plant(
        [station("s", take="b", put="out", cycle=100.0,
                 maintenance={"service": {"work": {"mean_s": 7200, "kind": "constant"},
                                          "at": "13:00"}})],
        buffers=[buffer("b", capacity=10)],
        sources=[source("src", "b")],
        shifts=[{"id": "day", "start": "06:00", "hours": 8}],
        calendars=[{"id": "work", "shifts": ["day"]}],
        calendar="work",
    )  # fmt: skip
    run = simulate(scenario(plant, 31 * H), tmp_path / "r")
    np.testing.assert_allclose(begun(run), [13 * H], atol=1e-5)
    np.testing.assert_allclose(begun(run, "off_shift"), [0, 15 * H], atol=1e-5)
    assert begun(run, "working")[-1] == 30 * H
