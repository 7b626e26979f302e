"""Uniform random numbers and weighted choices, drawn in blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.random import Generator

from sim.core.streams import BLOCK


class Uniforms:
    """Numbers in [0, 1) of one stream, one by one."""

    __slots__ = ("_block", "_next", "_rng")

    def __init__(self, rng: Generator) -> None:
        self._rng = rng
        self._block: list[float] = []
        self._next = 0

    def state(self) -> dict[str, Any]:
        """Return what a snapshot keeps: the numbers drawn in advance."""
        return {"ahead": tuple(self._block[self._next :]), "rng": self._rng}

    def from_state(self, state: dict[str, Any]) -> None:
        """Go on with numbers drawn in advance."""
        self._block, self._next = [*state.get("ahead", ())], 0

    def one(self) -> float:
        """Return the next number."""
        if self._next == len(self._block):
            self._block = self._rng.random(BLOCK).tolist()
            self._next = 0
        self._next += 1
        return self._block[self._next - 1]

    def choose(self, weights: Sequence[float]) -> int:
        """Return an index, each with a probability in proportion to its weight."""
        left = self.one() * sum(weights)
        for k, weight in enumerate(weights):
            left -= weight
            if left < 0:
                return k
        return len(weights) - 1


class Outcomes:
    """Independent draws among outcomes with given shares; one and many come from two streams."""

    __slots__ = ("_edges", "_many", "_one")

    def __init__(self, shares: Sequence[float], one: Generator, many: Generator) -> None:
        self._edges = np.cumsum(shares)[:-1]
        self._one = Uniforms(one)
        self._many = many

    def one(self) -> int:
        """Return the index of one outcome."""
        return int(np.searchsorted(self._edges, self._one.one(), side="right"))

    def many(self, n: int) -> np.ndarray:
        """Return the indices of `n` outcomes."""
        return np.searchsorted(self._edges, self._many.random(n), side="right")
