"""Random numbers: one stream per (seed, entity, purpose), drawn in blocks."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from hashlib import blake2s
from itertools import repeat

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
        return lambda rng, n: rng.exponential(mean, n)
    if mean == 0 or cv == 0 or duration.kind == "constant":
        return lambda _rng, n: np.full(n, mean)
    if duration.kind == "lognormal":
        sigma = math.sqrt(math.log1p(cv * cv))
        return lambda rng, n: rng.lognormal(math.log(mean) - sigma * sigma / 2, sigma, n)
    if duration.kind == "gamma":
        return lambda rng, n: rng.gamma(1 / (cv * cv), mean * cv * cv, n)
    symmetric: dict[str, Sampler] = {
        "normal": lambda rng, n: rng.standard_normal(n),
        "uniform": lambda rng, n: rng.uniform(-math.sqrt(3), math.sqrt(3), n),
        "triangular": lambda rng, n: rng.triangular(-math.sqrt(6), 0, math.sqrt(6), n),
    }
    standard = symmetric[duration.kind]
    return lambda rng, n: np.clip(mean * (1 + cv * standard(rng, n)), 0, 2 * mean)


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
            self.one = repeat(duration.mean_s).__next__
        else:
            self.one = _singles(self._sample, stream(seed, entity, purpose)).__next__

    def many(self, n: int) -> Floats:
        """Return `n` draws."""
        return self._sample(self._rng, n)


class Chances:
    """Independent yes/no decisions of one entity for one purpose, each yes with `share`."""

    __slots__ = ("_one", "_rng", "share")

    def __init__(self, share: float, seed: int, entity: str, purpose: str) -> None:
        self.share = share
        self._rng = stream(seed, entity, purpose + "/many")
        self._one = _singles(lambda rng, n: rng.random(n), stream(seed, entity, purpose)).__next__

    def one(self) -> bool:
        """Return one decision."""
        return self.share >= 1 or self._one() < self.share

    def many(self, n: int) -> np.ndarray:
        """Return `n` decisions."""
        if self.share >= 1:
            return np.ones(n, dtype=bool)
        return self._rng.random(n) < self.share


def _singles(sample: Sampler, rng: Generator) -> Iterator[float]:
    while True:
        yield from sample(rng, BLOCK).tolist()
