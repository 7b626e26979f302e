"""One machine that fails: availability, and what becomes of the unit in work.

Up and down times alternate, so a machine that is always busy is up MTBF / (MTBF + MTTR) of the time
on both clocks (alternating renewal process; Barlow and Proschan, Mathematical Theory of
Reliability, 1965). On the calendar clock that holds whatever it does; on the operating clock the
time it is starved does not count, which is checked exactly.

With failures at rate f while it works and constant service s, a unit that is started again costs
(exp(f s) - 1) / f seconds of work (Gaver, J. R. Statist. Soc. B 24 (1962) 73, preemptive repeat);
where a failure scraps it, exp(-f s) of the units are good. Resumed, it costs s.

Estimates of shares of time are ratios over pairs of an up time and the down time after it, which
are independent (regenerative method).
"""

from __future__ import annotations

from functools import partial
from math import exp, expm1
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import simulate
from tests.support.comparison import Case, Comparison
from tests.support.plants import exponential, line
from tests.support.statistics import batch_means, ratio
from tests.support.visits import seconds_in, visits
from twin.run.run import Run

MTBF_S, MTTR_S = 0.36, 0.12
SERVICE_S = 0.09
INTERVAL = exponential(0.2)


def machine(
    folder: Path, *, horizon_s: float, arrivals: Any = None, seed: int = 1, **breakdown: Any
) -> Run:
    options = {"breakdown": {"mtbf_h": MTBF_S / 3600, "mttr_h": MTTR_S / 3600, **breakdown}}
    return simulate(
        line([SERVICE_S], horizon_s=horizon_s, arrivals=arrivals,
             first_capacity=10_000 if arrivals else 5, station_options=options,
             seed=seed),
        folder,
    )  # fmt: skip


def pairs(run: Run, ends: str = "down") -> tuple[np.ndarray, np.ndarray]:
    """Return lengths of the times up and of the stops that end them."""
    stops = run.table("states", ["start_s", "end_s"], where=f"state = '{ends}'")
    begins, over = (np.sort(stops[name].to_numpy()) for name in ("start_s", "end_s"))
    return begins - np.concatenate([[0.0], over[:-1]]), over - begins


def availability(folder: Path, **breakdown: Any) -> Comparison:
    up, down = pairs(machine(folder, horizon_s=24_000, **breakdown))
    share, half_width = ratio(up, up + down)
    return Comparison(MTBF_S / (MTBF_S + MTTR_S), share, half_width)


def calendar_while_starved(folder: Path) -> Comparison:
    run = machine(folder, horizon_s=24_000, arrivals=INTERVAL, clock="calendar", seed=3)
    up, down = pairs(run)
    share, half_width = ratio(up, up + down)
    return Comparison(MTBF_S / (MTBF_S + MTTR_S), share, half_width)


def restarted(folder: Path) -> Comparison:
    """Seconds in the machine for each unit: work, work lost, and repairs."""
    run = machine(folder, horizon_s=35_000, unit="restart")
    seen = visits(run, "s1")
    mean, half_width = batch_means(np.diff(seen.end_s), 60)
    work_s = expm1(SERVICE_S / MTBF_S) * MTBF_S
    return Comparison(work_s * (1 + MTTR_S / MTBF_S), mean, half_width)


def scrapped(folder: Path) -> Comparison:
    """Share of units that come out good."""
    run = machine(folder, horizon_s=18_000, unit="scrap")
    rows = run.table("cycles", ["start_s", "result"]).sort_values("start_s")
    good = (rows["result"] == "ok").to_numpy().astype(float)
    mean, half_width = batch_means(good, 60)
    return Comparison(exp(-SERVICE_S / MTBF_S), mean, half_width)


def performance(folder: Path) -> Comparison:
    """Share of running time that is not minor stops."""
    options = {"performance": 0.8, "minor_stop_s": 0.05}
    run = simulate(line([SERVICE_S], horizon_s=6000, station_options=options), folder)
    up, down = pairs(run)
    share, half_width = ratio(up, up + down)
    return Comparison(0.8, share, half_width)


CASES: dict[str, Case] = {
    "busy, operating clock: share of time up": availability,
    "busy, calendar clock: share of time up": partial(availability, clock="calendar", seed=2),
    "busy, regular repairs (cv 0.3): share of time up": partial(availability, repair_cv=0.3),
    "starved, calendar clock: share of time up": calendar_while_starved,
    "unit started again after a failure: s for each unit": restarted,
    "unit scrapped by a failure: share of good units": scrapped,
    "performance 0.8 by minor stops: share of running time": performance,
}


@pytest.mark.parametrize("name", CASES)
def test_figure_is_exact(name: str, tmp_path: Path) -> None:
    CASES[name](tmp_path / "r").check()


def work_between_failures(run: Run) -> np.ndarray:
    rows = run.table("states", ["state", "start_s", "end_s"], where="state in ('working', 'down')")
    rows = rows.sort_values("start_s")
    failed = (rows["state"] == "down").to_numpy()
    work = np.where(failed, 0.0, (rows["end_s"] - rows["start_s"]).to_numpy())
    return np.diff(np.cumsum(work)[failed], prepend=0.0)


def test_operating_clock_stands_still_while_the_machine_is_starved(tmp_path: Path) -> None:
    """With common random numbers it fails after the same work as the machine that is busy."""
    busy = work_between_failures(machine(tmp_path / "busy", horizon_s=1000))
    starved = machine(tmp_path / "starved", horizon_s=2000, arrivals=INTERVAL)
    assert seconds_in(starved, "s1")["starved"] > 500
    ages = work_between_failures(starved)
    n = min(len(busy), len(ages))
    assert n > 1000
    np.testing.assert_allclose(ages[:n], busy[:n], rtol=0, atol=1e-9)


def test_resumed_units_lose_no_work(tmp_path: Path) -> None:
    """Every unit takes 0.09 s of work; it is in the machine longer by the stops alone."""
    run = machine(tmp_path / "r", horizon_s=1000)
    seen = visits(run, "s1")
    np.testing.assert_array_equal(seen.duration_s, SERVICE_S)
    last = seen.end_s[-1]
    _, down = pairs(run)
    inside = run.table("states", where=f"state = 'down' AND end_s <= {last}")
    stops = (seen.end_s - seen.start_s - seen.duration_s).sum()
    assert len(down) > 1000
    assert stops == pytest.approx((inside["end_s"] - inside["start_s"]).sum(), rel=1e-9)


def test_working_and_down_tile_the_time_of_a_busy_machine(tmp_path: Path) -> None:
    run = machine(tmp_path / "r", horizon_s=1000)
    spent = seconds_in(run, "s1")
    assert set(spent) <= {"working", "down"}
    assert sum(spent.values()) == pytest.approx(1000)


def test_a_scrapped_unit_ends_at_its_failure(tmp_path: Path) -> None:
    run = machine(tmp_path / "r", horizon_s=1000, unit="scrap")
    rows = run.table("cycles")
    bad = rows[rows["result"] == "scrap"]
    assert (bad["duration_s"] < SERVICE_S).all()
    assert set(rows.loc[rows["result"] == "ok", "duration_s"]) == {SERVICE_S}
    assert abs(len(bad) - run.manifest.rows["alarms"]) <= 1
    assert run.manifest.totals["scrapped"] == len(bad)


def test_without_minor_stop_length_performance_slows_the_cycle(tmp_path: Path) -> None:
    run = simulate(
        line([1.0], horizon_s=100.0, station_options={"performance": 0.8}), tmp_path / "r"
    )
    assert set(run.table("cycles")["duration_s"]) == {1.25}
