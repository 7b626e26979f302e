"""Random times for the simulators that are given a function to draw from: NumPy blocks for all."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

BLOCK = 512


def exponential(mean_s: float, *key: int) -> Callable[[], float]:
    """Return a function that draws an exponential time; `key` seeds it."""
    rng = np.random.default_rng(key)

    def values() -> Iterator[float]:
        while True:
            yield from rng.exponential(mean_s, BLOCK).tolist()

    return values().__next__
