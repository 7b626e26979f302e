"""Timing: CPU seconds of this process, best of several rounds that take turns."""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

SLOW_S = 6.0
"""What took longer than this once is not repeated."""


@dataclass
class Timing(Generic[T]):
    """CPU seconds of every round, and what the last one returned."""

    cpu_s: list[float] = field(default_factory=list)
    result: T | None = None

    @property
    def best_s(self) -> float:
        """The shortest."""
        return min(self.cpu_s)

    @property
    def median_s(self) -> float:
        """The median."""
        return median(self.cpu_s)

    def value(self) -> T:
        """Return what the work returned."""
        if self.result is None:
            raise ValueError("nothing has been timed")
        return self.result


def cpu_s(work: Callable[[], T]) -> tuple[float, T]:
    """Return CPU seconds of this process for `work`, and what it returned."""
    gc.collect()
    begin = time.process_time()
    result = work()
    return time.process_time() - begin, result


def rounds(
    works: Mapping[str, Callable[[Path], T]],
    repeat: int,
    *,
    after: Callable[[T], R],
    slow_s: float = SLOW_S,
) -> dict[str, Timing[R]]:
    """Time several works, taking turns so that a busy machine disturbs all alike.

    Each is given a folder that does not exist yet. `after` turns its result into what is kept,
    untimed and while the folder is still there.
    """
    timings: dict[str, Timing[R]] = {name: Timing() for name in works}
    for _ in range(repeat):
        for name, work in works.items():
            timing = timings[name]
            if timing.cpu_s and timing.cpu_s[0] > slow_s:
                continue
            with tempfile.TemporaryDirectory() as parent:
                spent, result = cpu_s(partial(work, Path(parent) / "run"))
                timing.cpu_s.append(spent)
                timing.result = after(result)
    return timings
