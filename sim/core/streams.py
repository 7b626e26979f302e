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
AHEAD = 1024
"""Draws made at once where several are taken at a time."""


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
    """Draws of one stream, one by one, made in blocks."""

    __slots__ = ("_before", "_block", "_rng", "_sample")

    def __init__(self, sample: Sampler, rng: Generator) -> None:
        self._sample = sample
        self._rng = rng
        self._block: list[float] = []
        self._before: Any = None

    def one(self) -> float:
        """Return the next draw."""
        block = self._block
        if not block:
            self._draw_block()
        return block.pop()

    def state(self) -> dict[str, Any]:
        """Return what a snapshot keeps: a block can be drawn again from the state before it."""
        if self._before is None:
            return {"drawn": None}
        return {"drawn": (*_flat(self._before), len(self._block))}

    def from_state(self, state: dict[str, Any]) -> None:
        """Draw the block again, and go on where its last `n_left` draws are left."""
        if state["drawn"] is not None:
            *before, n_left = state["drawn"]
            self._rng.bit_generator.state = _nested(*before)
            self._block.clear()
            self._draw_block()
            del self._block[n_left:]

    def _draw_block(self) -> None:
        self._before = self._rng.bit_generator.state
        self._block += self._sample(self._rng, BLOCK)[::-1].tolist()


class Several:
    """Draws of one stream, several at a time, made in blocks.

    They are the same as if each call asked the generator, which takes longer to begin than to draw.
    """

    __slots__ = ("_before", "_block", "_next", "_rng", "_sample")

    def __init__(self, sample: Sampler, rng: Generator) -> None:
        self._sample = sample
        self._rng = rng
        self._block: Floats = np.empty(0)
        self._next = 0
        self._before: Any = None

    def take(self, n: int) -> Floats:
        """Return the next `n` draws, in an array of their own."""
        first, block = self._next, self._block
        self._next = last = first + n
        if last <= len(block):
            return block[first:last]
        missing = last - len(block)
        self._draw_block(max(AHEAD, missing))
        self._next = missing
        if first == len(block):
            return self._block[:missing]
        return np.concatenate([block[first:], self._block[:missing]])

    def state(self) -> dict[str, Any]:
        """Return what a snapshot keeps: a block can be drawn again from the state before it."""
        if self._before is None:
            return {"drawn": None}
        return {"drawn": (*_flat(self._before), len(self._block), self._next)}

    def from_state(self, state: dict[str, Any]) -> None:
        """Draw the block again, and go on behind the draws already taken."""
        if state["drawn"] is not None:
            *before, n, self._next = state["drawn"]
            self._rng.bit_generator.state = _nested(*before)
            self._draw_block(n)

    def _draw_block(self, n: int) -> None:
        self._before = self._rng.bit_generator.state
        self._block = self._sample(self._rng, n)


def _flat(state: dict[str, Any]) -> tuple[str, str, int, int]:
    """Return the state of a PCG64 generator as plain values."""
    inner = state["state"]
    return hex(inner["state"]), hex(inner["inc"]), state["has_uint32"], state["uinteger"]


def _nested(state: str, inc: str, has_uint32: int, uinteger: int) -> dict[str, Any]:
    """Return the state of a PCG64 generator from plain values."""
    inner = {"state": int(state, 16), "inc": int(inc, 16)}
    return {
        "bit_generator": "PCG64", "state": inner, "has_uint32": has_uint32, "uinteger": uinteger,
    }  # fmt: skip


class Draws:
    """Durations of one entity for one purpose, one by one or many at once.

    Single and multiple draws come from two streams, so that each stays cheap.
    """

    __slots__ = ("many", "one")

    def __init__(self, duration: Duration, seed: int, entity: str, purpose: str) -> None:
        sample = sampler(duration, f"{entity}/{purpose}")
        self.one: Callable[[], float]
        self.many: Callable[[int], Floats]
        fixed = fixed_s(duration)
        if isinstance(sample, Trace):
            self.one, self.many = sample.one, sample.many
            return
        self.many = Several(sample, stream(seed, entity, purpose + "/many")).take
        if fixed is not None:
            self.one = Fixed(fixed).one
        else:
            self.one = Singles(sample, stream(seed, entity, purpose)).one


class Chances:
    """Independent yes/no decisions of one entity for one purpose, each yes with `share`."""

    __slots__ = ("_many", "_one", "share")

    def __init__(self, share: float, seed: int, entity: str, purpose: str) -> None:
        self.share = share
        self._many = Several(_random, stream(seed, entity, purpose + "/many")).take
        self._one = Singles(_random, stream(seed, entity, purpose)).one

    def one(self) -> bool:
        """Return one decision."""
        return self.share >= 1 or self._one() < self.share

    def many(self, n: int) -> np.ndarray:
        """Return `n` decisions."""
        if self.share >= 1:
            return np.ones(n, dtype=bool)
        return self._many(n) < self.share
