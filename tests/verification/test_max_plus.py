"""Serial lines against the max-plus recursion of departure times.

With blocking after service and B places in the buffer behind station i,

    D[i, k] = max( max(D[i, k-1], D[i-1, k]) + S[i, k],  D[i+1, k-B-1] )

is the time unit k leaves station i.  Given the times S the engine drew, both must agree exactly.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import simulate
from tests.support.plants import line

KINDS = ["exponential", "lognormal", "uniform", "constant"]
CYCLES = st.builds(
    lambda mean, cv, kind: {"mean_s": mean, "cv": cv, "kind": kind},
    st.floats(0.2, 3.0),
    st.floats(0.0, 0.5),
    st.sampled_from(KINDS),
)


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


@settings(max_examples=25, deadline=None)
@given(
    stations=st.lists(st.tuples(CYCLES, st.integers(1, 6)), min_size=2, max_size=6),
    seed=st.integers(0, 2**31),
)
def test_engine_equals_the_recursion(
    stations: list[tuple[dict[str, object], int]], seed: int
) -> None:
    cycles = [cycle for cycle, _ in stations]
    capacities = [capacity for _, capacity in stations[1:]]
    with tempfile.TemporaryDirectory() as folder:
        run = simulate(
            line(cycles, horizon_s=300.0, capacity=capacities, seed=seed), Path(folder) / "r"
        )
        rows = run.table("cycles").sort_values(["station", "start_s"], kind="stable")
    by_station = [rows[rows["station"] == f"s{i + 1}"] for i in range(len(cycles))]
    units = min(len(own) for own in by_station)
    if not units:
        return
    service = np.array([own["duration_s"].to_numpy()[:units] for own in by_station])
    left = departures(service, capacities)
    for i, own in enumerate(by_station):
        free = np.concatenate([[0.0], left[i, :-1]])
        begins = np.maximum(free, left[i - 1]) if i else free
        np.testing.assert_allclose(own["start_s"][:units], begins, rtol=0, atol=1e-9)
        np.testing.assert_allclose(own["end_s"][:units], begins + service[i], rtol=0, atol=1e-9)
