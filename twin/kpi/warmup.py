"""How long a run takes to warm up, found from its data by MSER-5.

The series of output and of work in progress are cut into batches of five values. Leaving out the
first d of n batches, the mean of the rest has the squared standard error
``sum((z - mean)^2) / (n - d)^2``; the warm-up ends where that is smallest. A minimum in the second
half says that the run is too short (K. P. White, Simulation 69, 1997; K. Hoad, S. Robinson and
R. Davies, Journal of the Operational Research Society 61, 2010).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from twin.errors import CelltwinError, Problem
from twin.kpi.flow import read_events, wip_changes
from twin.kpi.window import Window
from twin.run.run import Run

BATCH = 5
LEAST_LEFT = 5
"""Batches that are never left out: of fewer, the spread says nothing."""
BINS = 1000
"""Values a series is made of."""


@dataclass(frozen=True)
class WarmUp:
    """Where the series of a run settle.

    Attributes
    ----------
    length_s : float or None
        From when on all series have settled; None where one does not within the first half.
    settled_s : dict of str to (float or None)
        ``throughput`` and ``wip``: from when on each has settled.
    """

    length_s: float | None
    settled_s: dict[str, float | None]


def mser(values: Sequence[float] | np.ndarray, batch: int = BATCH) -> int | None:
    """Return how many values to leave out at the start; None where it is too early to say.

    Parameters
    ----------
    values : sequence of float
        Evenly spaced in time; a last batch that is not full is left out.
    batch : int
        Values in a batch; 5 is MSER-5.
    """
    n = len(values) // batch
    if n < 2 * LEAST_LEFT:
        return None
    means = np.asarray(values, dtype=float)[: n * batch].reshape(n, batch).mean(axis=1)
    spread = means - means[n // 2 :].mean()  # small numbers, so that the sums lose no digits
    spread[np.abs(spread) < 1e-9 * np.abs(means).max()] = 0.0
    left = np.arange(n, 0, -1)
    total, squares = (np.cumsum(x[::-1])[::-1] for x in (spread, spread**2))
    error = np.maximum(squares - total**2 / left, 0.0) / left**2
    first = int(np.argmin(error[: n - LEAST_LEFT + 1]))
    return None if first > n / 2 else first * batch


Series = dict[str, np.ndarray]
"""Output (``throughput``) and mean work in progress (``wip``) in equal parts of a run."""


def find_warmup(run: Run) -> WarmUp:
    """Return where the output and the work in progress of a run settle."""
    return settled([warmup_series(run)], run.horizon_s)


def settled(runs: Sequence[Series], horizon_s: float) -> WarmUp:
    """Return where the mean of the series of runs of one length settles.

    The mean of several runs shows the filling up, and less of the luck of each.
    """
    found: dict[str, float | None] = {}
    for name in runs[0]:
        mean = np.mean([one[name] for one in runs], axis=0)
        first = mser(mean) if any(one["throughput"].any() for one in runs) else None
        found[name] = None if first is None else horizon_s * first / len(mean)
    known = [t_s for t_s in found.values() if t_s is not None]
    return WarmUp(max(known) if len(known) == len(found) else None, found)


def warmup_series(run: Run) -> Series:
    """Return the series of a run, from its very start."""
    edges = np.linspace(0.0, run.horizon_s, BINS + 1)
    events = read_events(run)
    shipped = events[events["product"] & (events["event"] == "shipped")]
    output, _ = np.histogram(shipped["time_s"], edges, weights=shipped["n"])
    return {"throughput": output, "wip": _mean_levels(wip_changes(events), edges)}


def _mean_levels(changes: pd.DataFrame, edges: np.ndarray) -> np.ndarray:
    """Return the mean level between each two edges, from its changes."""
    order = np.argsort(changes["time_s"].to_numpy(), kind="stable")
    time_s = np.append(edges[0], changes["time_s"].to_numpy(dtype=float)[order])
    level = np.append(0.0, np.cumsum(changes["n"].to_numpy(dtype=float)[order]))
    area = np.append(0.0, np.cumsum(level[:-1] * np.diff(time_s)))
    k = np.searchsorted(time_s, edges, side="right") - 1
    until = area[k] + level[k] * (edges - time_s[k])
    return np.asarray(np.diff(until) / np.diff(edges))


def settled_window(run: Run) -> Window:
    """Return the window of a run from the end of its warm-up, as found, to its end.

    Raises
    ------
    CelltwinError
        It does not settle, or ships nothing.
    """
    found = find_warmup(run)
    if found.length_s is not None:
        return Window(found.length_s, run.horizon_s)
    wild = " and ".join(name for name, t_s in found.settled_s.items() if t_s is None)
    raise CelltwinError(
        Problem(
            "--warmup auto",
            f"{wild} of run '{run.name}' does not settle in the first half of its"
            f" {run.horizon_s:.0f} s.",
            "Simulate longer, begin it with 'initial: steady', or give a time.",
        )
    )
