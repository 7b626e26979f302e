"""Synthetic streams of cycle times: healthy ones, and ones with a fault of known kind and time.

Lognormal cycles of mean 1 and a variation of 5, 10 or 15 %; in 1 % of them a micro-stop,
exponential with the mean of one cycle, is added. A fault begins 1,000 cycles after the baseline and
lasts to the end, 1,500 cycles later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Base = Callable[[int, float, np.random.Generator], Floats]
"""Cycles without micro-stops: number, variation, random numbers."""

CVS = (0.05, 0.10, 0.15)
STOPS = 0.01
BEFORE = 1000
AFTER = 1500
RAMP = 1000


@dataclass(frozen=True)
class Family:
    """One kind of fault of one size, and the causes that are right for it."""

    name: str
    size: float
    causes: frozenset[str]

    @property
    def label(self) -> str:
        """Its name for people."""
        return f"{self.name} {100 * self.size:g} %"


FAMILIES = (
    *(Family("step", size, frozenset({"slow"})) for size in (0.03, 0.05, 0.10)),
    *(Family("drift", size, frozenset({"drift"})) for size in (0.05, 0.10)),
    *(Family("spread", size, frozenset({"spread"})) for size in (0.5, 1.0)),
    *(Family("micro-stops", size, frozenset({"micro_stops"})) for size in (0.02, 0.05)),
)


@dataclass(frozen=True)
class Stream:
    """Cycle times; a fault, if any, from cycle `at` on."""

    times: Floats
    baseline: int
    cv: float
    family: Family | None = None

    @property
    def at(self) -> int:
        """First cycle of the fault; the end of a healthy stream."""
        return self.baseline + BEFORE if self.family else len(self.times)


def lognormal(n: int, cv: float, rng: np.random.Generator) -> Floats:
    """Return independent lognormal cycles of mean 1."""
    sigma = np.sqrt(np.log1p(cv**2))
    return np.asarray(rng.lognormal(-(sigma**2) / 2, sigma, n))


def healthy(n: int, cv: float, rng: np.random.Generator, base: Base = lognormal) -> Floats:
    """Return healthy cycle times."""
    times = base(n, cv, rng)
    hit = rng.random(n) < STOPS
    times[hit] += rng.exponential(1.0, int(hit.sum()))
    return times


def healthy_streams(n: int, baseline: int, seed: int, base: Base = lognormal) -> Iterator[Stream]:
    """Yield healthy streams, the variations in turn."""
    rng = np.random.default_rng((seed, baseline, 1))
    for k in range(n):
        cv = CVS[k % len(CVS)]
        yield Stream(healthy(baseline + BEFORE + AFTER, cv, rng, base), baseline, cv)


def faulty_streams(n: int, baseline: int, seed: int, base: Base = lognormal) -> Iterator[Stream]:
    """Yield `n` streams of every family and variation."""
    for number, family in enumerate(FAMILIES):
        for cv in CVS:
            rng = np.random.default_rng((seed, baseline, 2, number, round(100 * cv)))
            for _ in range(n):
                times = healthy(baseline + BEFORE + AFTER, cv, rng, base)
                after = times[baseline + BEFORE :]
                after[:] = _faulty(family, after, cv, rng=rng, base=base)
                yield Stream(times, baseline, cv, family)


def _faulty(
    family: Family, times: Floats, cv: float, *, rng: np.random.Generator, base: Base
) -> Floats:
    n, size = len(times), family.size
    if family.name == "step":
        return times * (1 + size)
    if family.name == "drift":
        return times * (1 + size * np.minimum(np.arange(n) / RAMP, 1.0))
    if family.name == "spread":
        return healthy(n, cv * (1 + size), rng, base)
    hit = rng.random(n) < size
    return times + np.where(hit, rng.exponential(1.0, n), 0.0)
