"""The compiled ceiling: the max-plus recursion, translated to machine code by Numba."""

from __future__ import annotations

from pathlib import Path

import numba
import numpy as np

from benchmarks.model import Floats, Line, Outcome

EXPECTED_RATE = 0.75
"""The recursion ends after a number of units, not at a time: so many per mean work time."""


def line(model: Line, folder: Path) -> Outcome:  # noqa: ARG001
    """Simulate a line."""
    units = int(model.horizon_s * EXPECTED_RATE / model.mean_s)
    left = _departures(
        units, model.stations, model.capacity, model.mean_s, model.mtbf_s or 0.0, model.mttr_s,
        model.seed,
    )  # fmt: skip
    return Outcome(units * model.stations, lambda: left)


@numba.njit(cache=False)
def _departures(  # noqa: PLR0917 - compiled code takes no keywords
    units: int,
    stations: int,
    capacity: int,
    mean_s: float,
    mtbf_s: float,
    mttr_s: float,
    seed: int,
) -> Floats:
    np.random.seed(seed)  # noqa: NPY002 - the generator of compiled code
    depth = capacity + 1
    ring = np.zeros((depth, stations))
    before = np.zeros(stations)
    out = np.empty(units)
    for k in range(units):
        slot = k % depth
        here = 0.0
        for i in range(stations):
            work = np.random.exponential(mean_s)  # noqa: NPY002
            if mtbf_s > 0.0:
                failures = np.random.poisson(work / mtbf_s)  # noqa: NPY002
                for _ in range(failures):
                    work += np.random.exponential(mttr_s)  # noqa: NPY002
            here = max(before[i], here) + work
            if i + 1 < stations:
                here = max(here, ring[slot, i + 1])
            before[i] = here
        for i in range(stations):
            ring[slot, i] = before[i]
        out[k] = here
    return out
