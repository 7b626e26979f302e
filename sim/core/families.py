"""Families of random durations: how each is drawn, as plain objects that can be copied and stored.

Moments are exact: mean and coefficient of variation are those of the plant file. The normal
distribution is truncated at 0, not clipped: it is the distribution of a normal variable given
that it is positive, and its two parameters are solved so that mean and variation hold after the
truncation (Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1, section 10.1).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.random import Generator

from sim.errors import TraceUsedUp
from twin.plant.base import Duration
from twin.plant.moments import beta_shapes, weibull_shape

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]


class Sampler(Protocol):
    """Draws many values at once."""

    def __call__(self, rng: Generator, n: int) -> Floats:
        """Return `n` draws."""


@dataclass(frozen=True, slots=True)
class Constant:
    """Always the same."""

    value: float

    def __call__(self, rng: Generator, n: int) -> Floats:  # noqa: ARG002
        """Return `n` times the value."""
        return np.full(n, self.value)


@dataclass(frozen=True, slots=True)
class Exponential:
    """Exponential with a mean."""

    mean: float

    def __call__(self, rng: Generator, n: int) -> Floats:
        """Return `n` draws."""
        return rng.exponential(self.mean, n)


@dataclass(frozen=True, slots=True)
class Lognormal:
    """Lognormal with the mean and deviation of its logarithm."""

    mu: float
    sigma: float

    def __call__(self, rng: Generator, n: int) -> Floats:
        """Return `n` draws."""
        return rng.lognormal(self.mu, self.sigma, n)


@dataclass(frozen=True, slots=True)
class Gamma:
    """Gamma; with a whole shape Erlang."""

    shape: float
    scale: float

    def __call__(self, rng: Generator, n: int) -> Floats:
        """Return `n` draws."""
        return rng.gamma(self.shape, self.scale, n)


@dataclass(frozen=True, slots=True)
class Weibull:
    """Weibull with shape and scale."""

    shape: float
    scale: float

    def __call__(self, rng: Generator, n: int) -> Floats:
        """Return `n` draws."""
        return self.scale * rng.weibull(self.shape, n)


@dataclass(frozen=True, slots=True)
class Beta:
    """Beta on [low, high]."""

    alpha: float
    beta: float
    low: float
    high: float

    def __call__(self, rng: Generator, n: int) -> Floats:
        """Return `n` draws."""
        return self.low + (self.high - self.low) * rng.beta(self.alpha, self.beta, n)


@dataclass(frozen=True, slots=True)
class Uniform:
    """Uniform, or the symmetric triangle (`peaked`), by mean and coefficient of variation."""

    mean: float
    cv: float
    peaked: bool

    def __call__(self, rng: Generator, n: int) -> Floats:
        """Return `n` draws."""
        standard = (
            rng.triangular(-math.sqrt(6), 0, math.sqrt(6), n)
            if self.peaked
            else rng.uniform(-math.sqrt(3), math.sqrt(3), n)
        )
        return np.clip(self.mean * (1 + self.cv * standard), 0, 2 * self.mean)


@dataclass(frozen=True, slots=True)
class Between:
    """Uniform on [low, high], or triangular with a mode."""

    low: float
    high: float
    mode: float | None

    def __call__(self, rng: Generator, n: int) -> Floats:
        """Return `n` draws."""
        if self.mode is None:
            return rng.uniform(self.low, self.high, n)
        return rng.triangular(self.low, self.mode, self.high, n)


@dataclass(frozen=True, slots=True)
class TruncatedNormal:
    """Normal given that it is positive: sigma x (edge + a standard normal above -edge)."""

    sigma: float
    edge: float

    def __call__(self, rng: Generator, n: int) -> Floats:
        """Return `n` draws, by inversion of the survival function."""
        from scipy.special import ndtr, ndtri  # noqa: PLC0415 - slow to import, rarely needed

        return np.asarray(self.sigma * (self.edge - ndtri((1 - rng.random(n)) * ndtr(self.edge))))


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some values, with cumulated probabilities up to 1."""

    values: Floats
    cumulated: Floats

    def __call__(self, rng: Generator, n: int) -> Floats:
        """Return `n` draws."""
        return self.values[np.searchsorted(self.cumulated, rng.random(n), side="right")]


@dataclass(frozen=True, slots=True)
class Interpolated:
    """Between sorted values: their distribution function is linear from one to the next."""

    values: Floats

    def __call__(self, rng: Generator, n: int) -> Floats:
        """Return `n` draws."""
        steps = np.linspace(0.0, 1.0, len(self.values))
        return np.interp(rng.random(n), steps, self.values)


class Trace:
    """Replays values in order; all draws of one entity share one position."""

    __slots__ = ("_next", "_repeat", "_values", "_where")

    def __init__(self, values: list[float], where: str, *, repeat: bool) -> None:
        self._values = values
        self._where = where
        self._repeat = repeat
        self._next = 0

    def one(self) -> float:
        """Return the next value.

        Raises
        ------
        TraceUsedUp
            All values are replayed and they are not to be repeated.
        """
        if self._next == len(self._values):
            if not self._repeat:
                raise TraceUsedUp(self._where, len(self._values))
            self._next = 0
        self._next += 1
        return self._values[self._next - 1]

    def many(self, n: int) -> Floats:
        """Return the next `n` values."""
        return np.array([self.one() for _ in range(n)])

    def __call__(self, rng: Generator, n: int) -> Floats:  # noqa: ARG002
        """Return the next `n` values."""
        return self.many(n)


LEAST_CV = 1e-9
"""Durations that vary less are constant: their draws would not differ in any digit that counts."""


def fixed_s(duration: Duration) -> float | None:
    """Return the one value a duration always has; None if it varies."""
    free = duration.kind in {"lognormal", "gamma", "normal", "uniform", "triangular", "weibull"}
    limits = (duration.low_s, duration.shape)
    alone = free and duration.cv < LEAST_CV and limits == (None, None)
    if duration.kind == "constant" or duration.mean_s == 0 or alone:
        return duration.mean_s
    return None


def sampler(duration: Duration, where: str = "") -> Sampler:
    """Return what draws a duration.

    Parameters
    ----------
    duration : Duration
    where : str
        Who draws, for the message of a trace that is used up.
    """
    value = fixed_s(duration)
    if duration.kind == "trace":
        values = [x * duration.scale for x in duration.values_s]
        return Trace(values, where, repeat=duration.at_end == "repeat")
    return Constant(value) if value is not None else _FAMILIES[duration.kind](duration)


def truncated_normal(mean: float, cv: float) -> TruncatedNormal:
    """Return the normal distribution above 0 that has this mean and variation."""
    low, high = -40.0, max(40.0, 2 / cv)
    for _ in range(100):
        edge = (low + high) / 2
        low, high = (edge, high) if _truncated(edge)[1] > cv else (low, edge)
    return TruncatedNormal(mean / _truncated(edge)[0], edge)


def _truncated(edge: float) -> tuple[float, float]:
    """Return mean and coefficient of variation of a unit normal around `edge`, given it is > 0."""
    if edge < -20:
        return 1 / -edge, 1 - 1 / edge**2
    density = math.exp(-edge * edge / 2) / math.sqrt(2 * math.pi)
    hazard = density / (math.erfc(-edge / math.sqrt(2)) / 2)
    mean = edge + hazard
    return mean, math.sqrt(max(1 - hazard * mean, 0.0)) / mean


def _lognormal(d: Duration) -> Sampler:
    sigma = math.sqrt(math.log1p(d.cv * d.cv))
    return Lognormal(math.log(d.mean_s) - sigma * sigma / 2, sigma)


def _erlang(d: Duration) -> Sampler:
    k = d.k or 1
    return Gamma(k, d.mean_s / k)


def _weibull(d: Duration) -> Sampler:
    shape = weibull_shape(d.cv) if d.shape is None else d.shape
    return Weibull(shape, d.mean_s / math.gamma(1 + 1 / shape))


def _beta(d: Duration) -> Sampler:
    low, high = d.low_s or 0.0, d.high_s or 0.0
    if d.alpha is None or d.beta is None:
        return Beta(*beta_shapes(d.mean_s, d.cv, low, high), low, high)
    return Beta(d.alpha, d.beta, low * d.scale, high * d.scale)


def _limited(d: Duration) -> Sampler:
    if d.low_s is None or d.high_s is None:
        return Uniform(d.mean_s, d.cv, d.kind == "triangular")
    mode = None if d.mode_s is None else d.mode_s * d.scale
    return Between(d.low_s * d.scale, d.high_s * d.scale, mode)


def _discrete(d: Duration) -> Sampler:
    weights = np.array(d.weights or [1.0] * len(d.values_s))
    cumulated = np.cumsum(weights) / weights.sum()
    return Choice(np.array(d.values_s) * d.scale, cumulated)


def _empirical(d: Duration) -> Sampler:
    if d.draw == "resampled":
        return _discrete(d)
    return Interpolated(np.sort(np.array(d.values_s) * d.scale))


_FAMILIES: dict[str, Callable[[Duration], Sampler]] = {
    "exponential": lambda d: Exponential(d.mean_s),
    "lognormal": _lognormal,
    "gamma": lambda d: Gamma(1 / (d.cv * d.cv), d.mean_s * d.cv * d.cv),
    "erlang": _erlang,
    "normal": lambda d: truncated_normal(d.mean_s, d.cv),
    "uniform": _limited,
    "triangular": _limited,
    "weibull": _weibull,
    "beta": _beta,
    "discrete": _discrete,
    "empirical": _empirical,
}
