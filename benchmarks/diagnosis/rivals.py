"""Simple charts as they are used: EWMA, CUSUM, three sigma.

Scores are (x - mean) / standard deviation of the baseline ("raw"), or (ln x - median) / (1.4826
MAD) cut at 3 ("robust"). The limit of each is set on healthy streams of their own to the false
alarms the flags are held to; a limit of 3, as people use it, is told beside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from scipy.signal import lfilter

from benchmarks.diagnosis.streams import Floats, Stream

EWMA_WEIGHT = 0.05
CUSUM_REFERENCE = 0.25
AGAIN_AFTER = 500
"""Cycles after an alarm in which the same chart raises no other."""


def raw(stream: Stream) -> Floats:
    """Return raw scores after the baseline."""
    base = stream.times[: stream.baseline]
    return np.asarray((stream.times[stream.baseline :] - base.mean()) / base.std(ddof=1))


def robust(stream: Stream) -> Floats:
    """Return robust log scores after the baseline."""
    logs = np.log(stream.times)
    base = logs[: stream.baseline]
    middle = np.median(base)
    scale = 1.4826 * np.median(np.abs(base - middle))
    return np.asarray(np.clip((logs[stream.baseline :] - middle) / scale, -3.0, 3.0))


def ewma(z: Floats) -> Floats:
    """Return the exponentially weighted mean in its own standard deviations, without sign."""
    w = EWMA_WEIGHT
    smooth = lfilter([w], [1, w - 1], z)
    return np.asarray(np.abs(smooth) / np.sqrt(w / (2 - w)))


def cusum(z: Floats) -> Floats:
    """Return the larger of the two one-sided cumulative sums."""
    up, down = np.cumsum(z - CUSUM_REFERENCE), np.cumsum(-z - CUSUM_REFERENCE)
    return np.maximum(_above_minimum(up), _above_minimum(down))


def _above_minimum(sums: Floats) -> Floats:
    return np.asarray(sums - np.minimum(np.minimum.accumulate(sums), 0.0))


def single(z: Floats) -> Floats:
    """Return the score of every cycle, without sign."""
    return np.abs(z)


@dataclass(frozen=True)
class Rival:
    """One chart."""

    name: str
    scores: Callable[[Stream], Floats]
    path: Callable[[Floats], Floats]

    def statistic(self, stream: Stream) -> Floats:
        """Return its statistic for every cycle after the baseline."""
        return self.path(self.scores(stream))

    def limit(self, streams: Iterable[Stream], alarms_per_cycle: float) -> float:
        """Return the limit with so many alarms per cycle on healthy streams."""
        highest, cycles = [], 0
        for stream in streams:
            path = self.statistic(stream)
            highest.append(float(path.max()))
            cycles += len(path)
        allowed = max(1, round(alarms_per_cycle * cycles))
        return float(np.sort(highest)[-min(allowed, len(highest))]) * (1 + 1e-9)


RIVALS = (
    Rival("three sigma, raw", raw, single),
    Rival("EWMA 0.05, raw", raw, ewma),
    Rival("CUSUM 0.25, raw", raw, cusum),
    Rival("EWMA 0.05, robust", robust, ewma),
    Rival("CUSUM 0.25, robust", robust, cusum),
)


def alarms(path: Floats, limit: float) -> list[int]:
    """Return where a path is above its limit, once in `AGAIN_AFTER` cycles."""
    found: list[int] = []
    for k in np.flatnonzero(path > limit):
        if not found or k - found[-1] > AGAIN_AFTER:
            found.append(int(k))
    return found
