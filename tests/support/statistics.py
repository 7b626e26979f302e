"""Confidence intervals for verification tests."""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

CONFIDENCE = 0.99


def batch_means(values: np.ndarray, n_batches: int = 30) -> tuple[float, float]:
    """Return mean and half-width of its 99 % confidence interval, by batch means."""
    usable = len(values) // n_batches * n_batches
    means = values[:usable].reshape(n_batches, -1).mean(axis=1)
    t = float(stats.t.ppf((1 + CONFIDENCE) / 2, n_batches - 1))
    return float(means.mean()), t * float(means.std(ddof=1)) / math.sqrt(n_batches)


def ratio(numerators: np.ndarray, denominators: np.ndarray) -> tuple[float, float]:
    """Return the ratio of two sums and the half-width of its 99 % confidence interval.

    Regenerative estimate: the pairs are independent (up and down times, for example).
    """
    estimate = float(numerators.sum() / denominators.sum())
    errors = numerators - estimate * denominators
    z = float(stats.norm.ppf((1 + CONFIDENCE) / 2))
    spread = float(errors.std(ddof=1)) / math.sqrt(len(errors))
    return estimate, z * spread / float(denominators.mean())
