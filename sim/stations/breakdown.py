"""Why machines stop: by the working clock, by the calendar, by cycles.

Ages of the working clock are in seconds of work, so a starved or blocked machine does not age.
A machine that fails by the calendar draws the time to its next failure when it is up again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.core.streams import Draws
from sim.core.timer import Timer
from sim.core.world import World
from sim.people.pool import Pool
from sim.stations.counting import CycleClock, cycle_gaps
from twin.plant.base import Duration
from twin.plant.failure import Breakdown, UnitPolicy
from twin.plant.station import Station

if TYPE_CHECKING:
    from sim.stations.upkeep import Upkeep


@dataclass
class FailureMode:
    """One kind of failure of a machine: who repairs it, and what becomes of the unit in work.

    A repair takes `repair_factor` times what is drawn for it.
    """

    name: str
    model: Breakdown
    cause: str
    purpose: str
    crew: Pool | None = None
    repair_factor: float = 1.0

    @property
    def id(self) -> str:
        """Its name."""
        return self.name

    @property
    def unit(self) -> UnitPolicy:
        """What happens to the unit in work."""
        return self.model.unit


@dataclass(frozen=True)
class Stop:
    """One stop of a machine: `length_s` of repair; a breakdown unless it is minor.

    Attributes
    ----------
    mode : FailureMode, optional
        The kind of failure; without one the machine repairs itself and resumes.
    repaired : callable, optional
        Called with the time when the machine is up again.
    upkeep : Upkeep, optional
        Maintenance that falls due now: no stop yet.
    counted : bool
        Whether it came at the end of a cycle, by its count.
    protective : bool
        Whether a safety function stopped the machine; such a stop is minor.
    """

    length_s: float
    minor: bool = False
    cause: str = ""
    mode: FailureMode | None = None
    repaired: Callable[[float], None] | None = None
    upkeep: Upkeep | None = None
    counted: bool = False
    protective: bool = False

    @property
    def unit(self) -> UnitPolicy:
        """What happens to the unit in work."""
        return "resume" if self.mode is None else self.mode.unit


HALT = Stop(0.0)
"""Stands among pending stops for a machine that is to come to rest before it works again."""


class WorkClock:
    """One cause of stops that ages only while the machine works."""

    __slots__ = ("_gap", "_length", "due_age_s", "minor", "mode")

    def __init__(
        self, gap: Draws, length: Draws, *, minor: bool, mode: FailureMode | None = None
    ) -> None:
        self._gap = gap
        self._length = length
        self.minor = minor
        self.mode = mode
        self.due_age_s = gap.one()

    @property
    def id(self) -> str:
        """Which cause it is."""
        return "minor_stop" if self.mode is None else self.mode.name

    def stop(self) -> Stop:
        """Return the stop that is due now, and draw at which age the next one comes."""
        self.due_age_s += self._gap.one()
        mode, length_s = self.mode, self._length.one()
        if mode is None:
            return Stop(length_s, self.minor)
        return Stop(length_s * mode.repair_factor, self.minor, mode.cause, mode)


class CountedFailures(CycleClock):
    """Failures that come after so many cycles."""

    __slots__ = ("_gap", "_length", "_mode")

    def __init__(self, world: World, mode: FailureMode, machine: str) -> None:
        self._gap = cycle_gaps(world, mode.model, machine, mode.purpose)
        self._length = world.draws(mode.model.repair, machine, f"{mode.purpose}/length")
        self._mode = mode
        super().__init__(self._gap.one())

    @property
    def id(self) -> str:
        """Which cause it is."""
        return self._mode.name

    def stop(self) -> Stop:
        """Return the stop that is due now, and draw after how many cycles the next one comes."""
        self.next_after(self._gap.one())
        length_s = self._length.one() * self._mode.repair_factor
        return Stop(length_s, cause=self._mode.cause, mode=self._mode, counted=True)


class PlannedAge:
    """Maintenance after so much working time since the last one."""

    __slots__ = ("_upkeep", "due_age_s")

    def __init__(self, upkeep: Upkeep, due_age_s: float) -> None:
        self._upkeep = upkeep
        self.due_age_s = due_age_s

    @property
    def id(self) -> str:
        """Which maintenance it is."""
        return self._upkeep.name

    def stop(self) -> Stop:
        """Report that the maintenance is due; the next is due when its end is known."""
        self.due_age_s = math.inf
        return Stop(0.0, upkeep=self._upkeep)


class PlannedCount(CycleClock):
    """Maintenance after so many cycles since the last one."""

    __slots__ = ("_upkeep",)

    def __init__(self, upkeep: Upkeep, cycles: int) -> None:
        self._upkeep = upkeep
        super().__init__(cycles)

    @property
    def id(self) -> str:
        """Which maintenance it is."""
        return self._upkeep.name

    def stop(self) -> Stop:
        """Report that the maintenance is due; the next is due when its end is known."""
        self.never()
        return Stop(0.0, upkeep=self._upkeep)


Clock = WorkClock | CountedFailures | PlannedAge | PlannedCount


class WorkAge:
    """The working time of a machine, and the age at which it stops next.

    Attributes
    ----------
    age_s : float
        Seconds worked so far.
    stop_s : float
        Age at which the next stop comes; infinite if there is none. With clocks that count cycles
        it is at most the age at the end of the visit, so that the next visit asks again.
    counts : bool
        Whether cycles are counted.
    """

    __slots__ = ("_clocks", "_cycles", "_in_visit", "age_s", "counts", "stop_s")

    def __init__(self, clocks: Sequence[Clock]) -> None:
        self._clocks = [*clocks]
        self.age_s = 0.0
        self._cycles = 0
        self._in_visit = 0
        self.counts = False
        self.stop_s = math.inf
        self.refresh()

    def add(self, clock: Clock) -> None:
        """Let one more clock run."""
        self._clocks.append(clock)
        self.refresh()

    def refresh(self) -> None:
        """Find out anew when the next stop comes."""
        self.counts = any(isinstance(clock, CycleClock) for clock in self._clocks)
        self.stop_s = min((clock.due_age_s for clock in self._clocks), default=math.inf)
        if self.counts:
            self.stop_s = -math.inf

    def refit(self, added: set[int]) -> None:
        """Let added clocks, given by identity, begin at the present age (a changed plant)."""
        for clock in self._clocks:
            if id(clock) not in added:
                continue
            if isinstance(clock, CycleClock):
                clock.next_after(self._cycles + self._in_visit)
            else:
                clock.due_age_s += self.age_s
        self.refresh()

    def stop(self) -> Stop:
        """Return the stop that is due now."""
        first = min(self._clocks, key=lambda clock: clock.due_age_s)
        stop = first.stop()
        due_s = min(clock.due_age_s for clock in self._clocks)
        self.stop_s = -math.inf if self.counts else due_s
        return stop

    def plan(self, ends_s: Sequence[float], position_s: float, left_s: float) -> None:
        """Find the next stop of a visit with cycles that end at `ends_s`, now at `position_s`."""
        for clock in self._clocks:
            if isinstance(clock, CycleClock):
                clock.aim(self._cycles, ends_s, position_s, self.age_s)
        due_s = min(clock.due_age_s for clock in self._clocks)
        self.stop_s = min(due_s, self.age_s + left_s)

    def new_visit(self, n_cycles: int) -> None:
        """Count the cycles of the last visit; this one has `n_cycles`."""
        self._cycles += self._in_visit
        self._in_visit = n_cycles

    def same_visit(self) -> None:
        """Let the visit that is counted next be the one in work, planned anew."""
        self._in_visit = 0

    def again(self) -> None:
        """Count a cycle that is done once more."""
        self._cycles += 1

    def cycles_done(self, ends_s: Sequence[float], position_s: float) -> int:
        """Return the cycles done so far."""
        return self._cycles + sum(1 for end_s in ends_s if end_s <= position_s + 1e-5)


def failure_modes(station: Station) -> list[FailureMode]:
    """Return the kinds of failure of a machine of a station."""
    modes = []
    for name, model in sorted(station.failure_modes.items()):
        plain = station.breakdown is not None
        cause = model.code or ("" if plain else name)
        modes.append(
            FailureMode(name, model, cause, "breakdown" if plain else f"breakdowns/{name}")
        )
    return modes


def work_clocks(
    world: World, station: Station, machine: str, modes: Sequence[FailureMode]
) -> list[Clock]:
    """Return the clocks of a machine's minor stops and of its failures by work and by cycles."""
    clocks: list[Clock] = []
    if station.performance < 1 and station.minor_stop_s > 0:
        share = station.performance
        gap = Duration(mean_s=station.minor_stop_s * share / (1 - share), kind="exponential")
        length = Duration(mean_s=station.minor_stop_s, kind="exponential")
        clocks.append(
            WorkClock(
                world.draws(gap, machine, "minor_stop/gap"),
                world.draws(length, machine, "minor_stop/length"),
                minor=True,
            )
        )
    for mode in modes:
        if mode.model.clock == "operating":
            gap_draws = world.draws(time_to_failure(mode.model), machine, f"{mode.purpose}/gap")
            length_draws = world.draws(mode.model.repair, machine, f"{mode.purpose}/length")
            clocks.append(WorkClock(gap_draws, length_draws, minor=False, mode=mode))
        elif mode.model.clock == "cycles":
            clocks.append(CountedFailures(world, mode, machine))
    return clocks


def pace_factor(station: Station) -> float:
    """Return what nominal times are multiplied with where there are no minor stops to model."""
    return 1.0 if station.minor_stop_s > 0 else 1 / station.performance


def time_to_failure(breakdown: Breakdown) -> Duration:
    """Return the time between failures: exponential, unless the plant says otherwise."""
    if breakdown.time_to_failure is not None:
        return breakdown.time_to_failure
    mean_s = (breakdown.mtbf_h or 0.0) * 3600
    if breakdown.failure_cv == 1:
        return Duration(mean_s=mean_s, kind="exponential")
    return Duration(mean_s=mean_s, cv=breakdown.failure_cv, kind="gamma")


class CalendarFailures:
    """Makes a machine fail by the calendar, whatever it is doing."""

    def __init__(
        self, world: World, mode: FailureMode, machine: str, fail: Callable[[float, Stop], None]
    ) -> None:
        self._gap = world.draws(time_to_failure(mode.model), machine, f"{mode.purpose}/gap")
        self._length = world.draws(mode.model.repair, machine, f"{mode.purpose}/length")
        self._mode = mode
        self._fail = fail
        self._timer = Timer(world.env, self._due)
        self.rearm(0.0)

    @property
    def id(self) -> str:
        """Which cause it is."""
        return self._mode.name

    def rearm(self, now: float) -> None:
        """Draw the time to the next failure; called when the machine is up again."""
        self._timer.arm(now + self._gap.one())

    def _due(self, timer: Timer) -> None:
        cause = self._mode.cause or "calendar"
        length_s = self._length.one() * self._mode.repair_factor
        stop = Stop(length_s, cause=cause, mode=self._mode, repaired=self.rearm)
        self._fail(timer.due_s, stop)


def calendar_failures(
    world: World,
    modes: Sequence[FailureMode],
    machine: str,
    fail: Callable[[float, Stop], None],
    *,
    every_clock: bool = False,
) -> list[CalendarFailures]:
    """Let a machine fail by the calendar; `every_clock`: also by its other clocks (stores)."""
    chosen = [mode for mode in modes if every_clock or mode.model.clock == "calendar"]
    return [CalendarFailures(world, mode, machine, fail) for mode in chosen]
