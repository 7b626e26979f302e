"""Random numbers: one stream per (seed, entity, purpose), drawn in blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import blake2s
from itertools import repeat

import numpy as np
from numpy.random import PCG64, Generator, SeedSequence

from sim.core.families import Floats, Sampler, Trace, fixed_s, sampler
from twin.plant.base import Duration

BLOCK = 512


def stream(seed: int, entity: str, purpose: str) -> Generator:
    """Return the generator of one entity for one purpose.

    It depends on the seed and the two names alone: adding a machine changes no other draw.
    """
    digest = blake2s(f"{entity}/{purpose}".encode(), digest_size=16).digest()
    key = tuple(int.from_bytes(digest[k : k + 4], "little") for k in range(0, 16, 4))
    return Generator(PCG64(SeedSequence(seed, spawn_key=key)))


class Draws:
    """Durations of one entity for one purpose, one by one or many at once.

    Single and multiple draws come from two streams, so that each stays cheap.
    """

    __slots__ = ("_rng", "_sample", "one")

    def __init__(self, duration: Duration, seed: int, entity: str, purpose: str) -> None:
        self._sample = sampler(duration, f"{entity}/{purpose}")
        self._rng = stream(seed, entity, purpose + "/many")
        self.one: Callable[[], float]
        fixed = fixed_s(duration)
        if isinstance(self._sample, Trace):
            self.one = self._sample.one
        elif fixed is not None:
            self.one = repeat(fixed).__next__
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
