"""Mean and spread of duration families from their own parameters.

Formulas: Law, Simulation Modeling and Analysis, 5th ed., section 6.2.2, except where noted.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

Moments = tuple[float, float]
"""Mean and coefficient of variation."""

WEIBULL_SHAPES = (0.2, 100.0)
"""Shapes that are accepted; their coefficients of variation are 15.8 and 0.0127."""


def own_moments(given: Mapping[str, Any]) -> Moments | None:
    """Return the moments that a family's own parameters imply; None where they do not.

    Parameters
    ----------
    given : mapping
        Fields of a duration; missing or malformed ones imply nothing.
    """
    try:
        made = _OWN[given.get("kind", "lognormal")](given)
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return made if all(math.isfinite(x) for x in made) else None


def weibull_cv(shape: float) -> float:
    """Return the coefficient of variation: G(1 + 2/k) / G(1 + 1/k)**2 - 1 is its square."""
    log_ratio = math.lgamma(1 + 2 / shape) - 2 * math.lgamma(1 + 1 / shape)
    return math.sqrt(math.expm1(log_ratio))


def weibull_shape(cv: float) -> float:
    """Return the shape of a Weibull distribution with this coefficient of variation."""
    low, high = WEIBULL_SHAPES
    for _ in range(80):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if weibull_cv(middle) > cv else (low, middle)
    return math.sqrt(low * high)


def beta_shapes(mean: float, cv: float, low: float, high: float) -> tuple[float, float]:
    """Return alpha and beta of a beta distribution on [low, high], by the method of moments."""
    place = (mean - low) / (high - low)
    variance = (cv * mean / (high - low)) ** 2
    weight = place * (1 - place) / variance - 1
    return place * weight, (1 - place) * weight


def values_moments(values: Sequence[float], weights: Sequence[float] = ()) -> Moments:
    """Return the moments of a choice among values."""
    weights = weights or [1.0] * len(values)
    total = math.fsum(weights)
    mean = math.fsum(v * w for v, w in zip(values, weights, strict=True)) / total
    square = math.fsum(w * (v - mean) ** 2 for v, w in zip(values, weights, strict=True)) / total
    return mean, math.sqrt(square) / mean


def interpolated_moments(values: Sequence[float]) -> Moments:
    """Return the moments of the piecewise linear distribution through the sorted values."""
    ordered = sorted(values)
    if len(ordered) == 1:
        return values_moments(ordered)
    pairs = list(pairwise(ordered))
    mean = math.fsum(a + b for a, b in pairs) / (2 * len(pairs))
    square = math.fsum(
        (a - mean) ** 2 + (a - mean) * (b - mean) + (b - mean) ** 2 for a, b in pairs
    )
    return mean, math.sqrt(square / (3 * len(pairs))) / mean


def _uniform(given: Mapping[str, Any]) -> Moments:
    low, high = given["low_s"], given["high_s"]
    mean = (low + high) / 2
    return mean, (high - low) / math.sqrt(12) / mean


def _triangular(given: Mapping[str, Any]) -> Moments:
    a, c, b = given["low_s"], given["mode_s"], given["high_s"]
    mean = (a + b + c) / 3
    return mean, math.sqrt((a * a + b * b + c * c - a * b - a * c - b * c) / 18) / mean


def _beta(given: Mapping[str, Any]) -> Moments:
    a, b = given["alpha"], given["beta"]
    width = given["high_s"] - given["low_s"]
    mean = given["low_s"] + width * a / (a + b)
    return mean, width * math.sqrt(a * b / (a + b + 1)) / (a + b) / mean


def _discrete(given: Mapping[str, Any]) -> Moments:
    return values_moments(given["values_s"], given.get("weights") or ())


def _empirical(given: Mapping[str, Any]) -> Moments:
    if given.get("draw") == "interpolated":
        return interpolated_moments(given["values_s"])
    return values_moments(given["values_s"])


_OWN = {
    "uniform": _uniform,
    "triangular": _triangular,
    "beta": _beta,
    "discrete": _discrete,
    "empirical": _empirical,
    "trace": _discrete,
}
