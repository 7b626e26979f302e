"""Faults of a scenario: when they hold and what they change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from sim.core.timer import Timer
from sim.core.world import World
from sim.faults.window import Window, holds
from sim.stations.breakdown import FailureMode, Stop
from twin.plant.scenario import Fault, ForcedBreakdown, SlowCycle

Timed = Window


class SlowDown:
    """The slow cycles a scenario asks for at one station."""

    __slots__ = ("_faults", "active")

    def __init__(self, faults: Iterable[Fault], station: str) -> None:
        self._faults = [f for f in faults if isinstance(f, SlowCycle) and f.station == station]
        self.active = bool(self._faults)

    def factor(self, now: float) -> float:
        """Return what cycle times are multiplied with now."""
        product = 1.0
        for fault in self._faults:
            if holds(fault, now):
                product *= fault.factor
        return product


class Failing(Protocol):
    """A machine, tower or vehicle that can be made to fail."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def modes(self) -> list[FailureMode]:
        """Its kinds of failure."""

    def fail(self, now: float, stop: Stop) -> None:
        """Stop it."""


class Forced:
    """One breakdown the scenario asks for."""

    def __init__(self, world: World, fault: ForcedBreakdown, machine: Failing) -> None:
        self.id = f"{fault.machine}@{fault.at:g}"
        self.at_s = fault.at
        wanted = [m for m in machine.modes if fault.mode is None or m.name == fault.mode]
        self._stop = Stop(fault.repair, cause="scenario", mode=wanted[0] if wanted else None)
        self._fail = machine.fail
        self._timer = Timer(world.env, self._rang)
        self._timer.arm(fault.at)

    def _rang(self, timer: Timer) -> None:
        self._fail(timer.due_s, self._stop)


def schedule_breakdowns(
    world: World, faults: Iterable[Fault], failing: Iterable[Failing]
) -> list[Forced]:
    """Let machines fail at the times the scenario says."""
    by_id = {machine.id: machine for machine in failing}
    return [
        Forced(world, fault, by_id[fault.machine])
        for fault in faults
        if isinstance(fault, ForcedBreakdown)
    ]
