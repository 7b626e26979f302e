"""Sensors that send nothing, or always the same, while their robot works."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from twin.run.run import Run

Floats = npt.NDArray[np.float64]

LEAST_SILENT_S = 300.0
"""Shortest silence told, and shortest time of one value over and over ..."""
LEAST_TIMES = 10.0
"""... and at least so many times the longest gap, or run of one value, it had otherwise."""
LEAST_REPEATS = 10


@dataclass(frozen=True)
class Silence:
    """A stretch in which one signal was missing or frozen."""

    signal: str
    how: str
    since_s: float
    until_s: float
    n: int

    def overlap_s(self, since_s: float, until_s: float) -> float:
        """Return how long it lasted within a stretch."""
        return min(until_s, self.until_s) - max(since_s, self.since_s)

    def to_json(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return asdict(self)


def silent_sensors(run: Run, robot: str) -> list[Silence]:
    """Find the signals of a robot that fell silent, in order of time."""
    rows = run.sql(
        "SELECT signal::TEXT AS signal, time_s, value FROM signals WHERE resource = ?"
        " ORDER BY signal, time_s",
        [robot],
    )
    cycles = run.sql(
        "SELECT min(start_s) AS s FROM substeps WHERE robot = ? GROUP BY cycle ORDER BY s", [robot]
    )["s"].to_numpy(float)
    found: list[Silence] = []
    for signal, own in rows.groupby("signal"):
        times, values = own["time_s"].to_numpy(float), own["value"].to_numpy(float)
        found += _missing(str(signal), times, cycles, run.horizon_s)
        found += _frozen(str(signal), times, values)
    return sorted(found, key=lambda s: s.since_s)


def _missing(signal: str, times: Floats, cycles: Floats, end_s: float) -> list[Silence]:
    """Return the gaps in which the robot worked and nothing was sent.

    Gaps are counted in cycles of the robot, so that a robot that stands is no silence.
    """
    edges = np.append(times, end_s)
    done = np.diff(np.searchsorted(cycles, edges))
    gaps = np.diff(edges)
    least = LEAST_TIMES * max(1.0, float(np.median(done)))
    silent = np.flatnonzero((done >= least) & (gaps >= LEAST_SILENT_S)).tolist()
    return [
        Silence(signal, "missing", float(edges[k]), float(edges[k + 1]), int(done[k]))
        for k in silent
    ]


def _frozen(signal: str, times: Floats, values: Floats) -> list[Silence]:
    """Return the runs of one value that are far longer than any other.

    The signal must have scattered before, and not about this very value: a grip that always takes
    its program time is no frozen sensor.
    """
    if len(values) < 2 * LEAST_REPEATS:
        return []
    starts = np.flatnonzero(np.append(True, np.diff(values) != 0))
    lengths = np.diff(np.append(starts, len(values)))
    least = max(LEAST_REPEATS, LEAST_TIMES * float(np.median(lengths)))
    found = []
    for k in np.flatnonzero(lengths >= least).tolist():
        first, last = int(starts[k]), int(starts[k] + lengths[k] - 1)
        known = int((values[:first] == values[first]).sum())
        scattered = len(np.unique(values[:first])) >= LEAST_REPEATS
        if scattered and known < LEAST_REPEATS and times[last] - times[first] >= LEAST_SILENT_S:
            since_s, until_s = float(times[first]), float(times[last])
            found.append(Silence(signal, "frozen", since_s, until_s, int(lengths[k])))
    return found
