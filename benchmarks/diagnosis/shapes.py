"""Streams of other families than those the thresholds were set on.

The thresholds were set on independent lognormal cycles. Here are cycles of other distributions, of
two products in one stream, and cycles that hang together with their neighbours; micro-stops and
faults are the same.
"""

from __future__ import annotations

import numpy as np
from scipy.signal import lfilter

from benchmarks.diagnosis.streams import Base, Floats, lognormal


def gamma(n: int, cv: float, rng: np.random.Generator) -> Floats:
    """Return gamma cycles."""
    return np.asarray(rng.gamma(cv**-2, cv**2, n))


def normal(n: int, cv: float, rng: np.random.Generator) -> Floats:
    """Return normal cycles, cut at a tenth of the mean."""
    return np.asarray(np.maximum(rng.normal(1.0, cv, n), 0.1))


def heavy(n: int, cv: float, rng: np.random.Generator) -> Floats:
    """Return cycles whose logarithm has Student's t-distribution with four degrees of freedom."""
    return np.asarray(np.exp(cv * rng.standard_t(4, n) / np.sqrt(2.0)))


def two_products(n: int, cv: float, rng: np.random.Generator) -> Floats:
    """Return lognormal cycles of two products, 10 % below and above the mean, in random order."""
    return lognormal(n, cv, rng) * np.where(rng.random(n) < 0.5, 0.9, 1.1)


def bimodal_tail(n: int, cv: float, rng: np.random.Generator) -> Floats:
    """Return lognormal cycles of which a tenth is slower by three standard deviations."""
    return lognormal(n, cv, rng) * np.where(rng.random(n) < 0.1, 1 + 3 * cv, 1.0)


def neighbours(phi: float) -> Base:
    """Return lognormal cycles whose logarithms are an autoregression with this correlation."""

    def drawn(n: int, cv: float, rng: np.random.Generator) -> Floats:
        new = rng.standard_normal(n)
        new[1:] *= np.sqrt(1 - phi**2)
        sigma = np.sqrt(np.log1p(cv**2))
        scores = lfilter([1.0], [1.0, -phi], new)
        return np.asarray(np.exp(sigma * scores - sigma**2 / 2))

    return drawn


def slow_part(n: int, cv: float, rng: np.random.Generator) -> Floats:
    """Return lognormal cycles of which half of the variance is a slow part, correlation 0.9."""
    half = cv / np.sqrt(2.0)
    return lognormal(n, half, rng) * neighbours(0.9)(n, half, rng)


CORRELATED: dict[str, Base] = {
    "neighbours hang together, 0.3": neighbours(0.3),
    "neighbours hang together, 0.5": neighbours(0.5),
    "neighbours hang together, 0.7": neighbours(0.7),
    "half the variance slow, 0.9": slow_part,
}
SHAPES: dict[str, Base] = {
    "gamma": gamma,
    "normal": normal,
    "heavy tails (t, 4)": heavy,
    "two products, 10 % off": two_products,
    "a tenth slower by 3 sd": bimodal_tail,
    **CORRELATED,
}
