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


def controlled(
    values: np.ndarray, controls: list[tuple[np.ndarray, float]], n_batches: int = 60
) -> tuple[float, float]:
    """Return a mean and half-width of its 99 % confidence interval, by control variates.

    The batch means of `values` are regressed on those of the controls, whose true means are
    known (drawn service times, for example); what the controls explain does not count as
    uncertainty. Lavenberg and Welch, Management Science 27 (1981) 322.

    A control with a wrong true mean would hide the error it causes in `values`, so each control
    must itself agree with its mean.

    Parameters
    ----------
    values : array
        What is estimated, in the order it was observed.
    controls : list of (array, float)
        Observations that belong to `values` one by one, and their known mean.
    n_batches : int
        Batches; each must be long against the memory of the process.

    Raises
    ------
    AssertionError
        A control is farther from its mean than chance allows once in 10,000 times.
    """
    usable = len(values) // n_batches * n_batches
    batches = [_batches(observed, usable, n_batches) - mean for observed, mean in controls]
    for own, (_, mean) in zip(batches, controls, strict=True):
        error = float(own.std(ddof=1)) / math.sqrt(n_batches)
        limit = float(stats.t.ppf(1 - 0.5e-4, n_batches - 1)) * error
        assert abs(own.mean()) <= limit + 1e-9 * abs(mean), "a control is off its known mean"
    moving = [own for own in batches if own.std() > 0]
    design = np.column_stack([np.ones(n_batches), *moving])
    target = _batches(values, usable, n_batches)
    weights, _, _, _ = np.linalg.lstsq(design, target, rcond=None)
    free = n_batches - design.shape[1]
    variance = float(((target - design @ weights) ** 2).sum()) / free
    spread = math.sqrt(variance * float(np.linalg.inv(design.T @ design)[0, 0]))
    return float(weights[0]), float(stats.t.ppf((1 + CONFIDENCE) / 2, free)) * spread


def _batches(values: np.ndarray, usable: int, n_batches: int) -> np.ndarray:
    return np.asarray(values[:usable], dtype=float).reshape(n_batches, -1).mean(axis=1)
