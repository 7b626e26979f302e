"""Currents and temperatures of a robot's drives over time: means over fixed spans."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DIGITS = 9
"""Means are rounded to so many digits, so that they do not depend on when they are written."""


class SpanMeans:
    """Means over spans of fixed length, of quantities that are known step by step.

    Parameters
    ----------
    every_s : float
        Length of a span.
    rest : array (k,)
        The quantities while no step is under way.
    """

    def __init__(self, every_s: float, rest: Floats) -> None:
        self._every_s = every_s
        self._rest = rest
        self._sampled_s = 0.0
        self._times = np.empty(0)
        self._total = np.empty((0, len(rest)))

    def add(
        self, starts: Floats, lengths: Floats, values: Floats, *, known_s: float | None
    ) -> tuple[Floats, Floats]:
        """Take steps in; return the ends (n,) and means (n, k) of the spans now complete.

        `known_s` says up to when there will be no more steps; None: to the end of the last one.
        """
        gained = (values - self._rest) * lengths[:, None]
        total = np.cumsum(gained, axis=0)
        base = self._total[-1] if len(self._total) else np.zeros(len(self._rest))
        times = np.concatenate([self._times, np.column_stack([starts, starts + lengths]).ravel()])
        both = np.stack([total - gained, total], axis=1).reshape(-1, len(self._rest))
        curve = np.concatenate([self._total, base + both])
        if known_s is None:
            known_s = float(times[-1]) if len(starts) else 0.0
        n = int((known_s - self._sampled_s) / self._every_s)
        if n <= 0:
            self._times, self._total = times, curve
            return np.empty(0), np.empty((0, len(self._rest)))
        grid: Floats = self._sampled_s + self._every_s * np.arange(n + 1, dtype=np.float64)
        means = np.zeros((n, len(self._rest)))
        if len(times):
            at_grid = _interpolated(grid, times, curve)
            means = np.round(np.diff(at_grid, axis=0) / self._every_s, DIGITS)
            self._keep(times, curve, at_grid[-1], float(grid[-1]))
        self._sampled_s = float(grid[-1])
        return grid[1:], means + self._rest

    def _keep(self, times: Floats, curve: Floats, base: Floats, from_s: float) -> None:
        """Forget what is before a time, and count the rest from there."""
        later = times > from_s
        self._times = np.concatenate([[from_s], times[later]])
        self._total = np.concatenate([np.zeros((1, curve.shape[1])), curve[later] - base])


class Warming:
    """Temperatures that follow a target with one time constant.

    Parameters
    ----------
    every_s, constant_s : float
        Time between two targets; time constant.
    settled : int
        So many first targets say how warm it is at the start.
    cold_c : float, optional
        Begin this cold instead.
    """

    def __init__(
        self, every_s: float, constant_s: float, *, settled: int, cold_c: float | None
    ) -> None:
        self._gain = 1 - np.exp(-every_s / constant_s)
        self._settled = settled
        self._cold_c = cold_c
        self._now: Floats | None = None
        self._times: Floats = np.empty(0)
        self._targets: Floats = np.empty((0, 0))

    def follow(self, times: Floats, targets: Floats, *, final: bool) -> tuple[Floats, Floats]:
        """Return times and temperatures (n, k), one for each target (n, k) given so far."""
        if self._now is None:
            if len(self._times):
                times = np.concatenate([self._times, times])
                targets = np.concatenate([self._targets, targets])
            if not len(times) or (len(times) < self._settled and not final):
                self._times, self._targets = times, targets
                return np.empty(0), targets[:0]
            warm = targets[: self._settled].mean(axis=0)
            self._now = warm if self._cold_c is None else np.full_like(warm, self._cold_c)
            self._times, self._targets = np.empty(0), targets[:0]
        gain, now, found = float(self._gain), self._now.tolist(), []
        for target in targets.tolist():  # numbers: rows are too short for arrays
            now = [x + gain * (y - x) for x, y in zip(now, target, strict=True)]
            found.append(now)
        self._now = np.array(now)
        return times, np.array(found).reshape(targets.shape)


def _interpolated(at: Floats, times: Floats, curve: Floats) -> Floats:
    return np.stack([np.interp(at, times, column) for column in curve.T], axis=1)
