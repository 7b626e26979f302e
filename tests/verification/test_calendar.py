"""Calendars, exact by hand.

One machine that always finds work, 100 s a unit, a shift from 06:00 to 14:00 with a break from
10:00 to 10:30, Monday to Friday. The run begins on Monday 2026-01-05 at 00:00. 4 h hold 144
units exactly; from 10:30 to 14:00 are 126. So 270 units a day, 5 days a week.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim import simulate
from tests.support.plants import buffer, scenario, source, station, tiny_plant
from twin.kpi.kpis import kpis
from twin.run.run import Run

H, DAY = 3600.0, 86_400.0
DAY_SHIFT = {
    "id": "day", "start": "06:00", "hours": 8, "days": ["mon", "tue", "wed", "thu", "fri"],
    "breaks": [{"start": "10:00", "length": "30min"}],
}  # fmt: skip
PER_DAY = 270


def run_of(folder: Path, horizon_s: float, *, cycle: float = 100.0, **more: Any) -> Run:
    options = more.pop("station", {})
    plant = tiny_plant(
        [station("s", take="b", put="out", cycle=cycle, **options)],
        buffers=[buffer("b", capacity=2)],
        sources=[source("src", "b", **more.pop("source", {}))],
        shifts=more.pop("shifts", [DAY_SHIFT]),
        calendars=[{"id": "work", "shifts": ["day"], **more.pop("calendar", {})}],
        **{"calendar": "work", **more},
    )
    return simulate(scenario(plant, horizon_s), folder)


def done(run: Run) -> pd.Series:
    return run.table("cycles").sort_values("end_s")["end_s"]


def spans(run: Run, state: str) -> list[tuple[float, float]]:
    rows = run.table("states", where=f"state = '{state}' AND kind = 'machine'")
    rows = rows.sort_values("start_s")
    return [(float(a), float(b)) for a, b in zip(rows["start_s"], rows["end_s"], strict=True)]


def test_two_weeks_hour_by_hour(tmp_path: Path) -> None:
    run = run_of(tmp_path / "r", 14 * DAY)
    ends = done(run)
    assert len(ends) == 10 * PER_DAY
    per_day = (ends / DAY).astype(int).value_counts().to_dict()
    assert per_day == dict.fromkeys([0, 1, 2, 3, 4, 7, 8, 9, 10, 11], PER_DAY)
    assert spans(run, "working")[:2] == [(6 * H, 10 * H), (10.5 * H, 14 * H)]
    assert spans(run, "off_shift")[:3] == [
        (0.0, 6 * H), (10 * H, 10.5 * H), (14 * H, 30 * H)
    ]  # fmt: skip
    assert (4 * DAY + 14 * H, 7 * DAY + 6 * H) in spans(run, "off_shift")
    oee = kpis(run).stations["s"].oee
    assert oee.losses["off_shift"] == pytest.approx(14 * DAY - 10 * 7.5 * H)
    assert oee.availability == 1.0


def test_closed_days_and_another_start_of_the_run(tmp_path: Path) -> None:
    """From Wednesday 12:00: 2 h that day (72 units), Thursday is closed, Friday is not."""
    plant_closed = run_of(tmp_path / "a", 3 * DAY, closed=["2026-01-06"])
    assert len(done(plant_closed)) == 2 * PER_DAY
    calendar_closed = run_of(tmp_path / "b", 3 * DAY, calendar={"closed": ["2026-01-06"]})
    assert len(done(calendar_closed)) == 2 * PER_DAY
    plant = run_of(tmp_path / "c", 60.0).plant
    later = scenario(
        plant.model_copy(update={"closed": ["2026-01-08"]}), 2.5 * DAY, start="2026-01-07T12:00:00"
    )
    ends = done(simulate(later, tmp_path / "d"))
    assert len(ends) == 72 + PER_DAY
    assert ends.iloc[71] == 2 * H
    assert ends.iloc[72] == 42 * H + 100.0


def test_a_shift_past_midnight_belongs_to_the_day_it_begins_on(tmp_path: Path) -> None:
    """22:00 to 06:00 on Mondays alone, break at 02:00: until Tuesday 06:00, nothing else."""
    night = {"id": "day", "start": "22:00", "hours": 8, "days": ["mon"],
             "breaks": [{"start": "02:00", "length": "1h"}]}  # fmt: skip
    run = run_of(tmp_path / "r", 6 * DAY, shifts=[night])
    assert spans(run, "working") == [(22 * H, 26 * H), (27 * H, 30 * H)]


@pytest.mark.parametrize(
    ("policy", "working", "first_units"),
    [
        # 7 h a unit: begun at 06:00, finished in spite of the break; the second in spite of 14:00
        ("finish", [(6 * H, 20 * H)], [(6 * H, 13 * H), (13 * H, 20 * H)]),
        # paused 0.5 h in the break: 13:30; 0.5 h of the second on Monday, 6.5 h on Tuesday with
        # the break after 4 h
        ("pause", [(6 * H, 10 * H), (10.5 * H, 14 * H)],
         [(6 * H, 13.5 * H), (13.5 * H, 37 * H)]),
        ("run_through", [(0.0, 2 * DAY)], [(0.0, 7 * H), (7 * H, 14 * H)]),
    ],
)  # fmt: skip
def test_the_cycle_in_work_when_the_shift_ends(
    policy: str, working: Any, first_units: Any, tmp_path: Path
) -> None:
    run = run_of(tmp_path / "r", 2 * DAY, cycle=7 * H, station={"off_shift": policy})
    cycles = run.table("cycles").sort_values("start_s")
    units = list(zip(cycles["start_s"], cycles["end_s"], strict=True))
    assert units[:2] == first_units
    assert set(cycles["duration_s"]) == {7 * H}
    assert spans(run, "working")[: len(working)] == working


def test_a_lot_of_many_units_stops_after_the_unit_in_work(tmp_path: Path) -> None:
    """Lots of 1,000 units of 101 s: the last unit of the morning is finished at 10:01:40."""
    plant = tiny_plant(
        [station("s", take="b", put="out", cycle=101.0)],
        items=[{"id": "part", "units_per_lot": 1000, "product": True}],
        buffers=[buffer("b")],
        sources=[source("src", "b")],
        shifts=[DAY_SHIFT],
        calendars=[{"id": "work", "shifts": ["day"]}],
        calendar="work",
    )
    run = simulate(scenario(plant, 2 * DAY), tmp_path / "r")
    morning = 143 * 101.0  # 142.57 units fit into 4 h
    assert spans(run, "working")[0] == pytest.approx((6 * H, 6 * H + morning), abs=1e-5)
    assert spans(run, "working")[1][0] == 10.5 * H


def test_stations_keep_their_own_calendar_or_their_lines(tmp_path: Path) -> None:
    early = {"id": "early", "start": "06:00", "hours": 2}
    plant = tiny_plant(
        [
            station("own", take="b", put="b2", cycle=100.0, calendar="short"),
            station("plants", take="b2", put="out", cycle=100.0),
        ],
        buffers=[buffer("b"), buffer("b2", capacity=10_000)],
        sources=[source("src", "b")],
        shifts=[DAY_SHIFT, early],
        calendars=[{"id": "work", "shifts": ["day"]}, {"id": "short", "shifts": ["early"]}],
        calendar="work",
    )
    run = simulate(scenario(plant, DAY), tmp_path / "r")
    counts = run.table("cycles").groupby("station", observed=True).size().to_dict()
    assert counts == {"own": 72, "plants": 72}
    assert run.plant.calendar_of(run.plant.stations["own"]).id == "short"  # type: ignore[union-attr]


def test_a_starved_machine_goes_off_shift_and_comes_back(tmp_path: Path) -> None:
    """A unit every 3 h: those of 3, 6 and 18 h of the night wait for the shift."""
    every = {"interval": {"mean_s": 3 * H, "kind": "constant"}}
    run = run_of(tmp_path / "r", DAY, source=every)
    assert list(done(run)) == [6 * H + 100, 6 * H + 200, 9 * H + 100, 12 * H + 100]
    assert spans(run, "off_shift") == [(0.0, 6 * H), (10 * H, 10.5 * H), (14 * H, DAY)]


def test_a_machine_that_is_down_when_the_shift_ends_is_repaired_at_night(tmp_path: Path) -> None:
    """It fails at 13:50 for 1 h and 50 s after its last unit began; that unit is finished."""
    plant = run_of(tmp_path / "p", 60.0).plant
    fault = {"kind": "breakdown", "at": 13 * H + 3000 + 50, "machine": "s", "repair": "1h"}
    run = simulate(scenario(plant, 1.5 * DAY, faults=[fault]), tmp_path / "r")
    assert spans(run, "down") == [(13 * H + 3050, 14 * H + 3050)]
    assert (14 * H + 3050, 14 * H + 3100) in spans(run, "working")
    assert (14 * H + 3100, 30 * H) in spans(run, "off_shift")
