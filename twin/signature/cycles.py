"""Cycles of a machine or robot, and the samples that fall into each."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from twin.errors import Problem, RunError, nearest
from twin.run.run import Run

Floats = NDArray[np.float64]


def cycles_of(run: Run, resource: str) -> pd.DataFrame:
    """Return the cycles of a robot (from its sub-steps), machine or station of one machine.

    Returns
    -------
    DataFrame
        ``cycle``, ``start_s``, ``end_s`` and ``duration_s`` (stops excluded), in order of time.

    Raises
    ------
    RunError
        The plant has no such thing.
    """
    plant = run.plant
    if resource in plant.robots:
        return run.sql(
            "SELECT cycle, min(start_s) AS start_s, max(start_s + actual_s) AS end_s,"
            " sum(actual_s) AS duration_s FROM substeps WHERE robot = ? GROUP BY cycle ORDER BY 2",
            [resource],
        )
    machines = [m for s in plant.stations.values() for m in s.machine_ids]
    if resource not in machines:
        known = [*plant.robots, *machines]
        raise RunError(
            Problem(
                run.name,
                f"'{resource}' is no robot or machine of this run{nearest(resource, known)}.",
                f"There are {', '.join(known[:30])}.",
            )
        )
    return run.sql(
        "SELECT row_number() OVER (ORDER BY start_s) - 1 AS cycle, start_s, max(end_s) AS end_s,"
        " max(duration_s) AS duration_s FROM cycles WHERE machine = ? GROUP BY start_s ORDER BY 2",
        [resource],
    )


def samples_of(run: Run, resource: str) -> pd.DataFrame:
    """Return the samples of a resource: one row for each moment, one column for each signal."""
    rows = run.sql(
        "SELECT time_s, signal, value FROM signals WHERE resource = ? ORDER BY time_s", [resource]
    )
    rows["signal"] = rows["signal"].astype(str)
    return rows.pivot_table(index="time_s", columns="signal", values="value", aggfunc="mean")


def cycle_numbers(cycles: pd.DataFrame, times_s: Floats, *, with_start: bool) -> NDArray[np.int64]:
    """Return which cycle each moment falls into, -1 for none.

    A cycle has its start, if so said, or else its end: a simulation writes a value of a whole cycle
    (a grip time, a mean) at its end, while a log is cut into cycles before a sample.
    """
    start, end = cycles["start_s"].to_numpy(), cycles["end_s"].to_numpy()
    if not len(start):
        return np.full(len(times_s), -1)
    at = np.searchsorted(start, times_s, side="right" if with_start else "left") - 1
    last = end[np.maximum(at, 0)]
    inside = (at >= 0) & ((times_s < last) if with_start else (times_s <= last + 1e-9))
    return np.where(inside, at, -1).astype(np.int64)
