"""Clocks that count cycles: of failures and of maintenance.

A count is reached when a cycle is over and its unit still lies in the machine: `BEFORE_END_S`
before the end of the cycle, so that what happens to the unit in work is well defined.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sim.core.streams import Draws
from sim.core.world import World
from twin.plant.base import Duration
from twin.plant.failure import Breakdown

BEFORE_END_S = 1e-6
AFTER_END_S = 1e-6
"""How long after the end of a cycle inside a lot a machine that is to rest is stopped."""
LEAST_S = 1e-9
"""Work shorter than this is done: what is left of it is rounding."""


class CycleClock:
    """Comes due at the end of one cycle of a machine, by number.

    Attributes
    ----------
    due_age_s : float
        Age of the machine at which it is due in the present visit; infinite in none.
    """

    __slots__ = ("_due", "due_age_s")

    def __init__(self, cycles: int) -> None:
        self._due: float = cycles
        self.due_age_s = math.inf

    def aim(self, done: int, ends_s: Sequence[float], position_s: float, age_s: float) -> None:
        """Find the age at which it is due in a visit before which `done` cycles were counted."""
        self.due_age_s = math.inf
        if self._due - done <= len(ends_s):
            k = max(int(self._due) - done - 1, 0)
            self.due_age_s = age_s + max(ends_s[k] - position_s - BEFORE_END_S, 0.0)

    def next_after(self, cycles: int) -> None:
        """Come due again after so many cycles more."""
        self._due += cycles
        self.due_age_s = math.inf

    def due_at(self, cycle: int) -> None:
        """Come due at the end of the cycle with this number, counted from 1."""
        self._due = cycle
        self.due_age_s = math.inf

    def never(self) -> None:
        """Do not come due until told otherwise."""
        self._due = math.inf
        self.due_age_s = math.inf


class CycleGaps:
    """Numbers of cycles between failures, with an exact mean.

    With a coefficient of variation of 1 every cycle fails with the same chance (geometric), with 0
    the number is always the same. Else it is 1 + a gamma variable rounded up or down by chance, so
    that its mean is exact; rounding adds at most half a cycle to the standard deviation.
    """

    def __init__(self, world: World, mean: float, cv: float, machine: str, purpose: str) -> None:
        self._mean = mean
        self._cv = cv
        self._rng = world.stream(machine, f"{purpose}/cycles")
        rest = Duration(mean_s=mean - 1, cv=cv * mean / (mean - 1) if mean > 1 else 0, kind="gamma")
        self._rest: Draws = world.draws(rest, machine, f"{purpose}/gap")

    def one(self) -> int:
        """Return the cycles up to and including the one that fails."""
        if self._cv == 0 or self._mean == 1:
            return round(self._mean)
        if self._cv == 1:
            return int(self._rng.geometric(1 / self._mean))
        drawn = self._rest.one()
        return 1 + math.floor(drawn + self._rng.random())


def cycle_gaps(world: World, model: Breakdown, machine: str, purpose: str) -> CycleGaps:
    """Return the cycles between the failures of one kind."""
    return CycleGaps(world, model.mcbf or 1.0, model.failure_cv, machine, purpose)


def end_after(ends_s: Sequence[float], position_s: float) -> float:
    """Return the end of the cycle in work at a position."""
    k = int(np.searchsorted(np.asarray(ends_s), position_s + LEAST_S, side="right"))
    return float(ends_s[min(k, len(ends_s) - 1)])


def between_cycles(ends_s: Sequence[float], position_s: float) -> bool:
    """Whether a position is at the start of a visit, or just after the end of one of its cycles."""
    ended = [end_s for end_s in ends_s if end_s <= position_s]
    since_s = position_s - (ended[-1] if ended else 0.0)
    return position_s <= 0 or 0.5 * AFTER_END_S <= since_s <= 2 * AFTER_END_S
