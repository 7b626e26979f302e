"""Tests of failures and repairs: against the plant file, and against what came before.

Repairs. Each has the probability u that one of its kind takes as long or longer; under the plant
file u is uniform, so -2 sum ln u is chi-squared with 2 n degrees of freedom (Fisher 1925). That is
exact for every family and for kinds together, and for exponential repairs it is the gamma test of
their sum. A repair that still goes on counts with its time so far.

Failures. Their number in a time of work is Poisson (exponential times between failures). The time
begins with the end of the failure before the first one counted.

Both are tested from every failure on to the last one, so that a fault that begins within the run is
not thinned by the time before it; the smallest p-value counts as often as there are beginnings
(Bonferroni). Repairs are dated by the likeliest beginning, -ln u being exponential.

Against the own history: the ratio of mean repair times is F-distributed (gamma times), and of n
failures those after the k-th are binomial among n - 1 (the F-test of exponential times,
Przyborowski and Wilenski 1940).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from twin.plant.base import Duration

Floats = NDArray[np.float64]

SMALLEST = 1e-12
"""Probabilities below count as this."""
LEAST_BEFORE = 5
LEAST_AFTER = 3
"""Fewest failures before and after a moment that are compared."""
FAULT_EVERY_H = 67.0
"""Station-hours to one fault that `confidence` assumes, as the detector of cycle times does."""


@dataclass(frozen=True)
class Since:
    """A p-value, all beginnings counted, and the first failure it is about."""

    p_value: float
    first: int
    method: str


NOTHING = Since(1.0, 0, "")


def tail(repair: Duration, length_s: Floats) -> Floats:
    """Return the probability that a repair takes as long as each of these, or longer.

    Families that are not among the closed ones count as gamma with their mean and variation.
    """
    mean, cv = repair.mean_s, repair.variation
    if mean <= 0 or cv <= 0:
        return np.where(length_s > 1.001 * mean + 1e-6, SMALLEST, 1.0)
    if repair.kind == "lognormal":
        sd = np.sqrt(np.log1p(cv**2))
        scale = mean * np.exp(-(sd**2) / 2)
        found = special.ndtr(-np.log(np.maximum(length_s, 1e-9) / scale) / sd)
    else:
        found = special.gammaincc(1 / cv**2, length_s / (mean * cv**2))
    return np.asarray(np.clip(found, SMALLEST, 1.0))


def longest_p(u: Floats) -> float:
    """Return the probability that the longest of so many repairs is as long as this one."""
    return float(-np.expm1(len(u) * np.log1p(-min(float(u.min()), 1 - 1e-15)))) if len(u) else 1.0


def long_p(u: Floats) -> Since:
    """Test repairs, in order of time, against the plant file."""
    n = len(u)
    if not n:
        return NOTHING
    total, left = -np.cumsum(np.log(u)[::-1])[::-1], np.arange(n, 0, -1)
    p = np.asarray(stats.chi2.sf(2 * total, 2 * left)) * n
    mean = np.maximum(total / left, 1.0)
    first = int(np.argmax(left * (mean - 1 - np.log(mean))))
    return Since(float(min(p.min(), 1.0)), first, "Fisher test of repair times (plant file)")


def longer_p(over_mean: Floats, cv: float) -> Since:
    """Test repairs over their mean, in order of time, against those before."""
    n = len(over_mean)
    if n < LEAST_BEFORE + LEAST_AFTER or cv <= 0:
        return NOTHING
    k = np.arange(LEAST_BEFORE, n - LEAST_AFTER + 1)
    sums = np.concatenate([[0.0], np.cumsum(over_mean)])
    before, after = sums[k] / k, (sums[-1] - sums[k]) / (n - k)
    shape = 2 / cv**2
    ratio = after / np.maximum(before, 1e-9)
    p = np.asarray(stats.f.sf(ratio, shape * (n - k), shape * k)) * len(k)
    found = _smallest(p, "F test of repair times (those before)")
    return Since(found.p_value, found.first + LEAST_BEFORE, found.method)


def often_p(expected_until: Floats, expected: float) -> Since:
    """Test the number of failures against the plant file.

    Parameters
    ----------
    expected_until : array (n,)
        Failures the plant file lets expect until each failure.
    expected : float
        Until the end of the run.
    """
    n = len(expected_until)
    begun = np.concatenate([[0.0], expected_until[:-1]])
    left = np.maximum(expected - begun, 0.0)
    p = np.asarray(stats.poisson.sf(np.arange(n, 0, -1) - 1, left)) * n
    return _smallest(p, "Poisson test of failures (plant file)")


def oftener_p(work_until: Floats, work: float) -> Since:
    """Test the number of failures against the time of work before; arguments as `often_p`."""
    n = len(work_until)
    if n < LEAST_BEFORE + LEAST_AFTER or work <= 0:
        return NOTHING
    k = np.arange(LEAST_BEFORE, n - LEAST_AFTER + 1)
    share = np.clip(1 - work_until[k - 1] / work, 0.0, 1.0)
    p = np.asarray(stats.binom.sf(n - k - 1, n - 1, share)) * len(k)
    found = _smallest(p, "binomial test of failures (time before)")
    return Since(found.p_value, found.first + LEAST_BEFORE, found.method)


def confidence(p_value: float, hours: float) -> float:
    """Return the probability that a finding is none by chance, in so many station-hours."""
    faults = -np.expm1(-hours / FAULT_EVERY_H)
    return float(faults / (faults + (1 - faults) * p_value))


def _smallest(p: Floats, method: str) -> Since:
    first = int(np.argmin(p))
    return Since(float(min(p[first], 1.0)), first, method)
