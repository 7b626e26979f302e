"""Random numbers: one stream per (seed, entity, purpose), drawn in blocks."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2s
from typing import Any

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


def _random(rng: Generator, n: int) -> Floats:
    return rng.random(n)


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
        self._sample = sampler(duration, f"{entity}/{purpose}")
        self._rng = stream(seed, entity, purpose + "/many")
        self.one: Callable[[], float]
        fixed = fixed_s(duration)
        if isinstance(self._sample, Trace):
            self.one = self._sample.one
        elif fixed is not None:
            self.one = Fixed(fixed).one
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
