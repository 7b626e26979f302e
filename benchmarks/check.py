"""Whether a simulator simulates the same thing: a confidence interval against the exact value."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from benchmarks.model import Floats, Line, Outcome, Queue
from benchmarks.subjects.max_plus import service_times, throughput_samples

CONFIDENCE = 0.99
BATCHES = 20
WARMUP = 0.1


@dataclass(frozen=True)
class Estimate:
    """A mean and half the width of its 99 % confidence interval."""

    mean: float
    half_width: float

    def agrees_with(self, other: Estimate) -> bool:
        """Return whether the difference of two independent estimates may be chance."""
        return abs(self.mean - other.mean) <= math.hypot(self.half_width, other.half_width)


def estimate(samples: Floats) -> Estimate:
    """Return the estimate from independent samples."""
    t = float(stats.t.ppf((1 + CONFIDENCE) / 2, len(samples) - 1))
    return Estimate(float(samples.mean()), t * float(samples.std(ddof=1)) / math.sqrt(len(samples)))


def observed(model: Line | Queue, outcome: Outcome) -> Estimate:
    """Return throughput per second of a line, or mean time in a queue, without the warm-up."""
    values = outcome.values()
    values = values[int(len(values) * WARMUP) :]
    if isinstance(model, Queue):
        size = len(values) // BATCHES
        return estimate(values[: size * BATCHES].reshape(BATCHES, size).mean(axis=1))
    edges = values[np.linspace(0, len(values) - 1, BATCHES + 1).astype(int)]
    units = np.diff(np.linspace(0, len(values) - 1, BATCHES + 1).astype(int))
    gap = estimate(np.diff(edges) / units)
    return Estimate(1 / gap.mean, gap.half_width / gap.mean**2)


def expected(model: Line | Queue, *, runs: int = 48, units: int = 6_000) -> Estimate:
    """Return the exact value of a queue, or that of a line by the max-plus recursion."""
    if isinstance(model, Queue):
        return Estimate(model.mean_time_in_system_s, 0.0)
    rng = np.random.default_rng((model.seed, 2))
    return estimate(throughput_samples(model, service_times(model, rng, (units, runs))))
