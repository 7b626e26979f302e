"""Random numbers: one stream per (seed, entity, purpose), drawn in blocks."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from hashlib import blake2s
from typing import Any

import numpy as np
from numpy.random import PCG64, Generator, SeedSequence

from twin.plant.base import Duration

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
Sampler = Callable[[Generator, int], Floats]

BLOCK = 512


def stream(seed: int, entity: str, purpose: str) -> Generator:
    """Return the generator of one entity for one purpose.

    It depends on the seed and the two names alone: adding a machine changes no other draw.
    """
    digest = blake2s(f"{entity}/{purpose}".encode(), digest_size=16).digest()
    key = tuple(int.from_bytes(digest[k : k + 4], "little") for k in range(0, 16, 4))
    return Generator(PCG64(SeedSequence(seed, spawn_key=key)))


def sampler(duration: Duration) -> Sampler:
    """Return a function ``(generator, n) -> n`` draws with the given mean and variation.

    Lognormal and gamma are parametrised so that mean and coefficient of variation are exact.
    The symmetric families are clipped to [0, 2 mean], which keeps the mean exact.
    """
    mean, cv = duration.mean_s, duration.cv
    if duration.kind == "exponential":
        return partial(_exponential, mean)
    if mean == 0 or cv == 0 or duration.kind == "constant":
        return partial(_constant, mean)
    if duration.kind == "lognormal":
        sigma = math.sqrt(math.log1p(cv * cv))
        return partial(_lognormal, math.log(mean) - sigma * sigma / 2, sigma)
    if duration.kind == "gamma":
        return partial(_gamma, 1 / (cv * cv), mean * cv * cv)
    return partial(_symmetric, SYMMETRIC[duration.kind], mean, cv)


def _exponential(mean: float, rng: Generator, n: int) -> Floats:
    return rng.exponential(mean, n)


def _constant(value: float, _rng: Generator, n: int) -> Floats:
    return np.full(n, value)


def _lognormal(mu: float, sigma: float, rng: Generator, n: int) -> Floats:
    return rng.lognormal(mu, sigma, n)


def _gamma(shape: float, scale: float, rng: Generator, n: int) -> Floats:
    return rng.gamma(shape, scale, n)


def _symmetric(standard: Sampler, mean: float, cv: float, rng: Generator, n: int) -> Floats:
    return np.clip(mean * (1 + cv * standard(rng, n)), 0, 2 * mean)


def _normal(rng: Generator, n: int) -> Floats:
    return rng.standard_normal(n)


def _uniform(rng: Generator, n: int) -> Floats:
    return rng.uniform(-math.sqrt(3), math.sqrt(3), n)


def _triangular(rng: Generator, n: int) -> Floats:
    return rng.triangular(-math.sqrt(6), 0, math.sqrt(6), n)


def _random(rng: Generator, n: int) -> Floats:
    return rng.random(n)


SYMMETRIC: dict[str, Sampler] = {
    "normal": _normal,
    "uniform": _uniform,
    "triangular": _triangular,
}
"""Families of mean 0 and standard deviation 1 that are symmetric."""


class Fixed:
    """The same value again and again, one by one."""

    __slots__ = ("value",)

    def __init__(self, value: float) -> None:
        self.value = value

    def one(self) -> float:
        """Return the value."""
        return self.value


class Singles:
    """Draws of one stream, one by one, made in blocks.

    Attributes
    ----------
    before : dict or None
        State of the generator before the present block: the block can be drawn again from it.
    """

    __slots__ = ("_block", "_rng", "_sample", "before")

    def __init__(self, sample: Sampler, rng: Generator) -> None:
        self._sample = sample
        self._rng = rng
        self._block: list[float] = []
        self.before: dict[str, Any] | None = None

    def one(self) -> float:
        """Return the next draw."""
        block = self._block
        if not block:
            self._draw_block()
        return block.pop()

    @property
    def n_left(self) -> int:
        """Draws left in the present block."""
        return len(self._block)

    def go_on(self, before: dict[str, Any], n_left: int) -> None:
        """Draw a block again from the state before it, and go on where `n_left` are left."""
        self._rng.bit_generator.state = before
        self._block.clear()
        self._draw_block()
        del self._block[n_left:]

    def _draw_block(self) -> None:
        self.before = dict(self._rng.bit_generator.state)
        self._block += self._sample(self._rng, BLOCK)[::-1].tolist()


class Draws:
    """Durations of one entity for one purpose, one by one or many at once.

    Single and multiple draws come from two streams, so that each stays cheap.
    """

    __slots__ = ("_rng", "_sample", "one")

    def __init__(self, duration: Duration, seed: int, entity: str, purpose: str) -> None:
        self._sample = sampler(duration)
        self._rng = stream(seed, entity, purpose + "/many")
        self.one: Callable[[], float]
        if duration.kind != "exponential" and duration.cv == 0:
            self.one = Fixed(duration.mean_s).one
        else:
            self.one = Singles(self._sample, stream(seed, entity, purpose)).one

    def many(self, n: int) -> Floats:
        """Return `n` draws."""
        return self._sample(self._rng, n)


class Chances:
    """Independent yes/no decisions of one entity for one purpose, each yes with `share`."""

    __slots__ = ("_one", "_rng", "share")

    def __init__(self, share: float, seed: int, entity: str, purpose: str) -> None:
        self.share = share
        self._rng = stream(seed, entity, purpose + "/many")
        self._one = Singles(_random, stream(seed, entity, purpose)).one

    def one(self) -> bool:
        """Return one decision."""
        return self.share >= 1 or self._one() < self.share

    def many(self, n: int) -> np.ndarray:
        """Return `n` decisions."""
        if self.share >= 1:
            return np.ones(n, dtype=bool)
        return self._rng.random(n) < self.share
