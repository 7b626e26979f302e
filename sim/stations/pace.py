"""How long the cycles of a machine take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from sim.core.families import Floats
from sim.core.world import World
from sim.faults import SlowDown
from sim.record.columns import Gaps
from sim.stations.breakdown import pace_factor
from twin.plant.station import Station


class Pace(Protocol):
    """The times of a machine's cycles."""

    noted: bool
    """Whether `done` must be called."""
    draw: Callable[[], float] | None
    """A shorter way to `one` where the time of a cycle does not depend on when it begins."""

    def one(self, now: float) -> float:
        """Return the time of a cycle that begins now."""

    def many(self, n: int, now: float) -> Floats:
        """Return the times of `n` cycles in a row, the first of which begins now."""

    def done(self, start_s: float, units: np.ndarray, cut_s: Floats | None, gaps: Gaps) -> None:
        """Note the cycles last asked for: begun at `start_s`, interrupted by `gaps`.

        `units` has the first unit of each cycle, `cut_s` the seconds worked on each where one of
        them was cut short.
        """


class DrawnPace:
    """Cycle times drawn from a distribution; minor stops may be folded in as slower running.

    Attributes
    ----------
    duration : Duration
        What is drawn.
    purpose : str
        Name of the random stream.
    """

    noted = False

    def __init__(
        self,
        world: World,
        station: Station,
        machine: str,
        slow: SlowDown,
        *,
        purpose: str = "cycle",
    ) -> None:
        if station.cycle is None:
            raise ValueError(f"station {station.id} has no cycle time")
        self.duration = station.cycle.scaled(pace_factor(station))
        self.purpose = purpose
        draws = world.draws(self.duration, machine, purpose)
        self.draw = None if slow.active else draws.one
        self._one = draws.one
        self._many = draws.many
        self._slow = slow

    def one(self, now: float) -> float:
        """Return the time of a cycle that begins now."""
        return self._one() * self._slow.factor(now)

    def many(self, n: int, now: float) -> Floats:
        """Return the times of `n` cycles in a row; a slow-down that holds now holds for all."""
        return self._many(n) * self._slow.factor(now) if self._slow.active else self._many(n)

    def done(self, start_s: float, units: np.ndarray, cut_s: Floats | None, gaps: Gaps) -> None:
        """Nothing to note beside the cycles themselves."""
