"""Batch machines by hand and against queueing theory.

A machine that starts when K lots are there, with Poisson arrivals: the first of K lots waits for
K - 1 more, so a lot waits (K - 1) / (2 lambda) on average until its batch is complete. Complete
batches arrive with Erlang-K times between them, so with exponential treatment of mean s they form
the queue E_K/M/1: they wait sigma s / (1 - sigma), where sigma = (lambda / (lambda +
(1 - sigma) / s))^K (GI/M/1; Kleinrock, Queueing Systems I, 1975, section 6.4).

Control variates: times between arrivals, treatment times, and the share sigma of batches that wait.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq

from sim import simulate
from tests.support.comparison import Case, Comparison
from tests.support.plants import buffer, exponential, scenario, source, station, tiny_plant
from tests.support.statistics import controlled
from twin.run.run import Run


def oven(
    folder: Path, cycle: Any, batch: int, *, horizon_s: float, arrivals: Any, machines: int = 1
) -> Run:
    plant = tiny_plant(
        [station("bake", take="b", put="out", kind="batch", batch_lots=batch, cycle=cycle,
                 machines=machines, pitch_m=[2, 0])],
        buffers=[buffer("b", capacity=5000)],
        sources=[source("src", "b", interval=arrivals)],
    )  # fmt: skip
    return simulate(scenario(plant, horizon_s, seed=6), folder)


def every(seconds: float) -> dict[str, Any]:
    return {"mean_s": seconds, "kind": "constant"}


def batches(run: Run, k: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return arrivals (batches, k), and start, duration and end of every finished batch."""
    rows = run.sql(
        "SELECT c.start_s, c.duration_s, c.end_s, l.time_s FROM cycles c"
        " JOIN levels l ON l.lot = c.lot AND l.change = 1 ORDER BY c.lot"
    )
    n = len(rows) // k * k
    column = {name: rows[name].to_numpy()[:n].reshape(-1, k) for name in rows.columns}
    start, duration, end = (column[name][:, 0] for name in ("start_s", "duration_s", "end_s"))
    return column["time_s"], start, duration, end


def waits_share(k: int, arrivals: float, treatment_s: float) -> float:
    """Return sigma: the share of complete batches that find the machine busy."""

    def excess(sigma: float) -> float:
        return (arrivals / (arrivals + (1 - sigma) / treatment_s)) ** k - sigma

    return float(brentq(excess, 0.0, 1 - 1e-6))


def time_in_system(k: int, treatment_s: float, horizon_s: float, folder: Path) -> Comparison:
    """Seconds from the arrival of a lot to the end of its batch."""
    run = oven(folder, exponential(treatment_s), k, horizon_s=horizon_s, arrivals=exponential(1.0))
    arrived, start, duration, end = batches(run, k)
    sigma = waits_share(k, 1.0, treatment_s)
    gaps = np.diff(arrived.ravel(), prepend=0.0).reshape(-1, k)
    controls = [
        (duration, treatment_s),
        (duration**2, 2 * treatment_s**2),
        (gaps.mean(axis=1), 1.0),
        (gaps @ np.arange(k), k * (k - 1) / 2),
        ((start - arrived[:, -1] > 1e-12).astype(float), sigma),
    ]
    mean, half_width = controlled((end[:, None] - arrived).mean(axis=1), controls)
    expected = (k - 1) / 2 + sigma * treatment_s / (1 - sigma) + treatment_s
    return Comparison(expected, mean, half_width)


CASES: dict[str, Case] = {
    f"{name}: s in the system": partial(time_in_system, *setting)
    for name, setting in {
        "batches of 2, load 0.4": (2, 0.8, 250_000),
        "batches of 4, load 0.35": (4, 1.4, 200_000),
        "batches of 10, load 0.4": (10, 4.0, 200_000),
    }.items()
}


@pytest.mark.parametrize("name", CASES)
def test_time_in_system_is_exact(name: str, tmp_path: Path) -> None:
    CASES[name](tmp_path / "r").check()


def test_batches_by_hand(tmp_path: Path) -> None:
    """A lot every 4 s, three for a batch of 10 s: started at 12, 24, 36 ..., out 10 s later."""
    run = oven(tmp_path / "r", 10.0, 3, horizon_s=120.0, arrivals=every(4.0))
    _, start, _, end = batches(run, 3)
    np.testing.assert_allclose(start, 12.0 * np.arange(1, 10))
    np.testing.assert_allclose(end, start + 10.0)
    shipped = run.table("units", where="event = 'shipped'")["time_s"]
    np.testing.assert_allclose(shipped, np.repeat(end, 3))


def test_a_busy_oven_does_not_collect(tmp_path: Path) -> None:
    """A lot every 2 s: while a batch of 10 s is in, five wait; so it starts every 10 s from 6 s."""
    run = oven(tmp_path / "r", 10.0, 3, horizon_s=100.0, arrivals=every(2.0))
    _, start, _, _ = batches(run, 3)
    np.testing.assert_allclose(start, 6.0 + 10.0 * np.arange(len(start)))
    level = run.table("levels").sort_values("time_s", kind="stable")
    at_35 = level.loc[level["time_s"] <= 35.0, "change"].sum()
    assert at_35 == 17 - 3 * 3


@pytest.mark.parametrize("machines", [1, 2, 3])
def test_every_start_is_that_of_the_recursion(machines: int, tmp_path: Path) -> None:
    """A batch starts when its last lot is there and the oven that is free first is free."""
    cycle = {"mean_s": 3.2 * machines, "kind": "lognormal", "cv": 0.5}
    run = oven(tmp_path / "r", cycle, 4, horizon_s=8_000.0, arrivals=exponential(1.0),
               machines=machines)  # fmt: skip
    arrived, start, duration, _ = batches(run, 4)
    free = [0.0] * machines
    for last, began, length in zip(arrived[:, -1], start, duration, strict=True):
        first = free.index(min(free))
        assert began == pytest.approx(max(last, free[first]), abs=1e-7)
        free[first] = began + length
    assert len(start) > 1_500
