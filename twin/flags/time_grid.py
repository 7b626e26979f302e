"""Seconds by bin of time, exactly: how long each group was in a state, or how full a place was."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from twin.kpi.state_map import loss_sql
from twin.run.run import Run

Floats = npt.NDArray[np.float64]

MOST_BINS = 720
LEAST_S = 10.0
"""Bins are not shorter than this."""


@dataclass(frozen=True)
class Grid:
    """Equal bins between two times."""

    start_s: float
    end_s: float
    n: int

    @property
    def edges_s(self) -> Floats:
        """Ends of the bins, the first beginning included."""
        return np.linspace(self.start_s, self.end_s, self.n + 1)

    @property
    def width_s(self) -> float:
        """Length of a bin."""
        return (self.end_s - self.start_s) / self.n


def grid(start_s: float, end_s: float) -> Grid:
    """Return bins for a stretch of time."""
    length_s = max(end_s - start_s, 1e-6)
    return Grid(start_s, start_s + length_s, int(np.clip(length_s / LEAST_S, 1, MOST_BINS)))


def ramps(
    times_s: Floats, weights: Floats, group: npt.NDArray[np.intp], *, n_groups: int, bins: Grid
) -> Floats:
    """Return, by group and bin, the integral of steps: each of its weight from its time on.

    The integral up to an edge e is the sum of weight x (e - time) over the earlier times, so two
    weighted counts and their cumulative sums give it without a loop.
    """
    edges = bins.edges_s
    late = times_s < bins.end_s
    times_s, weights, group = times_s[late], weights[late], group[late]
    place = np.clip(np.searchsorted(edges, times_s, side="right"), 0, bins.n)
    index = group * (bins.n + 1) + place
    size = n_groups * (bins.n + 1)
    count = np.bincount(index, weights, size).reshape(n_groups, -1).cumsum(axis=1)
    offset = np.bincount(index, weights * (times_s - bins.start_s), size)
    total = count * (edges - bins.start_s) - offset.reshape(n_groups, -1).cumsum(axis=1)
    return np.diff(total, axis=1)


def loss_seconds(run: Run, bins: Grid) -> dict[tuple[str, str], Floats]:
    """Return machine-seconds by bin of every (station, loss); ``speed`` stands for working."""
    machines = {m: s.id for s in run.plant.stations.values() for m in s.machine_ids}
    rows = run.sql(
        f"SELECT resource, {loss_sql()} AS loss, start_s, end_s FROM states"  # noqa: S608
        " WHERE kind = 'machine' AND end_s > ? AND start_s < ?",
        [bins.start_s, bins.end_s],
    )
    rows = rows[rows["resource"].isin(machines)]
    if rows.empty:
        return {}
    station = rows["resource"].astype(str).map(machines)
    code, keys = pd.factorize(pd.MultiIndex.from_arrays([station, rows["loss"].astype(str)]))
    group = code.astype(np.intp)
    one = np.ones(len(rows))
    begin = np.maximum(rows["start_s"].to_numpy(dtype=np.float64), bins.start_s)
    end = rows["end_s"].to_numpy(dtype=np.float64)
    seconds = ramps(begin, one, group, n_groups=len(keys), bins=bins)
    seconds -= ramps(end, one, group, n_groups=len(keys), bins=bins)
    return {(str(a), str(b)): np.maximum(s, 0.0) for (a, b), s in zip(keys, seconds, strict=True)}


def mean_levels(run: Run, bins: Grid) -> dict[str, Floats]:
    """Return the mean number of lots by bin of every place that had one."""
    rows = run.sql(
        "SELECT place, greatest(time_s, ?) AS time_s, sum(change) AS change FROM levels"
        " WHERE time_s < ? GROUP BY ALL ORDER BY place, time_s",
        [bins.start_s, bins.end_s],
    )
    if rows.empty:
        return {}
    code, names = pd.factorize(rows["place"].astype(str))
    levels = ramps(
        rows["time_s"].to_numpy(dtype=np.float64), rows["change"].to_numpy(dtype=np.float64),
        code.astype(np.intp), n_groups=len(names), bins=bins,
    )  # fmt: skip
    return {str(name): level / bins.width_s for name, level in zip(names, levels, strict=True)}
