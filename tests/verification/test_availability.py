"""Failures on the two clocks.

Operating clock: a machine that is never starved or blocked is up MTBF / (MTBF + MTTR) of the time.
Starved half of the time, it ages only while it works: 1 failure for each MTBF of working time.
Calendar clock: failures come in MTBF of time outside repair, whatever the machine does.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import simulate
from tests.support.plants import exponential, line
from tests.support.statistics import ratio
from twin.run.run import Run

HORIZON_S = 100_000.0
MTBF_H, MTTR_H = 0.05, 0.02


def one_machine(folder: Path, *, arrivals: Any = None, **breakdown: Any) -> Run:
    options = {"breakdown": {"mtbf_h": MTBF_H, "mttr_h": MTTR_H, **breakdown}}
    return simulate(
        line([1.0], horizon_s=HORIZON_S, arrivals=arrivals, first_capacity=1000,
             station_options=options),
        folder,
    )  # fmt: skip


def state_s(run: Run, state: str) -> float:
    return float(
        run.sql("SELECT sum(end_s - start_s) AS s FROM states WHERE state = ?", [state])["s"].iloc[
            0
        ]
    )


def test_availability_of_a_busy_machine(tmp_path: Path) -> None:
    run = one_machine(tmp_path / "r")
    rows = run.table("states").sort_values("start_s")
    lengths = (rows["end_s"] - rows["start_s"]).to_numpy()
    up, down = (lengths[(rows["state"] == s).to_numpy()] for s in ("working", "down"))
    n = min(len(up), len(down))
    share, half_width = ratio(up[:n], up[:n] + down[:n])
    assert half_width < 0.06
    assert abs(share - MTBF_H / (MTBF_H + MTTR_H)) <= half_width


def test_resumed_units_lose_no_work(tmp_path: Path) -> None:
    """Every unit takes 1 s of work; the time in the machine is longer only by stops."""
    run = one_machine(tmp_path / "r")
    cycles = run.table("cycles")
    np.testing.assert_allclose(cycles["duration_s"], 1.0)
    stops = (cycles["end_s"] - cycles["start_s"] - cycles["duration_s"]).sum()
    assert stops == pytest.approx(state_s(run, "down"), abs=3600.0)


def test_operating_clock_does_not_age_a_starved_machine(tmp_path: Path) -> None:
    run = one_machine(tmp_path / "r", arrivals=exponential(4.0))
    failures = run.manifest.rows["alarms"]
    expected = state_s(run, "working") / (MTBF_H * 3600)
    assert abs(failures - expected) < 2.6 * np.sqrt(expected)


def test_calendar_clock_ages_a_starved_machine(tmp_path: Path) -> None:
    run = one_machine(tmp_path / "r", arrivals=exponential(4.0), clock="calendar")
    failures = run.manifest.rows["alarms"]
    expected = (HORIZON_S - state_s(run, "down")) / (MTBF_H * 3600)
    assert abs(failures - expected) < 2.6 * np.sqrt(expected)


@pytest.mark.parametrize("policy", ["restart", "scrap"])
def test_policies_for_the_unit_in_work(policy: str, tmp_path: Path) -> None:
    """Restart: work done on the unit is done again.  Scrap: one unit for every failure."""
    run = one_machine(tmp_path / "r", unit=policy)
    failures = run.manifest.rows["alarms"]
    cycles = run.table("cycles")
    scrapped = int((cycles["result"] == "scrap").sum())
    repeated_s = state_s(run, "working") - cycles["duration_s"].sum()
    if policy == "restart":
        assert scrapped == 0
        assert repeated_s == pytest.approx(failures * 0.5, rel=0.1)
    else:
        assert abs(scrapped - failures) <= 1
        assert abs(repeated_s) < 1.0
        assert cycles.loc[cycles["result"] == "scrap", "duration_s"].max() < 1.0


def test_minor_stops_take_the_share_that_performance_says(tmp_path: Path) -> None:
    """Working / (working + minor stops) is the performance."""
    options = {"performance": 0.9, "minor_stop_s": 12.0}
    run = simulate(line([1.0], horizon_s=HORIZON_S, station_options=options), tmp_path / "r")
    stops = run.table("states", where="reason = 'minor_stop'")
    lengths = (stops["end_s"] - stops["start_s"]).to_numpy()
    assert lengths.mean() == pytest.approx(12.0, rel=0.05)
    share = state_s(run, "working") / HORIZON_S
    assert share == pytest.approx(
        0.9, abs=2.6 * lengths.std() * np.sqrt(2 * len(lengths)) / HORIZON_S
    )


def test_without_minor_stop_length_performance_slows_the_cycle(tmp_path: Path) -> None:
    run = simulate(
        line([1.0], horizon_s=100.0, station_options={"performance": 0.8}), tmp_path / "r"
    )
    assert set(run.table("cycles")["duration_s"]) == {1.25}
