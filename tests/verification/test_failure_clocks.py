"""Clocks of failures: operating, calendar, cycles; several kinds at once; what happens to the unit.

A machine with cycle time c and a failure after every n-th cycle (repair R) has a rate of
n / (n c + R), exactly where n and R are constant. Several kinds on the operating clock: up share
1 / (1 + sum R_i / F_i). A Weibull or any other time to failure has the same mean, so the same
long-run availability (renewal reward theorem; Ross, Introduction to Probability Models, 7.4).
Geometric cycles to failure with mean m have the variance m (m - 1).
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim import simulate
from tests.support.plants import (
    buffer,
    exponential,
    line,
    scenario,
    source,
    station,
    tiny_plant,
)
from tests.support.statistics import ratio
from twin.run.run import Run

Z = float(stats.norm.ppf(0.995))
FIXED = {"kind": "constant", "mean_s": 30.0}


def one(folder: Path, horizon_s: float, *, cycle: Any = 2.0, arrivals: Any = None,
        **station: Any) -> Run:  # fmt: skip
    return simulate(
        line([cycle], horizon_s=horizon_s, arrivals=arrivals, first_capacity=1000,
             station_options=station),
        folder,
    )  # fmt: skip


def state_s(run: Run, state: str) -> float:
    rows = run.table("states", where=f"state = '{state}' AND kind = 'machine'")
    return float((rows["end_s"] - rows["start_s"]).sum())


def counted(**more: Any) -> dict[str, Any]:
    return {"clock": "cycles", "mcbf": 5, "failure_cv": 0, "time_to_repair": FIXED, **more}


@pytest.mark.parametrize(
    ("policy", "good", "scrapped"),
    [("resume", 125, 0), ("restart", 125 - 25, 0), ("scrap", 100, 25)],
)
def test_every_fifth_cycle_fails(policy: str, good: int, scrapped: int, tmp_path: Path) -> None:
    """5 x 2 s + 30 s = 40 s: 25 failures in 1,000 s. Restart and scrap lose one cycle of five."""
    run = one(tmp_path / "r", 1000.5, breakdown=counted(unit=policy))
    assert run.manifest.rows["alarms"] == 25
    results = run.table("cycles")["result"].value_counts().to_dict()
    assert results.get("ok", 0) == good
    assert results.get("scrap", 0) == scrapped
    down = run.table("states", where="state = 'down'").sort_values("start_s")
    np.testing.assert_allclose(down["start_s"], 10 + 40 * np.arange(25), atol=1e-4)


def test_cycles_of_a_lot_are_counted_one_by_one(tmp_path: Path) -> None:
    """Lots of 7 units: the 5th, 10th, ... cycle fails wherever in its lot it is."""
    plant = tiny_plant(
        [station("s1", take="b", put="out", cycle=2.0, breakdown=counted())],
        items=[{"id": "part", "units_per_lot": 7, "product": True}],
        buffers=[buffer("b")],
        sources=[source("src", "b")],
    )
    run = simulate(scenario(plant, 1000.5), tmp_path / "r")
    down = run.table("states", where="state = 'down'").sort_values("start_s")
    np.testing.assert_allclose(down["start_s"], 10 + 40 * np.arange(25), atol=1e-4)
    assert len(run.table("cycles")) == 125 // 7 * 7


def test_idle_time_does_not_count_on_the_clock_of_cycles(tmp_path: Path) -> None:
    """A unit every 10 s: failures at 42, 92 + ... every 50 s, then 30 s of repair meanwhile."""
    arrivals = {"kind": "constant", "mean_s": 10.0}
    run = one(tmp_path / "r", 1000.0, arrivals=arrivals, breakdown=counted())
    assert run.manifest.rows["alarms"] == len(run.table("cycles")) // 5


@pytest.mark.parametrize(("cv", "deviation"), [(1.0, math.sqrt(20 * 19)), (0.5, 10.0)])
def test_mean_and_spread_of_the_cycles_between_failures(
    cv: float, deviation: float, tmp_path: Path
) -> None:
    mode = {"clock": "cycles", "mcbf": 20, "failure_cv": cv, "mttr_h": 0.001}
    run = one(tmp_path / "r", 150_000.0, breakdown=mode)
    ends = run.table("cycles").sort_values("end_s")["end_s"].to_numpy()
    down = run.table("states", where="state = 'down'").sort_values("start_s")["start_s"].to_numpy()
    gaps = np.diff(np.searchsorted(ends, down))
    half_width = Z * gaps.std(ddof=1) / math.sqrt(len(gaps))
    assert half_width < 1.0
    assert abs(gaps.mean() - 20) <= half_width
    assert gaps.std() == pytest.approx(deviation, rel=0.08)


@pytest.mark.parametrize(
    "to_failure",
    [
        {"kind": "weibull", "shape": 3, "mean_s": 180},
        {"kind": "uniform", "low_s": 60, "high_s": 300},
        {"kind": "discrete", "values_s": [60, 300]},
    ],
)
def test_availability_for_any_time_to_failure(to_failure: dict[str, Any], tmp_path: Path) -> None:
    """180 s of work, 60 s of repair: up 3/4 of the time."""
    mode = {"time_to_failure": to_failure, "time_to_repair": {"mean_s": 60, "cv": 0.5}}
    run = one(tmp_path / "r", 100_000.0, cycle=20.0, breakdown=mode)
    rows = run.table("states", where="kind = 'machine'").sort_values("start_s")
    lengths = (rows["end_s"] - rows["start_s"]).to_numpy()
    up, down = (lengths[(rows["state"] == s).to_numpy()] for s in ("working", "down"))
    n = min(len(up), len(down))
    share, half_width = ratio(up[:n], up[:n] + down[:n])
    assert half_width < 0.03
    assert abs(share - 0.75) <= half_width
    fits = {"weibull": stats.weibull_min(3, scale=180 / math.gamma(4 / 3)),
            "uniform": stats.uniform(60, 240)}.get(to_failure["kind"])  # fmt: skip
    if fits is not None:
        assert stats.kstest(up[:n], fits.cdf).pvalue > 0.01


KINDS = {
    "jam": {"mtbf_h": 0.1, "mttr_h": 0.01},
    "drive": {"mtbf_h": 0.4, "mttr_h": 0.1, "code": "E17"},
    "tool": {"clock": "cycles", "mcbf": 300, "mttr_h": 0.02},
}


def test_several_kinds_of_failure(tmp_path: Path) -> None:
    """Working 1 / (1 + 0.1 + 0.25 + 0.02 x 3600 / (300 x 2)) of the time; each kind by its rate."""
    run = one(tmp_path / "r", 400_000.0, breakdowns=KINDS)
    working_s = state_s(run, "working")
    alarms = run.table("alarms")
    assert set(alarms["cause"]) == {"jam", "E17", "tool"}
    per_kind = {"jam": 360.0, "E17": 1440.0, "tool": 600.0}
    for cause, gap_s in per_kind.items():
        n = int((alarms["cause"] == cause).sum())
        expected = working_s / gap_s
        assert abs(n - expected) <= Z * math.sqrt(expected)
    theory = 1 / (1 + 0.1 + 0.25 + 0.12)
    spread = math.sqrt(sum(working_s / g * 2 * r**2 for g, r in
                           [(360, 36), (1440, 360), (600, 72)]))  # fmt: skip
    half_width = Z * spread * theory / run.horizon_s
    assert half_width < 0.035
    assert abs(working_s / run.horizon_s - theory) <= half_width


def test_kinds_have_their_own_policy_for_the_unit(tmp_path: Path) -> None:
    kinds = {
        "tool": {"clock": "cycles", "mcbf": 10, "failure_cv": 0, "time_to_repair": FIXED,
                 "unit": "scrap"},
        "jam": {"clock": "cycles", "mcbf": 4, "failure_cv": 0, "time_to_repair": FIXED},
    }  # fmt: skip
    run = one(tmp_path / "r", 2_000.0, breakdowns=kinds)
    cycles = run.table("cycles").sort_values("end_s").reset_index()
    scrapped = cycles.index[cycles["result"] == "scrap"] + 1
    assert list(scrapped) == [10 * k for k in range(1, len(scrapped) + 1)]
    assert len(scrapped) == len(cycles) // 10


@pytest.mark.parametrize(("when_idle", "failures_while_starved"), [("fail", True), ("wait", False)])
def test_an_idle_machine_fails_by_the_calendar_or_waits(
    when_idle: str, failures_while_starved: bool, tmp_path: Path
) -> None:
    mode = {"mtbf_h": 0.05, "mttr_h": 0.01, "clock": "calendar", "when_idle": when_idle}
    run = one(tmp_path / "r", 100_000.0, arrivals=exponential(40.0), breakdown=mode)
    rows = run.table("states", where="kind = 'machine'").sort_values("start_s")
    down = rows.loc[rows["state"] == "down", "start_s"].to_numpy()
    cycles = run.table("cycles").sort_values("start_s")
    began, ended = cycles["start_s"].to_numpy(), cycles["end_s"].to_numpy()
    at = np.maximum(np.searchsorted(began, down, side="right") - 1, 0)
    idle = (down < began[at]) | (down > ended[at])
    assert idle[:-1].any() == failures_while_starved


def test_a_forced_breakdown_names_its_kind(tmp_path: Path) -> None:
    fault = {"kind": "breakdown", "at": 10.5, "machine": "s1", "repair": "1min", "mode": "tool"}
    kinds = {"jam": {"mtbf_h": 1000, "mttr_h": 1}, "tool": {"mtbf_h": 1000, "mttr_h": 1,
                                                           "unit": "scrap"}}  # fmt: skip
    run = simulate(
        line([2.0], horizon_s=100.0, station_options={"breakdowns": kinds}, faults=[fault]),
        tmp_path / "r",
    )
    (scrap,) = run.table("cycles", where="result = 'scrap'").itertuples()
    assert (scrap.start_s, scrap.duration_s, scrap.end_s) == (10.0, 0.5, 70.5)


def test_cycles_count_once_where_maintenance_falls_due_within_them(tmp_path: Path) -> None:
    """Cycles of 2 s; maintenance falls due 3 s after the last, so after two cycles, and takes 10 s.

    Cycles 1, 2 | 4 to 14 maintained | 3, 4 | 18 to 28 | 5: fails at 30, up at 60 | 6 | 62 to 72 |
    7, 8 | 76 to 86 | 9, 10: fails at 90, up at 120, maintained to 130 | 11, 12 | 134 to 144 |
    13, 14 | 148 to 158 | 15: fails at 160.
    """
    upkeep = {"every_operating_h": 3 / 3600, "work": {"kind": "constant", "mean_s": 10.0}}
    run = one(tmp_path / "r", 165.0, breakdown=counted(), maintenance={"clean": upkeep})
    states = run.table("states").sort_values("start_s")
    start_s = {name: rows["start_s"].to_numpy() for name, rows in states.groupby("state")}
    np.testing.assert_allclose(start_s["down"], [30, 90, 160], atol=1e-4)
    np.testing.assert_allclose(start_s["maintenance"], [4, 18, 62, 76, 120, 134, 148], atol=1e-4)


def test_cycle_that_begins_with_a_breakdown_counts(tmp_path: Path) -> None:
    """1 s of loading and 2 s of work a unit, so 3 s; every fifth cycle fails.

    The breakdown that comes while unit 2 is loaded (3.5 s) begins with its work at 4 s and lasts
    10 s. Cycle 2 ends at 16 s, cycle 3 at 19 s, 4 at 22 s, 5 at 25 s: there the fifth one fails.
    """
    plant = tiny_plant(
        [station("m", take="b", put="out", cycle=2.0, breakdown=counted(),
                 attend={"pool": "ops", "work": {"kind": "constant", "mean_s": 1.0}})],
        buffers=[buffer("b")],
        sources=[source("src", "b")],
        shifts=[{"id": "day", "start": "00:00", "hours": 24}],
        pools=[{"id": "ops", "kind": "operator", "home_m": [0, -0.9], "staff": {"day": 1},
                "walk_mps": 1e9}],
    )  # fmt: skip
    fault = {"kind": "breakdown", "at": "3.5s", "machine": "m", "repair": "10s"}
    run = simulate(scenario(plant, 40.0, faults=[fault]), tmp_path / "r")
    down = run.table("states", where="state = 'down' AND resource = 'm'").sort_values("start_s")
    np.testing.assert_allclose(down["start_s"], [4, 25], atol=1e-4)
