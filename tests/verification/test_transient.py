"""What happens from a given state at time 0, by hand.

``initial`` of a buffer puts whole lots there. A steady start fills ovens and stores by Little's law
and spreads the times that remain evenly: the k-th of n lots is ready (n - 1 - k + 1/2) / n of its
time later.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import simulate
from tests.support.plants import buffer, exponential, scenario, source, station, tiny_plant
from tests.support.visits import visits
from twin.kpi.kpis import kpis
from twin.run.run import Run

NEVER = {"mean_s": 1e6, "kind": "constant"}


def drained(folder: Path, *, stock: list[int], cycles: list[Any], horizon_s: float) -> Run:
    """A line whose buffers hold lots at time 0 and whose source brings nothing."""
    places = [f"b{k}" for k in range(len(stock))]
    plant = tiny_plant(
        [
            station(f"s{k + 1}", take=places[k], put=[*places, "out"][k + 1], cycle=cycle)
            for k, cycle in enumerate(cycles)
        ],
        buffers=[
            buffer(place, capacity=10, initial=n) for place, n in zip(places, stock, strict=True)
        ],
        sources=[source("src", "b0", interval=NEVER)],
    )
    return simulate(scenario(plant, horizon_s), folder)


def test_a_line_drains(tmp_path: Path) -> None:
    """Five lots before 2 s, three before 3 s: the second machine is never idle until it is empty.

    s1 finishes at 2, 4, 6, 8, 10; s2 at 3, 6, ... 24, when all eight have left.
    """
    run = drained(tmp_path / "r", stock=[5, 3], cycles=[2.0, 3.0], horizon_s=100.0)
    np.testing.assert_allclose(visits(run, "s1").end_s, 2.0 * np.arange(1, 6))
    np.testing.assert_allclose(visits(run, "s2").end_s, 3.0 * np.arange(1, 9))
    figures = kpis(run)
    assert figures.shipped_units == 8
    assert run.manifest.totals["initial"] == 8
    expected = sum(3.0 * k for k in range(1, 9)) / 100.0
    assert figures.mean_wip == pytest.approx(expected)


def test_a_line_drains_at_random_times_by_the_recursion(tmp_path: Path) -> None:
    cycles = [exponential(2.0), exponential(2.0)]
    run = drained(tmp_path / "r", stock=[8, 2], cycles=cycles, horizon_s=500.0)
    first, second = visits(run, "s1"), visits(run, "s2")
    assert len(first) == 8
    np.testing.assert_allclose(first.end_s, np.cumsum(first.duration_s))
    ready = np.concatenate([[0.0, 0.0], first.end_s])
    free = 0.0
    for came, begins, length in zip(ready, second.start_s, second.duration_s, strict=True):
        assert begins == pytest.approx(max(came, free), abs=1e-9)
        free = begins + length


def test_a_queue_empties_against_the_stream(tmp_path: Path) -> None:
    """Ten lots wait; one comes every 4 s and one is served every 3 s.

    At 3 j the j-th is done; the queue is worked off when 10 + (number that came) <= j: at 111 s,
    after 37 units, of which 27 came up to then. From then on each is served as it comes.
    """
    plant = tiny_plant(
        [station("s1", take="b", put="out", cycle=3.0)],
        buffers=[buffer("b", capacity=20, initial=10)],
        sources=[source("src", "b", interval={"mean_s": 4.0, "kind": "constant"})],
    )
    run = simulate(scenario(plant, 200.0), tmp_path / "r")
    starved = run.table("states", where="state = 'starved'").sort_values("start_s")
    assert starved["start_s"].iloc[0] == pytest.approx(111.0)
    assert starved["end_s"].iloc[0] == pytest.approx(112.0)
    ends = visits(run, "s1").end_s
    np.testing.assert_allclose(ends[:37], 3.0 * np.arange(1, 38))
    np.testing.assert_allclose(ends[37:], 115.0 + 4.0 * np.arange(len(ends) - 37))


def test_a_steady_start_spreads_the_batches(tmp_path: Path) -> None:
    """Four ovens of 400 s for 2 lots; a lot every 60 s: 400 / 120 = 3.3 batches, so three are in.

    They have 1/6, 3/6 and 5/6 of their 400 s to go.
    """
    plant = tiny_plant(
        [station("bake", take="b", put="out", kind="batch", batch_lots=2, machines=4, cycle=400.0,
                 pitch_m=[2, 0])],
        buffers=[buffer("b", capacity=4, initial=0)],
        sources=[source("src", "b", interval={"mean_s": 60.0, "kind": "constant"})],
    )  # fmt: skip
    run = simulate(scenario(plant, 390.0, initial="steady"), tmp_path / "r")
    shipped = run.table("units", where="event = 'shipped'")["time_s"]
    np.testing.assert_allclose(sorted(set(shipped)), np.array([1, 3, 5]) / 6 * 400.0)
    assert len(shipped) == 6


def test_a_fault_slows_from_its_time_on(tmp_path: Path) -> None:
    """Cycles of 2 s; from 10 to 20 s those that begin take 1.5 times as long."""
    plant = tiny_plant(
        [station("s1", take="b", put="out", cycle=2.0)],
        buffers=[buffer("b")], sources=[source("src", "b")],
    )  # fmt: skip
    faults = [{"kind": "slow_cycle", "at": 10.0, "until": 20.0, "station": "s1", "factor": 1.5}]
    run = simulate(scenario(plant, 30.5, faults=faults), tmp_path / "r")
    expected = [2, 4, 6, 8, 10, 13, 16, 19, 22, 24, 26, 28, 30]
    np.testing.assert_allclose(visits(run, "s1").end_s, expected)
