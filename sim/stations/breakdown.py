"""Why machines stop: minor stops and breakdowns on the working clock, breakdowns by the calendar.

Ages of the working clock are in seconds of work, so a starved or blocked machine does not age.
A machine that fails by the calendar draws the time to its next failure when it is up again.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from sim.core.streams import Draws
from sim.core.timer import Timer
from sim.core.world import World
from twin.plant.base import Duration
from twin.plant.station import Breakdown, Station


@dataclass(frozen=True)
class Stop:
    """One stop of a machine: `length_s` of repair; a breakdown unless it is minor."""

    length_s: float
    minor: bool = False
    cause: str = ""


class WorkClock:
    """One cause of stops that ages only while the machine works."""

    __slots__ = ("_gap", "_length", "due_age_s", "minor")

    def __init__(self, gap: Draws, length: Draws, *, minor: bool) -> None:
        self._gap = gap
        self._length = length
        self.minor = minor
        self.due_age_s = gap.one()

    @property
    def id(self) -> str:
        """Which cause it is."""
        return "minor_stop" if self.minor else "breakdown"

    def stop(self) -> Stop:
        """Return the stop that is due now, and draw at which age the next one comes."""
        self.due_age_s += self._gap.one()
        return Stop(self._length.one(), self.minor)


class WorkAge:
    """The working time of a machine, and the age at which it stops next.

    Attributes
    ----------
    age_s : float
        Seconds worked so far.
    stop_s : float
        Age at which the next stop comes; infinite if there is none.
    """

    __slots__ = ("_clocks", "age_s", "stop_s")

    def __init__(self, clocks: list[WorkClock]) -> None:
        self._clocks = clocks
        self.age_s = 0.0
        self.stop_s = min((clock.due_age_s for clock in clocks), default=math.inf)

    def refit(self, added: set[int]) -> None:
        """Let added clocks, given by identity, begin at the present age (a changed plant)."""
        for clock in self._clocks:
            if id(clock) in added:
                clock.due_age_s += self.age_s
        self.stop_s = min((clock.due_age_s for clock in self._clocks), default=math.inf)

    def stop(self) -> Stop:
        """Return the stop that is due now."""
        first = min(self._clocks, key=lambda clock: clock.due_age_s)
        stop = first.stop()
        self.stop_s = min(clock.due_age_s for clock in self._clocks)
        return stop


def work_clocks(world: World, station: Station, machine: str) -> list[WorkClock]:
    """Return the clocks of a machine's minor stops and of its operating-time breakdowns."""
    clocks = []
    if station.performance < 1 and station.minor_stop_s > 0:
        share = station.performance
        gap = Duration(mean_s=station.minor_stop_s * share / (1 - share), kind="exponential")
        length = Duration(mean_s=station.minor_stop_s, kind="exponential")
        clocks.append(_clock(world, machine, "minor_stop", gap, length))
    breakdown = station.breakdown
    if breakdown is not None and breakdown.clock == "operating":
        clocks.append(
            _clock(world, machine, "breakdown", time_to_failure(breakdown), repair(breakdown))
        )
    return clocks


def pace_factor(station: Station) -> float:
    """Return what nominal times are multiplied with where there are no minor stops to model."""
    return 1.0 if station.minor_stop_s > 0 else 1 / station.performance


def time_to_failure(breakdown: Breakdown) -> Duration:
    """Return the time between failures: exponential."""
    return Duration(mean_s=breakdown.mtbf_h * 3600, kind="exponential")


def repair(breakdown: Breakdown) -> Duration:
    """Return the repair time: gamma, which is exponential at a coefficient of variation of 1."""
    return Duration(mean_s=breakdown.mttr_h * 3600, cv=breakdown.repair_cv, kind="gamma")


class CalendarFailures:
    """Makes a machine fail by the calendar, whatever it is doing."""

    def __init__(
        self, world: World, breakdown: Breakdown, machine: str, fail: Callable[[float, Stop], None]
    ) -> None:
        self._gap = world.draws(time_to_failure(breakdown), machine, "breakdown/gap")
        self._length = world.draws(repair(breakdown), machine, "breakdown/length")
        self._fail = fail
        self._timer = Timer(world.env, self._due)
        self.rearm(0.0)

    def rearm(self, now: float) -> None:
        """Draw the time to the next failure; called when the machine is up again."""
        self._timer.arm(now + self._gap.one())

    def _due(self, timer: Timer) -> None:
        self._fail(timer.due_s, Stop(self._length.one(), cause="calendar"))


def _clock(world: World, machine: str, purpose: str, gap: Duration, length: Duration) -> WorkClock:
    return WorkClock(
        world.draws(gap, machine, f"{purpose}/gap"),
        world.draws(length, machine, f"{purpose}/length"),
        minor=purpose == "minor_stop",
    )
