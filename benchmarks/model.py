"""What is simulated: the same numbers for every simulator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Line:
    """A serial line of single machines with exponential work, saturated, blocking after service.

    Attributes
    ----------
    horizon_s : float
        Simulated time.
    mtbf_s : float or None
        Mean working time between breakdowns of a machine; None: machines never break down.
    mttr_s : float
        Mean repair time; the unit in work is resumed.
    """

    horizon_s: float
    stations: int = 10
    capacity: int = 5
    mean_s: float = 1.0
    mtbf_s: float | None = None
    mttr_s: float = 5.0
    seed: int = 1


@dataclass(frozen=True)
class Queue:
    """One machine with exponential arrivals and work and a queue without limit (M/M/1)."""

    horizon_s: float
    interval_s: float = 1.25
    mean_s: float = 1.0
    seed: int = 1

    @property
    def mean_time_in_system_s(self) -> float:
        """Exact mean time from arrival to departure."""
        return self.mean_s / (1 - self.mean_s / self.interval_s)


@dataclass(frozen=True)
class Outcome:
    """What one simulation did.

    Attributes
    ----------
    visits : int
        Visits of units to machines that were finished.
    values : callable
        Returns the times at which units left a `Line`, in order, or the times units spent in a
        `Queue`. Called after the clock has been stopped.
    """

    visits: int
    values: Callable[[], Floats]
