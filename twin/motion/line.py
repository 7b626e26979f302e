"""Values that change at a constant rate between points in time: how machines move inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Line:
    """A value over time: keys at times (n,), ascending, and what it is there (n,).

    Between keys it goes straight; before the first and after the last it stands still.
    """

    time_s: Floats
    value: Floats

    def at(self, t_s: ArrayLike) -> Floats:
        """Return the value at times of any shape."""
        return np.asarray(np.interp(np.asarray(t_s, dtype=float), self.time_s, self.value))

    def within(self, start_s: float, end_s: float) -> Line:
        """Return the part in an interval, with keys at its ends."""
        inside = (self.time_s > start_s) & (self.time_s < end_s)
        time = np.concatenate([[start_s], self.time_s[inside], [end_s]])
        return Line(time, self.at(time))


def rising(spans: Sequence[tuple[float, float]], rate: float) -> Line:
    """Return what grows at a rate during spans, in order and apart, and rests between them."""
    ends = np.array(spans, dtype=float).reshape(-1, 2)
    grown = np.cumsum((ends[:, 1] - ends[:, 0]) * rate)
    before = np.concatenate([[0.0], grown])[:-1]
    return _line(ends.ravel(), np.stack([before, grown], axis=1).ravel())


def opened(spans: Sequence[tuple[float, float]], ramp_s: float) -> Line:
    """Return what is 1 during spans and 0 apart from them, with a ramp before and after each.

    Spans closer than two ramps become one.
    """
    joined: list[list[float]] = []
    for start, end in sorted(spans):
        if joined and start - joined[-1][1] < 2 * ramp_s:
            joined[-1][1] = max(joined[-1][1], end)
        else:
            joined.append([start, end])
    times = [t for a, b in joined for t in (a - ramp_s, a, b, b + ramp_s)]
    return _line(np.array(times), np.array([0.0, 1.0, 1.0, 0.0] * len(joined)))


def _line(time_s: Floats, value: Floats) -> Line:
    if not len(time_s):
        return Line(np.zeros(1), np.zeros(1))
    return Line(time_s, value)
