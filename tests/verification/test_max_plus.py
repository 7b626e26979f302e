"""Serial lines against the max-plus recursion of departure times.

With blocking after service and B places in the buffer behind station i,

    D[i, k] = max( max(D[i, k-1], D[i-1, k]) + S[i, k],  D[i+1, k-B-1] )

is the time unit k leaves station i (Altiok, Performance Analysis of Manufacturing Systems, 1997,
section 4.2). A source with intervals is station 0: its next interval begins when its last lot has
found room. Given the times S the engine drew, both must agree exactly, at every station and unit.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sim import simulate
from sim.core.streams import Draws
from tests.support.plants import exponential, line
from tests.support.visits import visits
from twin.plant.base import Duration
from twin.run.run import Run

KINDS = ["exponential", "lognormal", "gamma", "normal", "uniform", "triangular", "constant"]
CYCLES = st.builds(
    lambda mean, cv, kind: {"mean_s": mean, "cv": cv, "kind": kind},
    st.floats(0.2, 3.0),
    st.floats(0.0, 0.4),
    st.sampled_from(KINDS),
)
WHOLE = st.builds(lambda mean: {"mean_s": float(mean), "kind": "constant"}, st.integers(1, 4))
"""Whole seconds: many events at the same moment."""


def departures(service: np.ndarray, capacities: list[int]) -> np.ndarray:
    """Return D, with unit 0 in column 0; `service` is (stations, units)."""
    n, units = service.shape
    left = np.zeros((n, units))
    for k in range(units):
        for i in range(n):
            free = left[i, k - 1] if k else 0.0
            here = left[i - 1, k] if i else 0.0
            room = 0.0
            if i + 1 < n and k >= capacities[i] + 1:
                room = left[i + 1, k - capacities[i] - 1]
            left[i, k] = max(max(free, here) + service[i, k], room)
    return left


def arrivals(run: Run, n: int) -> np.ndarray:
    """Return the first intervals of the source, from its random stream."""
    interval = run.plant.sources[0].interval
    assert isinstance(interval, Duration)
    draws = Draws(interval, run.scenario.seed, "src", "interval")
    return np.array([draws.one() for _ in range(n)])


def compare(run: Run, n: int, capacities: list[int]) -> int:
    """Compare every visit of `n` stations with the recursion; return how many units there were.

    `capacities` begins with the buffer behind the source.
    """
    own = [visits(run, f"s{i + 1}") for i in range(n)]
    waits = run.plant.sources[0].interval is not None
    units = min(len(seen) for seen in own)
    service = np.array([seen.duration_s[:units] for seen in own])
    if waits:
        service = np.vstack([arrivals(run, units), service])
    else:
        capacities = capacities[1:]
    left = departures(service, capacities)
    for i, seen in enumerate(own, start=int(waits)):
        free = np.concatenate([[0.0], left[i, :-1]])
        begins = np.maximum(free, left[i - 1]) if i else free
        np.testing.assert_allclose(seen.start_s[:units], begins, rtol=0, atol=1e-9)
        np.testing.assert_allclose(seen.end_s[:units], begins + service[i], rtol=0, atol=1e-9)
    if waits:
        came = run.table("levels", where="place = 'b0' AND change = 1").sort_values("time_s")
        np.testing.assert_allclose(came["time_s"][:units], left[0], rtol=0, atol=1e-9)
    return units


@settings(max_examples=50, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])
@given(
    stations=st.lists(st.tuples(CYCLES, st.integers(0, 6)), min_size=1, max_size=6)
    | st.lists(st.tuples(WHOLE, st.integers(0, 3)), min_size=2, max_size=5),
    interval=st.none() | CYCLES | WHOLE,
    seed=st.integers(0, 2**31),
)
def test_engine_equals_the_recursion(
    stations: list[tuple[dict[str, object], int]], interval: Any, seed: int
) -> None:
    capacities = [capacity for _, capacity in stations]
    made = line(
        [cycle for cycle, _ in stations], horizon_s=300.0, capacity=capacities[1:],
        first_capacity=capacities[0], arrivals=interval, seed=seed,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        compare(simulate(made, Path(folder) / "r"), len(stations), capacities)


@pytest.mark.parametrize("interval", [None, exponential(1.02)])
def test_a_long_line_for_ten_thousand_units(interval: Any, tmp_path: Path) -> None:
    """Rounding does not add up either."""
    capacities = [3, 0, 2, 4, 0, 0, 2, 1]
    made = line([exponential(0.9)] * 8, horizon_s=16_000.0, capacity=capacities[1:],
                first_capacity=3, arrivals=interval)  # fmt: skip
    assert compare(simulate(made, tmp_path / "r"), 8, capacities) > 9_000
